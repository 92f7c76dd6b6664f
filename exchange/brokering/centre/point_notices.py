"""The words of work between service points: its notices, and what is refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

POINT_NOTICES: dict[str, Any] = {
    "case_given": _l("“%(need)s” is in your hands now."),
    "case_taken": _l("“%(need)s” is in somebody else's hands now."),
    "cases_given": _l("%(count)s cases of %(name)s are in your hands now."),
    "cases_passed": _l("Your %(count)s open cases are in other hands now."),
    "stand_in_begins": _l("You stand in for %(name)s from now on."),
    "stand_in_ends": _l("You no longer stand in for %(name)s."),
    "rests_claimed": _l("“%(need)s”: taken up, and the two have not been asked yet."),
    "rests_answer": _l("“%(need)s”: an answer has arrived, and nothing has happened since."),
    "rests_due": _l("“%(need)s”: what was agreed is overdue."),
    "rests_quiet": _l("“%(need)s”: nothing was heard for long of what was agreed. Please ask."),
    "rests_assigned": _l("“%(need)s” is in your hands, and nothing has happened since."),
    "told_claimed": _l("Nothing has happened with “%(need)s” since it was taken up."),
    "told_answer": _l("Nothing has happened with “%(need)s” since an answer arrived."),
    "told_due": _l("“%(need)s”: what was agreed is overdue, and nothing has happened."),
    "told_quiet": _l("“%(need)s”: nobody has asked for long what became of what was agreed."),
    "told_assigned": _l("Nothing has happened with “%(need)s” since it was given to somebody."),
    "told_unclaimed": _l("Needs of your area have been in nobody's hands for too long. See which."),
}

POINT_REFUSALS = {
    "centre_settings_changed": _l(
        "Somebody else has just changed these settings. Please look again."
    ),
    "case_gone": _l("This cannot be found."),
    "case_ended": _l("This has ended meanwhile."),
    "case_moved": _l("Somebody else has just given this to another worker. Please look again."),
    "worker_elsewhere": _l("This person does not serve that place."),
    "point_without_workers": _l("Nobody there can take it at present."),
    "need_in_other_hands": _l("This need is in the hands of %(name)s."),
    "need_held": _l("This need is being looked into at present. Nobody takes it up meanwhile."),
    "need_taken_up": _l("A pair of this need has been taken up meanwhile."),
    "caseload_full": _l(
        "You have %(limit)s cases, as many as your centre allows. Finish or hand over some first."
    ),
    "caseload_reached": _l("You have %(limit)s cases or more. Perhaps a colleague can help."),
    "caseload_of_other": _l(
        "%(name)s has %(count)s cases in hand now; the centre thinks %(limit)s enough."
    ),
    "duty_open_cases": _l(
        "%(count)s cases are still in this person's hands. Hand them over first."
    ),
    "handover_incomplete": _l(
        "Some cases came in or went meanwhile. They are on the page now. Please look again."
    ),
    "handover_receiver": _l("Please choose somebody who serves this place."),
    "handover_nothing": _l("There is nothing to hand over."),
    "reminder_after_lapse": _l("The reminder must come before the proposal lapses."),
}
