"""The words for brokering's closed lists."""

from flask_babel import lazy_gettext as _l

from exchange.brokering.board.labels import POSTPONE_STEPS
from exchange.brokering.deeds.labels import DEED_STEPS
from exchange.brokering.kinds import (
    DONE_STATES,
    LIVE_STATES,
    CheckKind,
    CloseReason,
    DismissReason,
    EndCause,
    MatchState,
    ProxyConsent,
)
from exchange.brokering.models import Match, TimelineEntry

STATES = {
    MatchState.CLAIMED: _l("Taken up"),
    MatchState.PROPOSED: _l("Both are asked"),
    MatchState.INTRODUCED: _l("Introduced"),
    MatchState.AGREED: _l("Agreed"),
    MatchState.DELIVERING: _l("Being delivered"),
    MatchState.COMPLETED: _l("Completed"),
    MatchState.EVALUATED: _l("Closed with a judgement"),
    MatchState.DISMISSED: _l("Not suitable"),
    MatchState.DECLINED: _l("Declined"),
    MatchState.LAPSED: _l("Lapsed"),
    MatchState.WITHDRAWN: _l("Taken back"),
    MatchState.FAILED: _l("Came to nothing"),
}

DISMISS_REASONS = {
    DismissReason.WRONG_THING: _l("It is another thing"),
    DismissReason.TOO_FAR: _l("Too far"),
    DismissReason.WRONG_TIME: _l("The times do not meet"),
    DismissReason.TOO_LITTLE: _l("Too little to help"),
    DismissReason.TERMS: _l("The terms do not fit"),
    DismissReason.KNOWN_PROBLEM: _l("There were problems before"),
    DismissReason.ALREADY_HELPED: _l("Already being helped"),
    DismissReason.OTHER: _l("Another reason"),
}

CLOSE_REASONS = {
    CloseReason.NOT_NEEDED: _l("No longer needed"),
    CloseReason.NOT_AVAILABLE: _l("No longer to be had"),
    CloseReason.TERMS: _l("The terms do not fit"),
    CloseReason.TIME: _l("The time does not suit"),
    CloseReason.NO_ANSWER: _l("No answer came"),
    CloseReason.NOT_DELIVERED: _l("It was not delivered"),
    CloseReason.QUALITY: _l("It was not good enough"),
    CloseReason.NO_TIME: _l("I cannot take care of it now"),
    CloseReason.NOT_MINE: _l("Somebody else is better placed for it"),
    CloseReason.TOO_CLOSE: _l("I am too close to one of the two"),
    CloseReason.OTHER: _l("Another reason"),
}

DECLINE_REASONS = (
    CloseReason.NOT_NEEDED,
    CloseReason.NOT_AVAILABLE,
    CloseReason.TERMS,
    CloseReason.TIME,
    CloseReason.OTHER,
)
# Where nothing is promised yet, nothing can have failed to come.
UNPROMISED_REASONS = (
    CloseReason.NOT_NEEDED,
    CloseReason.NOT_AVAILABLE,
    CloseReason.TERMS,
    CloseReason.TIME,
    CloseReason.NO_ANSWER,
    CloseReason.OTHER,
)
FAIL_REASONS = (
    CloseReason.NOT_DELIVERED,
    CloseReason.QUALITY,
    CloseReason.NOT_NEEDED,
    CloseReason.NOT_AVAILABLE,
    CloseReason.TERMS,
    CloseReason.OTHER,
)

RELEASE_REASONS = (
    CloseReason.NO_TIME,
    CloseReason.NOT_MINE,
    CloseReason.TOO_CLOSE,
    CloseReason.OTHER,
)

CONSENTS = {
    ProxyConsent.SPOKEN: _l("In person"),
    ProxyConsent.PHONE: _l("By phone"),
    ProxyConsent.WRITTEN: _l("In writing"),
}

