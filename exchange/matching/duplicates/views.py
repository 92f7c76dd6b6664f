"""The broker's list of needs that may be posted twice, and saying that two are not the same."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.clock import civil_date
from exchange.listings.queries import seen_listing
from exchange.matching.duplicates.panels import duplicate_lines
from exchange.matching.duplicates.queries import proposals_in
from exchange.matching.duplicates.service import keep_apart
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session

bp = Blueprint("duplicates", __name__)
LAST_PAGE = 1_000


@bp.get("/duplicates")
@access(BROKER)
def queue() -> ResponseReturnValue:
    """What may be one need, in the places the actor serves, the likeliest first."""
    session, actor = read_session(), current_actor()
    day = civil_date(house().clock.now(), house().settings.time_zone)
    page = min(max(request.args.get("page", 1, type=int) or 1, 1), LAST_PAGE)
    pairs, more = proposals_in(session, actor, day, page)
    return render_template(
        "matching/duplicates.html",
        lines=duplicate_lines(session, actor, pairs, day),
        previous=url_for("duplicates.queue", page=page - 1) if page > 1 else None,
        following=url_for("duplicates.queue", page=page + 1) if more else None,
    )


@bp.post("/duplicates/apart")
@access(BROKER)
def apart() -> ResponseReturnValue:
    """The two are not the same; they are not proposed again."""
    with acting() as act:
        one = seen_listing(act.session, act.actor, request.form.get("one", ""))
        other = seen_listing(act.session, act.actor, request.form.get("other", ""))
        keep_apart(act, one, other)
    flash(_("Noted. The two are not proposed again."))
    return redirect(url_for("duplicates.queue"))
