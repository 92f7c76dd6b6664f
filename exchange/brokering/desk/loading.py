"""Everything that stands on a worker's day, loaded for one reader in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_queries import assigned_needs
from exchange.brokering.desk.area_queries import (
    Some,
    ending_soon,
    in_nobodys_hands,
    lacking_undertakings,
)
from exchange.brokering.desk.aside_service import count_aside, is_not_aside
from exchange.brokering.desk.queries import Day, matches_with_ids, places_today
from exchange.brokering.desk.routed_pairs import desk_pairs, is_own_work
from exchange.brokering.desk.rules import Group, Place
from exchange.brokering.models import Match
from exchange.brokering.planned.work import planned_pairs
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.queries import parts_by_undertaking
from exchange.listings.undertakings.showing import short_progress
from exchange.matching.exposure import exposure_of
from exchange.matching.queries import Suggested

FIRST, ALL = 5, 100  # lines of a group beside others, and alone
PAIRS = 10
T = TypeVar("T")


@dataclass(frozen=True)
class Cases:
    """The worker's own cases: where all of them stand, and the matches that are shown."""

    places: Mapping[Group, Sequence[Place]]
    matches: Mapping[int, Match]
    needs: Sequence[NeedAssignment]

    @property
    def count(self) -> int:
        """How many things there are to do."""
        return sum(len(found) for found in self.places.values()) + len(self.needs)


@dataclass(frozen=True)
class Pairs:
    """Suggestions: those of released plans, a page of the others, and how many are set aside.

    ``elsewhere``: of the others on a page with those of the own station, the ids of the rest.
    """

    planned: tuple[Suggested, ...]
    others: tuple[Suggested, ...]
    next_cursor: str | None
    aside: int
    elsewhere: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Area:
    """What waits at the worker's own station."""

    ending: Some
    waiting: Some
    undertakings: Sequence[Undertaking]
    undertaking_count: int
    progress: Mapping[int, tuple[int, int]]


def load_cases(
    session: Session, actor: Actor, day: Day, only: Group | None = None, start: int = 0
) -> Cases:
    """The cases in the actor's hands. Of each group the first few matches are loaded, of the one
    that is asked for alone a hundred from ``start`` on.
    """
    places = places_today(session, actor, day)
    shown = [
        one.match_id
        for group, found in places.items()
        if only in (None, group)
        for one in (first_of(found) if only is None else found[start : start + ALL])
    ]
    needs = assigned_needs(session, actor.hands) if only in (None, Group.NEEDS) else ()
    return Cases(places, matches_with_ids(session, shown), needs)


def first_of(found: Sequence[T]) -> Sequence[T]:
    """The first few of a group; one more rather than a way to a list of one more."""
    return found if len(found) <= FIRST + 1 else found[:FIRST]


def load_pairs(
    session: Session, house: House, actor: Actor, day: Day, cursor: str | None
) -> Pairs:
    """Suggestions that the actor has not set aside. Raises Invalid for a cursor that is none."""
    wanted = (is_not_aside(actor, day.today),)
    planned = planned_pairs(session, actor, day.now, day.today, PAIRS, wanted)
    page = desk_pairs(
        session, actor, day.today, least=house.settings.display_threshold, limit=PAIRS,
        cursor=cursor, exposure=exposure_of(house), where=wanted,
    )  # fmt: skip
    known = {pair.suggestion_id for pair in planned}
    others = tuple(pair for pair in page.pairs if pair.suggestion_id not in known)
    aside = count_aside(session, actor, day.today)
    rest = page.pairs[page.own :] if page.own else ()
    elsewhere = frozenset(pair.suggestion_id for pair in rest)
    return Pairs(planned, others, page.next_cursor, aside, elsewhere)


def load_area(session: Session, house: House, actor: Actor, day: Day, limit: int = FIRST) -> Area:
    """What is the work of the actor's own station and in nobody's hands."""
    own = is_own_work(session, actor)
    undertakings, count = lacking_undertakings(session, actor, own, limit)
    parts = parts_by_undertaking(session, [one.id for one in undertakings])
    return Area(
        ending_soon(session, actor, own, day.today, limit),
        in_nobodys_hands(session, actor, own, limit),
        undertakings,
        count,
        short_progress(session, house, actor, parts),
    )
