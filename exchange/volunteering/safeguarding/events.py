"""News of safeguarding."""

from dataclasses import dataclass

from exchange.kernel.events import Event
from exchange.volunteering.events import ShiftEvent, SignupEvent


@dataclass(frozen=True)
class AgeEvent(Event):
    """Something about what is known of somebody's age."""

    person_id: int


@dataclass(frozen=True)
class AgeStated(AgeEvent):
    """They have said that they are an adult, or when they were born."""


@dataclass(frozen=True)
class AgeAskedAgain(AgeEvent):
    """What they had said was wrong: they are asked again."""


@dataclass(frozen=True)
class AdultReached(AgeEvent):
    """They are 18 now; when they were born is forgotten."""


@dataclass(frozen=True)
class SafeguardEvent(Event):
    """Something between a volunteer and an organisation."""

    person_id: int
    organisation_id: int


@dataclass(frozen=True)
class RecordAsked(SafeguardEvent):
    """A volunteer asks for a consent or a check to be put on record."""

    ask_id: int


@dataclass(frozen=True)
class AskTakenBack(SafeguardEvent):
    """They do not ask any more; the row goes right after this."""

    ask_id: int


@dataclass(frozen=True)
class ConsentEvent(SafeguardEvent):
    """Something about one guardian's consent."""

    consent_id: int


@dataclass(frozen=True)
class ConsentAsked(ConsentEvent):
    """A link was sent to the guardian."""


@dataclass(frozen=True)
class ConsentRecorded(ConsentEvent):
    """A guardian has consented."""


@dataclass(frozen=True)
class ConsentRefused(ConsentEvent):
    """A guardian has said no by the link."""


@dataclass(frozen=True)
class ConsentWithdrawn(ConsentEvent):
    """It holds no more: the guardian, or the volunteer, has taken it back."""

    by_guardian: bool = False


@dataclass(frozen=True)
class GuardianShown(ConsentEvent):
    """Somebody looked at who consented."""


@dataclass(frozen=True)
class GuardianForgotten(ConsentEvent):
    """Name, way to reach them and the signed form were deleted."""


@dataclass(frozen=True)
class ConsentEnding(ConsentEvent):
    """It ends within thirty days."""


@dataclass(frozen=True)
class PlacesWithoutConsent(SafeguardEvent):
    """Places of somebody under 18 went back because no consent covers them any more."""

    count: int


@dataclass(frozen=True)
class PlaceOutsideAge(SignupEvent):
    """A place, or a number on the waiting list, went back: the activity is for another age."""


@dataclass(frozen=True)
class CheckEvent(SafeguardEvent):
    """Something about one check of who works with children."""

    check_id: int


@dataclass(frozen=True)
class CheckRecorded(CheckEvent):
    """It is on record when it was made, by whom, until when it counts."""


@dataclass(frozen=True)
class CheckObjected(CheckEvent):
    """Whom it is about says that it is wrong; it does not count until it is recorded anew."""


@dataclass(frozen=True)
class CheckRemoved(CheckEvent):
    """It counts no more."""


@dataclass(frozen=True)
class CheckEnding(CheckEvent):
    """It expires within thirty days."""


@dataclass(frozen=True)
class AdultsLacking(ShiftEvent):
    """A shift with children is tomorrow, and fewer than two adults have a place."""

    adults: int


@dataclass(frozen=True)
class ChecksLacking(ShiftEvent):
    """Adults have a place in a shift with children without a check that is good on that day."""

    people: int
