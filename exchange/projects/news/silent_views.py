"""For social workers: projects of their places that have had no news for long."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import organisation_label
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict
from exchange.projects.models import Project
from exchange.projects.news.queries import silent_projects
from exchange.projects.news.rules import ASKED_AGAIN_AFTER
from exchange.projects.news.showing import project_url
from exchange.projects.news.silence import ask_for_news, quiet_since
from exchange.projects.news.views import asked_page, bp
from exchange.projects.queries import seen_project
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_day
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

PAGE = 20


@bp.get("/projects/silent")
@access(BROKER)
def silent() -> ResponseReturnValue:
    """The longest silent first."""
    zone, page = house().settings.time_zone, asked_page()
    today = civil_date(house().clock.now(), zone)
    found = silent_projects(
        read_session(), current_actor(), today, zone, PAGE + 1, (page - 1) * PAGE
    )
    return render_template(
        "projects/news/silent.html",
        lines=[_line(one) for one in found[:PAGE]],
        page=page,
        more=len(found) > PAGE,
    )


@bp.post("/projects/<public_id>/ask-for-news")
@access(BROKER)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask its people now."""
    try:
        with acting() as act:
            ask_for_news(act, seen_project(act.session, act.actor, public_id))
    except Conflict as error:
        flash(sentence(error.code, error.params), "warning")
    else:
        flash(_("Asked. They find it in their messages."))
    return redirect(url_for("project_news.silent", page=request.form.get("page", 1, type=int)))


def _line(project: Project) -> dict[str, Any]:
    now, zone = house().clock.now(), house().settings.time_zone
    asked = project.silent_told_at
    return {
        "project": project,
        "url": project_url(project),
        "owner": organisation_label(project.organisation, locale_code()),
        "days": (civil_date(now, zone) - civil_date(quiet_since(project), zone)).days,
        "last": local_day(project.news_at) if project.news_at else "",
        "asked": local_day(asked) if asked else "",
        "may_ask": asked is None or now - asked >= ASKED_AGAIN_AFTER,
    }
