"""News of deliveries, changes, consent, messages, files and follow-up."""

from dataclasses import dataclass

from exchange.brokering.events import MatchEvent


@dataclass(frozen=True)
class DeliveryConfirmed(MatchEvent):
    """A side confirmed a delivery, itself or through a recorded proxy."""

    delivery_id: int
    side: str
    by_proxy: bool


@dataclass(frozen=True)
class DeliveryDisputed(MatchEvent):
    """A side says that it was not so; the broker settles it."""

    delivery_id: int
    side: str


@dataclass(frozen=True)
class DeliverySettled(MatchEvent):
    """The broker decided how much of a disputed delivery counts, in thousandths."""

    delivery_id: int
    former_milli: int
    milli: int


@dataclass(frozen=True)
class DeliveryPictured(MatchEvent):
    """Pictures followed a delivery that had been noted before."""

    delivery_id: int
    count: int


@dataclass(frozen=True)
class DeliveryUnconfirmed(MatchEvent):
    """The receiving side has said nothing for days; ``again``: its broker is told now."""

    delivery_id: int
    again: bool


@dataclass(frozen=True)
class ChangeProposed(MatchEvent):
    """Somebody wants another amount or another day for what is agreed."""

    change_id: int
    side: str


@dataclass(frozen=True)
class ChangeAnswered(MatchEvent):
    """A side said yes or no to a change."""

    change_id: int
    side: str
    accepted: bool
    by_proxy: bool


@dataclass(frozen=True)
class ChangeTakenBack(MatchEvent):
    """Whoever proposed a change took it back."""

    change_id: int


@dataclass(frozen=True)
class CommitmentChanged(MatchEvent):
    """What is agreed is another amount or has another day, by agreement."""

    commitment_id: int
    taken_milli: int
    covers_milli: int


@dataclass(frozen=True)
class ContactWithdrawn(MatchEvent):
    """A side does not want its contact shown to the other side any more."""

    side: str


@dataclass(frozen=True)
class ContactGiven(MatchEvent):
    """A side lets the other side see its contact again."""

    side: str
    by_proxy: bool


@dataclass(frozen=True)
class MessageWritten(MatchEvent):
    """Somebody wrote into a thread of the match; the words stand with the match alone."""

    message_id: int
    thread: str


@dataclass(frozen=True)
class FileAttached(MatchEvent):
    """A picture or a PDF was put with the match."""

    file_id: int
    is_internal: bool


@dataclass(frozen=True)
class FileTakenAway(MatchEvent):
    """It was taken away again."""

    file_id: int


@dataclass(frozen=True)
class FeedbackAsked(MatchEvent):
    """Both sides are asked how it was."""


@dataclass(frozen=True)
class FeedbackGiven(MatchEvent):
    """A side said how it was. ``reason`` is for not doing it again, else empty."""

    side: str
    helped: int
    again: str
    reason: str
    by_proxy: bool


@dataclass(frozen=True)
class FeedbackReminded(MatchEvent):
    """A week has passed and a side has said nothing."""

    side: str


@dataclass(frozen=True)
class FollowUpDue(MatchEvent):
    """A day has come on which the broker wanted to look again."""

    kind: str


@dataclass(frozen=True)
class FollowUpClosed(MatchEvent):
    """The broker has looked, or says why not."""

    kind: str
    state: str
