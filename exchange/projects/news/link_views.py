"""What the link of a message about news leads to: the news, and one tap that ends following."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.panels import (
    count_sent,
    language_of,
    link_actor,
    link_page,
    wrong_link,
)
from exchange.accounts.links.rules import LinkPurpose, may_open
from exchange.accounts.links.service import find_link
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.errors import Conflict, NotFound
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.following import keys_of, unfollow_by_link
from exchange.projects.news.queries import follows, seen_update
from exchange.projects.news.showing import figure_texts, news_url
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, access
from exchange.web.acting import acting, house, read_session
from exchange.web.dates import local_day
from exchange.web.locale import locale_code
from exchange.web.security import csrf
from exchange.web.sentences import sentence

links = Blueprint("project_news_link", __name__)
csrf.exempt(links)
PAGE = "projects/news/link.html"
ADDRESS = "/n/<string(maxlength=64):token>"


@links.get(ADDRESS)
@access(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """The news. Opening it changes nothing: previews and scanners open links, too."""
    link = _find(token)
    return _page(link) if link else wrong_link(PAGE)


@links.post(ADDRESS)
@access(PUBLIC)
def end(token: str) -> ResponseReturnValue:
    """Follow the project no more; the link is used up."""
    count_sent()
    link = _find(token)
    if link is None:
        return wrong_link(PAGE)
    project, actor = _project(link, SYSTEM), link_actor(link)
    if project is None:
        return _page(link, 404)
    project_id = project.id
    try:
        with acting(actor, via="link") as act:
            unfollow_by_link(act, token, project_id)
    except (Conflict, NotFound) as error:
        again = _find(token)
        return _page(again, error.status, error.code) if again else wrong_link(PAGE)
    return redirect(url_for("project_news_link.show", token=token), 303)


def _find(token: str) -> SignedLink | None:
    return find_link(read_session(), house().secrets, LinkPurpose.UNFOLLOW, token)


def _project(link: SignedLink, actor: Actor) -> Project | None:
    try:
        return seen_project(read_session(), actor, keys_of(link)[0])
    except NotFound:
        return None


def _news(link: SignedLink) -> ProjectUpdate | None:
    """What the link is about; none once it was withdrawn."""
    try:
        return seen_update(read_session(), link_actor(link), *keys_of(link))
    except NotFound:
        return None


def _page(link: SignedLink, status: int = 200, refused: str = "") -> Response:
    """What whom it was sent to still sees; of a project that is hidden from them nothing."""
    project = _project(link, link_actor(link))
    with language_of(link):
        if project is None:
            return link_page(PAGE, status, closed=sentence("news_link_over"), view=None)
        decision = may_open(
            used_at=link.used_at, closed_at=link.closed_at, expires_at=link.expires_at,
            now=house().clock.now(),
        )  # fmt: skip
        view = {
            "title": project.title,
            "news": _said(_news(link)),
            "follows": follows(read_session(), project.id, link.person_id),
            "may_end": bool(decision),
        }
        return link_page(
            PAGE, status, view=view, closed="", refused=sentence(refused) if refused else ""
        )


def _said(update: ProjectUpdate | None) -> dict[str, Any] | None:
    if update is None:
        return None
    return {
        "url": news_url(update.project, update),
        "day": local_day(update.published_at),
        "paragraphs": [line for line in update.text.split("\n") if line.strip()],
        "figures": figure_texts(update, locale_code()),
    }
