"""Why a pair is suggested, or why not: every gate, every feature, computed anew from what is there.

It is the same as what the worker computes, for any two listings, also for such that are not
suggested.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Forbidden
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details
from exchange.listings.queries import seen_listing
from exchange.matching.explanation import reasons
from exchange.matching.facts import centroids_of, load_facts, with_ids
from exchange.matching.features import features
from exchange.matching.learn_queries import weights_in_force
from exchange.matching.permissions import can_see_suggestions
from exchange.matching.queries import suggestion_of
from exchange.matching.readings import encode, known_vectors, portrait
from exchange.matching.recall import as_pair
from exchange.matching.rules import gates
from exchange.matching.scoring import Weights, contribution, logit_of, sigmoid
from exchange.matching.values import Feature, ListingFacts, Reason


@dataclass(frozen=True)
class PairAccount:
    """Two listings as matching sees them. ``closed`` are the gates that say no; the score is what
    the pair has, or would have if they were open. ``is_stored`` says whether it is suggested.
    """

    need: ListingFacts
    offer: ListingFacts
    closed: tuple[Decision, ...]
    features: tuple[Feature, ...]
    reasons: tuple[Reason, ...]
    weights: Weights
    is_stored: bool

    @property
    def logit(self) -> float:
        """The base and all contributions."""
        return logit_of(self.features, self.weights)

    @property
    def score(self) -> float:
        """0 to 1."""
        return sigmoid(self.logit)

    @property
    def contributions(self) -> Mapping[str, float]:
        """By feature."""
        return {item.name: contribution(item, self.weights) for item in self.features}


@dataclass(frozen=True)
class SeenPair:
    """A pair as somebody may know it. ``is_detailed``: they may read both listings in full."""

    listing: Listing
    other: Listing
    account: PairAccount
    is_detailed: bool

    @property
    def need(self) -> Listing:
        """The one that asks."""
        return self.listing if self.listing.id == self.account.need.id else self.other

    @property
    def offer(self) -> Listing:
        """The one that gives."""
        return self.other if self.listing.id == self.account.need.id else self.listing


def pair_for(
    session: Session, house: House, actor: Actor, public_id: str, other_id: str
) -> SeenPair:
    """The account of a pair for whoever may look at the first listing's suggestions.

    Raises NotFound for a listing that the actor may not know of, Forbidden for others.
    """
    listing, other = (seen_listing(session, actor, key) for key in (public_id, other_id))
    if not can_see_suggestions(actor, listing):
        raise Forbidden
    today = civil_date(house.clock.now(), house.settings.time_zone)
    account = account_of(house, session, listing.id, other.id, today)
    detailed = sees_details(actor, listing) and sees_details(actor, other)
    return SeenPair(listing, other, account, detailed)


def feature_rows(account: PairAccount) -> list[dict[str, Any]]:
    """Every feature with all that is needed to compute the score again by hand."""
    weights = account.weights.features
    return [
        {
            "name": item.name,
            "value": item.value,
            "mean": weights[item.name].mean,
            "weight": weights[item.name].weight,
            "contribution": account.contributions[item.name],
        }
        for item in account.features
    ]


def account_of(
    house: House, session: Session, first_id: int, second_id: int, today: date
) -> PairAccount:
    """The account of two listings, in either order. Raises KeyError for one that does not exist.

    Two of the same side are taken as they come: the first gate says no.
    """
    facts = load_facts(session, centroids_of(house, session), with_ids({first_id, second_id}))
    need, offer = as_pair(facts[first_id], facts[second_id])
    vectors = known_vectors(house, session, facts)
    missing = [one for key, one in facts.items() if key not in vectors]
    vectors = {**vectors, **encode(house, missing)} if missing else vectors
    asked, given = (portrait(house, one, vectors[one.id]) for one in (need, offer))
    weights, found = weights_in_force(house, session), features(asked, given, today)
    return PairAccount(
        need,
        offer,
        tuple(gate for gate in gates(need, offer, today) if not gate),
        found,
        reasons(found, weights),
        weights,
        suggestion_of(session, need.id, offer.id) is not None,
    )
