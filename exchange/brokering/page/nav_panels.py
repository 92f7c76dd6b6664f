"""The side navigation of a broker's desk, here and on the pages of earlier rooms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.centre.escalation_queries import count_told
from exchange.brokering.desk.queue import live_count
from exchange.brokering.desk.routed_pairs import count_unclaimed
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.queries import count_waiting
from exchange.matching.duplicates.queries import count_proposals
from exchange.projects.news.queries import count_silent
from exchange.web.acting import current_actor, house, read_session
from exchange.web.panels import PanelContent


@dataclass(frozen=True)
class SideNavEntry:
    """An entry of the desk's side navigation."""

    url: str
    label: str
    active: bool
    count: int


DeskEntries = Callable[[str, Actor], tuple[SideNavEntry, ...]]
ENTRIES = "exchange.desk_entries"


def add_desk_entries(app: Flask, entries: DeskEntries) -> None:
    """Let a later room add entries behind those of this one; it is told where one is."""
    app.extensions.setdefault(ENTRIES, []).append(entries)


def side_nav(
    here: str, count: int | None, session: Session, actor: Actor
) -> tuple[SideNavEntry, ...]:
    """The entries; ``here`` is the page one is on, ``count`` what is to be done today."""
    day = civil_date(house().clock.now(), house().settings.time_zone)
    twice = count_proposals(session, actor, day)
    added = [one for add in current_app.extensions.get(ENTRIES, ()) for one in add(here, actor)]
    return (
        SideNavEntry(url_for("queue.today"), _("Today"), here == "today", count or 0),
        SideNavEntry(
            url_for("queue.matches"), _("Matches"), here == "matches", live_count(session, actor)
        ),
        SideNavEntry(
            url_for("listings.review_queue"), _("To review"), False, count_waiting(session, actor)
        ),
        SideNavEntry(url_for("duplicates.queue"), _("Posted twice?"), here == "duplicates", twice),
        SideNavEntry(
            url_for("routing.needs"), _("Needs waiting"), here == "needs",
            count_unclaimed(session, actor),
        ),
        SideNavEntry(
            url_for("project_news.silent"), _("Silent projects"), here == "silent",
            count_silent(session, actor, day, house().settings.time_zone),
        ),
        *(_of_supervisors(here, session, actor) if actor.supervises else ()),
        *added,
    )


def _of_supervisors(
    here: str, session: Session, actor: Actor
) -> tuple[SideNavEntry, ...]:
    told = count_told(session, actor)
    return (
        SideNavEntry(url_for("plans.index"), _("Plans"), False, 0),
        SideNavEntry(url_for("overviews.centre"), _("Figures"), False, 0),
        SideNavEntry(
            url_for("proxy_cases.index"), _("Done for others"), here == "proxies", 0
        ),
        SideNavEntry(url_for("overviews.escalations"), _("Resting for too long"), False, told),
    )


def desk_nav(here: str, **_values: Any) -> PanelContent:
    """The same for a page of an earlier room."""
    nav = side_nav(here, None, read_session(), current_actor())
    return PanelContent("brokering/_nav.html", {"nav": nav})
