"""News of the volunteering room."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class ActivityEvent(Event):
    """Something about one activity of an organisation."""

    activity_id: int
    organisation_id: int


@dataclass(frozen=True)
class ActivityMade(ActivityEvent):
    """A draft was begun."""


@dataclass(frozen=True)
class ActivityCopied(ActivityEvent):
    """A draft was made after another activity."""

    copied_from_id: int


@dataclass(frozen=True)
class ActivityChanged(ActivityEvent):
    """It says something else."""


@dataclass(frozen=True)
class ActivityPublished(ActivityEvent):
    """It can be found, and people can sign up."""


@dataclass(frozen=True)
class ActivityCancelled(ActivityEvent):
    """It does not take place; a ShiftCancelled for each shift that was still ahead goes before."""


@dataclass(frozen=True)
class ActivityEnded(ActivityEvent):
    """Its last shift is over."""


@dataclass(frozen=True)
class ActivityHeld(ActivityEvent):
    """It was hidden from others while it is looked into, or shown again."""


@dataclass(frozen=True)
class ActivityDiscarded(ActivityEvent):
    """A draft is thrown away, right after this."""


@dataclass(frozen=True)
class CoordinatorNamed(ActivityEvent):
    """Somebody looks after it besides the organisation's managers."""

    person_id: int


@dataclass(frozen=True)
class CoordinatorLeft(ActivityEvent):
    """Somebody looks after it no longer."""

    person_id: int


@dataclass(frozen=True)
class VolunteerRoleAdded(ActivityEvent):
    """It has another role."""

    role_id: int


@dataclass(frozen=True)
class VolunteerRoleChanged(ActivityEvent):
    """A role says something else."""

    role_id: int


@dataclass(frozen=True)
class VolunteerRoleRemoved(ActivityEvent):
    """A role goes, right after this; no shift had it."""

    role_id: int


@dataclass(frozen=True)
class ShiftEvent(ActivityEvent):
    """Something about one shift."""

    shift_id: int


@dataclass(frozen=True)
class ShiftAdded(ShiftEvent):
    """There is another time to come."""


@dataclass(frozen=True)
class ShiftChanged(ShiftEvent):
    """Numbers or words of it changed; the time and the place stay."""


@dataclass(frozen=True)
class ShiftMoved(ShiftEvent):
    """It takes place at another time or place; who had a place is asked again."""


@dataclass(frozen=True)
class ShiftCancelled(ShiftEvent):
    """It does not take place; ``with_activity``: because the activity is called off."""

    with_activity: bool = False


@dataclass(frozen=True)
class ShiftDiscarded(ShiftEvent):
    """A shift for which nobody ever answered goes, right after this."""


@dataclass(frozen=True)
class ShiftShort(ShiftEvent):
    """It is soon, and fewer have signed up than are needed."""

    missing: int


@dataclass(frozen=True)
class SignupEvent(ShiftEvent):
    """Something about one person and one shift."""

    person_id: int


@dataclass(frozen=True)
class PlaceTaken(SignupEvent):
    """Somebody signed up and has a place."""


@dataclass(frozen=True)
class WaitingJoined(SignupEvent):
    """Somebody waits for a place."""


@dataclass(frozen=True)
class MovedUp(SignupEvent):
    """Somebody who waited has a place now."""


@dataclass(frozen=True)
class PlaceGivenBack(SignupEvent):
    """Somebody who had a place does not come."""


@dataclass(frozen=True)
class WaitingLeft(SignupEvent):
    """Somebody waits no longer."""


@dataclass(frozen=True)
class ShiftDeclined(SignupEvent):
    """Somebody said that they cannot come, without ever having had a place."""


@dataclass(frozen=True)
class ComingAsked(SignupEvent):
    """Somebody is asked whether they can still come, after a change."""


@dataclass(frozen=True)
class ComingConfirmed(SignupEvent):
    """Somebody said that they still come."""


@dataclass(frozen=True)
class ShiftReminded(SignupEvent):
    """Somebody was reminded of a shift that is ``hours`` away at most, and perhaps asked if they
    come.
    """

    hours: int
    asks: bool = False
