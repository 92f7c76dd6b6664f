"""How stored pairs stand among the others of their needs and offers, at this moment."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.matching.comparison import Comparison, comparison_of, micro_among, shipped_rule
from exchange.matching.models import MILLION, Suggestion

LIGHT = Suggestion.id, Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro
CHUNK = 1_000
AT_ONCE = 400  # pairs that are compared without being asked for
Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A stored pair, how it stands, and the score that counts in millionths."""

    id: int
    need_id: int
    comparison: Comparison
    micro: int


def own_least(least: float) -> int:
    """The own score, in millionths, below which no pair comes to a score of ``least``."""
    return round(min(least, shipped_rule().least) * MILLION)


def placed(
    session: Session, rows: Iterable[Sequence[int]], least: float, rivals: Conditions = ()
) -> list[Placed]:
    """Rows of ``LIGHT`` that come to a score of ``least``, the best first, ties by id.

    ``rivals`` are conditions on Suggestion: which pairs they stand among. Two queries for each
    thousand needs and offers.
    """
    known, rule = list(rows), shipped_rule()
    from_here = own_least(least)
    needs = bests(session, Suggestion.need_id, {row[1] for row in known}, from_here, rivals)
    offers = bests(session, Suggestion.offer_id, {row[2] for row in known}, from_here, rivals)
    kept = []
    for key, need, offer, own in known:
        # What is not among its rivals itself is not behind itself.
        best = max(own, needs.get(need, 0)), max(own, offers.get(offer, 0))
        comparison = comparison_of(own, *best)
        micro = micro_among(comparison, rule)
        if micro >= round(least * MILLION):
            kept.append(Placed(key, need, comparison, micro))
    return sorted(kept, key=_order)


def best_first(
    session: Session, rows: Iterable[Sequence[int]], least: float, rivals: Conditions = ()
) -> Iterator[Placed]:
    """As ``placed``, of rows that come by own score, the best first; compares no more of them than
    are asked for: none scores more than it would if it were the best of both its listings.
    """
    known, waiting = list(rows), list[Placed]()
    for start in range(0, len(known), AT_ONCE):
        some = placed(session, known[start : start + AT_ONCE], least, rivals)
        waiting = sorted([*waiting, *some], key=_order)
        following = known[start + AT_ONCE : start + AT_ONCE + 1]
        most = max((_most(row[3]) for row in following), default=-1)
        ready = [one for one in waiting if one.micro > most]
        yield from ready
        waiting = waiting[len(ready) :]


def _most(own: int) -> int:
    return micro_among(comparison_of(own, own, own), shipped_rule())


def _order(one: Placed) -> tuple[int, int]:
    return -one.micro, one.id


def bests(
    session: Session,
    side: InstrumentedAttribute[int],
    ids: Collection[int],
    least_micro: int = 0,
    rivals: Conditions = (),
) -> dict[int, int]:
    """The best own score of the pairs of each listing on this side, of ``least_micro`` or more."""
    found: dict[int, int] = {}
    ordered = sorted(ids)
    for some in (ordered[at : at + CHUNK] for at in range(0, len(ordered), CHUNK)):
        query = (
            sa.select(side, sa.func.max(Suggestion.score_micro))
            .where(side.in_(some), Suggestion.score_micro >= least_micro, *rivals)
            .group_by(side)
        )
        found.update((key, best) for key, best in session.execute(query))
    return found
