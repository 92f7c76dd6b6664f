"""Asking a project's people for news when there was none for long."""

from datetime import datetime

from exchange.accounts.queries import concerned
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden
from exchange.notifications.service import notify
from exchange.projects.locking import lock_project
from exchange.projects.models import Project
from exchange.projects.news.events import NewsAsked
from exchange.projects.news.queries import silent_to_ask
from exchange.projects.news.rules import ASKED_AGAIN_AFTER, silence_due
from exchange.projects.permissions import in_reach_of_broker
from exchange.projects.queries import project_with_id
from exchange.projects.rules import is_silent


def ask_the_silent(act: Act, limit: int) -> int:
    """Ask the people of projects that have been silent for 30 days, or for 30 more since they were
    asked. Returns how many projects were looked at; a second run asks nobody.
    """
    zone = act.house.settings.time_zone
    found = silent_to_ask(act.session, act.today, zone, limit)
    for project_id in found:
        project = project_with_id(act.session, project_id)
        if project is None:
            continue
        lock_project(act, project)
        asked = project.silent_told_at
        asked_on = civil_date(asked, zone) if asked else None
        if silence_due(project.stage, civil_date(quiet_since(project), zone), asked_on, act.today):
            _ask(act, project)
    return len(found)


def ask_for_news(act: Act, project: Project) -> None:
    """A social worker of one of its places asks now; at most once a day, whoever asks.

    Raises Forbidden, or Conflict where it is not silent, was asked within the day, or has nobody.
    """
    if not in_reach_of_broker(act.actor, project):
        raise Forbidden
    lock_project(act, project)
    if not is_silent(project.stage, days_quiet(act, project)):
        raise Conflict("news_not_silent")
    if project.silent_told_at and act.now - project.silent_told_at < ASKED_AGAIN_AFTER:
        raise Conflict("news_asked_lately")
    if not concerned(act.session, project.organisation_id, project.author_id):
        raise Conflict("news_nobody_to_ask")
    _ask(act, project)


def quiet_since(project: Project) -> datetime:
    """Since when there has been no news."""
    return project.news_at or project.published_at or project.created_at


def days_quiet(act: Act, project: Project) -> int:
    """For how many days there has been none."""
    zone = act.house.settings.time_zone
    return (act.today - civil_date(quiet_since(project), zone)).days


def _ask(act: Act, project: Project) -> None:
    days = days_quiet(act, project)
    project.silent_told_at = act.now
    act.session.flush()
    people = concerned(act.session, project.organisation_id, project.author_id)
    notify(
        act,
        people,
        "project_silent",
        {"title": project.title, "days": days},
        f"/projects/{project.public_id}/news/new",
        dedupe_key=f"project_silent:{project.id}:{act.now.isoformat()}",
    )
    act.emit(NewsAsked(project.id, project.organisation_id))
