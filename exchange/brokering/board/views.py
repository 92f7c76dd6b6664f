"""The matches: list and board for those who broker, a simple list for the sides."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering.board import panels, queries, rules
from exchange.brokering.board.forms import ViewForm
from exchange.brokering.board.labels import FILTER_NAMES
from exchange.brokering.board.panels import address
from exchange.brokering.board.queries import Moment
from exchange.brokering.board.rules import AskedMatches
from exchange.brokering.board.view_queries import default_view, shared_views, views_of
from exchange.brokering.desk.queue_views import bp as queue_bp
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.labels import STATES, state_label, state_tone
from exchange.brokering.models import Match
from exchange.brokering.page.nav_panels import side_nav
from exchange.brokering.queries import matches_visible, waiting_for_answer
from exchange.brokering.rules import PROGRESS
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import local_day
from exchange.web.locale import locale_code

PAGE, COLUMN = 30, 10
SIDES = "sides"
LARGEST = 300  # of a cursor's text


def moment_now() -> Moment:
    """As of now."""
    return Moment(house().clock.now(), house().settings.time_zone)


@queue_bp.get("/matches")
@access(SIGNED_IN)
def matches() -> ResponseReturnValue:
    """Matches that I broker, filtered, as a list or a board; or those I am a side of."""
    session, actor = read_session(), current_actor()
    if not actor.is_broker or request.args.get("who") == SIDES:
        return _of_sides(actor)
    if not request.args:
        first = default_view(session, actor.person_id)
        if first is not None:
            return redirect(address(panels.asked_in_text(first.question)))
    asked, ignored = panels.asked_in_request()
    moment = moment_now()
    counts = queries.counts_by_state(session, actor, asked, moment)
    filters = panels.filters_of(session, actor, asked, moment)
    shown = _board(asked, moment) if asked.look == rules.BOARD else _list(asked, moment)
    question = rules.write_question(asked)
    own, shared = views_of(session, actor.person_id), shared_views(session, actor)
    return render_template(
        "brokering/board.html",
        asked=asked,
        question=question,
        counts=counts,
        chips=panels.state_chips(asked, counts),
        chosen=panels.chosen_chips(asked, filters),
        filters=filters,
        kept=[("who", asked.who), *rules.parameters(asked, without=("q", "who"))],
        ignored="、".join(str(FILTER_NAMES[name]) for name in ignored),
        looks=[
            (address(asked.but(look=look)), label, asked.look == look)
            for look, label in ((rules.LIST, _("List")), (rules.BOARD, _("Board")))
        ] + [(url_for("queue.matches", who=SIDES), _("As a side"), False)],
        views=[
            panels.Chip(address(panels.asked_in_text(one.question)), one.name,
                        active=one.question == question)
            for one in (*own, *shared)
        ],
        form=ViewForm(formdata=None, question=question),
        supervises=bool(actor.supervises),
        nav=side_nav("matches", None, session, actor),
        **shown,
    )  # fmt: skip


def _list(asked: AskedMatches, moment: Moment) -> dict[str, Any]:
    session, actor = read_session(), current_actor()
    cursor = request.args.get("after", "")[:LARGEST]
    page = queries.page_of(session, actor, asked, moment, cursor, PAGE)
    more = address(asked, after=page.next_cursor) if page.next_cursor else None
    return {
        "lines": panels.lines_of(session, actor, page.matches, moment), "more": more,
        "first": address(asked) if cursor else None,
    }  # fmt: skip


def _board(asked: AskedMatches, moment: Moment) -> dict[str, Any]:
    session, actor = read_session(), current_actor()
    columns = queries.columns_of(session, actor, asked, moment, COLUMN)
    every = [match for some in columns.values() for match in some]
    lines = iter(panels.lines_of(session, actor, every, moment))
    return {
        "columns": [
            {
                "state": state.value,
                "label": STATES[state],
                "lines": [next(lines) for _match in some],
                "url": address(asked.but(look=rules.LIST, state=state.value)),
            }
            for state, some in columns.items()
        ]
    }


def _of_sides(actor: Actor) -> ResponseReturnValue:
    """What somebody sees whose organisations are a side."""
    session = read_session()
    ended = request.args.get("tab") == "ended"
    before = asked_id("before")
    states = rules.ENDED_STATES if ended else LIVE_STATES
    found = matches_visible(
        session, actor, states=states, before_id=before, limit=PAGE + 1, as_side=actor.is_broker
    )
    older = found[PAGE - 1].id if len(found) > PAGE else None
    waiting = {match.id for match in waiting_for_answer(session, actor)}
    kept: dict[str, Any] = {"who": SIDES} if actor.is_broker else {}
    tabs = [
        {"url": url_for("queue.matches", **kept), "label": _("Going on"), "active": not ended},
        {"url": url_for("queue.matches", tab="ended", **kept), "label": _("Ended"),
         "active": ended},
    ]  # fmt: skip
    more = url_for("queue.matches", tab=request.args.get("tab"), before=older, **kept)
    return render_template(
            "brokering/matches.html",
            lines=[_side_line(match, match.id in waiting) for match in found[:PAGE]],
            tabs=tabs,
            more=more if older else None,
            nav=side_nav("matches", None, session, actor) if actor.is_broker else (),
    )


def _side_line(match: Match, waits_for_me: bool) -> dict[str, Any]:
    tags = [(state_label(match), state_tone(match.state))]
    if waits_for_me:
        tags.insert(0, (_("Your answer is wanted"), "warn"))
    step = PROGRESS.get(match.state)
    words = "–" if step is None else "✓" if step == panels.STEPS else f"{step}/{panels.STEPS}"
    return {
        **{side.value: title_of(current_actor(), match, side, locale_code()) for side in Side},
        "url": url_for("brokering.show", public_id=match.public_id),
        "text": local_day(match.updated_at),
        "tags": tags,
        "score": 100 * (step or 0) // panels.STEPS,
        "ring_text": words,
        "ring_tone": "need" if waits_for_me else "",
    }
