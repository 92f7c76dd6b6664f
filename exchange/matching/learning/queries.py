"""Reading decisions, sets of weights, and which are in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import Assignment, Person, ServicePoint, ServicePointDivision
from exchange.kernel.act import House
from exchange.kernel.actor import Actor, Duty, covers
from exchange.matching.learning.fitting import Sample
from exchange.matching.learning.kinds import Cause, WeightsState
from exchange.matching.learning.models import LearnedWeights, Learning, PairDecision
from exchange.matching.learning.rules import evidence_of
from exchange.matching.scoring import Weights, read_weights, shipped_weights

KNOWN = "matching.learned_weights"
NEWEST_DECISIONS = 20_000  # are learned from: older ones speak of another time
ONLY = 1  # the id of the one row of Learning


def weights_in_force(house: House, session: Session) -> Weights:
    """What scores are made with now: the learned weights in force, or those of the package.

    One short query; the weights themselves are read once in each process. Weights that were made
    around others than the package has now do not count.
    """
    shipped = shipped_weights()
    version = session.scalar(
        sa.select(LearnedWeights.version).where(
            LearnedWeights.state == WeightsState.IN_FORCE,
            LearnedWeights.based_on == shipped.version,
        )
    )
    if version is None:
        return shipped
    known = cast("dict[str, Weights]", house.resources.setdefault(KNOWN, {}))
    if version not in known:
        row = session.scalars(
            sa.select(LearnedWeights).where(LearnedWeights.version == version)
        ).one()
        known[version] = weights_of(row)
    return known[version]


def weights_of(row: LearnedWeights) -> Weights:
    """The weights of a row."""
    return read_weights({"version": row.version, **row.weights})


def learning_of(session: Session) -> Learning:
    """Whether learning is on, and how often weights were changed; a fresh value where none is kept.
    """
    found = session.get(Learning, ONLY, populate_existing=True)
    return found or Learning(id=ONLY, is_on=True, number=0, looked_at=None)


def present_row(session: Session) -> LearnedWeights | None:
    """The row that is in force, whatever it was made around."""
    query = sa.select(LearnedWeights).where(LearnedWeights.state == WeightsState.IN_FORCE)
    return session.scalars(query).first()


def versions(session: Session, limit: int = 30) -> list[LearnedWeights]:
    """Sets of weights, the newest first."""
    query = sa.select(LearnedWeights).order_by(LearnedWeights.id.desc()).limit(limit)
    return list(session.scalars(query))


@dataclass(frozen=True)
class Decided:
    """A decision that says something, and when it was made and last changed."""

    sample: Sample
    decided_at: datetime
    changed_at: datetime


def decided(session: Session, limit: int = NEWEST_DECISIONS) -> list[Decided]:
    """The newest decisions that say something about their pair, in the order of their pairs."""
    return sorted(_decided(session, limit), key=lambda one: _pair(one.sample))


def _pair(sample: Sample) -> tuple[int, int]:
    return sample.need_id, sample.offer_id


def _decided(session: Session, limit: int) -> Iterator[Decided]:
    query = (
        sa.select(
            PairDecision.need_id, PairDecision.offer_id, PairDecision.features,
            PairDecision.cause, PairDecision.reason, PairDecision.decided_at,
            PairDecision.changed_at,
        )
        .order_by(PairDecision.changed_at.desc(), PairDecision.need_id, PairDecision.offer_id)
        .limit(limit)
    )  # fmt: skip
    for need_id, offer_id, values, cause, reason, decided_at, changed_at in session.execute(query):
        found = evidence_of(cause, reason)
        if found.label is not None:
            sample = Sample(need_id, offer_id, values, found.label, found.weight, found.about)
            yield Decided(sample, decided_at, changed_at)


@dataclass(frozen=True)
class CauseCount:
    """How many pairs ended so for the present."""

    cause: Cause
    reason: str
    pairs: int


def cause_counts(session: Session) -> list[CauseCount]:
    """How often each decision was made, with its reason, the frequent first."""
    count = sa.func.count()
    query = (
        sa.select(PairDecision.cause, PairDecision.reason, count)
        .group_by(PairDecision.cause, PairDecision.reason)
        .order_by(count.desc(), PairDecision.cause, PairDecision.reason)
    )
    return [CauseCount(*row) for row in session.execute(query)]


def may_set(session: Session, actor: Actor) -> bool:
    """Whether the actor decides about the weights: operators, and whoever supervises every place
    that the site's service points serve.
    """
    if actor.is_operator or actor.is_system:
        return True
    if not actor.supervises:
        return False
    query = (
        sa.select(ServicePointDivision.prefix)
        .join(ServicePoint, ServicePoint.id == ServicePointDivision.service_point_id)
        .where(ServicePoint.closed_at.is_(None))
        .distinct()
    )
    places = session.scalars(query).all()
    return all(any(covers(own, place) for own in actor.supervises) for place in places)


def people_to_tell(session: Session) -> set[int]:
    """Operators, and supervisors of centres."""
    operators = sa.select(Person.id).where(Person.is_operator, Person.closed_at.is_(None))
    supervisors = (
        sa.select(Assignment.person_id)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .where(
            Assignment.duty == Duty.SUPERVISOR,
            Assignment.ended_at.is_(None),
            ServicePoint.level == PointLevel.CENTRE,
            ServicePoint.closed_at.is_(None),
        )
    )
    return {*session.scalars(operators), *session.scalars(supervisors)}
