"""The page of one project."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from exchange.projects.labels import STAGE_LABELS, STAGE_TONES
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, read_session

bp = Blueprint("projects", __name__)


@bp.get("/projects/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """One project, as far as the reader may know it."""
    project = seen_project(read_session(), current_actor(), public_id)
    return render_template(
        "projects/show.html",
        project=project,
        stage=STAGE_LABELS[project.stage],
        tone=STAGE_TONES[project.stage],
    )
