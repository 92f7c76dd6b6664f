"""News as Atom feeds, for whoever likes: of one project, and of a place. Only what is public."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.geography.queries import path
from exchange.geography.rules import is_code
from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import NotFound
from exchange.projects.models import ProjectUpdate
from exchange.projects.news.queries import news_of, public_news
from exchange.projects.news.showing import figure_texts, news_url, project_url, update_title
from exchange.projects.news.views import bp
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, access
from exchange.web.acting import house, read_session
from exchange.web.feeds import MEDIA_TYPES, Feed, FeedEntry, write_feed
from exchange.web.locale import locale_code

ENTRIES = 30
YEAR = timedelta(days=366)
CACHED = "public, max-age=300"


@bp.get("/projects/<public_id>/news.atom")
@access(PUBLIC)
def of_project(public_id: str) -> ResponseReturnValue:
    """The last news of one project that everybody may see."""
    project = seen_project(read_session(), VISITOR, public_id)
    found = news_of(read_session(), project.id, ENTRIES)
    feed = Feed(
        id=_whole(f"{project_url(project)}/news"),
        title=project.title,
        subtitle=_("News of this project"),
        author=_("Village Resource Exchange"),
        page_url=_whole(f"{project_url(project)}/news"),
        language=_language(),
        entries=_entries(found, with_project=False),
    )
    return _answer(feed, found, project.published_at or project.created_at)


@bp.get("/projects/news.atom")
@access(PUBLIC)
def of_place() -> ResponseReturnValue:
    """The last public news of the projects of a place, or of everywhere."""
    code, session, now = request.args.get("place", ""), read_session(), house().clock.now()
    if code and not is_code(code):
        raise NotFound
    line = path(session, code) if code else ()
    if code and not line:
        raise NotFound
    places, until = [code] if code else [], now + timedelta(minutes=1)
    found = public_news(session, places, now - YEAR, until, ENTRIES)
    name = "".join(place.name for place in line[-2:])
    feed = Feed(
        id=_whole(url_for("project_news.of_place", place=code or None)),
        title=_("News of projects: %(place)s", place=name) if name else _("News of projects"),
        subtitle=_("What is new in the projects that everybody may see"),
        author=_("Village Resource Exchange"),
        page_url=_whole("/projects"),
        language=_language(),
        entries=_entries(found, with_project=True),
    )
    return _answer(feed, found, None)


def _entries(found: Sequence[ProjectUpdate], *, with_project: bool) -> tuple[FeedEntry, ...]:
    return tuple(_entry(one, with_project=with_project) for one in found)


def _entry(update: ProjectUpdate, *, with_project: bool) -> FeedEntry:
    title, project = update_title(update), update.project
    figures = [f"{label} {amount}" for amount, label in figure_texts(update, locale_code())]
    named = with_project and title != project.title
    return FeedEntry(
        url=_whole(news_url(project, update)),
        title=f"{project.title}: {title}" if named else title,
        summary="\n".join(part for part in (update.text, " · ".join(figures)) if part) or title,
        published=update.published_at,
        updated=update.changed_at or update.published_at,
    )


def _answer(
    feed: Feed, found: Sequence[ProjectUpdate], otherwise: datetime | None
) -> Response:
    moments = [one.changed_at or one.published_at for one in found]
    updated = max(moments, default=otherwise or house().clock.now())
    own = _whole(request.full_path.rstrip("?"))
    answer = Response(write_feed("atom", feed, own, updated), content_type=MEDIA_TYPES["atom"])
    answer.set_etag(feed.digest[:32])
    answer.headers["Cache-Control"] = CACHED
    answer.make_conditional(request)
    return answer


def _language() -> str:
    return "zh-Hans" if locale_code().startswith("zh") else locale_code()


def _whole(where: str) -> str:
    return urljoin(house().settings.base_url, where)
