"""What each worker carries, said where work is given or taken."""

from collections.abc import Collection, Iterable

from flask import flash
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.brokering.centre.caseload_queries import cases_in_hand
from exchange.brokering.centre.caseload_rules import Worker
from exchange.brokering.centre.settings import all_centre_settings
from exchange.web.acting import current_actor, read_session
from exchange.web.sentences import sentence


def warn_of_caseload(area: str | None, *person_ids: int | None) -> None:
    """Say who carries as much as the centre of the area thinks good, or more; without anybody
    named, whether the actor does. To be called once they have taken or been given something.
    """
    session, me = read_session(), current_actor().person_id
    people = {one for one in person_ids or (me,) if one is not None}
    limit = all_centre_settings(session).of(area).caseload_limit
    for person_id, count in sorted(cases_in_hand(session, people).items()):
        if count >= limit:
            _warn(session, None if person_id == me else person_id, count, limit)


def _warn(session: Session, other: int | None, count: int, limit: int) -> None:
    if other is None:
        flash(sentence("caseload_reached", {"limit": limit}), "warning")
        return
    values = {"name": session.get_one(Person, other).name, "count": count, "limit": limit}
    flash(sentence("caseload_of_other", values), "warning")


def names_with_cases(
    session: Session, workers: Iterable[Worker], in_hand: dict[int, int] | None = None
) -> list[tuple[str, str]]:
    """Public ids, and names with how many cases each has in hand; one query, or none."""
    some = list(workers)
    counts = in_hand if in_hand is not None else cases_in_hand(session, _ids(some))
    return [(one.public_id, _with_cases(one.name, counts.get(one.person_id, 0))) for one in some]


def _ids(workers: Collection[Worker]) -> list[int]:
    return [one.person_id for one in workers]


def _with_cases(name: str, count: int) -> str:
    return str(ngettext("%(name)s, %(num)s case", "%(name)s, %(num)s cases", count, name=name))
