"""News of attendance, hours and certificates."""

from dataclasses import dataclass

from exchange.kernel.events import Event
from exchange.volunteering.events import SignupEvent


@dataclass(frozen=True)
class AttendanceMarked(SignupEvent):
    """Somebody came, left, or did not come; the mark says which."""

    mark_id: int


@dataclass(frozen=True)
class HoursEvent(SignupEvent):
    """Something about the hours of one person in one shift."""

    hours_id: int


@dataclass(frozen=True)
class HoursProposed(HoursEvent):
    """A coordinator has said how long it was."""


@dataclass(frozen=True)
class HoursApproved(HoursEvent):
    """The organisation stands by them."""


@dataclass(frozen=True)
class HoursObjected(HoursEvent):
    """The volunteer says that they are wrong."""


@dataclass(frozen=True)
class VolunteerNumberEvent(Event):
    """Something about somebody's number in the national system."""

    person_id: int


@dataclass(frozen=True)
class VolunteerNumberGiven(VolunteerNumberEvent):
    """They have written it down, or another one."""


@dataclass(frozen=True)
class VolunteerNumberRemoved(VolunteerNumberEvent):
    """They have taken it away."""


@dataclass(frozen=True)
class CertificateEvent(Event):
    """Something about one certificate."""

    certificate_id: int
    organisation_id: int
    person_id: int


@dataclass(frozen=True)
class CertificateIssued(CertificateEvent):
    """An organisation certifies somebody's hours."""


@dataclass(frozen=True)
class CertificateRevoked(CertificateEvent):
    """It holds no more."""


@dataclass(frozen=True)
class CertificateReplaced(CertificateEvent):
    """The same is certified anew with other hours."""

    replaced_by_id: int


@dataclass(frozen=True)
class HoursExported(Event):
    """A manager took the approved hours of a period for the national system."""

    organisation_id: int
    from_day: str
    to_day: str
    rows: int
