"""Who comes to an activity, who waits, who cannot, and who is silent."""

from flask import render_template
from flask.typing import ResponseReturnValue

from exchange.kernel.errors import Forbidden
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.labels import ANSWER_LABELS
from exchange.volunteering.messaging.labels import ASKED_BY_LABELS
from exchange.volunteering.messaging.queries import silent_of
from exchange.volunteering.permissions import may_manage, sees_people
from exchange.volunteering.queries import seen_activity, shifts_of, signups_by_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.safeguarding.permissions import may_keep_checks
from exchange.volunteering.safeguarding.queries import looks_after
from exchange.volunteering.safeguarding.showing import badges_of, lacks_of
from exchange.volunteering.showing import shift_lines
from exchange.volunteering.views import bp
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import house, read_session
from exchange.web.dates import local_moment

ALL_ANSWERS = tuple(SignupState)


@bp.get("/activities/<public_id>/people")
@access(SIGNED_IN)
def people(public_id: str) -> ResponseReturnValue:
    """Who comes, who waits, who cannot: shift by shift, for those who look after it."""
    session, who = read_session(), reader()
    activity = seen_activity(session, who.actor, public_id)
    if not sees_people(who.actor, activity):
        raise Forbidden("activity_not_yours")
    shifts = shifts_of(session, [activity.id], who.now)[activity.id]
    answers = signups_by_shift(session, [one.id for one in shifts], ALL_ANSWERS)
    secrets, today = house().secrets, who.today
    return render_template(
        "volunteering/people.html",
        activity=activity,
        lines=shift_lines(session, who, activity, shifts),
        answers=answers,
        badges=badges_of(session, secrets, activity, answers, shifts, today, who.zone),
        lacks=lacks_of(session, secrets, shifts, today, who.zone),
        keeps_checks=may_keep_checks(who.actor, activity.organisation),
        keeps_consents=looks_after(session, who.actor, activity.organisation),
        own_id=who.actor.person_id,
        silent=silent_of(session, shifts),
        labels=ANSWER_LABELS,
        asked_by=ASKED_BY_LABELS,
        clock=local_moment,
        may_manage=may_manage(who.actor, activity),
    )
