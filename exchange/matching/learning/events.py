"""News of the weights that scores are made with."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class WeightsChanged(Event):
    """Other weights are in force. ``version`` "shipped" are those that come with the package."""

    version: str
    before: str


@dataclass(frozen=True)
class WeightsLearned(WeightsChanged):
    """Decisions were learned from, and what came of it is in force."""

    decisions: int


@dataclass(frozen=True)
class WeightsFellBack(WeightsChanged):
    """What was learned did worse on the newest decisions, and is not in force any more."""


@dataclass(frozen=True)
class WeightsChosen(WeightsChanged):
    """Somebody chose a version by hand; nothing is learned until they let it be again."""


@dataclass(frozen=True)
class LearningSwitched(Event):
    """Somebody had learning stop or go on."""

    on: bool
