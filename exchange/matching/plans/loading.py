"""From rows to the problem of a plan: open needs of the divisions, and what passes the gates.

There may be a hundred thousand needs with twenty candidates each: this reads columns and no
objects, and asks the gates of one listing once for each listing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, cast

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import Organisation
from exchange.geography.centroids import Centroids
from exchange.kernel.act import House
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import Side
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.permissions import visible_to
from exchange.matching.amounts import amount_of, least_of
from exchange.matching.comparison import micros_among, shipped_rule
from exchange.matching.comparison_queries import bests
from exchange.matching.facts import BAD_STANDING, centroids_of, is_open_on
from exchange.matching.models import Suggestion
from exchange.matching.plans.rules import REMOTE, PlanChoice, is_vulnerable, priority_milli, waited
from exchange.matching.plans.rules import remoteness as remoteness_of
from exchange.matching.plans.stations import Stations, load_stations
from exchange.matching.plans.values import Numbers, PlanNeed, PlanOffer, Problem, Stock
from exchange.matching.plans.workload import InHand, workload_of
from exchange.matching.rules import (
    categories_compatible,
    coverage_reaches,
    has_something_left,
    lots_fit,
    owner_in_standing,
    owners_differ,
    windows_overlap,
)
from exchange.matching.sharing import stock_of
from exchange.matching.values import ListingFacts

# What rules.gates asks besides that both are open and that the sides differ.
OWN_GATES = (owner_in_standing, has_something_left)
PAIR_GATES = (owners_differ, coverage_reaches, windows_overlap, categories_compatible, lots_fit)
IDS = 5_000  # in one question
ROWS = 20_000
CITY = 4  # digits
COLUMNS = (
    Listing.id, Listing.side, Listing.category_code, Listing.division_code,
    Listing.organisation_id, Listing.quantity_milli, Listing.committed_milli, Listing.unit,
    Listing.lot_milli, Listing.is_whole, Listing.terms, Listing.from_date, Listing.to_date,
    Listing.beneficiaries, Listing.published_at, Organisation.verification,
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """For whom, where, when and with which settings a plan is made."""

    actor: Actor
    prefixes: tuple[str, ...]
    choice: PlanChoice
    now: datetime
    today: date


@dataclass(frozen=True)
class Place:
    """Where a need lies and what it asks for, to list it among the unmet."""

    category: str
    division: str


@dataclass(frozen=True)
class Loaded:
    """A problem, with what its numbers stand for. ``places`` is by number of need."""

    problem: Problem
    places: tuple[Place, ...]


@dataclass(frozen=True)
class _Row:
    """The facts that gates ask for, without words, and what only a plan asks for."""

    facts: ListingFacts
    beneficiaries: tuple[str, ...]
    published: date | None


@dataclass(frozen=True)
class _Read:
    """What was read: planned needs, usable offers, what is in hand beside them, fitting pairs."""

    needs: Mapping[int, _Row]
    offers: Mapping[int, _Row]
    others: Mapping[int, _Row]
    pairs: Numbers
    hand: InHand

    def every(self, side: Side) -> dict[int, _Row]:
        """All needs or all offers, those of the plan first."""
        own = self.needs if side is Side.NEED else self.offers
        beside = {key: row for key, row in self.others.items() if row.facts.side == side.value}
        return {**own, **beside}


def within(prefixes: Sequence[str]) -> ColumnElement[bool]:
    """The division of Listing lies within one of these."""
    if WHOLE_COUNTRY in prefixes:
        return sa.true()
    inside = (Listing.division_code.startswith(item, autoescape=True) for item in prefixes)
    return sa.or_(sa.false(), *inside)


def load_problem(
    house: House, session: Session, scope: Scope, queued: Sequence[tuple[int, int]] = ()
) -> Loaded:
    """Read everything. ``queued`` are pairs of other plans that wait in the brokers' queues."""
    load = workload_of(house)
    hand = load.in_hand(session)
    zone = house.settings.time_zone
    seen = sa.and_(visible_to(scope.actor), is_open_on(scope.today))
    wanted = sa.and_(seen, Listing.side == Side.NEED, within(scope.prefixes))
    needs = _rows(session, wanted, zone)
    scores = _placed(session, _scores(session, wanted, load.is_free()), load.is_free())
    offers = _by_ids(session, np.unique(scores[:, 1]).tolist(), seen, zone)
    pairs = passing(needs, offers, scores)
    hand = InHand(tuple(dict.fromkeys((*hand.open_pairs, *queued))), hand.agreed_pairs)
    busy = {key for pair in (*hand.open_pairs, *hand.agreed_pairs) for key in pair}
    others = _by_ids(session, sorted(busy - set(needs) - set(offers)), sa.true(), zone)
    read = _Read(needs, offers, others, pairs, hand)
    return _assemble(session, scope, centroids_of(house, session), read)


