"""A poster of a project for the noticeboard, texts for a chat group, and where their links lead."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import organisation_label
from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import Conflict, NotFound
from exchange.listings.rules import title_from
from exchange.listings.sharing.content import address_of
from exchange.listings.sharing.rules import chat_text, row_of, short_code
from exchange.projects.models import Project
from exchange.projects.news.panels import standing
from exchange.projects.news.permissions import may_read
from exchange.projects.news.queries import news_of, seen_update, update_with_id
from exchange.projects.news.showing import (
    PROJECT_LINK,
    UPDATE_LINK,
    figure_texts,
    news_url,
    news_views,
    project_url,
    update_title,
)
from exchange.projects.news.views import bp
from exchange.projects.permissions import can_see
from exchange.projects.queries import project_with_id, seen_project
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, read_session
from exchange.web.paper import language_of_readers, poster_page
from exchange.web.qr import qr_svg

ON_A_POSTER, FIGURES = 2, 4
LONGEST_WORDS = 120


@bp.get("/p/<code>")
@access(PUBLIC)
def lead_to_project(code: str) -> ResponseReturnValue:
    """On to the project, for who may see it. Nothing is counted."""
    row_id = row_of(code)
    project = project_with_id(read_session(), row_id) if row_id else None
    if project is None or not can_see(current_actor(), project):
        raise NotFound
    return redirect(project_url(project))


@bp.get("/p/n/<code>")
@access(PUBLIC)
def lead_to_news(code: str) -> ResponseReturnValue:
    """On to a piece of news."""
    row_id = row_of(code)
    update = update_with_id(read_session(), row_id) if row_id else None
    if update is None or not may_read(current_actor(), update):
        raise NotFound
    return redirect(news_url(update.project, update))


@bp.get("/projects/<public_id>/poster")
@access(PUBLIC)
def poster(public_id: str) -> ResponseReturnValue:
    """A sheet for the noticeboard: what it is, where it stands, what is new."""
    project = _public(public_id)
    session = read_session()
    found = news_of(session, project.id, ON_A_POSTER)
    link = address_of(PROJECT_LINK + short_code(project.id))
    with language_of_readers() as language:
        views = news_views(session, VISITOR, found, language)
        sheet = render_template(
            "projects/news/poster.html",
            project=project,
            owner=organisation_label(project.organisation, language),
            aim=_cut(project.aim),
            news=[(view.day, _cut(" ".join(view.text.split()))) for view in views],
            figures=[pair for view in views for pair in view.figures][:FIGURES],
            standing=standing(project),
            link=link,
            qr=qr_svg(link, _("Code that leads to this page")),
        )
    hint = _("A4 upright, for the noticeboard.")
    return poster_page(sheet, language, project_url(project), hint)


@bp.get("/projects/<public_id>/share")
@access(PUBLIC)
def text(public_id: str) -> ResponseReturnValue:
    """A text about a project for a chat group."""
    project = _public(public_id)
    found = news_of(read_session(), project.id, 1)
    now = standing(project)
    with language_of_readers() as language:
        steps = _("%(done)s of %(steps)s steps done", **now) if now["steps"] else ""
        said = chat_text(
            f"【{_('Project')}】{project.title}",
            (
                ("", _cut(project.aim)),
                (_("Where it stands: "), steps),
                (_("New: "), _cut(" ".join(found[0].text.split())) if found else ""),
            ),
            _("See it here:"),
            address_of(PROJECT_LINK + short_code(project.id)),
        )
    back = project_url(project)
    return render_template("listings/share.html", text=said, language=language, back=back)


@bp.get("/projects/<public_id>/news/<update_id>/share")
@access(PUBLIC)
def update_text(public_id: str, update_id: str) -> ResponseReturnValue:
    """A text about one piece of news for a chat group."""
    _public(public_id)
    update = seen_update(read_session(), VISITOR, public_id, update_id)
    with language_of_readers() as language:
        figures = figure_texts(update, language)
        words = _cut(" ".join(update.text.split())) or update_title(update)
        said = chat_text(
            f"【{_('News')}】{update.project.title}",
            [("", words), *(("", f"{label} {amount}") for amount, label in figures)],
            _("See it with pictures here:"),
            address_of(UPDATE_LINK + short_code(update.id)),
        )
    back = url_for("project_news.show", public_id=public_id, update_id=update_id)
    return render_template("listings/share.html", text=said, language=language, back=back)


def _public(public_id: str) -> Project:
    """The project as everybody sees it. Raises Conflict where it is not for everybody."""
    project = seen_project(read_session(), current_actor(), public_id)
    if not can_see(VISITOR, project):
        raise Conflict("project_not_shared")
    return project


def _cut(words: str) -> str:
    """The words themselves where they are few, else their first sentence."""
    plain = " ".join(words.split())
    return plain if len(plain) <= LONGEST_WORDS else f"{title_from(plain)}…"
