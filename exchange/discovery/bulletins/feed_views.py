"""The bulletins of a place as Atom and JSON Feed."""

from urllib.parse import urljoin

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.discovery.bulletins.labels import NOTHING_NEW, RHYTHMS
from exchange.discovery.bulletins.models import BulletinPlace
from exchange.discovery.bulletins.queries import PAGE, place_called, place_name, published
from exchange.discovery.bulletins.showing import BulletinView, bulletin_views
from exchange.web.access import PUBLIC, access
from exchange.web.acting import house, read_session
from exchange.web.feeds import MEDIA_TYPES, Feed, FeedEntry, write_feed
from exchange.web.locale import LOCALES

bp = Blueprint("bulletin_feeds", __name__)
IN_AN_ENTRY = 8


@bp.get("/bulletins/at/<public_id>/feed.<any(atom, json):form>")
@access(PUBLIC)
def feed(public_id: str, form: str) -> ResponseReturnValue:
    """What came out for a place, the newest first; ``lang`` is zh or en.

    What is no longer public is not in it, whenever it came out.
    """
    place = place_called(read_session(), public_id)
    asked = request.args.get("lang", "")
    locale = asked if asked in LOCALES else house().settings.locale
    with force_locale(locale):
        said = _feed(place, locale)
        own = _whole(url_for("bulletin_feeds.feed", public_id=public_id, form=form, lang=locale))
    updated = max((one.updated for one in said.entries), default=place.created_at)
    answer = Response(write_feed(form, said, own, updated), content_type=MEDIA_TYPES[form])
    answer.set_etag(f"{said.digest[:32]}-{form}")
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


def _feed(place: BulletinPlace, locale: str) -> Feed:
    session = read_session()
    name = place_name(session, place, locale)
    issues = published(session, place_id=place.id, limit=PAGE)
    views = bulletin_views(session, house(), issues, locale)
    page = _whole(url_for("bulletins.archive", public_id=place.public_id))
    return Feed(
        id=page,
        title=_("%(place)s: bulletin", place=name),
        subtitle=str(RHYTHMS[place.rhythm]),
        author=_("Village Resource Exchange"),
        page_url=page,
        language="zh-Hans" if locale == "zh" else locale,
        entries=tuple(_entry(one) for one in views),
    )


def _entry(view: BulletinView) -> FeedEntry:
    issue = view.bulletin
    published_at = issue.published_at or issue.composed_at
    return FeedEntry(
        url=_whole(url_for("bulletins.show", public_id=issue.public_id)),
        title=f"{view.headline} · {view.period}",
        summary="\n".join(_lines(view)),
        published=published_at,
        updated=max(issue.updated_at, published_at),
        tags=(view.place,),
    )


def _lines(view: BulletinView) -> list[str]:
    found = [*([view.introduction] if view.introduction else []), view.counted]
    if not view.has_news:
        found.append(str(NOTHING_NEW))
    for section in view.sections:
        figures = " · ".join(section.said(IN_AN_ENTRY))
        found.append(f"{section.heading}: {figures or section.nothing}")
        found += [f"- {item.title}" for item in section.items[:IN_AN_ENTRY]]
    return found


def _whole(path: str) -> str:
    return urljoin(house().settings.base_url, path)
