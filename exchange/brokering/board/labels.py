"""The words of the board of matches: filters, orders, reasons to set something aside."""

from flask_babel import lazy_gettext as _l

from exchange.brokering.kinds import PostponeReason

POSTPONE_REASONS = {
    PostponeReason.WAITS: _l("Waiting for word from them"),
    PostponeReason.AWAY: _l("They are away or busy"),
    PostponeReason.SEASON: _l("It is not the season yet"),
    PostponeReason.ROAD: _l("The road or the weather does not allow it"),
    PostponeReason.OTHER: _l("Another reason"),
}
POSTPONE_STEPS = {
    "postponed": _l("set it aside until"),
    "resumed": _l("took it up again before its day"),
    "reminded_need": _l("reminded the village side"),
    "reminded_offer": _l("reminded the helping side"),
}
WHOSE = {
    "mine": _l("Mine, and of those I stand in for"),
    "away": _l("Of those I stand in for"),
    "point": _l("Of my service point"),
    "centre": _l("Of my centre"),
    "all": _l("All that I can see"),
}
DUES = {"overdue": _l("Overdue"), "week": _l("Due within a week")}
RESTS = {"stalled": _l("Resting for too long"), "aside": _l("Set aside")}
SORTS = {
    "newest": _l("Newest first"),
    "oldest": _l("Oldest first"),
    "untouched": _l("Longest untouched first"),
    "due": _l("Due first"),
}
FORMS = {"availability": _l("Volunteers' time")}
FILTER_NAMES = {
    "look": _l("look"),
    "who": _l("whose"),
    "state": _l("state"),
    "category": _l("category"),
    "division": _l("place"),
    "organisation": _l("organisation"),
    "due": _l("due"),
    "rest": _l("rest"),
    "since": _l("taken up since"),
    "quiet": _l("untouched for"),
    "form": _l("kind of offer"),
    "sort": _l("order"),
}
BOARD_REFUSALS = {
    "match_changed": _l("It has moved on since you chose it. Please look at it again."),
    "match_lapsing": _l("Its time to answer is over."),
    "reminded_lately": _l("This side was reminded less than a day ago."),
    "asked_lately": _l("This side was asked less than a day ago."),
    "postpone_not_later": _l("Please choose a day after today."),
    "postpone_too_far": _l("Please choose a day within %(days)s days."),
    "postpone_past_lapse": _l("The proposal lapses on %(day)s, before that day."),
    "postpone_past_due": _l("Something is due on %(day)s, before that day."),
    "postpone_note_long": _l("Please write at most 500 characters."),
    "only_supervisors": _l("Only a supervisor of the place can do this."),
    "nothing_asked": _l("No question waits for an answer here."),
    "not_aside": _l("It is not set aside."),
    "view_name_form": _l("Please give it a name of at most 30 characters."),
    "view_name_taken": _l("You have another view of this name."),
    "view_question_long": _l("These filters are too long to be kept."),
    "too_many_views": _l("You can keep %(most)s views. Please delete one first."),
    "receiver_missing": _l("Please choose who gets them."),
    "choose_day": _l("Please choose the day."),
}
