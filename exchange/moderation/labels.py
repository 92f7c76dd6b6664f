"""Words for the closed lists, and sentences for refusals."""

from flask_babel import lazy_gettext as _l

from exchange.moderation.kinds import (
    CaseState,
    Nearest,
    Part,
    Reason,
    Shown,
    StepKind,
    TargetKind,
    Verdict,
)
from exchange.moderation.rules import SOON, URGENT, USUAL

TARGETS = {
    TargetKind.LISTING: _l("A post"),
    TargetKind.ORGANISATION: _l("An organisation"),
    TargetKind.PERSON: _l("A person in a match"),
    TargetKind.PROJECT: _l("A project"),
    TargetKind.ACTIVITY: _l("A volunteer activity"),
}
REASONS = {
    Reason.WRONG: _l("Wrong facts"),
    Reason.FRAUD: _l("Fraud, or asks for money"),
    Reason.PRIVATE: _l("Shows private data"),
    Reason.OFFENSIVE: _l("Insults or offends"),
    Reason.CHILD: _l("A child is in danger"),
    Reason.DUPLICATE: _l("Posted twice"),
    Reason.OTHER: _l("Something else"),
}
PARTS = {
    Part.NEED: _l("The side that needs"),
    Part.OFFER: _l("The side that gives"),
    Part.BROKER: _l("The social worker"),
}
PRIORITIES = {
    URGENT: (_l("At once"), "need"),
    SOON: (_l("Soon"), "warn"),
    USUAL: (_l("In turn"), ""),
}
VERDICTS = {
    Verdict.NO_ACTION: _l("Nothing to object (any more)"),
    Verdict.MEND: _l("Ask to put it right"),
    Verdict.HOLD: _l("Hide it for now"),
    Verdict.TAKE_DOWN: _l("Take it down"),
    Verdict.SUSPEND: _l("Suspend the organisation"),
    Verdict.REFER: _l("Pass it to the centre"),
}
SHOWN = {
    Shown.OPEN: _l("To look at"),
    Shown.MINE: _l("I look at it"),
    Shown.APPEALS: _l("Appeals"),
    Shown.WAITING: _l("Waiting for them"),
    Shown.CLOSED: _l("Closed"),
}
STATES = {
    CaseState.OPEN: _l("Being looked at"),
    CaseState.WAITING: _l("Waiting for the owner"),
    CaseState.CLOSED: _l("Closed"),
}
STEPS = {
    StepKind.HELD_BY_ITSELF: _l("Hidden by itself: several people reported it"),
    StepKind.CLAIMED: _l("Looks at it"),
    StepKind.PUT_DOWN: _l("Put it down"),
    StepKind.NO_ACTION: _l("Nothing to object"),
    StepKind.MEND: _l("Asked to put it right"),
    StepKind.CHANGED: _l("The owner has changed it"),
    StepKind.UNANSWERED: _l("The owner has not put it right in time"),
    StepKind.HOLD: _l("Hidden for now"),
    StepKind.TAKE_DOWN: _l("Taken down"),
    StepKind.SUSPEND: _l("Organisation suspended"),
    StepKind.REFER: _l("Passed to the centre"),
    StepKind.APPEALED: _l("The owner appeals"),
    StepKind.UPHELD: _l("Appeal upheld: restored"),
    StepKind.DISMISSED: _l("Appeal dismissed"),
    StepKind.LIFTED: _l("The suspension was lifted: shown again"),
}
# What the owner reads of a decision. Nothing here says who reported, or how many.
OWNER_VERDICTS = {
    Verdict.NO_ACTION: _l("It stands as before."),
    Verdict.MEND: _l("Please put this right."),
    Verdict.HOLD: _l("It is hidden for now."),
    Verdict.TAKE_DOWN: _l("It was taken down."),
    Verdict.SUSPEND: _l("Your organisation is suspended, and its posts are hidden."),
    Verdict.REFER: _l("The centre looks into it."),
}
# What the owner reads of who looks at their appeal.
LOOKS_AGAIN = {
    Nearest.PLACE: _l("Another person looks at it and tells you."),
    Nearest.ELSEWHERE: _l("A supervisor of another centre looks at it and tells you."),
    Nearest.SITE: _l("Somebody who runs the site looks at it and tells you."),
    Nearest.NOBODY: _l(
        "Nobody is there yet who may look at it. Those who run the site have to name a second "
        "supervisor first."
    ),
}
SENTENCES = {
    "report_not_own": _l("This is your own: you can change or withdraw it yourself."),
    "report_say_what": _l("Please say in a few words what it is."),
    "report_too_long": _l("That is too long. Please say it shorter."),
    "reported_already": _l("You have reported this already. The station looks at it."),
    "report_about_whom": _l("Please say about whom."),
    "report_too_quick": _l("That was very quick. Please look once more and send it again."),
    "verdict_not_yours": _l("This cannot be decided here now, or is for the centre to decide."),
    "said_needed": _l("Please write the sentence that the owner reads."),
    "appeal_waits": _l("An appeal waits. It must be decided first."),
    "nothing_to_appeal": _l("There is nothing to appeal against."),
    "appealed_already": _l("You have appealed already."),
    "appeal_too_late": _l("An appeal is possible for %(days)s days."),
    "appeals_by_centre": _l("A supervisor of the centre decides about appeals."),
    "appeal_by_another": _l("Somebody else decides: this is about your own decision."),
    "appeal_by_elsewhere": _l(
        "A supervisor of another centre decides: nobody else supervises here. They have been told."
    ),
    "appeal_by_site": _l(
        "Those who run the site decide: there is no other supervisor. They have been told."
    ),
    "appeal_by_nobody": _l(
        "Nobody is there who may decide about this appeal. Those who run the site have to name a "
        "second supervisor."
    ),
    "case_changed": _l("This was changed a moment ago. Please read it once more."),
}
