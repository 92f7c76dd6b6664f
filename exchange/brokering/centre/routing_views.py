"""Needs that nobody has taken up, those of the own station first; taking one into one's hands."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.models import Person
from exchange.brokering.centre.behind_queries import Behind
from exchange.brokering.centre.caseload_service import Receiver, assign_need, release_need
from exchange.brokering.centre.overview_queries import Moment
from exchange.brokering.desk.routed_pairs import unclaimed_needs
from exchange.brokering.page.case_panels import case_lines
from exchange.brokering.page.caseload_panels import warn_of_caseload
from exchange.brokering.page.nav_panels import side_nav
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict
from exchange.listings.queries import seen_listing
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.asked import asked_id
from exchange.web.sentences import sentence

bp = Blueprint("routing", __name__)
PAGE = 20


@bp.get("/needs/waiting")
@access(BROKER)
def needs() -> ResponseReturnValue:
    """What waits at the own station; behind the other tab what waits elsewhere."""
    session, actor = read_session(), current_actor()
    now = house().clock.now()
    moment = Moment(now, civil_date(now, house().settings.time_zone))
    own = request.args.get("tab") != "elsewhere"
    found = unclaimed_needs(
        session, actor, own=own, after_id=asked_id("after") or 0, limit=PAGE + 1
    )
    tab = None if own else "elsewhere"
    more = found[PAGE - 1].id if len(found) > PAGE else None
    me = session.get_one(Person, actor.person_id)
    return render_template(
        "brokering/needs_waiting.html",
        lines=case_lines(session, actor, Behind((), found[:PAGE], None), moment),
        own=own,
        my_id=me.public_id,
        nav=side_nav("needs", None, session, actor),
        more=url_for("routing.needs", tab=tab, after=more) if more else None,
    )


@bp.post("/needs/waiting/<public_id>/take")
@access(BROKER)
def take(public_id: str) -> ResponseReturnValue:
    """Take a need that is in nobody's hands into one's own."""
    try:
        with acting() as act:
            me = act.session.get_one(Person, act.actor.person_id)
            assign_need(act, public_id, Receiver(worker=me.public_id), seen_owner="")
            area = seen_listing(act.session, act.actor, public_id).division_code
    except Conflict as error:
        flash(sentence(error.code, error.params), "warning")
        return redirect(url_for("routing.needs"))
    flash(_("The need is in your hands now."), "success")
    warn_of_caseload(area)
    return redirect(url_for("listings.show", public_id=public_id))


@bp.post("/needs/waiting/<public_id>/give-back")
@access(BROKER)
def give_back(public_id: str) -> ResponseReturnValue:
    """Give a need back."""
    try:
        with acting() as act:
            release_need(act, public_id)
    except Conflict as error:
        flash(sentence(error.code, error.params), "warning")
        return redirect(url_for("routing.needs"))
    flash(_("The need is in nobody's hands now."), "success")
    return redirect(url_for("routing.needs"))
