"""Why a pair is suggested, or why not: every gate, every feature, computed anew from what is there.

It is the same as what the worker computes, for any two listings, also for such that are not
suggested.
"""

from dataclasses import dataclass, replace
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
from exchange.matching.comparison import (
    Comparison,
    Rule,
    base_among,
    comparison_of,
    logit_among,
    parts_of,
    reasons_among,
    shipped_rule,
)
from exchange.matching.comparison_queries import Conditions, bests
from exchange.matching.explanation import reasons
from exchange.matching.facts import centroids_of, load_facts, with_ids
from exchange.matching.features import features
from exchange.matching.learning.queries import weights_in_force
from exchange.matching.models import MILLION, Suggestion
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
    the pair has, or would have if they were open. ``is_stored`` says whether it is suggested,
    ``comparison`` how the pair stands among the others of both.
    """

    need: ListingFacts
    offer: ListingFacts
    closed: tuple[Decision, ...]
    features: tuple[Feature, ...]
    reasons: tuple[Reason, ...]
    weights: Weights
    is_stored: bool
    comparison: Comparison
    rule: Rule

    @property
    def base(self) -> float:
        """With all contributions the logit."""
        return base_among(self.weights.base, self.rule)

    @property
    def logit(self) -> float:
        """Of the score that counts."""
        return logit_among(self.comparison, self.rule)

    @property
    def score(self) -> float:
        """0 to 1."""
        return sigmoid(self.logit)


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
    session: Session,
    house: House,
    actor: Actor,
    public_id: str,
    other_id: str,
    rivals: Conditions = (),
) -> SeenPair:
    """The account of a pair for whoever may look at the first listing's suggestions.

    Raises NotFound for a listing that the actor may not know of, Forbidden for others.
    """
    listing, other = (seen_listing(session, actor, key) for key in (public_id, other_id))
    if not can_see_suggestions(actor, listing):
        raise Forbidden
    today = civil_date(house.clock.now(), house.settings.time_zone)
    account = account_of(house, session, listing.id, other.id, today, rivals)
    detailed = sees_details(actor, listing) and sees_details(actor, other)
    return SeenPair(listing, other, account, detailed)


def feature_rows(account: PairAccount) -> list[dict[str, Any]]:
    """Every feature with all that is needed to compute the score again by hand, and at the end how
    the pair stands. Weights are those in the score that counts.
    """
    weights, share = account.weights.features, account.rule.own
    rows = [
        {
            "name": item.name,
            "value": item.value,
            "mean": weights[item.name].mean,
            "weight": share * weights[item.name].weight,
            "contribution": share * contribution(item, account.weights),
        }
        for item in account.features
    ]
    parts = parts_of(account.comparison, account.rule)
    return rows + [
        {
            "name": name,
            "value": getattr(account.comparison, name, part),
            "mean": 0.0,
            "weight": getattr(account.rule, name, 1.0),
            "contribution": part,
        }
        for name, part in parts.items()
        if name
    ]


def account_of(
    house: House,
    session: Session,
    first_id: int,
    second_id: int,
    today: date,
    rivals: Conditions = (),
) -> PairAccount:
    """The account of two listings, in either order. Raises KeyError for one that does not exist.

    Two of the same side are taken as they come: the first gate says no. ``rivals`` are conditions
    on Suggestion: which pairs it stands among.
    """
    facts = load_facts(session, centroids_of(house, session), with_ids({first_id, second_id}))
    need, offer = as_pair(facts[first_id], facts[second_id])
    vectors = known_vectors(house, session, facts)
    missing = [one for key, one in facts.items() if key not in vectors]
    vectors = {**vectors, **encode(house, missing)} if missing else vectors
    asked, given = (portrait(house, one, vectors[one.id]) for one in (need, offer))
    weights, found = weights_in_force(house, session), features(asked, given, today)
    logit = logit_of(found, weights)
    rule, comparison = shipped_rule(), _comparison(session, need.id, offer.id, logit, rivals)
    return PairAccount(
        need,
        offer,
        tuple(gate for gate in gates(need, offer, today) if not gate),
        found,
        reasons_among(reasons(found, weights), comparison, rule),
        weights,
        suggestion_of(session, need.id, offer.id) is not None,
        comparison,
        rule,
    )


def _comparison(
    session: Session, need_id: int, offer_id: int, logit: float, rivals: Conditions
) -> Comparison:
    """Among the pairs that are stored; this one counts as it is computed now."""
    own = round(MILLION * sigmoid(logit))
    best_of_need = bests(session, Suggestion.need_id, [need_id], rivals=rivals).get(need_id, 0)
    best_of_offer = bests(session, Suggestion.offer_id, [offer_id], rivals=rivals).get(offer_id, 0)
    found = comparison_of(own, max(own, best_of_need), max(own, best_of_offer))
    return replace(found, own=logit)
