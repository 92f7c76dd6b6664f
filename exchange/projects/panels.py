"""What projects put on pages: on a need's page, on one's own page, beside the station's review;
and the needs of a project on its own page.
"""

from typing import Any

from flask import Flask, url_for

from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.rules import JOINABLE, MOST_PARTS
from exchange.projects.bundling import left_out
from exchange.projects.mine_queries import count_waiting
from exchange.projects.models import Project
from exchange.projects.needs import may_add_needs, project_of_need
from exchange.projects.permissions import can_see, readable_needs
from exchange.projects.slots import STORY
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "listing.main", need_panel, order=31)
    fill_slot(app, "me.links", _mine, order=12)
    fill_slot(app, "review.more", _waiting, order=10)
    fill_slot(app, STORY, needs_panel, order=20)


def need_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """The project a need is a part of, as far as the reader may know; else, for its own people,
    the way to make one of it.
    """
    if listing.side is not Side.NEED:
        return None
    session, actor = read_session(), current_actor()
    found = project_of_need(session, listing.id)
    if found is not None:
        if not can_see(actor, found) or not readable_needs(actor, [listing]):
            return None
        return PanelContent("projects/_of_need.html", {"project": found})
    if not actor.belongs_to(listing.organisation_id) or listing.state not in JOINABLE:
        return None
    url = url_for("projects.new", need=listing.public_id)
    return PanelContent("projects/_of_need.html", {"project": None, "url": url})


def needs_panel(project: Project, actor: Actor, **values: Any) -> PanelContent | None:
    """What it needs now, how far each need is for those inside, and the way to the whole."""
    page = values.get("page")
    if page is None:
        return None
    may_add = may_add_needs(actor, project)
    if not page.needs and not may_add:
        return None
    shown = {"project": project, "page": page, "may_add": may_add}
    if project.undertaking_id is not None and page.inside:
        session, needs = read_session(), [line.need for line in page.needs]
        shown["bundle"] = session.get(Undertaking, project.undertaking_id)
        shown |= {"left_out": left_out(session, project, needs), "most": MOST_PARTS}
    return PanelContent("projects/_needs.html", shown)


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("projects/_mine_link.html")


def _waiting(**_values: Any) -> PanelContent | None:
    count = count_waiting(read_session(), current_actor())
    return PanelContent("projects/_waiting_link.html", {"count": count}) if count else None
