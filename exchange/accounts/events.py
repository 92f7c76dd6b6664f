"""What happens to people, organisations and service points. Ids only."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class AccountEvent(Event):
    """Anything that happens in this room."""


@dataclass(frozen=True)
class PersonEvent(AccountEvent):
    """Something about one person."""

    person_id: int


@dataclass(frozen=True)
class OrganisationEvent(AccountEvent):
    """Something about one organisation."""

    organisation_id: int


@dataclass(frozen=True)
class PersonSignedUp(PersonEvent):
    """A person made an account."""


@dataclass(frozen=True)
class SignUpRepeated(PersonEvent):
    """Somebody tried to use an address that this person has; they should know."""


@dataclass(frozen=True)
class SignedIn(PersonEvent):
    """A person signed in with their password or with a code."""


@dataclass(frozen=True)
class SignedOut(PersonEvent):
    """A person signed out."""


@dataclass(frozen=True)
class PasswordChanged(PersonEvent):
    """A password changed; every older session has ended."""


@dataclass(frozen=True)
class SessionsEnded(PersonEvent):
    """A person ended every older session."""


@dataclass(frozen=True)
class CodeIssued(PersonEvent):
    """A one-time code waits to be sent (see queries.code_to_send)."""

    one_time_code_id: int


@dataclass(frozen=True)
class PhoneConfirmed(PersonEvent):
    """A person entered the code that was sent to their phone."""


@dataclass(frozen=True)
class EmailConfirmed(PersonEvent):
    """A person entered the code that was sent to their e-mail address."""


@dataclass(frozen=True)
class PhoneVouched(PersonEvent):
    """A station vouched for a person's phone."""

    by_person_id: int


@dataclass(frozen=True)
class ProfileChanged(PersonEvent):
    """A person changed their name or language."""


@dataclass(frozen=True)
class OrganisationCreated(OrganisationEvent):
    """An organisation was made, also the one of a person's own."""

    by_person_id: int | None


@dataclass(frozen=True)
class OrganisationChanged(OrganisationEvent):
    """An organisation's data changed."""

    by_person_id: int | None


@dataclass(frozen=True)
class VerificationRequested(OrganisationEvent):
    """An organisation asks to be verified."""

    request_id: int


@dataclass(frozen=True)
class VerificationDecided(OrganisationEvent):
    """A station or a centre decided."""

    request_id: int | None
    by_person_id: int | None


@dataclass(frozen=True)
class OrganisationVerified(VerificationDecided):
    """The organisation counts as verified."""


@dataclass(frozen=True)
class VerificationRefused(VerificationDecided):
    """The organisation does not count as verified; the request holds the reason."""


@dataclass(frozen=True)
class VerificationLost(OrganisationEvent):
    """What was verified has changed, was suspended, or is over."""


@dataclass(frozen=True)
class VerificationAnswered(OrganisationEvent):
    """The organisation has added what was asked for."""

    request_id: int


@dataclass(frozen=True)
class VerificationClaimed(OrganisationEvent):
    """Somebody looks at a request from now on, or has put it down again."""

    request_id: int
    by_person_id: int | None


@dataclass(frozen=True)
class VerificationMoreWanted(VerificationDecided):
    """The organisation is asked for more; the request waits for it."""


@dataclass(frozen=True)
class OrganisationSuspended(VerificationLost):
    """Its standing was taken away; the decision holds the reason."""

    decision_id: int
    by_person_id: int | None


@dataclass(frozen=True)
class SuspensionLifted(OrganisationEvent):
    """A suspension ended; the organisation counts as verified again where it had been."""

    decision_id: int
    by_person_id: int | None


@dataclass(frozen=True)
class VerificationLapsed(VerificationLost):
    """Its last day has passed without a renewal."""


@dataclass(frozen=True)
class VerificationExpiresSoon(OrganisationEvent):
    """The last day is near; told at 60 and at 14 days."""

    days: int


@dataclass(frozen=True)
class EvidenceForgotten(OrganisationEvent):
    """The files of a request decided long ago were deleted."""

    request_id: int


@dataclass(frozen=True)
class MemberInvited(OrganisationEvent):
    """An address was invited (see queries.invited_person)."""

    invitation_id: int


@dataclass(frozen=True)
class MemberEvent(OrganisationEvent):
    """Something about a person in an organisation."""

    person_id: int
    by_person_id: int | None


@dataclass(frozen=True)
class MemberJoined(MemberEvent):
    """A person accepted an invitation."""


@dataclass(frozen=True)
class MemberRemoved(MemberEvent):
    """A person left or was removed."""


@dataclass(frozen=True)
class RoleChanged(MemberEvent):
    """A member's role changed."""


@dataclass(frozen=True)
class ServicePointCreated(AccountEvent):
    """A service point opened."""

    service_point_id: int
    by_person_id: int | None


@dataclass(frozen=True)
class AssignmentEvent(AccountEvent):
    """Something about a worker at a service point."""

    assignment_id: int
    person_id: int
    service_point_id: int
    by_person_id: int | None


@dataclass(frozen=True)
class AssignmentMade(AssignmentEvent):
    """A person took up a duty."""


@dataclass(frozen=True)
class AssignmentEnded(AssignmentEvent):
    """A duty ended."""
