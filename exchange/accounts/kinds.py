"""The closed lists of the accounts room."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is."""

    VILLAGE_COMMITTEE = "village_committee"
    COOPERATIVE = "cooperative"
    AGRI_ENTERPRISE = "agri_enterprise"
    COMPANY = "company"
    RESEARCH_UNIT = "research_unit"
    NGO = "ngo"
    SCHOOL = "school"
    CLINIC = "clinic"
    SOCIAL_WORK_STATION = "social_work_station"
    GOVERNMENT = "government"
    VOLUNTEER_GROUP = "volunteer_group"
    INDIVIDUAL_VOLUNTEER = "individual_volunteer"
    TASK_FORCE = "task_force"
    AGENCY = "agency"


# Kinds that hold a unified social credit code (GB 32100-2015); the others give another proof.
CREDIT_CODE_KINDS = frozenset(
    {
        OrganisationKind.VILLAGE_COMMITTEE,
        OrganisationKind.COOPERATIVE,
        OrganisationKind.AGRI_ENTERPRISE,
        OrganisationKind.COMPANY,
        OrganisationKind.RESEARCH_UNIT,
        OrganisationKind.NGO,
        OrganisationKind.SCHOOL,
        OrganisationKind.CLINIC,
        OrganisationKind.GOVERNMENT,
        OrganisationKind.AGENCY,
    }
)


class Verification(StrEnum):
    """Where an organisation stands with its verification."""

    UNVERIFIED = "unverified"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REFUSED = "refused"
    SUSPENDED = "suspended"


class MembershipState(StrEnum):
    """A membership that ended stays on record. Invitations stand in a table of their own."""

    ACTIVE = "active"
    ENDED = "ended"


class PointLevel(StrEnum):
    """Levels of service points: village room, township station, county centre."""

    ROOM = "room"
    STATION = "station"
    CENTRE = "centre"


class CodePurpose(StrEnum):
    """What a one-time code is for."""

    CONFIRM_PHONE = "confirm_phone"
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
