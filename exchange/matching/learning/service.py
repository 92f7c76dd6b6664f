"""The verbs of learning: note a decision, put weights in force, fall back, choose by hand."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.database import is_sqlite
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.kernel.upserts import upsert
from exchange.matching.deciding import pair_values
from exchange.matching.fingerprint import engine_name
from exchange.matching.floors import broken
from exchange.matching.learning.events import (
    LearningSwitched,
    WeightsChosen,
    WeightsFellBack,
    WeightsLearned,
)
from exchange.matching.learning.fitting import logit
from exchange.matching.learning.kinds import Cause, WeightsState
from exchange.matching.learning.models import LearnedWeights, Learning, PairDecision
from exchange.matching.learning.queries import (
    ONLY,
    may_set,
    present_row,
    weights_in_force,
    weights_of,
)
from exchange.matching.learning.rules import SHIPPED
from exchange.matching.models import MILLION
from exchange.matching.scoring import Weights, shipped_weights, sigmoid

BY_HAND, NOT_BETTER, BETTER, WORSE, OUTDATED = (
    "by_hand", "not_better", "better", "worse", "outdated",
)  # fmt: skip


def note_decision(
    act: Act, need_id: int, offer_id: int, cause: Cause, reason: str = "", *, anew: bool = False
) -> None:
    """Keep what was decided about a pair.

    ``anew``: the pair is decided about for the first time, or once more after it had ended; its
    features are taken as they are now. Otherwise they stay, and only what came of it changes. The
    caller holds the locks of both listings or of what brings them together.
    """
    known = act.session.get(PairDecision, (need_id, offer_id), populate_existing=True)
    if known is not None and not anew:
        known.cause, known.reason, known.changed_at = cause, reason, act.now
        return
    values = pair_values(act, need_id, offer_id)
    score = sigmoid(logit(values, weights_in_force(act.house, act.session)))
    row = {
        "need_id": need_id, "offer_id": offer_id, "cause": cause, "reason": reason,
        "features": values, "score_micro": round(MILLION * score),
        "engine": engine_name(act.house, act.session),
        "decided_at": act.now, "changed_at": act.now,
    }  # fmt: skip
    upsert(act.session, PairDecision, [row], ("need_id", "offer_id"))


def is_in_force(act: Act, weights: Weights) -> bool:
    """Whether scores are still made with these; they stay so until this act ends."""
    query = sa.select(Learning.number).where(Learning.id == ONLY).with_for_update(read=True)
    act.session.execute(query).all()
    return weights_in_force(act.house, act.session).version == weights.version


def keep_learned(
    act: Act,
    number: int,
    weights: Weights,
    figures: Mapping[str, Any],
    decisions: int,
    *,
    is_better: bool,
) -> bool:
    """Keep what was learned, and put it in force where it is better.

    ``number`` is that under which the decisions were read. False when it was overtaken by somebody
    who changed the weights meanwhile. Raises ValueError for weights out of bounds.
    """
    if odd := broken(weights, shipped_weights()):
        raise ValueError(f"learned weights out of bounds: {', '.join(odd)}")
    learning = _begin(act)
    if learning.number != number:
        return False
    learning.number, learning.looked_at = number + 1, act.now
    row = _row(act.session, weights.version)
    if row is None:
        row = LearnedWeights(
            version=weights.version, based_on=shipped_weights().version,
            weights=as_row(weights), state=WeightsState.CANDIDATE, reason=NOT_BETTER,
            decisions=decisions, figures=dict(figures), made_at=act.now,
        )  # fmt: skip
        act.session.add(row)
    row.figures, row.decisions = dict(figures), decisions
    if is_better and row.state is not WeightsState.IN_FORCE:
        before = weights_in_force(act.house, act.session).version
        _move(act, row, BETTER)
        act.emit(WeightsLearned(weights.version, _name(before), decisions))
    act.session.flush()
    return True


def note_look(act: Act, number: int) -> bool:
    """Decisions were looked at and nothing came of it; False when somebody was faster."""
    learning = _begin(act)
    if learning.number != number:
        return False
    learning.looked_at = act.now
    return True


def fall_back(act: Act, number: int, to: str) -> bool:
    """What is in force did worse: put ``to`` (a version, or "shipped") in its place.

    False when somebody changed the weights meanwhile.
    """
    learning, present = _begin(act), present_row(act.session)
    if learning.number != number or present is None:
        return False
    learning.number = number + 1
    before = present.version
    _end(act, present, WeightsState.FALLEN_BACK, WORSE)
    if to != SHIPPED:
        _move(act, _usable(act, to), BETTER)
    act.emit(WeightsFellBack(to, before))
    return True


def retire_outdated(act: Act) -> bool:
    """Weights made around others than the package has now are put away; whether there were any."""
    _begin(act)
    present = present_row(act.session)
    if present is None or present.based_on == shipped_weights().version:
        return False
    _end(act, present, WeightsState.RETIRED, OUTDATED)
    return True


def choose_weights(act: Act, version: str) -> None:
    """Put a version, or "shipped", in force by hand; learning stops until it is switched on.

    Raises Forbidden, NotFound, Conflict where it is in force already or was made around others
    than the package has now.
    """
    _insist(act)
    learning = _begin(act)
    before = weights_in_force(act.house, act.session).version
    if _name(before) == version:
        raise Conflict("weights_in_force_already")
    learning.number += 1
    learning.is_on = False
    if version == SHIPPED:
        present = present_row(act.session)
        if present is not None:
            _end(act, present, WeightsState.RETIRED, BY_HAND)
    else:
        _move(act, _usable(act, version), BY_HAND)
    act.emit(WeightsChosen(version, _name(before)))


def switch_learning(act: Act, *, on: bool) -> bool:
    """Have learning stop or go on; whether that was a change. What is in force stays so."""
    _insist(act)
    learning = _begin(act)
    if learning.is_on == on:
        return False
    learning.is_on, learning.number = on, learning.number + 1
    act.emit(LearningSwitched(on))
    return True


def insist_may_learn(act: Act) -> None:
    """Raises Forbidden for whoever may not have decisions learned from by hand."""
    _insist(act)


def as_row(weights: Weights) -> dict[str, Any]:
    """The stored form, without the version."""
    features = {
        name: {"weight": item.weight, "mean": item.mean} for name, item in weights.features.items()
    }
    return {"base": weights.base, "features": features}


def _insist(act: Act) -> None:
    if not may_set(act.session, act.actor):
        raise Forbidden("not_your_role")


def _begin(act: Act) -> Learning:
    """The one row, locked until the act ends; made where it is missing.

    Of two who make it the second finds what the first has left there.
    """
    query = (
        sa.select(Learning).where(Learning.id == ONLY).with_for_update()
        .execution_options(populate_existing=True)
    )  # fmt: skip
    found = act.session.scalars(query).first()
    if found is None:
        insert = sqlite.insert if is_sqlite(act.session) else postgresql.insert
        first = insert(Learning).values(id=ONLY, is_on=True, number=0)
        act.session.execute(first.on_conflict_do_nothing())
        found = act.session.scalars(query).one()
    return found


def _row(session: Session, version: str) -> LearnedWeights | None:
    query = sa.select(LearnedWeights).where(LearnedWeights.version == version)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _usable(act: Act, version: str) -> LearnedWeights:
    row = _row(act.session, version)
    if row is None:
        raise NotFound
    if row.based_on != shipped_weights().version or broken(weights_of(row), shipped_weights()):
        raise Conflict("weights_outdated")
    return row


def _move(act: Act, row: LearnedWeights, reason: str) -> None:
    """Put it in force instead of what is."""
    present = present_row(act.session)
    if present is not None:
        _end(act, present, WeightsState.RETIRED, reason)
    row.state, row.reason = WeightsState.IN_FORCE, reason
    row.in_force_at, row.ended_at = act.now, None
    act.session.flush()


def _end(act: Act, row: LearnedWeights, state: WeightsState, reason: str) -> None:
    row.state, row.reason, row.ended_at = state, reason, act.now
    act.session.flush()


def _name(version: str) -> str:
    return SHIPPED if version == shipped_weights().version else version
