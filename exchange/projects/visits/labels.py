"""The words of roadshows and visits."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.projects.visits.kinds import VisitKind

KIND_LABELS: dict[VisitKind, Any] = {
    VisitKind.ROADSHOW: _l("Roadshow"),
    VisitKind.VISIT: _l("Visit on site"),
}
SENTENCES: dict[str, Any] = {
    "visit_invalid": _l("Something in the form needs another look."),
    "visit_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: others read this."
    ),
    "visit_payment_in_text": _l("No account numbers or payment codes here, please."),
    "visit_link": _l("Please give a whole address that begins with https://."),
    "visit_seats": _l("Between 1 and %(most)s seats, please."),
    "visit_seats_taken": _l("%(taken)s people have a seat already. Nobody loses theirs."),
    "visit_people": _l("Between 1 and %(most)s people, please."),
    "visit_only_left": _l("Seats left: %(left)s. Please choose no more than that."),
    "visit_only_seats": _l("There are %(seats)s seats in all. Please choose no more than that."),
    "visit_no_room": _l(
        "Only %(left)s more seats are free. You are still signed up with %(people)s."
    ),
    "visit_in_past": _l("This moment has passed already."),
    "visit_ends_first": _l("It would end before it begins."),
    "visit_closes_late": _l("Signing up closes when it begins at the latest."),
    "visit_is_cancelled": _l("It was called off."),
    "visit_is_over": _l("It has begun already, or is over."),
    "visit_sign_up_over": _l("The time to sign up is over."),
    "visit_project_closed": _l("Nothing can be announced for this project at present."),
    "visit_too_many": _l("%(most)s are announced already."),
    "visit_moment_unreadable": _l("We cannot read this time."),
}
