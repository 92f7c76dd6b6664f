"""Hiding a project for a case, and showing it again."""

from exchange.kernel.act import Act
from exchange.projects.events import ProjectHeld
from exchange.projects.models import Project


def set_held(act: Act, project: Project, *, held: bool) -> bool:
    """Hide it or show it; return whether that changed anything.

    The caller has decided that it may be done, holds the lock of the row, and tells the owner.
    """
    if held is (project.held_at is not None):
        return False
    project.held_at = act.now if held else None
    project.version += 1
    project.updated_at = act.now
    act.session.flush()
    act.emit(ProjectHeld(project.id, project.organisation_id, by_case=True))
    return True
