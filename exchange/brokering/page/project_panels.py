"""The way from a match to a project, and the projects that wait beside the other work of the desk.

Once both sides know each other, either of them or their social worker may make something longer
of it: the need's side leads where the worker begins it.
"""

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match
from exchange.brokering.page.nav_panels import SideNavEntry, add_desk_entries
from exchange.brokering.queries import seen_match
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.cards import shown_place
from exchange.listings.kinds import Side
from exchange.listings.undertakings.permissions import may_group
from exchange.projects.mine_queries import count_waiting
from exchange.projects.needs import MET_OR_JOINABLE, project_of_need
from exchange.projects.origins import Origin, set_match_reader
from exchange.projects.permissions import can_see
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot

FROM = (
    MatchState.INTRODUCED, MatchState.AGREED, MatchState.DELIVERING, MatchState.COMPLETED,
    MatchState.EVALUATED,
)  # fmt: skip


def install(app: Flask) -> None:
    """Fill the slots, and say how a project reads a match."""
    fill_slot(app, "match.main", project_panel, order=40)
    add_desk_entries(app, desk_entries)
    set_match_reader(app.extensions["exchange"], read_match)


def desk_entries(here: str, actor: Actor) -> tuple[SideNavEntry, ...]:
    """Projects in the navigation of the desk, with what waits for review."""
    count = count_waiting(read_session(), actor)
    url = url_for("projects.waiting")
    return (SideNavEntry(url, _("Projects to review"), here == "projects", count),)


def project_panel(public_id: str, **_values: Any) -> PanelContent | None:
    """The project that the need is a part of; else, for those who may, the way to make one."""
    session, actor = read_session(), current_actor()
    match = seen_match(session, actor, public_id)
    if match.state not in FROM:
        return None
    found = project_of_need(session, match.need_id)
    if found is not None:
        values = {"project": found, "url": ""}
        return PanelContent("projects/_of_need.html", values) if can_see(actor, found) else None
    if _leader(actor, match) is None:
        return None
    url = url_for("projects.new", match=public_id)
    return PanelContent("projects/_of_need.html", {"project": None, "url": url})


def read_match(session: Session, actor: Actor, public_id: str) -> Origin:
    """What a match hands over to a project. Raises NotFound for all but its sides and its worker,
    and until both sides know each other.
    """
    if not public_id.isalnum():
        raise NotFound
    match = seen_match(session, actor, public_id)
    leading = _leader(actor, match) if match.state in FROM else None
    if leading is None:
        raise NotFound
    need, other = match.need, match.listing_of(leading.other)
    leads_need = leading is Side.NEED
    joins = (
        leads_need
        and need.state in MET_OR_JOINABLE
        and may_group(actor, [need])
        and project_of_need(session, need.id) is None
    )
    place = shown_place(actor, need)
    return Origin(
        title=need.public_title or need.title,
        leader_id=match.listing_of(leading).organisation_id,
        places=(place,) if place else (),
        partners=(other.organisation_id,),
        needs=(need,) if joins else (),
        category_code=need.category_code,
        groups=tuple(need.beneficiaries) if leads_need else (),
        by_worker=not actor.belongs_to(match.listing_of(leading).organisation_id),
    )


def _leader(actor: Actor, match: Match) -> Side | None:
    """Which side would lead a project that this reader makes; None where they may make none."""
    for side in (Side.NEED, Side.OFFER):
        if actor.belongs_to(match.listing_of(side).organisation_id):
            return side
    if actor.is_broker and actor.acts_for(match.broker_id):
        return Side.NEED
    return None
