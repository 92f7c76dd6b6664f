"""Whether the same need stands already, asked only among what the asker may see."""

from sqlalchemy.orm import Session

from exchange.geography.rules import COUNTY_DIGITS
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details
from exchange.listings.queries import open_needs_nearby
from exchange.listings.rules import language_of
from exchange.listings.values import ListingValues
from exchange.search.reading.duplicate_facts import Likeness, NeedFacts
from exchange.search.reading.duplicates import (
    AT_BEST,
    likely_duplicates,
    may_be_same,
    overlap,
    telling_terms,
)
from exchange.search.wiring import shared_analyzer

MOST = 3
# The cosine of weighted terms is about this many times the share of terms in common.
COSINE_OF_OVERLAP = 1.3


def similar_needs(
    session: Session,
    actor: Actor,
    side: Side,
    values: ListingValues,
    own_id: int | None = None,
    organisation_id: int | None = None,
) -> list[Listing]:
    """Open needs of the same county that the actor may see and that seem to ask for the same.

    At most three, the likeliest first. What words mean is not asked: a page does not wait for an
    encoder, and the other needs are not read with one.
    """
    county = (values.division_code or "")[:COUNTY_DIGITS]
    if side is not Side.NEED or len(county) < COUNTY_DIGITS or not values.text:
        return []
    near = open_needs_nearby(session, actor, county, values.category_code)
    seen = {one.public_id: one for one in near if one.id != own_id and sees_details(actor, one)}
    if not seen:
        return []
    need, words = need_facts(values, organisation_id), _terms(values)
    facts = {key: need_facts(one, one.organisation_id) for key, one in seen.items()}
    others = [
        (key, other, _likeness(words, _terms(seen[key])))
        for key, other in facts.items()
        if may_be_same(need, other, Likeness(words=AT_BEST.words))
    ]
    return [seen[key] for key, _verdict in likely_duplicates(need, others)[:MOST]]


def need_facts(need: ListingValues | Listing, organisation_id: int | None) -> NeedFacts:
    """What of a need, posted or about to be, is compared with others."""
    return NeedFacts(
        need.title,
        need.text,
        category=need.category_code or "",
        division=need.division_code or "",
        milli=need.quantity_milli,
        unit=need.unit or "",
        organisation=str(organisation_id or ""),
        from_date=need.from_date,
        to_date=need.to_date,
        lang=language_of(f"{need.title} {need.text}"),
    )


def _terms(need: ListingValues | Listing) -> frozenset[str]:
    return telling_terms(shared_analyzer().index_terms(f"{need.title} {need.text}"))


def _likeness(one: frozenset[str], other: frozenset[str]) -> Likeness:
    return Likeness(words=COSINE_OF_OVERLAP * overlap(one, other))

