"""What other pages show of intentions: a project's page, one's own page."""

from typing import Any

from flask import Flask

from exchange.kernel.actor import Actor
from exchange.projects.intentions.labels import KIND_LABELS
from exchange.projects.intentions.permissions import may_read_all
from exchange.projects.intentions.queries import count_to_answer, has_own, unanswered_of, wanted_of
from exchange.projects.intentions.rules import may_declare
from exchange.projects.models import Project
from exchange.projects.permissions import is_inside, may_manage
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand in the story of a project, among what can be done there, where it ends, and on one's
    own page.
    """
    fill_slot(app, "projects.story", story, order=30)
    fill_slot(app, "projects.ending", ending, order=30)
    fill_slot(app, "projects.acts", acts, order=30)
    fill_slot(app, "me.links", _mine, order=12)


def takes_intentions(actor: Actor, project: Project) -> bool:
    """Whether somebody from outside may declare one now; visitors are asked to sign in then."""
    return bool(
        may_declare(
            inside=is_inside(actor, project), publication=project.publication,
            stage=project.stage, held=project.held_at is not None, in_standing=True,
        )
    )  # fmt: skip


def story(project: Project, **_values: Any) -> PanelContent | None:
    """Which cooperation is wished for; for the project's side what waits for an answer."""
    session, actor = read_session(), current_actor()
    wanted = [(KIND_LABELS[row.kind], row.words) for row in wanted_of(session, project.id)]
    reads = may_read_all(actor, project)
    waiting = count_to_answer(session, actor, project.id) if reads else 0
    if not (wanted or reads):
        return None
    values = {
        "project": project, "wanted": wanted, "reads_all": reads, "waiting": waiting,
        "manages": may_manage(actor, project),
    }  # fmt: skip
    return PanelContent("projects/_intentions.html", values)


def acts(project: Project, **_values: Any) -> PanelContent | None:
    """The way to declare one, or to the one that was declared."""
    session, actor = read_session(), current_actor()
    own = has_own(session, actor, project.id) if actor.is_signed_in else None
    may = takes_intentions(actor, project)
    if own is None and not may:
        return None
    values = {"project": project, "own": own, "may_declare": may}
    return PanelContent("projects/_intention_acts.html", values)


def ending(project: Project, **_values: Any) -> PanelContent | None:
    """What gets no answer any more, said before the project ends or is taken back."""
    count = len(unanswered_of(read_session(), [project.id]))
    return PanelContent("projects/_intentions_ending.html", {"count": count}) if count else None


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("projects/_intentions_link.html")
