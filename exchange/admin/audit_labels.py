"""The words for entries of the audit. What has no word here is shown by its own name."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.admin.audit_attendance_labels import (
    ATTENDANCE_COLUMNS,
    ATTENDANCE_EVENTS,
    ATTENDANCE_TABLES,
)
from exchange.admin.audit_availability_labels import (
    AVAILABILITY_COLUMNS,
    AVAILABILITY_EVENTS,
    AVAILABILITY_TABLES,
)
from exchange.admin.audit_bulletin_labels import BULLETIN_COLUMNS, BULLETIN_EVENTS, BULLETIN_TABLES
from exchange.admin.audit_column_labels import RARE_COLUMNS
from exchange.admin.audit_evaluation_labels import (
    EVALUATION_COLUMNS,
    EVALUATION_EVENTS,
    EVALUATION_TABLES,
)
from exchange.admin.audit_filing_labels import FILING_COLUMNS, FILING_EVENTS, FILING_TABLES
from exchange.admin.audit_intention_labels import (
    INTENTION_COLUMNS,
    INTENTION_EVENTS,
    INTENTION_TABLES,
)
from exchange.admin.audit_ledger_labels import LEDGER_COLUMNS, LEDGER_EVENTS, LEDGER_TABLES
from exchange.admin.audit_project_labels import PROJECT_COLUMNS, PROJECT_EVENTS, PROJECT_TABLES
from exchange.admin.audit_project_news_labels import NEWS_COLUMNS, NEWS_EVENTS, NEWS_TABLES
from exchange.admin.audit_room_value_labels import WORDS
from exchange.admin.audit_safeguarding_labels import (
    SAFEGUARDING_COLUMNS,
    SAFEGUARDING_EVENTS,
    SAFEGUARDING_TABLES,
)
from exchange.admin.audit_training_labels import (
    TRAINING_COLUMNS,
    TRAINING_EVENTS,
    TRAINING_TABLES,
)
from exchange.admin.audit_value_labels import VALUES
from exchange.admin.audit_volunteering_labels import (
    VOLUNTEERING_COLUMNS,
    VOLUNTEERING_EVENTS,
    VOLUNTEERING_TABLES,
)
from exchange.admin.audit_work_labels import WORK_COLUMNS, WORK_EVENTS, WORK_TABLES
from exchange.kernel.database import db
from exchange.listings.labels import FIELD_LABELS

EVENTS: dict[str, Any] = {
    **ATTENDANCE_EVENTS,
    **AVAILABILITY_EVENTS,
    **BULLETIN_EVENTS,
    **EVALUATION_EVENTS,
    **FILING_EVENTS,
    **INTENTION_EVENTS,
    **LEDGER_EVENTS,
    **PROJECT_EVENTS,
    **NEWS_EVENTS,
    **SAFEGUARDING_EVENTS,
    **TRAINING_EVENTS,
    **VOLUNTEERING_EVENTS,
    **WORK_EVENTS,
    "PersonSignedUp": _l("Made an account"),
    "SignUpRepeated": _l("Tried to make an account that exists"),
    "SignedIn": _l("Signed in"),
    "SignedOut": _l("Signed out"),
    "PasswordChanged": _l("Changed the password"),
    "SessionsEnded": _l("Signed out everywhere else"),
    "CodeIssued": _l("Asked for a code"),
    "PhoneConfirmed": _l("Confirmed a phone number"),
    "EmailConfirmed": _l("Confirmed an e-mail address"),
    "PhoneVouched": _l("Vouched for a phone number"),
    "ProfileChanged": _l("Changed name or language"),
    "OrganisationCreated": _l("Entered an organisation"),
    "OrganisationChanged": _l("Changed an organisation"),
    "VerificationRequested": _l("Asked to be verified"),
    "OrganisationVerified": _l("Verified an organisation"),
    "VerificationRefused": _l("Refused to verify an organisation"),
    "VerificationLost": _l("An organisation is no longer verified"),
    "MemberInvited": _l("Invited somebody"),
    "MemberJoined": _l("Joined an organisation"),
    "MemberRemoved": _l("Left an organisation, or was removed"),
    "RoleChanged": _l("Changed a member's role"),
    "ServicePointCreated": _l("Opened a service point"),
    "AssignmentMade": _l("Gave somebody a duty"),
    "AssignmentEnded": _l("Ended somebody's duty"),
    "TokenCreated": _l("Made a token for a program"),
    "TokenRevoked": _l("Took a token back"),
    "SearchSaved": _l("Follows a search"),
    "SavedSearchChanged": _l("Changed a search they follow"),
    "SavedSearchDeleted": _l("No longer follows a search"),
    "FeedAddressRenewed": _l("Renewed the address of a feed"),
    "ListingSubmitted": _l("Sent a listing to the station"),
    "ListingPublished": _l("Published a listing"),
    "ListingReturned": _l("Sent a listing back for changes"),
    "ListingChanged": _l("Changed a listing"),
    "ListingCommitmentChanged": _l("The promised amount of a listing changed"),
    "ListingWithdrawn": _l("Withdrew a listing"),
    "ListingDiscarded": _l("Threw a draft away"),
    "ListingExpired": _l("A listing ended with its last day"),
    "ListingExpiresSoon": _l("A listing ends soon"),
    "ListingHeld": _l("Hid a listing for a check"),
    "ListingParked": _l("Set a listing aside"),
    "ListingResumed": _l("Took a listing up again"),
    "NeedMerged": _l("Joined a need with another"),
    "MergeUndone": _l("Parted joined needs again"),
    "NeedsKeptApart": _l("Said that two needs are different"),
    "UndertakingMade": _l("Made an undertaking"),
    "UndertakingChanged": _l("Changed an undertaking"),
    "UndertakingDissolved": _l("Took an undertaking apart"),
    "NeedGrouped": _l("Put a need into an undertaking"),
    "NeedUngrouped": _l("Took a need out of an undertaking"),
    "MatchClaimed": _l("Took a pair up"),
    "MatchProposed": _l("Asked both sides"),
    "SideAnswered": _l("Answered for a side"),
    "MatchIntroduced": _l("Introduced both sides"),
    "MatchChecked": _l("Recorded a check"),
    "ContactRevealed": _l("Was shown contact data"),
    "CommitmentMade": _l("Agreed on an amount"),
    "DeliveryRecorded": _l("Recorded a delivery"),
    "MatchUnsettled": _l("What a match rests on has changed"),
    "OutcomeRecorded": _l("Recorded an outcome"),
    "OutcomeConfirmed": _l("Confirmed an outcome"),
    "MatchCompleted": _l("Completed a match"),
    "MatchEvaluated": _l("Closed a match with a judgement"),
    "MatchClosed": _l("Ended a match"),
    "PairDismissed": _l("Said that a pair does not fit"),
    "PlanAsked": _l("Asked for a plan"),
    "PlanComputed": _l("A plan was computed"),
    "PlanReleased": _l("Released a plan"),
    "PlanQueued": _l("Pairs of a plan went to the social workers"),
    "PlanDiscarded": _l("Discarded a plan"),
    "PlanDefaultsChanged": _l("Changed what plans begin with"),
    "LearningSwitched": _l("Switched learning on or off"),
    "WeightsChosen": _l("Chose weights by hand"),
    "WeightsLearned": _l("New weights were learned"),
    "WeightsFellBack": _l("Went back to earlier weights"),
    "RefreshStarted": _l("Started computing suggestions anew"),
    "RefreshStopped": _l("Stopped computing suggestions anew"),
    "RefreshResumed": _l("Went on computing suggestions anew"),
    "SynonymsAdded": _l("Added synonyms"),
    "SynonymsChanged": _l("Changed synonyms"),
    "SynonymsDeleted": _l("Deleted synonyms"),
    "SynonymsSwitched": _l("Switched synonyms on or off"),
    "PersonalValuesRead": _l("Read personal values in the audit"),
    "DataKeyDestroyed": _l("Deleted somebody's personal values in the audit"),
    "DataChanged": _l("Changed data"),
}

ROLE_WORDS: dict[str, Any] = {
    "system": _l("The exchange by itself"),
    "visitor": _l("Visitor"),
    "operator": _l("Operator"),
    "supervisor": _l("Supervisor"),
    "broker": _l("Social worker"),
    "manager": _l("Manager"),
    "member": _l("Member"),
}

COLUMNS: dict[str, Any] = {
    **RARE_COLUMNS,
    **FIELD_LABELS,
    **ATTENDANCE_COLUMNS,
    **AVAILABILITY_COLUMNS,
    **BULLETIN_COLUMNS,
    **EVALUATION_COLUMNS,
    **FILING_COLUMNS,
    **INTENTION_COLUMNS,
    **LEDGER_COLUMNS,
    **PROJECT_COLUMNS,
    **NEWS_COLUMNS,
    **SAFEGUARDING_COLUMNS,
    **TRAINING_COLUMNS,
    **VOLUNTEERING_COLUMNS,
    **WORK_COLUMNS,
    "name": _l("Name"),
    "name_zh": _l("Name"),
    "name_en": _l("English name"),
    "phone_sealed": _l("Phone"),
    "email_sealed": _l("E-mail"),
    "profile": _l("About the organisation"),
    "state": _l("State"),
    "message": _l("Message"),
    "note": _l("Note"),
    "proxy_note": _l("Note on the consent"),
    "close_note": _l("Note at the end"),
    "review_note": _l("Note of the station"),
    "evidence": _l("Evidence"),
    "reason": _l("Reason"),
    "evaluation": _l("Judgement"),
    "people": _l("People reached"),
    "verification": _l("Verification"),
    "kind": _l("Kind"),
    "role": _l("Role"),
    "duty": _l("Duty"),
    "locale": _l("Language"),
    "answer": _l("Answer"),
    "taken_milli": _l("Amount taken"),
    "covers_milli": _l("Amount covered"),
    "delivered_milli": _l("Amount delivered"),
    "committed_milli": _l("Amount promised"),
    "due_on": _l("Due on"),
    "person_id": _l("Person"),
    "author_id": _l("Author"),
    "broker_id": _l("Social worker"),
    "contact_id": _l("Contact"),
    "organisation_id": _l("Organisation"),
    "listing_id": _l("Listing"),
    "need_id": _l("Need"),
    "offer_id": _l("Offer"),
    "match_id": _l("Match"),
    "prefix": _l("Place"),
    "words": _l("Words"),
    "question": _l("Search"),
    "masked": _l("Address"),
    "phone_confirmed_at": _l("Phone confirmed"),
    "phone_vouched_at": _l("Phone vouched for"),
    "email_confirmed_at": _l("E-mail confirmed"),
    "published_at": _l("Published"),
    "ended_at": _l("Ended"),
    "proposed_at": _l("Both sides asked"),
    "introduced_at": _l("Introduced"),
    "answered_at": _l("Answered"),
    "answered_by_id": _l("Answered by"),
    "closed_at": _l("Ended"),
    "released_at": _l("Released"),
    "verified_at": _l("Verified"),
    "decided_at": _l("Decided"),
    "decided_by_id": _l("Decided by"),
    "reviewed_by_id": _l("Reviewed by"),
    "recorded_by_id": _l("Recorded by"),
    "made_by_id": _l("Made by"),
    "asked_by_id": _l("Asked by"),
    "side": _l("Side"),
    "credit_code": _l("Credit code"),
    "level": _l("Level"),
    "rhythm": _l("How often"),
    "door": _l("Posted as"),
    "lang": _l("Language"),
}

TABLES: dict[str, Any] = {
    **ATTENDANCE_TABLES,
    **AVAILABILITY_TABLES,
    **BULLETIN_TABLES,
    **EVALUATION_TABLES,
    **FILING_TABLES,
    **INTENTION_TABLES,
    **LEDGER_TABLES,
    **PROJECT_TABLES,
    **NEWS_TABLES,
    **SAFEGUARDING_TABLES,
    **TRAINING_TABLES,
    **VOLUNTEERING_TABLES,
    **WORK_TABLES,
    "person": _l("Person"),
    "organisation": _l("Organisation"),
    "membership": _l("Membership"),
    "service_point": _l("Service point"),
    "service_point_division": _l("Place of a service point"),
    "assignment": _l("Duty"),
    "verification_request": _l("Request to be verified"),
    "invitation": _l("Invitation"),
    "api_token": _l("Token"),
    "listing": _l("Listing"),
    "listing_coverage": _l("Place that an offer reaches"),
    "listing_photo": _l("Picture"),
    "need_merge": _l("Joined needs"),
    "undertaking": _l("Undertaking"),
    "undertaking_part": _l("Need in an undertaking"),
    "match": _l("Match"),
    "match_side": _l("Side of a match"),
    "match_check": _l("Check"),
    "commitment": _l("Agreed amount"),
    "outcome": _l("Outcome"),
    "matching_plan": _l("Plan"),
    "plan_defaults": _l("What plans begin with"),
    "duplicate_pair": _l("Needs alike"),
    "matching_learning": _l("Learning"),
    "synonym_group": _l("Synonyms"),
    "division": _l("Division"),
    "saved_search": _l("Search that is followed"),
}

ORIGINS: dict[str, Any] = {
    "job": _l("Background work"),
    "command": _l("A command on the machine"),
    "demonstration": _l("The demonstration city"),
}

KIND_WORDS: dict[str, Any] = {
    "new": _l("added"),
    "changed": _l("changed"),
    "gone": _l("removed"),
}

SENTENCES: dict[str, Any] = {
    "audit_about_unknown": _l("We find nothing for this. Please check it, or leave it empty."),
    "audit_event_unknown": _l("There is no such act."),
    "audit_cursor": _l("This page is not there any more. Please begin with the first one."),
}

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def event_label(event: str) -> str:
    """What was done."""
    known = EVENTS.get(event)
    return str(known) if known else _("Another act: %(name)s", name=_WORDS.sub(" ", event).lower())


def role_label(role: str) -> str:
    """In which role; entries of earlier versions know none."""
    return str(ROLE_WORDS.get(role, role))


def origin_label(origin: str) -> str:
    """From where: an address of the network, or what acted by itself."""
    way, _blank, address = origin.partition(" ")
    if way == "link":
        return str(_("by the link in a message, %(address)s", address=address or "–"))
    return str(ORIGINS.get(origin, origin))


def column_label(column: str) -> str:
    """What a column holds."""
    known = COLUMNS.get(column)
    return str(known) if known else column.removesuffix("_id").replace("_", " ")


def table_label(table: str) -> str:
    """What a row is."""
    known = TABLES.get(table)
    return str(known) if known else table.replace("_", " ")


def words_of(table: str, column: str) -> Mapping[Any, Any]:
    """The words for the codes of a column: its own, else those of its kind."""
    own = VALUES.get((table, column))
    if own is not None or table not in db.metadata.tables:
        return own or {}
    kind = db.metadata.tables[table].columns.get(column)
    codes = getattr(getattr(kind, "type", None), "enum_class", None)
    return WORDS.get(codes, {}) if codes else {}


def value_label(table: str, column: str, value: Any) -> str | None:
    """The word for a code; None when it has none."""
    words = words_of(table, column)
    found = next((word for key, word in words.items() if str(key) == value), None)
    return None if found is None else str(found)
