"""Reading suggestions. What is stored may be a moment old: every pair passes the gates once more
on the present values, and whoever looks sees only what they may see.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.geography.centroids import Centroids
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.matching.comparison import reasons_among, shipped_rule
from exchange.matching.comparison_queries import (
    LIGHT,
    Conditions,
    Placed,
    best_first,
    own_least,
    placed,
)
from exchange.matching.exposure import Exposure
from exchange.matching.exposure_rules import Seen, Shown, ordered
from exchange.matching.facts import is_open_on, load_facts, with_ids
from exchange.matching.models import MILLION, Suggestion
from exchange.matching.permissions import can_see_suggestions, served_prefixes
from exchange.matching.rules import may_match
from exchange.matching.values import Reason

NOWHERE = Centroids({})  # gates need no distance
LIMIT = 20
# Of so many of the best only the rest is left out: nobody turns to the thousandth page.
MOST_PAIRS, MOST_OF_ONE = 20_000, 200
MOST_DIGITS = 19  # of the numbers in a cursor


@dataclass(frozen=True)
class Suggested:
    """A pair as it is shown: both listings, the score, and the reasons, the weightiest first.

    ``score`` is the one that counts among the others of both listings (see ``comparison``).
    ``seen`` says why it stands higher than by its score, where it does.
    """

    suggestion_id: int
    need: Listing
    offer: Listing
    score: float
    reasons: tuple[Reason, ...]
    engine: str
    seen: Seen | None = None

    def other(self, listing: Listing) -> Listing:
        """The listing on the other side."""
        return self.offer if listing.id == self.need.id else self.need


@dataclass(frozen=True)
class SuggestedPage:
    """One page of pairs, and where the next begins."""

    pairs: tuple[Suggested, ...]
    next_cursor: str | None


def suggestions_for(
    session: Session,
    actor: Actor,
    listing: Listing,
    today: date,
    limit: int = LIMIT,
    least: float = 0.0,
    where: Conditions = (),
    exposure: Exposure | None = None,
) -> list[Suggested]:
    """The best pairs of a listing with a score of at least ``least``, by score, then by id; with
    ``exposure`` balanced between the organisations of the other side (see ``exposure_rules``).

    ``where`` are further conditions on Suggestion, also on the pairs that the scores stand among.
    Empty for whoever may not look at the listing's suggestions. The other side is visible to the
    actor. Eight queries, whatever the number of pairs, and one for the balance.
    """
    if not can_see_suggestions(actor, listing):
        return []
    own, other = _sides(listing.side)
    query = _light(least).where(own == listing.id, other.in_(_visible(actor, today)), *where)
    best = placed(session, session.execute(query.limit(MOST_PAIRS)), least, where)
    fitting = _still_fitting(session, best[: max(limit, MOST_OF_ONE)], today)
    if exposure is not None:
        owners = [pair.other(listing).organisation_id for pair in fitting]
        fitting = _balanced(session, exposure, fitting, owners, today, listing.id)
    return fitting[:limit]


def suggestions_in(
    session: Session,
    actor: Actor,
    prefixes: tuple[str, ...],
    today: date,
    limit: int = LIMIT,
    cursor: str | None = None,
    least: float = 0.0,
    where: Conditions = (),
    rivals: Conditions = (),
    exposure: Exposure | None = None,
) -> SuggestedPage:
    """Pairs whose need lies in the divisions, best first, ties by id; for who serves them.

    ``where`` are further conditions on Suggestion (brokering leaves out what is taken up), and
    ``rivals`` those on the pairs that the scores stand among. With ``exposure`` each page is
    balanced in itself between the organisations that offer: which pairs stand on a page is decided
    by the score. Raises Invalid for a cursor that is none.
    """
    served = served_prefixes(actor, prefixes)
    if not served:
        return SuggestedPage((), None)
    after = _read_cursor(cursor)
    query = _light(least).where(
        Suggestion.need_id.in_(_visible(actor, today).where(_within(served))),
        Suggestion.offer_id.in_(_visible(actor, today)),
        *where,
    )
    best = best_first(session, session.execute(query.limit(MOST_PAIRS)), least, rivals)
    page = _fill_page(session, best, today, limit, after)
    if exposure is None:
        return page
    owners = [pair.offer.organisation_id for pair in page.pairs]
    balanced = _balanced(session, exposure, page.pairs, owners, today, 0)
    return SuggestedPage(tuple(balanced), page.next_cursor)


def suggestions_of_needs(
    session: Session,
    actor: Actor,
    needs: Sequence[Listing],
    today: date,
    each: int,
    least: float = 0.0,
    where: Conditions = (),
) -> list[Suggested]:
    """Pairs of several needs, of each need the ``each`` best, by score, then by id.

    As ``suggestions_for``, in as many queries whatever the number of needs. Needs of which the
    actor may not see suggestions are left out.
    """
    ids = sorted(need.id for need in needs if can_see_suggestions(actor, need))
    if not ids:
        return []
    query = _light(least).where(
        Suggestion.need_id.in_(ids), Suggestion.offer_id.in_(_visible(actor, today)), *where
    )
    kept, counts = list[Placed](), Counter[int]()
    for one in placed(session, session.execute(query.limit(MOST_PAIRS)), least, where):
        counts[one.need_id] += 1
        if counts[one.need_id] <= each:
            kept.append(one)
    return _still_fitting(session, kept, today)


def _balanced(
    session: Session,
    exposure: Exposure,
    pairs: Sequence[Suggested],
    owners: Sequence[int],
    today: date,
    listing_id: int,
) -> list[Suggested]:
    """``owners`` are the organisations between which is balanced, pair by pair."""
    if len(pairs) < 2:
        return list(pairs)
    shown = [
        Shown((pair.need.id, pair.offer.id), owner, round(pair.score * MILLION))
        for pair, owner in zip(pairs, owners, strict=True)
    ]
    counts = exposure.introductions(session, owners, today)
    least = round(exposure.least * MILLION)
    by_key = {one.key: pair for one, pair in zip(shown, pairs, strict=True)}
    return [
        replace(by_key[one.key], seen=why)
        for one, why in ordered(shown, counts, today, listing_id, least)
    ]


def _fill_page(
    session: Session,
    best: Iterator[Placed],
    today: date,
    limit: int,
    after: tuple[int, int] | None,
) -> SuggestedPage:
    kept: list[Suggested] = []
    left = (one for one in best if after is None or (-one.micro, one.id) > after)
    while some := list(islice(left, limit + 1)):
        kept.extend(_still_fitting(session, some, today))
        if len(kept) > limit:
            last = kept[limit - 1]
            return SuggestedPage(tuple(kept[:limit]), _cursor(last))
    return SuggestedPage(tuple(kept), None)


def suggestion_of(session: Session, need_id: int, offer_id: int) -> Suggestion | None:
    """The stored pair, without asking who looks or whether it still fits."""
    query = sa.select(Suggestion).where(
        Suggestion.need_id == need_id, Suggestion.offer_id == offer_id
    )
    return session.scalars(query).first()


def shown_score(
    session: Session, need_id: int, offer_id: int, rivals: Conditions = ()
) -> tuple[float, tuple[Reason, ...]] | None:
    """Score and reasons of a stored pair as they are shown among ``rivals``; None where it is not
    stored. Without asking who looks or whether it still fits.
    """
    found = suggestion_of(session, need_id, offer_id)
    if found is None:
        return None
    row = (found.id, found.need_id, found.offer_id, found.score_micro)
    [one] = placed(session, [row], 0.0, rivals)
    told = reasons_among(reasons_of(found.reasons), one.comparison, shipped_rule())
    return one.micro / MILLION, told


def listing_id_of(session: Session, public_id: str) -> int | None:
    """The id of the listing with this public id."""
    return session.scalar(sa.select(Listing.id).where(Listing.public_id == public_id))


def open_listing_ids(session: Session, today: date) -> list[int]:
    """Everything that can be matched."""
    query = sa.select(Listing.id).where(is_open_on(today)).order_by(Listing.id)
    return list(session.scalars(query))


def reasons_of(kept: Iterable[dict[str, Any]]) -> tuple[Reason, ...]:
    """Reasons from their stored form."""
    return tuple(Reason(item["code"], item["params"], item["contribution"]) for item in kept)


def _sides(
    side: Side,
) -> tuple[sa.orm.InstrumentedAttribute[int], sa.orm.InstrumentedAttribute[int]]:
    if side is Side.NEED:
        return Suggestion.need_id, Suggestion.offer_id
    return Suggestion.offer_id, Suggestion.need_id


def _light(least: float) -> sa.Select[int, int, int, int]:
    """Pairs that may come to this score, the best own score first."""
    return (
        sa.select(*LIGHT)
        .where(Suggestion.score_micro >= own_least(least))
        .order_by(Suggestion.score_micro.desc(), Suggestion.id)
    )


def _whole(ids: Sequence[int]) -> sa.Select[Suggestion]:
    both = (Suggestion.need, Suggestion.offer)
    return (
        sa.select(Suggestion)
        .where(Suggestion.id.in_(ids))
        .options(
            *(selectinload(side).selectinload(Listing.organisation) for side in both),
            *(selectinload(side).selectinload(Listing.coverage) for side in both),
        )
    )


def _visible(actor: Actor, today: date) -> sa.Select[int]:
    return sa.select(Listing.id).where(visible_to(actor), is_open_on(today))


def _within(prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in prefixes:
        return sa.true()
    return sa.or_(*(Listing.division_code.startswith(p, autoescape=True) for p in prefixes))


def _still_fitting(session: Session, best: Sequence[Placed], today: date) -> list[Suggested]:
    """Those that pass the gates now, in this order."""
    rows = {row.id: row for row in session.scalars(_whole([one.id for one in best]))}
    ids = {key for row in rows.values() for key in (row.need_id, row.offer_id)}
    facts = load_facts(session, NOWHERE, with_ids(ids)) if ids else {}
    return [
        Suggested(
            row.id,
            row.need,
            row.offer,
            one.micro / MILLION,
            reasons_among(reasons_of(row.reasons), one.comparison, shipped_rule()),
            row.engine,
        )
        for one in best
        if (row := rows.get(one.id)) is not None
        and may_match(facts[row.need_id], facts[row.offer_id], today)
    ]


def _cursor(last: Suggested) -> str:
    return f"{round(last.score * MILLION)}-{last.suggestion_id}"


def _read_cursor(cursor: str | None) -> tuple[int, int] | None:
    if not cursor:
        return None
    score, _, suggestion_id = cursor.partition("-")
    if not all(part.isascii() and part.isdigit() for part in (score, suggestion_id)):
        raise Invalid("invalid_cursor")
    return -int(score[:MOST_DIGITS]), int(suggestion_id[:MOST_DIGITS])
