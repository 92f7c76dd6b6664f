"""News of evaluation. Ids only; that a villager has answered is told to nobody, not even here."""

from dataclasses import dataclass

from exchange.projects.events import ProjectEvent


@dataclass(frozen=True)
class RoundEvent(ProjectEvent):
    """Something about one round of a project."""

    round_id: int


@dataclass(frozen=True)
class EvaluationScheduled(ProjectEvent):
    """Somebody has set when the project is looked at."""


@dataclass(frozen=True)
class RoundOpened(RoundEvent):
    """A round asks its people, both sides and the villagers."""


@dataclass(frozen=True)
class RoundReminded(RoundEvent):
    """Those who have not answered were reminded."""


@dataclass(frozen=True)
class RoundTakenBack(RoundEvent):
    """The project goes on after all: a round that nobody has answered asks no more."""


@dataclass(frozen=True)
class RoundClosed(RoundEvent):
    """A round takes no more answers, for good."""


@dataclass(frozen=True)
class SideSpoke(RoundEvent):
    """An organisation has said how it was."""

    organisation_id: int


@dataclass(frozen=True)
class SidesShown(RoundEvent):
    """All sides have answered and may read each other."""


@dataclass(frozen=True)
class ResultsWritten(RoundEvent):
    """The project's people have said what was reached."""


@dataclass(frozen=True)
class ResultsReleased(RoundEvent):
    """They have put it before everybody, or taken it back."""


@dataclass(frozen=True)
class SurveyPapersPrinted(RoundEvent):
    """Numbers of paper sheets were given out."""

    count: int


@dataclass(frozen=True)
class SurveyPaperEntered(RoundEvent):
    """A paper sheet was entered; what it says is kept apart."""


@dataclass(frozen=True)
class VillagerWordsReleased(RoundEvent):
    """A worker has put villagers' words, without names, before everybody, or taken them back."""
