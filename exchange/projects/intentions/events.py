"""News of cooperation intentions. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class IntentionEvent(Event):
    """Something about one intention: ``owner_id`` leads the project, the other one declared it."""

    intention_id: int
    project_id: int
    owner_id: int
    organisation_id: int


@dataclass(frozen=True)
class IntentionDeclared(IntentionEvent):
    """An organisation said what it would bring."""


@dataclass(frozen=True)
class IntentionChanged(IntentionEvent):
    """It says something else now, and waits for an answer again."""


@dataclass(frozen=True)
class IntentionTalked(IntentionEvent):
    """Somebody wrote a message in it."""


@dataclass(frozen=True)
class IntentionAsked(IntentionEvent):
    """The project's side wants to know more."""


@dataclass(frozen=True)
class IntentionAccepted(IntentionEvent):
    """The project's side said yes."""


@dataclass(frozen=True)
class IntentionAttached(IntentionEvent):
    """An accepted one was put to a need of the project."""

    need_id: int


@dataclass(frozen=True)
class IntentionDeclined(IntentionEvent):
    """The project's side said no, or the project has ended."""


@dataclass(frozen=True)
class IntentionWithdrawn(IntentionEvent):
    """The declaring organisation took it back."""


@dataclass(frozen=True)
class IntentionLapsed(IntentionEvent):
    """Its day passed without an answer."""


@dataclass(frozen=True)
class IntentionSettled(IntentionEvent):
    """What was accepted came about, or came to nothing."""


@dataclass(frozen=True)
class IntentionLapsesSoon(IntentionEvent):
    """It lapses in a few days if nobody answers."""


@dataclass(frozen=True)
class IntentionFollowUpDue(IntentionEvent):
    """The day to ask how it goes has come."""


@dataclass(frozen=True)
class WantedStated(Event):
    """A project's people said which intentions they wish for."""

    project_id: int
    owner_id: int
