"""Where a short link leads."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from exchange.kernel.errors import NotFound
from exchange.kernel.secret_box import UnreadableSecret
from exchange.notifications import limits
from exchange.notifications.short_links.making import follow_short_link, path_behind
from exchange.web.access import PUBLIC, access
from exchange.web.acting import house, read_session
from exchange.web.throttle import count_try, visitor_key
from exchange.web.views import safe_next

bp = Blueprint("short_links", __name__)


@bp.get("/s/<code>")
@access(PUBLIC)
def follow(code: str) -> ResponseReturnValue:
    """On to the page; a link that has ended says so and leads to the notices."""
    count_try(limits.SHORT_LINK_NETWORK, visitor_key())
    kept = house()
    try:
        link = follow_short_link(read_session(), kept.secrets, code)
        path = path_behind(kept.secrets, link)
    except (NotFound, UnreadableSecret):
        return render_template("notifications/link_over.html"), 404
    if link.expires_at <= kept.clock.now():
        return render_template("notifications/link_over.html"), 410
    answer = redirect(safe_next(path))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
