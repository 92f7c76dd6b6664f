"""The page of messages that were given up: why, since when, try again or drop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict
from exchange.notifications import limits
from exchange.notifications.labels import CHANNELS, KINDS, trouble_text
from exchange.notifications.models import Delivery
from exchange.notifications.undelivered.queries import undelivered
from exchange.notifications.undelivered.service import drop, revive, revive_all
from exchange.notifications.words import outward_of
from exchange.web.access import Access, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import local_moment
from exchange.web.sentences import sentence
from exchange.web.throttle import count_try

bp = Blueprint("undelivered", __name__, url_prefix="/undelivered")
LOOKS_AFTER = Access(
    "operator or supervisor", lambda actor: actor.is_operator or bool(actor.supervises)
)
PAGE = 30


@dataclass(frozen=True)
class Lost:
    """A message that was given up, as the page shows it: no address, no title."""

    message_id: str
    name: str
    kind: Any
    channel: Any
    why: str
    since: str
    created: str
    tries: int


def lost_of(delivery: Delivery) -> Lost:
    """A delivery in the reader's words."""
    return Lost(
        message_id=delivery.message_id,
        name=delivery.notice.person.name,
        kind=KINDS[outward_of(delivery.notice.code).kind],
        channel=CHANNELS[delivery.channel],
        why=trouble_text(delivery.trouble),
        since=local_moment(delivery.given_up_at) if delivery.given_up_at else "",
        created=local_moment(delivery.created_at),
        tries=delivery.tries,
    )


@bp.get("")
@access(LOOKS_AFTER)
def index() -> ResponseReturnValue:
    """What was given up, the newest first."""
    before = asked_id("before")
    found = undelivered(read_session(), current_actor(), before_id=before, limit=PAGE + 1)
    return render_template(
        "notifications/undelivered.html",
        lines=[lost_of(delivery) for delivery in found[:PAGE]],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
    )


@bp.post("/<message_id>/retry")
@access(LOOKS_AFTER)
def retry(message_id: str) -> ResponseReturnValue:
    """Try one again."""
    return _tap(lambda act: revive(act, message_id), _("It is tried again."))


@bp.post("/<message_id>/drop")
@access(LOOKS_AFTER)
def forget(message_id: str) -> ResponseReturnValue:
    """Send it never."""
    said = _("It is not sent. The notice stays in the app.")
    return _tap(lambda act: drop(act, message_id), said)


@bp.post("/retry")
@access(LOOKS_AFTER)
def retry_all() -> ResponseReturnValue:
    """Try all again, such as after an outage."""
    count_try(limits.REVIVE_PERSON, str(current_actor().person_id))
    with acting() as act:
        count = revive_all(act)
    said = ngettext("%(num)s message is tried again.", "%(num)s messages are tried again.", count)
    flash(said, "success")
    return redirect(url_for("undelivered.index"))


def _tap(work: Callable[[Act], None], said: str) -> ResponseReturnValue:
    """One tap on the list; when somebody else was faster, the list says so."""
    count_try(limits.REVIVE_PERSON, str(current_actor().person_id))
    try:
        with acting() as act:
            work(act)
        flash(said, "success")
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    before = request.form.get("before", "")[:20]
    here = before if before.isascii() and before.isdecimal() else None
    return redirect(url_for("undelivered.index", before=here))
