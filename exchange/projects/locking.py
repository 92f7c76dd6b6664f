"""Taking a project's row for oneself: what is decided about it still holds when it is done."""

from sqlalchemy.exc import InvalidRequestError

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.projects.models import Project


def lock_project(act: Act, project: Project, version: int | None = None) -> None:
    """Lock the row and read it afresh; ``version`` is the one the actor was shown.

    Raises NotFound when somebody has deleted it, Conflict "changed_meanwhile" when it says
    something else by now.
    """
    act.session.flush()
    try:
        act.session.refresh(project, with_for_update={"of": Project})
    except InvalidRequestError as error:
        raise NotFound from error
    if version is not None and version != project.version:
        raise Conflict("changed_meanwhile", version=project.version)
