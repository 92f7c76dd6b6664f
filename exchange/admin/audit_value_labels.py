"""Words for the codes that stand in the columns of the audit, those that pages show already."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.accounts.kinds import Verification
from exchange.accounts.labels import DUTIES, KINDS, LEVELS, ROLES, VERIFICATIONS
from exchange.brokering.board.labels import POSTPONE_REASONS
from exchange.brokering.centre.escalation_rules import Cause
from exchange.brokering.deeds.kinds import ChangeState
from exchange.brokering.deeds.labels import AGAIN, FOLLOW_UP_STATES, FOLLOW_UPS, PERIODS, THREADS
from exchange.brokering.kinds import Answer
from exchange.brokering.labels import CHECKS, CLOSE_REASONS, CONSENTS, DISMISS_REASONS, STATES
from exchange.listings.filing.labels import CONSENTS as FILED_CONSENTS
from exchange.listings.labels import (
    DOOR_LABELS,
    SIDE_LABELS,
    STATE_LABELS,
    URGENCY_LABELS,
    VISIBILITY_LABELS,
)
from exchange.notifications.labels import CHANNELS, RHYTHMS
from exchange.notifications.labels import KINDS as NOTICE_KINDS

ANSWERS = {
    Answer.PENDING: _l("No answer yet"),
    Answer.ACCEPTED: _l("Said yes"),
    Answer.DECLINED: _l("Said no"),
}
CAUSES = {
    Cause.CLAIMED: _l("Taken up, both not asked yet"),
    Cause.ANSWER: _l("An answer that nobody went on with"),
    Cause.DUE: _l("Something promised is late"),
    Cause.QUIET: _l("Nothing has happened for long"),
    Cause.ASSIGNED: _l("A need in somebody's hands"),
    Cause.UNCLAIMED: _l("A need in nobody's hands"),
}
CHANGES = {
    ChangeState.OPEN: _l("Waits for an answer"),
    ChangeState.ACCEPTED: _l("Said yes"),
    ChangeState.REFUSED: _l("Said no"),
    ChangeState.TAKEN_BACK: _l("Taken back"),
    ChangeState.ENDED: _l("Ended"),
}

VALUES: dict[tuple[str, str], dict[Any, Any]] = {
    ("listing", "state"): dict(STATE_LABELS),
    ("listing", "visibility"): dict(VISIBILITY_LABELS),
    ("listing", "urgency"): dict(URGENCY_LABELS),
    ("listing", "side"): dict(SIDE_LABELS),
    ("listing", "door"): dict(DOOR_LABELS),
    ("listing_filing", "door"): dict(DOOR_LABELS),
    ("listing_filing", "consent"): dict(FILED_CONSENTS),
    ("match", "state"): dict(STATES),
    ("match", "close_reason"): dict(CLOSE_REASONS),
    ("match", "dismiss_reason"): dict(DISMISS_REASONS),
    ("match", "postpone_reason"): dict(POSTPONE_REASONS),
    ("match_side", "side"): dict(SIDE_LABELS),
    ("match_side", "answer"): dict(ANSWERS),
    ("match_side", "decline_reason"): dict(CLOSE_REASONS),
    ("match_side", "proxy_consent"): dict(CONSENTS),
    ("match_check", "kind"): dict(CHECKS),
    ("match_delivery", "receiver"): dict(SIDE_LABELS),
    ("match_delivery", "proxy_consent"): dict(CONSENTS),
    ("match_message", "thread"): dict(THREADS),
    ("match_message", "side"): dict(SIDE_LABELS),
    ("match_feedback", "side"): dict(SIDE_LABELS),
    ("match_feedback", "again"): dict(AGAIN),
    ("match_follow_up", "kind"): dict(FOLLOW_UPS),
    ("match_follow_up", "state"): dict(FOLLOW_UP_STATES),
    ("commitment_change", "state"): dict(CHANGES),
    ("commitment_change", "need_answer"): dict(ANSWERS),
    ("commitment_change", "offer_answer"): dict(ANSWERS),
    ("commitment_change", "proxy_consent"): dict(CONSENTS),
    ("outcome", "income_period"): dict(PERIODS),
    ("outcome", "saved_period"): dict(PERIODS),
    ("escalation", "cause"): dict(CAUSES),
    ("notice_preference", "kind"): dict(NOTICE_KINDS),
    ("notice_preference", "channel"): dict(CHANNELS),
    ("notice_preference", "rhythm"): dict(RHYTHMS),
    ("organisation", "kind"): dict(KINDS),
    ("organisation", "verification"): {Verification(key): v for key, v in VERIFICATIONS.items()},
    ("membership", "role"): dict(ROLES),
    ("invitation", "role"): dict(ROLES),
    ("assignment", "duty"): dict(DUTIES),
    ("service_point", "level"): dict(LEVELS),
}
