"""Decisions as a county might make them, for tests of learning."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import numpy as np
import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.listings.kinds import Door, Side, State, Visibility
from exchange.listings.models import Listing
from exchange.matching.learning.fitting import Sample, logit
from exchange.matching.learning.kinds import Cause
from exchange.matching.learning.models import PairDecision
from exchange.matching.learning.rules import evidence_of
from exchange.matching.scoring import Weight, Weights, shipped_weights, sigmoid
from exchange.taxonomy.terms import Terms
from tests.cast import Cast

OpenAct = Callable[..., AbstractContextManager[Act]]
OFFERS = 6


def preferring(name: str, weight: float, base: float = 0.0) -> Weights:
    """What social workers go by who care for one feature as much as this, and find so much more
    or less worth an introduction.
    """
    shipped = shipped_weights()
    features = {**shipped.features, name: Weight(weight, shipped.features[name].mean)}
    return Weights("true", shipped.base + base, features)


def simulated(
    true: Weights, pairs: Sequence[tuple[int, int]], seed: int = 1
) -> list[tuple[Sample, Cause, str]]:
    """Decisions about pairs that differ little but in distance, taken by the true weights.

    By the shipped weights their scores are about one half, as of pairs that people look at.
    """
    rng = np.random.default_rng(seed)
    found = []
    for need_id, offer_id in pairs:
        values = {
            name: float(np.clip(item.mean + rng.normal(0, 0.02), 0, 1))
            for name, item in true.features.items()
        }
        values["text_meaning"] -= shipped_weights().base / true.features["text_meaning"].weight
        values["nearness"] = float(rng.random())
        yes = bool(rng.random() < sigmoid(logit(values, true)))
        cause, reason = (Cause.INTRODUCED, "") if yes else (Cause.DISMISSED, "too_far")
        told = evidence_of(cause, reason)
        sample = Sample(need_id, offer_id, values, yes, told.weight, told.about)
        found.append((sample, cause, reason))
    return found


def some_pairs(needs: int) -> list[tuple[int, int]]:
    """Pairs of so many needs with six offers each."""
    return [(need, offer) for need in range(1, needs + 1) for offer in range(1, OFFERS + 1)]


def samples(true: Weights, needs: int = 60, seed: int = 1) -> list[Sample]:
    """Simulated decisions without a database."""
    return [one for one, _cause, _reason in simulated(true, some_pairs(needs), seed)]


class County:
    """A site with listings about whose pairs decisions are written."""

    def __init__(self, cast: Cast, act_as: OpenAct) -> None:
        self.cast, self.act_as = cast, act_as
        self.offers: list[int] = []

    def decide(self, true: Weights, needs: int = 60, seed: int = 1) -> None:
        """Social workers decide about the pairs of new needs with the offers, now."""
        if not self.offers:
            self.offers = self._listings(Side.OFFER, OFFERS)
        made = self._listings(Side.NEED, needs)
        pairs = [(need, offer) for need in made for offer in self.offers]
        with self.act_as() as act:
            rows = [
                {
                    "need_id": one.need_id, "offer_id": one.offer_id, "cause": cause,
                    "reason": reason, "features": dict(one.values), "score_micro": 0,
                    "engine": "hand", "decided_at": act.now, "changed_at": act.now,
                }
                for one, cause, reason in simulated(true, pairs, seed)
            ]  # fmt: skip
            act.session.execute(sa.insert(PairDecision), rows)

    def _listings(self, side: Side, count: int) -> list[int]:
        owner = self.cast.enterprise if side is Side.OFFER else self.cast.officer
        with self.act_as() as act:
            made = [
                Listing(
                    organisation_id=owner.organisation_id, author_id=owner.person_id, side=side,
                    door=Door.OFFER if side is Side.OFFER else Door.HELP, state=State.FULFILLED,
                    visibility=Visibility.PUBLIC, title="微耕机", text="微耕机", terms=Terms.FREE,
                    category_code="equipment.machinery", division_code="520422",
                    beneficiaries=["general"], committed_milli=0, created_at=act.now,
                    updated_at=act.now, published_at=act.now,
                )
                for _ in range(count)
            ]  # fmt: skip
            act.session.add_all(made)
            act.session.flush()
            return [one.id for one in made]
