"""The notices page."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from exchange.notifications.models import Notice
from exchange.notifications.queries import notices_of
from exchange.notifications.service import read_all, read_notice
from exchange.notifications.words import words_of
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import local_moment

bp = Blueprint("notifications", __name__)
PAGE = 30


@dataclass(frozen=True)
class NoticeLine:
    """A notice as the page shows it."""

    public_id: str
    sentence: str
    at: datetime
    when: str
    unread: bool


def line_of(notice: Notice) -> NoticeLine:
    """A notice in the reader's words."""
    return NoticeLine(
        public_id=notice.public_id,
        sentence=words_of(notice.code, notice.params),
        at=notice.created_at,
        when=local_moment(notice.created_at),
        unread=notice.read_at is None,
    )


@bp.get("/notices")
@access(SIGNED_IN)
def index() -> ResponseReturnValue:
    """My notices, newest first."""
    before = asked_id("before")
    person_id = current_actor().person_id or 0
    found = notices_of(read_session(), person_id, before_id=before, limit=PAGE + 1)
    lines = [line_of(notice) for notice in found[:PAGE]]
    older = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template("notifications/index.html", lines=lines, older=older)


@bp.post("/notices/<public_id>")
@access(SIGNED_IN)
def open_notice(public_id: str) -> ResponseReturnValue:
    """Mark as read and go where it leads."""
    with acting() as act:
        path = read_notice(act, public_id).path
    return redirect(path)


@bp.post("/notices")
@access(SIGNED_IN)
def mark_all() -> ResponseReturnValue:
    """Mark all as read."""
    with acting() as act:
        read_all(act)
    return redirect(url_for("notifications.index"))
