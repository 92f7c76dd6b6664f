"""The words of messages to a shift and of those who are silent."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.volunteering.messaging.kinds import Addressed, Answer, AskedBy

ADDRESSED_LABELS: dict[Addressed, Any] = {
    Addressed.PLACED: _l("All who have a place"),
    Addressed.UNCONFIRMED: _l("Who has not confirmed yet"),
    Addressed.WAITING: _l("Who waits for a place"),
    Addressed.CHOSEN: _l("People I choose"),
}
MESSAGE_ANSWERS: dict[Answer, Any] = {
    Answer.COMING: _l("Comes"),
    Answer.NOT_COMING: _l("Cannot come"),
    Answer.QUESTION: _l("Has a question"),
}
ASKED_BY_LABELS: dict[AskedBy, Any] = {
    AskedBy.CHANGE: _l("asked after the change"),
    AskedBy.REMINDER: _l("asked by the reminder"),
    AskedBy.COORDINATOR: _l("asked by you"),
}
SENTENCES: dict[str, Any] = {
    "message_empty": _l("Please write what people should know."),
    "message_draft": _l("This activity is a draft: nobody has signed up yet."),
    "message_too_late": _l("This shift has been over for more than a week."),
    "message_shift_limit": _l(
        "This shift has had %(most)s messages within a day. Please wait, or call people."
    ),
    "message_person_limit": _l("You have sent %(most)s messages within a day. Please wait."),
    "message_nobody": _l("Nobody in this shift would get it. Please choose others."),
    "message_choose": _l("Please choose at least one person."),
    "message_token": _l("Please open the page again and send it once more."),
    "asked_today": _l("They were asked within the last day already. Once a day is enough."),
    "nobody_silent": _l("Everybody has answered."),
    "release_hours": _l("Please choose one of the times."),
    "release_too_late": _l("The shift begins before that. Please choose a shorter time."),
}
