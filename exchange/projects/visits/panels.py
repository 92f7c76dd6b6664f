"""What other pages show of roadshows and visits."""

from typing import Any

from flask import Flask

from exchange.projects.models import Project
from exchange.projects.visits.permissions import may_run, takes_visits
from exchange.projects.visits.queries import coming, count_coming
from exchange.projects.visits.showing import visit_views
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand in the story of a project, among what can be done there, and where it ends."""
    fill_slot(app, "projects.story", story, order=40)
    fill_slot(app, "projects.ending", ending, order=40)
    fill_slot(app, "projects.acts", acts, order=40)


def story(project: Project, **_values: Any) -> PanelContent | None:
    """What is to come, the next first."""
    found = coming(read_session(), project.id, house().clock.now())
    if not found:
        return None
    visits = visit_views(house(), current_actor(), found, locale_code())
    return PanelContent("projects/_visits.html", {"project": project, "visits": visits})


def acts(project: Project, **_values: Any) -> PanelContent | None:
    """The way to announce one, for those who may."""
    if not (takes_visits(project) and may_run(current_actor(), project)):
        return None
    return PanelContent("projects/_visit_acts.html", {"project": project})


def ending(project: Project, **_values: Any) -> PanelContent | None:
    """What is called off with the project, said before it ends or is taken back."""
    count = count_coming(read_session(), project.id, house().clock.now())
    return PanelContent("projects/_visits_ending.html", {"count": count}) if count else None
