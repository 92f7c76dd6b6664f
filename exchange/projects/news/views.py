"""The pages of news: all of a project, one piece, following, and the projects one follows."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import NotFound
from exchange.projects.news.following import follow_project, unfollow_project
from exchange.projects.news.panels import acts_of
from exchange.projects.news.queries import PAGE, followed_by, news_of, seen_update
from exchange.projects.news.showing import news_views, project_url, update_title
from exchange.projects.permissions import can_see
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.dates import local_day
from exchange.web.locale import locale_code

bp = Blueprint("project_news", __name__)
MOST_FOLLOWED = 200
LAST_PAGE = 10_000


def asked_page() -> int:
    """The page that is asked for; the first where it makes no sense. Raises NotFound far beyond."""
    page = request.args.get("page", 1, type=int)
    if page > LAST_PAGE:
        raise NotFound
    return max(page, 1)


@bp.get("/projects/<public_id>/news")
@access(PUBLIC)
def index(public_id: str) -> ResponseReturnValue:
    """All news of a project, the newest first."""
    session, actor, page = read_session(), current_actor(), asked_page()
    project = seen_project(session, actor, public_id)
    found = news_of(session, project.id, PAGE + 1, (page - 1) * PAGE)
    return render_template(
        "projects/news/index.html",
        project=project,
        project_url=project_url(project),
        news=news_views(session, actor, found[:PAGE], locale_code()),
        page=page,
        more=len(found) > PAGE,
        acts=acts_of(project),
    )


@bp.get("/projects/<public_id>/news/<update_id>")
@access(PUBLIC)
def show(public_id: str, update_id: str) -> ResponseReturnValue:
    """One piece of news."""
    session, actor = read_session(), current_actor()
    update = seen_update(session, actor, public_id, update_id)
    return render_template(
        "projects/news/show.html",
        project=update.project,
        project_url=project_url(update.project),
        view=news_views(session, actor, [update], locale_code())[0],
        title=update_title(update),
        acts=acts_of(update.project),
        is_public=can_see(VISITOR, update.project),
    )


@bp.post("/projects/<public_id>/follow")
@access(SIGNED_IN)
def follow(public_id: str) -> ResponseReturnValue:
    """Hear of this project from now on."""
    with acting() as act:
        follow_project(act, seen_project(act.session, act.actor, public_id))
    flash(_("You follow this project: its news comes to your messages."))
    return redirect(_back(public_id))


@bp.post("/projects/<public_id>/unfollow")
@access(SIGNED_IN)
def unfollow(public_id: str) -> ResponseReturnValue:
    """Hear of it no more."""
    with acting() as act:
        unfollow_project(act, seen_project(act.session, act.actor, public_id).id)
    flash(_("You do not follow this project any more."))
    return redirect(_back(public_id))


@bp.get("/my/followed-projects")
@access(SIGNED_IN)
def followed() -> ResponseReturnValue:
    """The projects that one follows, those with the newest news first."""
    lines = [
        {
            "project": one,
            "url": project_url(one),
            "last": local_day(one.news_at) if one.news_at else "",
        }
        for one in followed_by(read_session(), current_actor(), MOST_FOLLOWED)
    ]
    return render_template("projects/news/followed.html", lines=lines)


def _back(public_id: str) -> str:
    """Where somebody came from: their list, or the project's page, or its news."""
    came = request.form.get("back", "")
    if came == "list":
        return url_for("project_news.followed")
    return f"/projects/{public_id}" if came == "project" else url_for(
        "project_news.index", public_id=public_id
    )
