"""One's own shifts in one page, and the address of one's own calendar."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.volunteering.calendar.service import own_token, renew_calendar
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.queries import own_signups, places_in_line
from exchange.volunteering.readers import reader
from exchange.volunteering.searching import looks_after_any
from exchange.volunteering.showing import shift_line
from exchange.volunteering.views import bp, missing_for
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session


@bp.get("/my/volunteering")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """My next shifts, where I wait, and what I have declined."""
    session, who = read_session(), reader()
    person_id = who.actor.person_id or 0
    signups = own_signups(session, person_id, who.now, tuple(SignupState))
    positions = places_in_line(session, signups)
    lines = [
        (one.shift.activity, shift_line(who, one.shift.activity, one.shift, one, positions, {}))
        for one in signups
    ]
    live = (SignupState.SIGNED_UP, SignupState.WAITING)
    token = own_token(session, house().secrets, person_id)
    return render_template(
        "volunteering/mine.html",
        lines=[pair for pair in lines if pair[1].state in live],
        declined=[pair for pair in lines if pair[1].state not in live],
        feed_url=_feed_url(token) if token else "",
        missing=missing_for([line for _activity, line in lines]),
        manages=looks_after_any(session, current_actor()),
    )


@bp.post("/my/volunteering/calendar")
@access(SIGNED_IN)
def renew_feed() -> ResponseReturnValue:
    """Give one's calendar an address, or a new one."""
    with acting() as act:
        former = own_token(act.session, house().secrets, act.actor.person_id)
        renew_calendar(act)
    if former is None:
        flash(_("The address of your calendar is made."), "success")
    else:
        flash(_("Your calendar has a new address. A former one shows nothing any more."), "success")
    return redirect(url_for("volunteering.mine", _anchor="calendar"))


def _feed_url(token: str) -> str:
    return url_for("calendars.own", token=token, _external=True)
