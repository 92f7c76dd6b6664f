"""Posters for the noticeboard, texts for a chat group, and where their short links lead."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.models import ServicePoint
from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import NotFound
from exchange.listings.cards import ListingCard, listing_cards, listing_url
from exchange.listings.kinds import Door
from exchange.listings.labels import DOOR_LABELS
from exchange.listings.permissions import can_see
from exchange.listings.queries import listing_with_id, seen_listing
from exchange.listings.sharing.content import LISTING_LINK, POINT_LINK, Shared, address_of, shared
from exchange.listings.sharing.queries import WEEK, newest_shared, open_point, point_of_worker
from exchange.listings.sharing.rules import chat_text, row_of, short_code
from exchange.listings.views import today
from exchange.web.access import BROKER, PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.paper import language_of_readers, poster_page
from exchange.web.qr import qr_svg

bp = Blueprint("sharing", __name__)
ON_A_POSTER, IN_A_TEXT = 5, 8


@bp.get("/l/<code>")
@access(PUBLIC)
def follow(code: str) -> ResponseReturnValue:
    """On to the listing, for who may see it. Nothing is counted."""
    row_id = row_of(code)
    listing = listing_with_id(read_session(), row_id) if row_id else None
    if listing is None or not can_see(current_actor(), listing):
        raise NotFound
    return redirect(listing_url(listing))


@bp.get("/l/at/<code>")
@access(PUBLIC)
def follow_point(code: str) -> ResponseReturnValue:
    """On to the needs of a service point's places."""
    row_id = row_of(code)
    if not row_id:
        raise NotFound
    point = open_point(read_session(), row_id)
    prefixes = sorted((one.prefix for one in point.divisions), key=len)
    only = prefixes[0] if len(prefixes) == 1 and prefixes[0].isdigit() else None
    return redirect(url_for("discovery.needs", division=only))


@bp.get("/listings/<public_id>/poster")
@access(PUBLIC)
def poster(public_id: str) -> ResponseReturnValue:
    """A sheet for the noticeboard."""
    with language_of_readers() as language:
        found = _shared(public_id)
        sheet = render_template(
            "listings/poster.html",
            page=found.page,
            head=DOOR_LABELS[Door(found.page.card.door)],
            link=found.link,
            qr=qr_svg(found.link, _("Code that leads to this page")),
        )
    back = url_for("listings.show", public_id=public_id)
    return poster_page(sheet, language, back, _("A4 upright, for the noticeboard."))


@bp.get("/listings/<public_id>/share")
@access(PUBLIC)
def text(public_id: str) -> ResponseReturnValue:
    """A text for a chat group."""
    with language_of_readers() as language:
        found = _shared(public_id)
        page = found.page
        said = chat_text(
            f"【{DOOR_LABELS[Door(page.card.door)]}】{page.card.title}",
            (
                ("", page.card.remaining_label),
                (_("When: "), page.dates),
                (_("Where: "), page.place),
            ),
            _("See it and answer here:"),
            found.link,
        )
    back = url_for("listings.show", public_id=public_id)
    return render_template("listings/share.html", text=said, language=language, back=back)


def _shared(public_id: str) -> Shared:
    session = read_session()
    listing = seen_listing(session, current_actor(), public_id)
    return shared(session, listing, locale_code(), today())


@bp.get("/points/<public_id>/poster")
@access(BROKER)
def point_poster(public_id: str) -> ResponseReturnValue:
    """A sheet for the noticeboard: what is needed in the places of a point, and where to help."""
    point = point_of_worker(read_session(), current_actor(), public_id)
    link = _point_link(point)
    with language_of_readers() as language:
        sheet = render_template(
            "listings/point_poster.html",
            name=_name(point),
            cards=_cards(point, ON_A_POSTER, weekly=False),
            link=link,
            qr=qr_svg(link, _("Code that leads to the list of needs")),
        )
    hint = _("A4 upright, for the noticeboard.")
    return poster_page(sheet, language, url_for("accounts.me"), hint)


@bp.get("/points/<public_id>/share")
@access(BROKER)
def point_text(public_id: str) -> ResponseReturnValue:
    """What came in this week, as a text for a chat group."""
    point = point_of_worker(read_session(), current_actor(), public_id)
    with language_of_readers() as language:
        said = _week_of(point)
    back = url_for("accounts.me")
    return render_template("listings/share.html", text=said, language=language, back=back)


def _week_of(point: ServicePoint) -> str:
    cards = _cards(point, IN_A_TEXT, weekly=True)
    lines = [
        (f"{number}. ", f"{card.title} {address_of(LISTING_LINK + short_code(card.listing_id))}")
        for number, card in enumerate(cards, 1)
    ]
    head = _("%(name)s: new this week", name=_name(point))
    nothing = [("", _("Nothing new came in this week."))]
    return chat_text(head, lines or nothing, _("All needs:"), _point_link(point))


def _cards(point: ServicePoint, limit: int, *, weekly: bool) -> list[ListingCard]:
    session = read_session()
    since = house().clock.now() - WEEK if weekly else None
    found = newest_shared(session, point, today(), since=since, limit=limit)
    return listing_cards(session, VISITOR, found, locale_code(), today())


def _point_link(point: ServicePoint) -> str:
    return address_of(POINT_LINK + short_code(point.id))


def _name(point: ServicePoint) -> str:
    return point.name_zh if locale_code().startswith("zh") else point.name_en or point.name_zh
