"""The matches of those who broker them as they are asked for: counts by state, pages, columns.

The number of queries does not grow with the matches.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import Organisation, Person
from exchange.accounts.points.routing import in_any_division, in_division
from exchange.brokering.board import rules
from exchange.brokering.board.postponing_queries import is_awake, undelivered
from exchange.brokering.board.rules import AskedMatches
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Commitment, Match
from exchange.brokering.permissions import brokered_by
from exchange.brokering.queries import WHOLE
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Form
from exchange.listings.models import Listing
from exchange.taxonomy.categories import taxonomy

NEED, OFFER = aliased(Listing), aliased(Listing)
WEEK_DAYS = 7
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Moment:
    """Now, and where a day begins."""

    now: datetime
    time_zone: str

    @property
    def today(self) -> date:
        """The civil day."""
        return self.now.astimezone(ZoneInfo(self.time_zone)).date()

    def start_of(self, day: date) -> datetime:
        """When a civil day begins."""
        return datetime.combine(day, time.min, tzinfo=ZoneInfo(self.time_zone))


@dataclass(frozen=True)
class Page:
    """Some matches in the order that was asked for, and where the next page begins."""

    matches: Sequence[Match]
    next_cursor: str | None


def counts_by_state(
    session: Session, actor: Actor, asked: AskedMatches, moment: Moment
) -> dict[MatchState, int]:
    """How many matches of each state there are under all other filters; states without are 0."""
    query = (
        joined(sa.select(Match.state, sa.func.count()))
        .where(*conditions(actor, asked, moment))
        .group_by(Match.state)
    )
    found = dict.fromkeys(MatchState, 0)
    found.update((row[0], row[1]) for row in session.execute(query))
    return found


def page_of(
    session: Session, actor: Actor, asked: AskedMatches, moment: Moment, cursor: str, limit: int
) -> Page:
    """One page. A cursor that cannot be read begins anew."""
    value, order = _order(asked.sort)
    query = (
        joined(sa.select(Match.id, value.label("value")))
        .where(*conditions(actor, asked, moment), Match.state.in_(asked.states))
        .order_by(*order)
        .limit(limit + 1)
    )
    behind = _behind(asked.sort, value, cursor)
    rows = session.execute(query if behind is None else query.where(behind)).all()
    more = None
    if len(rows) > limit:
        last = rows[limit - 1]
        more = f"{last.id}.{_written(asked.sort, last.value)}"
    return Page(_loaded(session, [row.id for row in rows[:limit]]), more)


def columns_of(
    session: Session, actor: Actor, asked: AskedMatches, moment: Moment, limit: int
) -> dict[MatchState, list[Match]]:
    """The first matches of each state that is asked for."""
    _value, order = _order(asked.sort)
    place = sa.func.row_number().over(partition_by=Match.state, order_by=order)
    ranked = (
        joined(sa.select(Match.id, place.label("place")))
        .where(*conditions(actor, asked, moment), Match.state.in_(asked.states))
        .subquery()
    )
    first = sa.select(ranked.c.id).where(ranked.c.place <= limit).order_by(ranked.c.place)
    columns: dict[MatchState, list[Match]] = {state: [] for state in asked.states}
    for match in _loaded(session, session.scalars(first).all()):
        columns[match.state].append(match)
    return columns


def brokered_matches(
    session: Session, actor: Actor, public_ids: Collection[str]
) -> Sequence[Match]:
    """Of these matches those that the actor sees as one who brokers, in the order given."""
    query = sa.select(Match.public_id, Match.id).where(
        Match.public_id.in_(sorted(set(public_ids))), brokered_by(actor)
    )
    known = {row.public_id: row.id for row in session.execute(query)}
    wanted = [known[one] for one in dict.fromkeys(public_ids) if one in known]
    return _loaded(session, wanted)


def stalled_ids(session: Session, match_ids: Collection[int]) -> set[int]:
    """Of these matches those that have rested for longer than their centre allows."""
    query = sa.select(Escalation.match_id).where(
        Escalation.match_id.in_(sorted(match_ids)), Escalation.closed_at.is_(None)
    )
    return {one for one in session.scalars(query) if one is not None}


def joined(query: Any) -> Any:
    """A query over matches with their needs and offers."""
    return (
        query.select_from(Match)
        .join(NEED, NEED.id == Match.need_id)
        .join(OFFER, OFFER.id == Match.offer_id)
    )


def conditions(actor: Actor, asked: AskedMatches, moment: Moment) -> list[Condition]:
    """All filters but the state."""
    found = [brokered_by(actor), _of_whom(actor, asked.who)]
    if asked.category:
        below = taxonomy().descendants(asked.category)
        found.append(sa.or_(NEED.category_code.in_(below), OFFER.category_code.in_(below)))
    if asked.division:
        found.append(in_division(NEED.division_code, asked.division))
    if asked.organisation:
        owner = (
            sa.select(Organisation.id)
            .where(Organisation.public_id == asked.organisation)
            .scalar_subquery()
        )
        found.append(sa.or_(NEED.organisation_id == owner, OFFER.organisation_id == owner))
    if asked.q:
        found.append(_has_words(actor, asked.q))
    return found + _of_days(asked, moment)


def _of_days(asked: AskedMatches, moment: Moment) -> list[Condition]:
    today = moment.today
    found: list[Condition] = []
    if asked.due:
        first = sa.exists().where(Commitment.match_id == Match.id, undelivered())
        if asked.due == rules.OVERDUE:
            found.append(first.where(Commitment.due_on < today))
        else:
            last = today + timedelta(days=WEEK_DAYS)
            found.append(first.where(Commitment.due_on.between(today, last)))
    if asked.rest == rules.STALLED:
        escalated = sa.exists().where(
            Escalation.match_id == Match.id, Escalation.closed_at.is_(None)
        )
        found.append(sa.and_(escalated, is_awake(today)))
    elif asked.rest == rules.ASIDE:
        found.append(sa.not_(is_awake(today)))
    if asked.since:
        found.append(Match.created_at >= moment.start_of(date.fromisoformat(asked.since)))
    if asked.form:
        found.append(OFFER.form == Form(asked.form))
    if asked.quiet:
        found.append(Match.updated_at <= moment.now - timedelta(days=int(asked.quiet)))
    return found


def _of_whom(actor: Actor, who: str) -> Condition:
    if who == rules.MINE:
        return Match.broker_id.in_(actor.hands)
    if who == rules.AWAY:
        return Match.broker_id.in_(sorted(actor.stands_in_for))
    if who == rules.POINT:
        return Match.service_point_id == actor.service_point_id
    if who == rules.CENTRE:
        return in_any_division(NEED.division_code, actor.supervises)
    if who.startswith(rules.WORKER):
        public_id = who.removeprefix(rules.WORKER)
        person = sa.select(Person.id).where(Person.public_id == public_id).scalar_subquery()
        return Match.broker_id == person
    return sa.true()


def _has_words(actor: Actor, text: str) -> Condition:
    """In a title that the reader sees, or in the name of an owner."""
    ways: list[Condition] = []
    for listing in (NEED, OFFER):
        plain = sa.or_(
            listing.public_title.is_(None), in_any_division(listing.division_code, actor.serves)
        )
        owner = aliased(Organisation)
        named = sa.exists().where(
            owner.id == listing.organisation_id,
            sa.or_(*(
                column.icontains(text, autoescape=True) for column in (owner.name_zh, owner.name_en)
            )),
        )  # fmt: skip
        ways += [
            sa.and_(plain, listing.title.icontains(text, autoescape=True)),
            listing.public_title.icontains(text, autoescape=True),
            named,
        ]
    return sa.or_(*ways)


def _order(sort: str) -> tuple[Any, tuple[Any, ...]]:
    """By what it is ordered, and the whole order; ties break by id."""
    if sort == "untouched":
        return Match.updated_at, (Match.updated_at, Match.id)
    if sort == "due":
        first = (
            sa.select(sa.func.min(Commitment.due_on))
            .where(Commitment.match_id == Match.id, undelivered())
            .correlate(Match)
            .scalar_subquery()
        )
        return first, (first.is_(None), first, Match.id)
    if sort == "oldest":
        return Match.id, (Match.id,)
    return Match.id, (Match.id.desc(),)


def _written(sort: str, value: Any) -> str:
    return "" if sort in ("newest", "oldest") or value is None else str(value.isoformat())


def _behind(sort: str, value: Any, cursor: str) -> Condition | None:
    """As a condition: what comes after the last match of the page before."""
    number, _dot, text = cursor.partition(".")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    last = int(number)
    if sort == "newest":
        return Match.id < last
    if sort == "oldest":
        return Match.id > last
    try:
        if sort == "untouched":
            at: Any = datetime.fromisoformat(text)
            if at.tzinfo is None or not 2000 <= at.year <= 2100:
                return None
        else:
            at = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    if at is None:
        return sa.and_(value.is_(None), Match.id > last)
    ties = sa.and_(value == at, Match.id > last)
    later = sa.or_(value > at, ties)
    return sa.or_(later, value.is_(None)) if sort == "due" else later


def _loaded(session: Session, ids: Iterable[int]) -> list[Match]:
    """The matches in this order, with all that a line says."""
    wanted = list(ids)
    if not wanted:
        return []
    query = sa.select(Match).where(Match.id.in_(wanted)).options(*WHOLE)
    found = {match.id: match for match in session.scalars(query).unique()}
    return [found[one] for one in wanted if one in found]
