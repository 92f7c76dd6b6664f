"""Whether the same need stands already, asked only among what the author may see."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from exchange.geography.rules import COUNTY_DIGITS
from exchange.kernel.actor import Actor
from exchange.listings.cards import ListingCard
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details
from exchange.listings.queries import open_needs_nearby
from exchange.listings.values import ListingValues
from exchange.search.reading.duplicates import (
    CERTAIN_COSINE,
    NO_COSINE,
    NeedFacts,
    likely_duplicates,
    overlap,
)
from exchange.search.wiring import shared_analyzer


@dataclass(frozen=True)
class Standing:
    """A need that stands already, and whether it is the person's own."""

    card: ListingCard
    own: bool


def likely_duplicate(
    session: Session, actor: Actor, side: Side, values: ListingValues, own_id: int | None = None
) -> Listing | None:
    """An open need of the same county that the actor may see and that asks for the same thing.

    Meaning is estimated from shared words: a page does not wait for an encoder.
    """
    county = (values.division_code or "")[:COUNTY_DIGITS]
    if side is not Side.NEED or len(county) < COUNTY_DIGITS or not values.text:
        return None
    near = open_needs_nearby(session, actor, county, values.category_code)
    seen = {one.public_id: one for one in near if one.id != own_id and sees_details(actor, one)}
    if not seen:
        return None
    need = _facts(values.title, values.text, values)
    others = [(key, _facts(one.title, one.text, one)) for key, one in seen.items()]
    found = likely_duplicates(need, [(key, facts, _meaning(need, facts)) for key, facts in others])
    return seen[found[0][0]] if found else None


def _facts(title: str, text: str, values: ListingValues | Listing) -> NeedFacts:
    return NeedFacts(
        words=frozenset(shared_analyzer().index_terms(f"{title} {text}")),
        category=values.category_code or "",
        division=values.division_code or "",
        milli=values.quantity_milli,
        unit=values.unit or "",
    )


def _meaning(one: NeedFacts, other: NeedFacts) -> float:
    """A stand-in for the cosine of an encoder: four shared words in ten are certainty."""
    shared = min(1.0, 2.5 * overlap(one.words, other.words))
    return NO_COSINE + shared * (CERTAIN_COSINE - NO_COSINE)
