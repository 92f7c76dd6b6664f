"""The words of attendance, hours and certificates."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from exchange.volunteering.attendance.hours_rules import split_minutes
from exchange.volunteering.attendance.kinds import Basis, MarkKind, Step

MARK_LABELS: dict[MarkKind, Any] = {
    MarkKind.CAME: _l("Came"),
    MarkKind.LEFT: _l("Went home"),
    MarkKind.ABSENT: _l("Did not come"),
}
STEP_LABELS: dict[Step, Any] = {
    Step.PROPOSED: _l("To be approved"),
    Step.APPROVED: _l("Approved"),
    Step.OBJECTED: _l("Objection"),
}
# Colours of tags: tea for what is settled, ochre for what waits for somebody.
STEP_TONES: dict[Step, str] = {
    Step.PROPOSED: "warn",
    Step.APPROVED: "offer",
    Step.OBJECTED: "need",
}
BASIS_LABELS: dict[Basis, Any] = {
    Basis.MARKS: _l("by the code"),
    Basis.PLANNED: _l("as planned"),
    Basis.STATED: _l("as the coordinator says"),
}
SENTENCES: dict[str, Any] = {
    "attend_code_over": _l(
        "This code is over. Please scan the one that is on the coordinator's phone now."
    ),
    "attend_not_signed_up": _l(
        "You are not on the list of this shift. Please ask the coordinator."
    ),
    "attend_waiting": _l(
        "You are on the waiting list of this shift and have no place yet. Please ask the "
        "coordinator."
    ),
    "attend_not_there": _l("You have not checked in yet. Please check in first."),
    "attend_too_early": _l("The list opens an hour before the shift begins."),
    "attend_too_late": _l("It is too late to mark this shift."),
    "attend_client_id": _l("This tick has no proper number."),
    "attend_too_many": _l("At most %(most)s ticks at once, please."),
    "attend_no_place": _l("Somebody whom you ticked has no place in this shift any more."),
    "attend_nobody": _l("Nobody signs in here with this number. They can sign up for an account."),
    "attend_full": _l("The shift has no free place. Raise the number of places first."),
    "attend_not_published": _l("People are put on the list of a published activity only."),
    "attend_needs_verified": _l("Only verified organisations put people on their lists."),
    "attend_clash": _l("They have a place in another shift at this time."),
    "attend_unreadable": _l("We could not read these ticks."),
    "hours_minutes_form": _l("Minutes are a whole number from 0 to 1440."),
    "hours_too_early": _l("Hours can be entered when the shift is over."),
    "hours_nothing_to_approve": _l("There are no hours here that wait for approval."),
    "hours_own": _l("Nobody approves their own hours alone. Please ask another manager."),
    "hours_not_approved": _l("You can object once the hours are approved."),
    "hours_objection_late": _l(
        "You could object for 14 days after the approval. Please talk to the organisation."
    ),
    "hours_words_needed": _l("Please say what is wrong."),
    "hours_managers_only": _l("Only managers of the organisation that ran the activity do this."),
    "hours_invalid": _l("Something in the hours needs another look."),
    "text_has_identity": _l("Please leave the identity card number out."),
    "number_is_identity": _l(
        "This is an identity card number. We do not keep it. Please enter your volunteer number."
    ),
    "number_form": _l(
        "A volunteer number has %(shortest)s to %(longest)s digits or letters. Please look it up "
        "in the national volunteer system."
    ),
    "certificate_needs_verified": _l("Only verified organisations certify."),
    "certificate_nothing": _l("There are no approved hours to certify here."),
    "certificate_period_order": _l("The last day lies before the first."),
    "certificate_period_ahead": _l("The first day lies ahead."),
    "certificate_period_long": _l("Please choose at most three years."),
    "certificate_reason_needed": _l("Please say why, in at most 200 characters."),
}


def duration_text(minutes: int) -> str:
    """1 h 35 min."""
    hours, rest = split_minutes(minutes)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest))
    if not rest:
        return str(_("%(hours)s h", hours=hours))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest))


def left_out_text(count: int) -> str:
    """How many approved hours stay out of a table or a sum; empty for none."""
    if not count:
        return ""
    return str(
        ngettext(
            "%(num)s entry with an open objection is left out until it is settled.",
            "%(num)s entries with an open objection are left out until it is settled.",
            count,
        )
    )
