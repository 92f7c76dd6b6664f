"""What a worker may filter their matches by: what stands in them, and who has them."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.brokering.board.queries import NEED, OFFER, Moment, conditions, joined
from exchange.brokering.board.rules import AskedMatches
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.models import Match
from exchange.brokering.permissions import brokered_by
from exchange.kernel.actor import Actor

MOST_NAMES, MOST_CHOICES = 100, 2000


def workers_of(session: Session, actor: Actor) -> Sequence[tuple[str, str]]:
    """Public ids and names of those who broker something live that the actor sees, by name."""
    query = (
        sa.select(Person.public_id, Person.name)
        .where(
            Person.id.in_(
                sa.select(Match.broker_id).where(Match.state.in_(LIVE_STATES), brokered_by(actor))
            ),
            Person.id != actor.person_id,
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_NAMES)
    )
    return [(public_id, name) for public_id, name in session.execute(query)]


@dataclass(frozen=True)
class Choices:
    """What stands in the matches of somebody, to be filtered by."""

    categories: frozenset[str]
    divisions: frozenset[str]
    organisation_ids: frozenset[int]


def choices_of(session: Session, actor: Actor, asked: AskedMatches, moment: Moment) -> Choices:
    """What may be chosen among the matches of the persons and the states that are asked for."""
    wide = AskedMatches(who=asked.who)
    columns = (
        NEED.category_code, OFFER.category_code, NEED.division_code, NEED.organisation_id,
        OFFER.organisation_id,
    )  # fmt: skip
    query = (
        joined(sa.select(*columns))
        .where(*conditions(actor, wide, moment), Match.state.in_(asked.group))
        .distinct()
        .limit(MOST_CHOICES)
    )
    rows = session.execute(query).all()
    return Choices(
        frozenset(code for row in rows for code in row[:2] if code),
        frozenset(row[2] for row in rows if row[2]),
        frozenset(owner for row in rows for owner in row[3:]),
    )
