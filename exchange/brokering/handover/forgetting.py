"""A name goes from the steps of matches and from other people's notices when its account closes.

Steps that gave a match to somebody tell by ids who the two were; so it goes under whatever name it
was written down. Steps of former times tell a name only: they are found by the matches in which
the person worked, or, where nobody else is called so, by the name alone.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.absence.models import Absence
from exchange.accounts.models import Person
from exchange.brokering.handover.models import Handover, HandoverCase
from exchange.brokering.models import Match, TimelineEntry
from exchange.kernel.act import Act
from exchange.notifications.models import Notice

NAMED_IN = ("assigned", "handed_over")
STOOD_IN = ("stand_in_begins", "stand_in_ends")
ARROW, ERASED = " → ", "**"


def forget_in_steps(act: Act, person: Person) -> None:
    """The person's name goes from every timeline."""
    from_id, to_id = (TimelineEntry.params[key].as_integer() for key in ("from_id", "to_id"))
    named = sa.or_(
        TimelineEntry.note.startswith(f"{person.name}{ARROW}", autoescape=True),
        TimelineEntry.note.endswith(f"{ARROW}{person.name}", autoescape=True),
    )
    given = sa.select(TimelineEntry).where(
        TimelineEntry.code.in_(NAMED_IN),
        sa.or_(
            from_id == person.id,
            to_id == person.id,
            sa.and_(from_id.is_(None), named, _worked_in(person)),
        ),
    )
    for entry in act.session.scalars(given).all():
        entry.note = _without(entry, person)
    former = sa.select(TimelineEntry).where(
        TimelineEntry.params["acting_for"].as_string() == person.name, _worked_in(person)
    )
    for entry in act.session.scalars(former).all():
        rest = {key: value for key, value in entry.params.items() if key != "acting_for"}
        entry.params = {**rest, "acting_for_id": person.id}
    act.session.flush()


def forget_in_notices(act: Act, person: Person) -> None:
    """Notices to others that name the person say that somebody has left."""
    handovers = sa.select(sa.literal("/handovers/") + Handover.public_id).where(
        Handover.from_person_id == person.id
    )
    of_id = Notice.params["of_id"].as_integer()
    stand_ins = sa.select(Absence.stand_in_id).where(Absence.person_id == person.id)
    former = sa.and_(
        of_id.is_(None),
        Notice.params["name"].as_string() == person.name,
        Notice.person_id.in_(stand_ins),
    )
    query = sa.select(Notice).where(
        sa.or_(
            sa.and_(Notice.code == "cases_given", Notice.path.in_(handovers)),
            sa.and_(Notice.code.in_(STOOD_IN), sa.or_(of_id == person.id, former)),
        )
    )
    for notice in act.session.scalars(query).all():
        notice.params = {**notice.params, "name": None}
    act.session.flush()


def _worked_in(person: Person) -> ColumnElement[bool]:
    """Steps of matches that the person had to do with; of all, where nobody else is called so."""
    other, step = aliased(Person), aliased(TimelineEntry)
    namesake = sa.exists().where(other.name == person.name, other.id != person.id)
    mine = (
        sa.select(step.match_id).where(step.person_id == person.id),
        sa.select(Match.id).where(Match.broker_id == person.id),
        sa.select(HandoverCase.match_id)
        .join(HandoverCase.handover)
        .where(
            HandoverCase.match_id.is_not(None),
            sa.or_(HandoverCase.to_person_id == person.id, Handover.from_person_id == person.id),
        ),
    )
    return sa.or_(~namesake, *(TimelineEntry.match_id.in_(query) for query in mine))


def _without(entry: TimelineEntry, person: Person) -> str:
    """The two names of a step, but for the person's. A name with an arrow parts nothing safely."""
    parts = entry.note.split(ARROW)
    ids = entry.params.get("from_id"), entry.params.get("to_id")
    if len(parts) != len(ids):
        return f"{ERASED}{ARROW}{ERASED}"
    is_theirs = [one == person.id for one in ids] if any(ids) else [
        part == person.name for part in parts
    ]  # fmt: skip
    kept = zip(parts, is_theirs, strict=True)
    return ARROW.join(ERASED if gone else part for part, gone in kept)
