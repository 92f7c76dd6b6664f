"""The words of undoing, lapsing and signed links."""

from flask_babel import lazy_gettext as _l

LIFE_NOTICES = {
    "match_reminded_need": _l(
        "“%(need)s”: a helper waits for your answer. Please answer by %(day)s, or the proposal "
        "lapses."
    ),
    "match_reminded_offer": _l(
        "“%(offer)s”: somebody waits for your answer. Please answer by %(day)s, or the proposal "
        "lapses."
    ),
    "match_answer_taken_back": _l(
        "“%(need)s” with “%(offer)s”: an answer was taken back. The question stands again."
    ),
    "match_restored": _l("“%(need)s” with “%(offer)s”: the pair may be suggested again."),
    "match_released": _l("“%(need)s” with “%(offer)s” was given back to the queue."),
}

LIFE_REFUSALS = {
    "match_too_late_to_undo": _l("It is too late to take this back."),
    "match_not_answered": _l("There is no answer that could be taken back."),
    "match_other_answered": _l(
        "The other side has answered. If something is wrong, tell your social worker."
    ),
    "match_not_due": _l("It is not the time for this yet."),
    "link_unknown": _l(
        "This link opens nothing. Please check that the whole address was copied, or sign in."
    ),
    "link_used": _l("This link has already been used. The answer that was given stands."),
    "link_replaced": _l("A newer link was sent to you. Please use that one, or sign in."),
    "link_expired": _l("The time to answer by this link is over. Please sign in."),
    "link_answered": _l("This has already been answered for your side."),
    "link_match_lapsed": _l("No answer came in time, and the proposal has lapsed."),
    "link_match_ended": _l("This has ended: one of the two sides cannot take part at present."),
    "link_match_withdrawn": _l("The social worker has taken the proposal back."),
    "link_match_declined": _l("The other side has said no. Nothing more is asked of you."),
    "link_match_over": _l("This question has been settled. Please sign in to see how it stands."),
    "link_not_yours": _l("This link was for somebody who may not answer here any more."),
    "link_say_why": _l("Please say yes, or say why it does not fit."),
}
