"""What each worker carries, said where work is given or taken."""

from collections.abc import Iterable, Mapping

from flask import flash
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.brokering.centre.caseload_queries import cases_in_hand
from exchange.brokering.centre.caseload_rules import Worker
from exchange.brokering.centre.settings import centre_settings_for
from exchange.web.acting import current_actor, read_session
from exchange.web.sentences import sentence


def warn_of_caseload(area: str | None, person_id: int | None = None) -> None:
    """Say that the actor, or the worker who is named, carries as much as the centre of the area
    thinks good, or more. To be asked after they have taken or been given something.
    """
    session, me = read_session(), current_actor().person_id
    worker = me if person_id is None else person_id
    if worker is None:
        return
    limit = centre_settings_for(session, area).caseload_limit
    count = cases_in_hand(session, (worker,)).get(worker, 0)
    if count >= limit:
        _warn(session, None if worker == me else worker, count, limit)


def _warn(session: Session, other: int | None, count: int, limit: int) -> None:
    if other is None:
        flash(sentence("caseload_reached", {"limit": limit}), "warning")
        return
    values = {"name": session.get_one(Person, other).name, "count": count, "limit": limit}
    flash(sentence("caseload_of_other", values), "warning")


def names_with_cases(
    session: Session, workers: Iterable[Worker], in_hand: Mapping[int, int] | None = None
) -> list[tuple[str, str]]:
    """Public ids, and names with how many cases each has in hand; two queries, or none."""
    some = list(workers)
    if in_hand is None:
        in_hand = cases_in_hand(session, [one.person_id for one in some])
    return [(one.public_id, _with_cases(one.name, in_hand.get(one.person_id, 0))) for one in some]


def _with_cases(name: str, count: int) -> str:
    return str(ngettext("%(name)s, %(num)s case", "%(name)s, %(num)s cases", count, name=name))