CHECKS = {
    CheckKind.NO_RECORD: _l("Certificates of no criminal record"),
    CheckKind.BAN_QUERY: _l("A query whether they are barred from work with minors"),
    CheckKind.LICENCE: _l("Professional licences and a letter of their employer"),
    CheckKind.ACCOMPANIED: _l("Somebody of the village or the school is always present"),
}

TIMELINE = {
    "claimed": _l("took the pair up"),
    "checked": _l("put the check of those who come on record"),
    "dismissed": _l("said it does not fit"),
    "proposed": _l("asked both sides"),
    "need_accepted": _l("said yes for the village side"),
    "need_declined": _l("said no for the village side"),
    "offer_accepted": _l("said yes for the helping side"),
    "offer_declined": _l("said no for the helping side"),
    "need_reminded": _l("The village side was reminded"),
    "offer_reminded": _l("The helping side was reminded"),
    "need_taken_back": _l("took the answer of the village side back"),
    "offer_taken_back": _l("took the answer of the helping side back"),
    "released": _l("gave the pair back to the queue"),
    "restored": _l("undid the dismissal"),
    "next_taken_up": _l("took up the next best pair"),
    "introduced": _l("Both said yes and may see each other's contact"),
    "contact_shown": _l("looked at a contact"),
    "committed": _l("agreed an amount"),
    "delivered": _l("recorded a delivery"),
    "outcome_recorded": _l("wrote down the outcome"),
    "need_confirmed": _l("confirmed the outcome for the village side"),
    "offer_confirmed": _l("confirmed the outcome for the helping side"),
    "completed": _l("Both sides confirmed: completed"),
    "evaluated": _l("closed the file with a judgement"),
    "withdrawn": _l("took the proposal back"),
    "failed": _l("said that it came to nothing"),
    "lapsed": _l("No answer came in time: lapsed"),
    "ended_early": _l("One of the two is not to be had any more: ended"),
    "ended_owner": _l("The station has stopped the work of one of the organisations here: ended"),
    "ended_apart": _l("One of the two sides cannot take part for now: ended"),
    "put_down": _l("put the pair down"),
    **DEED_STEPS,
    **POSTPONE_STEPS,
    "assigned": _l("gave the match to another social worker"),
    "handed_over": _l("handed the match over"),
    "handover_summary": _l("wrote for whoever goes on"),
}


OWNER_ENDS = {
    True: _l("The station has stopped the work of one of the organisations here."),
    False: _l("One of the two sides cannot take part for now."),
}


def pair_words(need: str, offer: str) -> str:
    """The two sides of a pair in one line: the need first, and the thread between."""
    return f"{need} 〜 {offer}"


def state_label(match: Match) -> str:
    """How the match stands, in a word or two."""
    if match.state is MatchState.WITHDRAWN and match.dismiss_reason:
        return str(_l("May be suggested again"))
    if match.state is MatchState.WITHDRAWN and match.proposed_at is None:
        return str(_l("Put down"))
    return str(STATES[match.state])


def state_tone(state: MatchState) -> str:
    """The colour of a state's tag: tea while it goes on, ochre where nothing came of it."""
    if state in LIVE_STATES:
        return "offer"
    return "" if state in DONE_STATES else "warn"


def end_label(match: Match) -> str:
    """Why it ended, in a few words; empty while it goes on or when it ended well."""
    if match.dismiss_reason:
        return str(DISMISS_REASONS[match.dismiss_reason])
    return str(CLOSE_REASONS[match.close_reason]) if match.close_reason else ""


def owner_label(*, brokers: bool) -> str:
    """Why it ended where an organisation lost its standing; the sides do not read whose."""
    return str(OWNER_ENDS[brokers])


def step_words(match: Match, entry: TimelineEntry, *, brokers: bool) -> str:
    """What happened in a step, without who did it."""
    code = entry.code
    if code == "lapsed" and entry.params.get("cause"):
        code = "ended_early"
        if entry.params["cause"] == EndCause.OWNER:
            code = "ended_owner" if brokers else "ended_apart"
    if code == "withdrawn" and match.proposed_at is None:
        code = "put_down"
    return str(TIMELINE.get(code, code))
