"""Learning from decisions: look whether what is in force holds, then whether better can be made.

Nothing is written before it was measured on decisions that no fit has seen. All that a look does
is written in one act, which is refused when somebody changed the weights meanwhile: it may end
anywhere, run twice, and run in two processes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from exchange.jobs.registry import Run
from exchange.matching.floors import broken
from exchange.matching.learning.fitting import Quality, Sample, learn_weights, quality
from exchange.matching.learning.kinds import Outcome, WeightsState
from exchange.matching.learning.models import LearnedWeights
from exchange.matching.learning.queries import (
    Decided,
    decided,
    learning_of,
    present_row,
    versions,
    weights_in_force,
    weights_of,
)
from exchange.matching.learning.rules import (
    ENOUGH,
    ENOUGH_EACH,
    ENOUGH_HELD_OUT,
    ENOUGH_HELD_OUT_EACH,
    NEWEST,
    NEWEST_EACH,
    ORDER_TOLERANCE,
    SHIPPED,
    WORSE,
    is_due,
    is_enough,
    is_held_out,
)
from exchange.matching.learning.service import (
    fall_back,
    keep_learned,
    note_look,
    retire_outdated,
)
from exchange.matching.scoring import Weights, shipped_weights

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Look:
    """What a look at the decisions came to. ``figures`` as in ``figures_of``, empty where nothing
    was measured; ``version`` what was learned or fallen back to.
    """

    outcome: Outcome
    decisions: int
    yes: int
    before: str
    version: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    weights: Weights | None = None

    @property
    def no(self) -> int:
        """Decisions against their pairs."""
        return self.decisions - self.yes

    def as_row(self) -> dict[str, Any]:
        """For programs."""
        row = asdict(self)
        row["outcome"], row["no"] = self.outcome.value, self.no
        if self.weights is not None:
            row["weights"] = {name: one.weight for name, one in self.weights.features.items()}
            row["base"] = self.weights.base
        return row


@dataclass(frozen=True)
class Scene:
    """All that a look reads, at one moment."""

    number: int
    is_on: bool
    looked_at: datetime | None
    present: Weights
    row: LearnedWeights | None
    earlier: tuple[LearnedWeights, ...]
    given_up: frozenset[str]
    decisions: tuple[Decided, ...]

    @property
    def samples(self) -> list[Sample]:
        """All decisions that say something."""
        return [one.sample for one in self.decisions]

    def look(self, outcome: Outcome, **more: Any) -> Look:
        """An account of this scene."""
        yes = sum(one.label for one in self.samples)
        return Look(outcome, len(self.decisions), yes, self.present.version, **more)


def learn(run: Run, *, by_hand: bool = False, dry_run: bool = False) -> Look:
    """Look at the decisions, and put other weights in force where they are surely better.

    ``by_hand`` learns also where it is switched off or hardly anything is new; ``dry_run`` writes
    nothing.
    """
    if not dry_run and _is_outdated(run.read()):
        with run.act() as act:
            retire_outdated(act)
    scene = _read(run)
    if not (scene.is_on or by_hand):
        return scene.look(Outcome.OFF)
    worse = _judge(scene)
    if worse is not None:
        to, figures = worse
        if not dry_run:
            with run.act() as act:
                if not fall_back(act, scene.number, to):
                    return scene.look(Outcome.OVERTAKEN)
            log.warning("learned weights did worse", version=scene.present.version, to=to)
        return scene.look(Outcome.FELL_BACK, version=to, figures=figures)
    return _improve(run, scene, by_hand=by_hand, dry_run=dry_run)


def _is_outdated(session: Session) -> bool:
    row = present_row(session)
    return row is not None and row.based_on != shipped_weights().version


def _read(run: Run) -> Scene:
    session = run.read()
    learning, shipped = learning_of(session), shipped_weights()
    row, present = present_row(session), weights_in_force(run.house, session)
    kept = versions(session)
    scene = Scene(
        number=learning.number,
        is_on=learning.is_on,
        looked_at=learning.looked_at,
        present=present,
        row=row if present is not shipped else None,
        earlier=tuple(
            one
            for one in kept
            if one.state is WeightsState.RETIRED and one.based_on == shipped.version
        ),
        given_up=frozenset(
            one.version for one in kept if one.state is WeightsState.FALLEN_BACK
        ),
        decisions=tuple(decided(session)),
    )
    session.rollback()
    return scene


def _judge(scene: Scene) -> tuple[str, dict[str, Any]] | None:
    """Where to fall back to, when the weights in force do worse than the package's on decisions
    made since they were learned; None while they hold, or nobody can say.

    It is the last version before that does better than the package's, else those.
    """
    if scene.row is None:
        return None
    since = scene.row.made_at
    newest = [one.sample for one in scene.decisions if one.decided_at > since]
    if not is_enough((one.label for one in newest), NEWEST, NEWEST_EACH):
        return None
    shipped = shipped_weights()
    plain, present = quality(newest, shipped), quality(newest, scene.present)
    if present.loss <= plain.loss + WORSE:
        return None
    figures = {"decisions": len(newest), "shipped": asdict(plain), "before": asdict(present)}
    for row in scene.earlier:
        weights = weights_of(row)
        if not broken(weights, shipped) and quality(newest, weights).loss <= plain.loss:
            return row.version, figures
    return SHIPPED, figures


def _improve(run: Run, scene: Scene, *, by_hand: bool, dry_run: bool) -> Look:
    held, rest = _split(scene.samples)
    if not _suffice(scene.samples, held):
        return scene.look(Outcome.TOO_FEW)
    if not (by_hand or dry_run or _is_due(scene)):
        return scene.look(Outcome.NOTHING_NEW)
    made = learn_weights(rest, shipped_weights())
    figures = figures_of(held, scene.present, made)
    better = is_better(figures) and made.version not in scene.given_up
    told: dict[str, Any] = {"version": made.version, "figures": figures, "weights": made}
    if _same(made, scene.present):
        return _noted(run, scene, dry_run=dry_run)
    if not dry_run:
        count = len(scene.decisions)
        with run.act() as act:
            if not keep_learned(act, scene.number, made, figures, count, is_better=better):
                return scene.look(Outcome.OVERTAKEN)
        log.info("decisions were learned from", version=made.version, in_force=better)
    return scene.look(Outcome.IN_FORCE if better else Outcome.NOT_BETTER, **told)


def _noted(run: Run, scene: Scene, *, dry_run: bool) -> Look:
    """The same weights came out again."""
    if not dry_run:
        with run.act() as act:
            if not note_look(act, scene.number):
                return scene.look(Outcome.OVERTAKEN)
    return scene.look(Outcome.SAME)


def _same(made: Weights, present: Weights) -> bool:
    return made.base == present.base and dict(made.features) == dict(present.features)


def _split(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    held = [one for one in samples if is_held_out(one.need_id)]
    return held, [one for one in samples if not is_held_out(one.need_id)]


def _suffice(samples: Sequence[Sample], held: Sequence[Sample]) -> bool:
    return is_enough((one.label for one in samples), ENOUGH, ENOUGH_EACH) and is_enough(
        (one.label for one in held), ENOUGH_HELD_OUT, ENOUGH_HELD_OUT_EACH
    )


def _is_due(scene: Scene) -> bool:
    if scene.looked_at is None:
        return True
    fresh = sum(one.changed_at > scene.looked_at for one in scene.decisions)
    return is_due(fresh, len(scene.decisions))


def figures_of(held: Sequence[Sample], before: Weights, after: Weights) -> dict[str, Any]:
    """How the package's weights, those in force, and new ones do on held-out decisions."""
    return {
        "decisions": len(held),
        "shipped": asdict(quality(held, shipped_weights())),
        "before": asdict(quality(held, before)),
        "after": asdict(quality(held, after)),
    }


def is_better(figures: Mapping[str, Any]) -> bool:
    """Whether the new weights agree better with held-out decisions than those in force and than
    the package's, and order them no worse.
    """
    after = Quality(**figures["after"])
    for name in ("shipped", "before"):
        other = Quality(**figures[name])
        if after.loss >= other.loss:
            return False
        if None not in (after.ndcg, other.ndcg) and _drop(other, after) > ORDER_TOLERANCE:
            return False
    return True


def _drop(before: Quality, after: Quality) -> float:
    return (before.ndcg or 0.0) - (after.ndcg or 0.0)
