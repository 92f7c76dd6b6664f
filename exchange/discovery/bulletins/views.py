"""What everybody reads: an issue as a page, on paper and as a text; the archive of a place."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from exchange.discovery.bulletins.kinds import WAITING, State
from exchange.discovery.bulletins.labels import NOTHING_NEW, STATES
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.discovery.bulletins.permissions import may_edit, may_manage
from exchange.discovery.bulletins.place_service import follow, unfollow
from exchange.discovery.bulletins.queries import (
    PAGE,
    bulletin_numbered,
    followed_by,
    place_called,
    place_name,
    place_names,
    public_places,
    published,
    published_called,
    seen_bulletin,
)
from exchange.discovery.bulletins.rules import chat_lines, cut, most_on_paper
from exchange.discovery.bulletins.showing import (
    BulletinView,
    SectionView,
    bulletin_view,
    bulletin_views,
)
from exchange.kernel.errors import NotFound
from exchange.listings.sharing.content import address_of
from exchange.listings.sharing.rules import row_of
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.paper import language_of_readers
from exchange.web.qr import qr_svg

bp = Blueprint("bulletins", __name__)
IN_A_TEXT, LONGEST_IN_TEXT = 5, 28


@bp.get("/bulletins")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    """What came out last, and the places that have a bulletin."""
    session = read_session()
    places = public_places(session)
    names = place_names(session, places, locale_code())
    latest = published(session, limit=PAGE)
    return render_template(
        "discovery/bulletins/index.html",
        views=_views(latest),
        places=sorted(((names[one.id], one) for one in places), key=lambda pair: pair[0]),
        is_worker=current_actor().is_broker,
    )


@bp.get("/bulletins/at/<public_id>")
@access(PUBLIC)
def archive(public_id: str) -> ResponseReturnValue:
    """What came out for a place, the newest first."""
    session, actor = read_session(), current_actor()
    place = place_called(session, public_id)
    before = _before(place, request.args.get("before", ""))
    found = published(session, place_id=place.id, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    more = shown[-1].public_id if len(found) > PAGE else ""
    return render_template(
        "discovery/bulletins/archive.html",
        bulletin_place=place,
        name=place_name(session, place, locale_code()),
        views=_views(shown),
        more=url_for(".archive", public_id=public_id, before=more) if more else None,
        is_first=before is None,
        follows=place.id in followed_by(session, actor.person_id),
    )


def _before(place: BulletinPlace, public_id: str) -> tuple[datetime, int] | None:
    found = published_called(read_session(), place.id, public_id) if public_id else None
    if found is None or found.published_at is None:
        return None
    return found.published_at, found.id


@bp.post("/bulletins/at/<public_id>/<any(follow, unfollow):way>")
@access(SIGNED_IN)
def set_follow(public_id: str, way: str) -> ResponseReturnValue:
    """Be told when one comes out, or no more."""
    with acting() as act:
        (follow if way == "follow" else unfollow)(act, public_id)
    said = (
        _("We tell you here and by the ways you have chosen when the next one comes out.")
        if way == "follow"
        else _("You follow this bulletin no more.")
    )
    flash(said, "success")
    return redirect(url_for("bulletins.archive", public_id=public_id))


@bp.get("/bulletins/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """An issue as everybody reads it; before it comes out, for those who edit it."""
    session, actor = read_session(), current_actor()
    issue = seen_bulletin(session, actor, public_id)
    return render_template(
        "discovery/bulletins/show.html",
        view=_view(issue),
        is_out=issue.state is State.PUBLISHED,
        state=STATES[issue.state],
        may_edit=may_edit(actor, issue.place) and issue.state in WAITING,
        may_manage=may_manage(actor, issue.place),
        may_decide=may_manage(actor, issue.place) and issue.state in WAITING,
        follows=issue.bulletin_place_id in followed_by(session, actor.person_id),
    )


@bp.get("/bulletins/<public_id>/print")
@access(PUBLIC)
def paper(public_id: str) -> ResponseReturnValue:
    """One sheet of A4 for the noticeboard."""
    issue = seen_bulletin(read_session(), current_actor(), public_id)
    with language_of_readers() as language:
        view = _view(issue)
        lists = sum(1 for section in view.sections if section.items)
        sheet = render_template(
            "discovery/bulletins/_sheet.html",
            view=view,
            most=most_on_paper(lists, view.introduction),
            site=house().settings.base_url.rstrip("/"),
            qr=qr_svg(view.link, _("Code that leads to this bulletin")),
        )
    return render_template(
        "discovery/bulletins/print.html",
        sheet=Markup(sheet),  # noqa: S704 - a template of ours has escaped it
        headline=view.headline,
        is_out=issue.state is State.PUBLISHED,
        language=language,
        public_id=public_id,
    )


@bp.get("/bulletins/<public_id>/text")
@access(PUBLIC)
def text(public_id: str) -> ResponseReturnValue:
    """A text to paste into a chat group."""
    issue = seen_bulletin(read_session(), current_actor(), public_id)
    back = url_for("bulletins.show", public_id=public_id)
    with language_of_readers() as language:
        said = chat_text(_view(issue))
    return render_template("listings/share.html", text=said, language=language, back=back)


@bp.get("/b/<code>")
@access(PUBLIC)
def short(code: str) -> ResponseReturnValue:
    """On to an issue, for who may read it. Nothing is counted."""
    row_id = row_of(code)
    issue = bulletin_numbered(read_session(), row_id) if row_id else None
    if issue is None:
        raise NotFound
    seen_bulletin(read_session(), current_actor(), issue.public_id)
    return redirect(url_for("bulletins.show", public_id=issue.public_id))


def chat_text(view: BulletinView) -> str:
    """Short lines; the first of each list with its short link, and the link to the whole."""
    head = f"【{view.headline}】\n{view.period}\n{view.counted}"
    if view.introduction:
        head = f"{head}\n{view.introduction}"
    if not view.has_news:
        head = f"{head}\n{NOTHING_NEW}"
    parts = [
        (_heading(section, IN_A_TEXT), [
            (_item_text(item.title, item.facts), address_of(item.short))
            for item in section.items[:IN_A_TEXT]
        ])
        for section in view.sections
        if section.figures or section.items
    ]  # fmt: skip
    return chat_lines(head, parts, _("All of it, and how to help:"), view.link)


def _heading(section: SectionView, most: int) -> str:
    comma = "，" if locale_code() == "zh" else ", "
    return f"【{section.heading}】{comma.join(section.said(most))}"


def _item_text(title: str, facts: Sequence[str]) -> str:
    first = next(iter(facts), "")
    short_title = cut(title, LONGEST_IN_TEXT)
    return f"{short_title} {first}" if first else short_title


def _view(issue: Bulletin) -> BulletinView:
    return bulletin_view(read_session(), house(), issue, locale_code())


def _views(issues: Sequence[Bulletin]) -> list[BulletinView]:
    return bulletin_views(read_session(), house(), issues, locale_code())
