"""The words of learning: features, what a change means, causes, states."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.matching.learning.kinds import Cause, Outcome, WeightsState

FEATURES: dict[str, Any] = {
    "word_meanings": _l("Words that mean the same"),
    "title_meaning": _l("What the titles mean"),
    "text_meaning": _l("What the texts mean"),
    "category": _l("The kind of help"),
    "nearness": _l("A short way"),
    "time": _l("Times that fit"),
    "quantity": _l("Enough of it"),
    "terms": _l("Terms that fit"),
    "beneficiaries": _l("Meant for these people"),
    "direction": _l("One gives what the other takes"),
    "subject": _l("They speak of the same"),
    "goods": _l("The same goods"),
    "traded_goods": _l("The same goods, when they trade"),
    "urgency": _l("It is urgent"),
    "reliability": _l("Givers who kept what was agreed"),
    "answer_rate": _l("Givers who answer"),
    "freshness": _l("Newly posted"),
}
MUCH, SOME = 1.5, 1.05
CHANGES: dict[str, Any] = {
    "much_more": _l("counts much more than before"),
    "more": _l("counts more than before"),
    "less": _l("counts less than before"),
    "much_less": _l("counts much less than before"),
}
CAUSES: dict[Cause, Any] = {
    Cause.CLAIMED: _l("Taken up"),
    Cause.INTRODUCED: _l("Both sides said yes"),
    Cause.COMPLETED: _l("Came to a good end"),
    Cause.REGRETTED: _l("Done, and one side would not do it again"),
    Cause.DISMISSED: _l("Does not fit"),
    Cause.DECLINED: _l("One side said no"),
    Cause.LAPSED: _l("Lapsed or one of the two ended"),
    Cause.WITHDRAWN: _l("Proposal taken back"),
    Cause.FAILED: _l("Came to nothing"),
}
REASONS: dict[str, Any] = {
    "wrong_thing": _l("something else is meant"),
    "too_far": _l("too far"),
    "wrong_time": _l("the wrong time"),
    "too_little": _l("too little"),
    "terms": _l("the terms"),
    "known_problem": _l("a known problem"),
    "already_helped": _l("already helped"),
    "not_needed": _l("not needed any more"),
    "not_available": _l("not available any more"),
    "time": _l("the time"),
    "no_answer": _l("no answer"),
    "not_delivered": _l("not delivered"),
    "quality": _l("the quality"),
    "no_time": _l("the social worker had no time"),
    "not_mine": _l("somebody else is better placed"),
    "too_close": _l("too close to one of the two"),
    "other": _l("another reason"),
}
STATES: dict[WeightsState, Any] = {
    WeightsState.CANDIDATE: _l("Was not better"),
    WeightsState.IN_FORCE: _l("In force"),
    WeightsState.RETIRED: _l("Replaced"),
    WeightsState.FALLEN_BACK: _l("Given up: did worse"),
}
TONES = {WeightsState.IN_FORCE: "offer", WeightsState.FALLEN_BACK: "warn"}
OUTCOMES: dict[Outcome, str] = {
    Outcome.OFF: "learning is switched off",
    Outcome.TOO_FEW: "too few decisions to learn from",
    Outcome.NOTHING_NEW: "hardly any decisions are new",
    Outcome.NOT_BETTER: "what was learned is not better on held-out decisions",
    Outcome.SAME: "the same weights came out again",
    Outcome.IN_FORCE: "what was learned is better on held-out decisions",
    Outcome.FELL_BACK: "the weights in force did worse on the newest decisions",
    Outcome.OVERTAKEN: "somebody changed the weights meanwhile",
}
SENTENCES: dict[str, Any] = {
    "weights_in_force_already": _l("These are in force already."),
    "weights_outdated": _l("These belong to a former version of the program."),
}


def change_word(before: float, after: float) -> str:
    """Which of CHANGES says how much a weight grew or shrank; "same" where hardly."""
    if before <= 0:
        return "same" if after == before else "more" if after > before else "less"
    ratio = after / before
    if ratio >= MUCH:
        return "much_more"
    if ratio > SOME:
        return "more"
    if ratio <= 1 / MUCH:
        return "much_less"
    return "less" if ratio < 1 / SOME else "same"
