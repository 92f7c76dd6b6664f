"""News of trainings."""

from dataclasses import dataclass

from exchange.kernel.events import Event
from exchange.volunteering.events import ActivityEvent


@dataclass(frozen=True)
class TrainingEvent(Event):
    """Something about one training of an organisation."""

    training_id: int
    organisation_id: int


@dataclass(frozen=True)
class TrainingMade(TrainingEvent):
    """A draft was begun."""


@dataclass(frozen=True)
class TrainingChanged(TrainingEvent):
    """It says something else."""


@dataclass(frozen=True)
class TrainingPublished(TrainingEvent):
    """It can be found and done."""


@dataclass(frozen=True)
class TrainingWithdrawn(TrainingEvent):
    """Nobody can do it any more; what was completed stays."""


@dataclass(frozen=True)
class TrainingDiscarded(TrainingEvent):
    """A draft is thrown away, right after this."""


@dataclass(frozen=True)
class TrainingDated(TrainingEvent):
    """There is another date to come to."""

    shift_id: int


@dataclass(frozen=True)
class TrainingQuestionsSet(TrainingEvent):
    """It asks other questions, or none."""


@dataclass(frozen=True)
class MaterialEvent(TrainingEvent):
    """Something about one material."""

    material_id: int


@dataclass(frozen=True)
class MaterialAdded(MaterialEvent):
    """There is more to learn from."""


@dataclass(frozen=True)
class MaterialChanged(MaterialEvent):
    """A material says something else."""


@dataclass(frozen=True)
class MaterialRemoved(MaterialEvent):
    """A material goes, right after this."""


@dataclass(frozen=True)
class TrainingQuestionsAnswered(TrainingEvent):
    """Somebody has tried the questions."""

    person_id: int
    passed: bool


@dataclass(frozen=True)
class CompletionEvent(TrainingEvent):
    """Something about one completion."""

    person_id: int
    completion_id: int


@dataclass(frozen=True)
class TrainingCompleted(CompletionEvent):
    """Somebody has done it."""


@dataclass(frozen=True)
class CompletionRevoked(CompletionEvent):
    """It does not count any more; the reason stands beside it."""


@dataclass(frozen=True)
class CompletionExpiresSoon(CompletionEvent):
    """It holds for thirty days at most from now on."""


@dataclass(frozen=True)
class TrainingsRequired(ActivityEvent):
    """An activity asks for other trainings than before, or for none."""
