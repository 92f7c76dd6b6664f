"""News of brokering."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class MatchEvent(Event):
    """Something about one match."""

    match_id: int


@dataclass(frozen=True)
class MatchClaimed(MatchEvent):
    """A social worker took the pair up."""


@dataclass(frozen=True)
class PairDismissed(MatchEvent):
    """A social worker said that the pair is not worth an introduction."""

    reason: str


@dataclass(frozen=True)
class MatchChecked(MatchEvent):
    """A check of those who come to people who need protection was put on record."""

    kind: str


@dataclass(frozen=True)
class MatchProposed(MatchEvent):
    """Both sides are asked."""


@dataclass(frozen=True)
class SideAnswered(MatchEvent):
    """A side said yes or no, itself or through a recorded proxy."""

    side: str
    accepted: bool
    by_proxy: bool
    by_link: bool = False


@dataclass(frozen=True)
class AnswerTakenBack(MatchEvent):
    """A side took its answer back; a no that had ended the match ended nothing."""

    side: str
    accepted: bool


@dataclass(frozen=True)
class SideReminded(MatchEvent):
    """A side that has not answered yet was reminded before the proposal lapses."""

    side: str


@dataclass(frozen=True)
class PairRestored(MatchEvent):
    """A dismissal was undone: the pair may be suggested again."""


@dataclass(frozen=True)
class NextTakenUp(MatchEvent):
    """After a match had ended, the next best pair was taken up in its place."""

    next_match_id: int


@dataclass(frozen=True)
class MatchIntroduced(MatchEvent):
    """Both have accepted; their contact data may be seen by both."""


@dataclass(frozen=True)
class ContactRevealed(MatchEvent):
    """Somebody was shown somebody's contact data."""

    shown_to_id: int
    contact_id: int


@dataclass(frozen=True)
class CommitmentMade(MatchEvent):
    """An amount is reserved on both listings."""

    commitment_id: int
    taken_milli: int
    covers_milli: int


@dataclass(frozen=True)
class DeliveryRecorded(MatchEvent):
    """Something of a commitment arrived; ``delivery_id`` is the note of it."""

    commitment_id: int
    delivered_milli: int
    delivery_id: int


@dataclass(frozen=True)
class OutcomeRecorded(MatchEvent):
    """What came of it is written down; the sides confirm."""


@dataclass(frozen=True)
class OutcomeConfirmed(MatchEvent):
    """A side confirmed the outcome; ``by_writing``: as whoever wrote it down does by that."""

    side: str
    by_proxy: bool = False
    by_writing: bool = False


@dataclass(frozen=True)
class MatchCompleted(MatchEvent):
    """Both sides have confirmed the outcome."""


@dataclass(frozen=True)
class MatchEvaluated(MatchEvent):
    """The social worker closed the file with a judgement."""


@dataclass(frozen=True)
class MatchClosed(MatchEvent):
    """It ended without an outcome: declined, lapsed, withdrawn or failed.

    ``cause`` says what happened to one of the two listings, where that is why.
    """

    state: str
    reason: str
    cause: str = ""


@dataclass(frozen=True)
class MatchUnsettled(MatchEvent):
    """The two have met, and now one of the listings has ended or its owner lost their standing."""

    cause: str


@dataclass(frozen=True)
class MatchReleased(MatchClosed):
    """A pair that was taken up and not proposed yet was given back to the queue."""