def _assemble(session: Session, scope: Scope, centroids: Centroids, read: _Read) -> Loaded:
    stations, brokers = load_stations(session)
    needs, offers = read.every(Side.NEED), read.every(Side.OFFER)
    need_number = {listing_id: number for number, listing_id in enumerate(needs)}
    offer_number = {listing_id: number for number, listing_id in enumerate(offers)}
    givers = sorted({row.facts.organisation_id for row in offers.values()})
    giver_number = {giver: number for number, giver in enumerate(givers)}

    def numbers(some: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((need_number[need], offer_number[offer]) for need, offer in some)

    problem = Problem(
        needs=tuple(
            _need(row, scope, centroids, stations, is_planned=listing_id in read.needs)
            for listing_id, row in needs.items()
        ),
        offers=tuple(
            PlanOffer(listing_id, giver_number[row.facts.organisation_id], _stock(row.facts))
            for listing_id, row in offers.items()
        ),
        brokers=tuple(brokers),
        organisations=len(givers),
        pair_need=_numbered(read.pairs[:, 0], need_number),
        pair_offer=_numbered(read.pairs[:, 1], offer_number),
        pair_score=read.pairs[:, 2].copy(),
        limits=scope.choice.limits,
        held=numbers(read.hand.open_pairs),
        counted=numbers(read.hand.agreed_pairs),
    )
    places = tuple(Place(row.facts.category, row.facts.division) for row in needs.values())
    return Loaded(problem, places)


def _numbered(ids: Numbers, numbers: Mapping[int, int]) -> Numbers:
    known, places = np.unique(ids, return_inverse=True)
    return np.array([numbers[one] for one in known.tolist()], np.int64)[places]


def passing(
    needs: Mapping[int, _Row],
    offers: Mapping[int, _Row],
    scores: Numbers,
) -> Numbers:
    """Of the rows (need id, offer id, score) those that pass every gate of ``rules``.

    That both are open on the day and that the sides differ is in the question to the database.
    """
    fit = {key for key, row in (*needs.items(), *offers.items()) if _alone(row.facts)}

    def fits(need_id: int, offer_id: int) -> bool:
        if need_id not in fit or offer_id not in fit:
            return False
        need, offer = needs[need_id].facts, offers[offer_id].facts
        return all(gate(need, offer) for gate in PAIR_GATES)

    kept = [scores[:0]]
    for start in range(0, len(scores), ROWS):
        part = scores[start : start + ROWS]
        ids = zip(part[:, 0].tolist(), part[:, 1].tolist(), strict=True)
        kept.append(part[np.fromiter((fits(*pair) for pair in ids), bool, len(part))])
    return np.concatenate(kept)


def _alone(facts: ListingFacts) -> bool:
    return all(gate(facts) for gate in OWN_GATES)


def _need(
    row: _Row,
    scope: Scope,
    centroids: Centroids,
    stations: Stations,
    *,
    is_planned: bool,
) -> PlanNeed:
    facts, choice = row.facts, scope.choice
    code = facts.division
    far = remoteness_of(
        code, choice.remote_places, centroids.distance_km(code, code[:CITY]) if code else None
    )
    vulnerable, days = is_vulnerable(row.beneficiaries), waited(row.published, scope.today)
    return PlanNeed(
        id=facts.id,
        weight_milli=priority_milli(
            choice.weights, vulnerable=vulnerable, remoteness=far, waited_days=days
        ),
        station=stations.of(code),
        stock=_stock(facts),
        is_vulnerable=vulnerable,
        is_remote=far >= REMOTE,
        waited_days=days,
        is_planned=is_planned,
    )


def _stock(facts: ListingFacts) -> Stock | None:
    return stock_of(facts.remaining_milli, facts.unit, facts.lot_milli, whole=facts.is_whole)


def _scores(
    session: Session, wanted: ColumnElement[bool], free: ColumnElement[bool]
) -> Numbers:
    """Rows of need id, offer id and score: a hundred bytes less for each than as tuples."""
    query = (
        sa.select(Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro)
        .join(Listing, Listing.id == Suggestion.need_id)
        .where(wanted, free)
        .order_by(Suggestion.need_id, Suggestion.offer_id)
        .execution_options(yield_per=ROWS)
    )
    parts = session.execute(query).partitions(ROWS)
    found = [np.array([tuple(row) for row in part], np.int64) for part in parts]
    return np.concatenate([np.zeros((0, 3), np.int64), *found])


def _placed(session: Session, scores: Numbers, free: ColumnElement[bool]) -> Numbers:
    """The same rows with the score that counts among the free pairs of both sides.

    All of a planned need are among the rows, in order of needs; those of an offer may not be.
    """
    if not len(scores):
        return scores
    needs, offers, own = scores.T
    starts = np.flatnonzero(np.r_[True, needs[1:] != needs[:-1]])
    of_need = np.repeat(np.maximum.reduceat(own, starts), np.diff(np.r_[starts, len(own)]))
    known, places = np.unique(offers, return_inverse=True)
    found = bests(session, Suggestion.offer_id, known.tolist(), rivals=(free,))
    of_offer = np.array([found.get(key, 0) for key in known.tolist()], np.int64)[places]
    scores[:, 2] = micros_among(own, of_need, np.maximum(own, of_offer), shipped_rule())
    return scores


def _by_ids(
    session: Session, ids: Sequence[int], condition: ColumnElement[bool], zone: str
) -> dict[int, _Row]:
    found: dict[int, _Row] = {}
    waiting = iter(ids)
    while chunk := list(islice(waiting, IDS)):
        found |= _rows(session, sa.and_(Listing.id.in_(chunk), condition), zone)
    return found


def _rows(session: Session, condition: ColumnElement[bool], zone: str) -> dict[int, _Row]:
    reach: dict[int, list[str]] = {}
    covered = sa.select(ListingCoverage.listing_id, ListingCoverage.prefix).where(
        ListingCoverage.listing_id.in_(sa.select(Listing.id).where(condition))
    )
    for listing_id, prefix in session.execute(covered):
        reach.setdefault(listing_id, []).append(prefix)
    query = sa.select(*COLUMNS).join(Listing.organisation).where(condition).order_by(Listing.id)
    rows = session.execute(query.execution_options(yield_per=ROWS)).mappings()
    return {row["id"]: row_of for row, row_of in _read(rows, reach, zone)}


def _read(
    rows: Iterable[Any], reach: Mapping[int, list[str]], zone: str
) -> Iterator[tuple[Mapping[str, Any], _Row]]:
    for found in rows:
        row = cast("Mapping[str, Any]", found)
        division, whole = row["division_code"] or "", row["quantity_milli"]
        left, unit = None if whole is None else whole - row["committed_milli"], row["unit"] or ""
        prefixes = tuple(sorted(reach.get(row["id"], ())))
        facts = ListingFacts(
            id=row["id"],
            side=row["side"].value,
            category=row["category_code"] or "",
            division=division,
            reach=prefixes or ((division,) if division else ()),
            organisation_id=row["organisation_id"],
            in_good_standing=row["verification"] not in BAD_STANDING,
            remaining_milli=left,
            unit=unit,
            remaining=amount_of(left, unit),
            least=least_of(left, unit, row["lot_milli"], whole=row["is_whole"]),
            lot_milli=row["lot_milli"],
            is_whole=row["is_whole"],
            terms=row["terms"].value,
            from_date=row["from_date"],
            to_date=row["to_date"],
        )
        published = row["published_at"]
        day = civil_date(published, zone) if published else None
        yield row, _Row(facts, tuple(row["beneficiaries"] or ()), day)
