"""Words for the closed lists, in the reader's language."""

from flask_babel import lazy_gettext as _l

from exchange.accounts.kinds import OrganisationKind, PointLevel, Verification
from exchange.kernel.actor import Duty, Role

KINDS = {
    OrganisationKind.VILLAGE_COMMITTEE: _l("Village committee"),
    OrganisationKind.COOPERATIVE: _l("Cooperative"),
    OrganisationKind.AGRI_ENTERPRISE: _l("Agricultural enterprise"),
    OrganisationKind.COMPANY: _l("Company"),
    OrganisationKind.RESEARCH_UNIT: _l("Research unit or university"),
    OrganisationKind.NGO: _l("Charity or NGO"),
    OrganisationKind.SCHOOL: _l("School"),
    OrganisationKind.CLINIC: _l("Clinic or hospital"),
    OrganisationKind.SOCIAL_WORK_STATION: _l("Social work station"),
    OrganisationKind.GOVERNMENT: _l("Government department"),
    OrganisationKind.VOLUNTEER_GROUP: _l("Volunteer group"),
    OrganisationKind.INDIVIDUAL_VOLUNTEER: _l("Private person"),
    OrganisationKind.TASK_FORCE: _l("Village task force"),
    OrganisationKind.AGENCY: _l("Social work agency"),
}
ROLES = {Role.MEMBER: _l("Member"), Role.MANAGER: _l("Manager")}
DUTIES = {Duty.BROKER: _l("Social worker"), Duty.SUPERVISOR: _l("Supervisor")}
LEVELS = {
    PointLevel.ROOM: _l("Village room"),
    PointLevel.STATION: _l("Township station"),
    PointLevel.CENTRE: _l("Guidance centre"),
}
VERIFICATIONS = {
    Verification.UNVERIFIED: _l("Not verified yet"),
    Verification.SUBMITTED: _l("Waiting for the station"),
    Verification.VERIFIED: _l("Verified"),
    Verification.REFUSED: _l("Not accepted"),
    Verification.SUSPENDED: _l("Suspended"),
}
SENTENCES = {
    "phone_unreadable": _l("This is not a mobile number of 11 digits."),
    "email_unreadable": _l("This is not an e-mail address."),
    "password_short": _l("The password needs at least 8 characters."),
    "password_long": _l("The password may have 200 characters at most."),
    "password_common": _l("Too many people use this password. Please think of another one."),
    "password_wrong": _l("The password is not right."),
    "sign_in_failed": _l("Phone, e-mail or password is not right."),
    "code_refused": _l("The code is not right, or it no longer counts. You can ask for a new one."),
    "code_wrong": _l("The code is not right. Please look again."),
    "code_over": _l("This code no longer counts. Please ask for a new one."),
    "evidence_or_code_needed": _l("Give the credit code, or say how we can check who you are."),
    "evidence_needed": _l("Please say how we can check who you are."),
    "not_your_own": _l("Nobody decides about an organisation they belong to."),
    "not_your_area": _l("This place lies outside your area."),
    "only_centres_verify_stations": _l("Only the centre decides about stations."),
    "only_managers": _l("Only managers of the organisation may do this."),
    "only_stations_vouch": _l("Only workers of a station may vouch."),
    "only_supervisors": _l("Only supervisors of a centre may do this."),
    "person_not_found": _l("Nobody in your area has this number and this name. Please check both."),
    "not_yourself": _l("You cannot vouch for yourself."),
    "phone_counts_already": _l("This number counts already."),
    "kind_not_here": _l("Please choose another kind."),
    "credit_code_wrong": _l("This credit code has a wrong character. Please check all 18."),
    "credit_code_taken": _l("This credit code cannot be used. If it is yours, ask your station."),
    "credit_code_verified_elsewhere": _l(
        "Another organisation was verified with this credit code. Find out whose it is first."
    ),
    "contact_in_public": _l("Everybody reads this: please leave out phone numbers and the like."),
    "payment_in_public": _l("Everybody reads this: no account numbers or payment codes, please."),
    "last_manager": _l("One manager must remain. Make somebody else manager first."),
    "verification_not_open": _l("This cannot be asked for now."),
    "already_decided": _l("Somebody has decided this already."),
    "centre_by_operator": _l("Centres are opened by the operator."),
    "centre_exists": _l("There is a centre for %(division)s already."),
    "too_many_divisions": _l("That are too many places for one service point."),
    "parent_not_above": _l("A room hangs under a station, a station under a centre."),
    "point_without_parent": _l("Nothing stands above this service point that could take its work."),
    "absence_days": _l("The last day cannot lie before the first or before today."),
    "absence_too_long": _l("Please give a year at most."),
    "absence_overlaps": _l("These days overlap with an absence that is on record."),
    "stand_in_not_ready": _l("Please choose somebody who serves the same places."),
    "stand_in_away": _l("This person is away then, too."),
    "stands_in_already": _l(
        "This person stands in for somebody else then. Choose another stand-in there first."
    ),
    "duty_stands_in": _l(
        "%(name)s is away, and the stand-in would not serve all of their places any more. "
        "Choose another stand-in first."
    ),
    "supervisors_at_centres": _l("Supervisors serve at centres."),
    "person_not_ready": _l(
        "Nobody with this address, or it is not confirmed yet. Ask the person to do that first."
    ),
    "duty_exists": _l("This person serves here already."),
    "not_your_own_duty": _l("You cannot end your own duty."),
}
