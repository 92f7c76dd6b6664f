"""The list of matches, for everybody who has some."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering.discretion import title_of
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.labels import state_label, state_tone
from exchange.brokering.models import Match
from exchange.brokering.nav_panels import side_nav
from exchange.brokering.queries import matches_visible, waiting_for_answer
from exchange.brokering.rules import PROGRESS
from exchange.listings.kinds import Side
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import local_day
from exchange.web.locale import locale_code

bp = Blueprint("queue", __name__)
PAGE = 20
ENDED = tuple(state for state in MatchState if state not in LIVE_STATES)
STEPS = 5


@bp.get("/matches")
@access(SIGNED_IN)
def matches() -> ResponseReturnValue:
    """Matches that I broker or that one of my organisations is part of."""
    session, actor = read_session(), current_actor()
    ended = request.args.get("tab") == "ended"
    before = asked_id("before")
    found = matches_visible(
        session, actor, states=ENDED if ended else LIVE_STATES, before_id=before, limit=PAGE + 1
    )
    older = found[PAGE - 1].id if len(found) > PAGE else None
    waiting = {match.id for match in waiting_for_answer(session, actor)}
    return render_template(
        "brokering/matches.html",
        lines=[_match_line(match, match.id in waiting) for match in found[:PAGE]],
        ended=ended,
        more=url_for("queue.matches", tab=request.args.get("tab"), before=older) if older else None,
        nav=side_nav("matches", None, session, actor) if actor.is_broker else (),
    )


def _match_line(match: Match, waits_for_me: bool) -> dict[str, Any]:
    tags = [(state_label(match), state_tone(match.state))]
    if waits_for_me:
        tags.insert(0, (_("Your answer is wanted"), "warn"))
    return {
        **_titles(match),
        "url": url_for("brokering.show", public_id=match.public_id),
        "text": local_day(match.updated_at),
        "tags": tags,
        **_ring(match, pressing=waits_for_me),
    }


def _titles(match: Match) -> dict[str, str]:
    return {side.value: title_of(current_actor(), match, side, locale_code()) for side in Side}


def _ring(match: Match, *, pressing: bool) -> dict[str, Any]:
    """How far the match has come, as a ring."""
    step = PROGRESS.get(match.state)
    words = "–" if step is None else "✓" if step == STEPS else f"{step}/{STEPS}"
    return {
        "score": 100 * (step or 0) // STEPS,
        "ring_text": words,
        "ring_tone": "need" if pressing else "",
    }

