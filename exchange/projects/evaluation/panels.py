"""What evaluation puts on other pages: a project's story and acts, and one's own page."""

from typing import Any

from flask import Flask

from exchange.kernel.actor import Actor
from exchange.listings.views import today
from exchange.projects.evaluation.kinds import RoundState
from exchange.projects.evaluation.showing import evaluation_view
from exchange.projects.models import Project
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand last in the story of a project; what one can do; the overview of a worker."""
    fill_slot(app, "projects.story", story_panel, order=60)
    fill_slot(app, "projects.acts", acts_panel, order=60)
    fill_slot(app, "me.links", overview_panel, order=30)


def story_panel(project: Project, **values: Any) -> PanelContent | None:
    """What came of it, in short; nothing before there is anything to read."""
    actor: Actor = values.get("actor") or current_actor()
    view = evaluation_view(read_session(), house(), actor, project, locale_code(), today())
    begun = [one for one in view.rounds if one.state is RoundState.OPEN]
    if not (view.shown or view.outcomes or (view.follows and begun)):
        return None
    return PanelContent("projects/evaluation/_story.html", {"project": project, "view": view})


def acts_panel(project: Project, **values: Any) -> PanelContent | None:
    """For those inside: say how it went, while a round asks."""
    actor: Actor = values.get("actor") or current_actor()
    if not actor.is_signed_in:
        return None
    view = evaluation_view(read_session(), house(), actor, project, locale_code(), today())
    asked = [one for one in view.rounds if one.may_speak and not one.has_spoken]
    if not asked:
        return None
    return PanelContent("projects/evaluation/_acts.html", {"project": project, "asked": asked})


def overview_panel(**_values: Any) -> PanelContent | None:
    """For social workers: which rounds are overdue."""
    if not current_actor().is_broker:
        return None
    return PanelContent("projects/evaluation/_overview_link.html")
