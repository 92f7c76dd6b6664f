"""The words of cooperation intentions."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.projects.intentions.kinds import DeclineReason, IntentionKind, IntentionState

KIND_LABELS: dict[IntentionKind, Any] = {
    IntentionKind.FUNDS: _l("Funds or goods in kind"),
    IntentionKind.TECHNOLOGY: _l("Technology and know-how"),
    IntentionKind.PURCHASE: _l("Purchase and sales"),
    IntentionKind.TRAINING: _l("Training"),
    IntentionKind.EQUIPMENT: _l("Equipment or vehicles"),
    IntentionKind.PEOPLE: _l("People who help"),
    IntentionKind.INVESTMENT: _l("Investment"),
    IntentionKind.OTHER: _l("Something else"),
}
STATE_LABELS: dict[IntentionState, Any] = {
    IntentionState.DECLARED: _l("Waits for an answer"),
    IntentionState.ASKED: _l("More was asked"),
    IntentionState.ACCEPTED: _l("Accepted"),
    IntentionState.FULFILLED: _l("Came about"),
    IntentionState.FAILED: _l("Came to nothing"),
    IntentionState.DECLINED: _l("The project said no"),
    IntentionState.WITHDRAWN: _l("Taken back"),
    IntentionState.LAPSED: _l("Lapsed"),
}
STATE_TONES: dict[IntentionState, str] = {
    IntentionState.DECLARED: "warn",
    IntentionState.ASKED: "warn",
    IntentionState.ACCEPTED: "offer",
    IntentionState.FULFILLED: "offer",
}
REASON_LABELS: dict[DeclineReason, Any] = {
    DeclineReason.NOT_WANTED_NOW: _l("Not needed at present"),
    DeclineReason.FOUND_ELSEWHERE: _l("Somebody else helps already"),
    DeclineReason.TERMS: _l("The terms do not fit"),
    DeclineReason.TIME: _l("The time does not fit"),
    DeclineReason.AMOUNT: _l("Too much or too little"),
    DeclineReason.OTHER: _l("Another reason"),
}
SENTENCES: dict[str, Any] = {
    "intention_invalid": _l("Something in the form needs another look."),
    "intention_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: the exchange passes messages on, "
        "and contacts are shown when both sides have said yes to a match."
    ),
    "intention_payment_in_text": _l("No account numbers or payment codes here, please."),
    "intention_risk_unread": _l("Please read the sentence on the risk and tick the box."),
    "intention_need_gone": _l(
        "This need of the project is not open any more. Please choose again."
    ),
    "intention_has_need": _l("This intention is for a need of the project already."),
    "intention_own_project": _l("Your own organisation takes part in this project."),
    "intention_not_in_standing": _l(
        "Your organisation may not declare intentions at present. Please ask your station."
    ),
    "intention_project_closed": _l("This project takes no intentions at present."),
    "intention_already_open": _l(
        "Your organisation has an open intention of this kind here already. You can change it, or "
        "write a message in it."
    ),
    "intention_too_many": _l(
        "Your organisation has %(most)s open intentions. Please take back what no longer holds."
    ),
    "intention_changed": _l("It says something else by now. Please read it again."),
    "intention_not_yours": _l("This step is for the other side."),
    "intention_is_declared": _l("It waits for an answer."),
    "intention_is_asked": _l("Somebody has already asked for more."),
    "intention_is_accepted": _l("Somebody has accepted it already. You read below what happened."),
    "intention_is_fulfilled": _l("It has already come about."),
    "intention_is_failed": _l("It has already ended without result."),
    "intention_is_declined": _l("Somebody has declined it already. You read below what happened."),
    "intention_is_withdrawn": _l("The organisation has taken it back meanwhile."),
    "intention_is_lapsed": _l("Its last day has passed without an answer."),
    "intention_wanted_too_many": _l("At most %(most)s lines, please."),
    "intention_wanted_person": _l(
        "Everybody reads this line. Please name no person and no household in it."
    ),
}
WANTED_HINT = _l("Up to five lines that everybody reads. Leave a line empty to take it out.")
