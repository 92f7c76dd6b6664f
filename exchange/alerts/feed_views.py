"""The feed of a saved search, for whoever has its address."""

from datetime import datetime, timedelta
from urllib.parse import urljoin

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.accounts.actor_queries import load_actor
from exchange.alerts.feed_tokens import token_hash
from exchange.alerts.labels import describe
from exchange.alerts.models import SavedSearch
from exchange.alerts.queries import search_with_feed
from exchange.alerts.questions import read_question
from exchange.alerts.service import note_feed
from exchange.alerts.weighing import full_answers
from exchange.api.limits import count_request, tally
from exchange.discovery.finding import How, find
from exchange.discovery.forms import address
from exchange.discovery.panels import today
from exchange.discovery.places import place_of
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.errors import NotFound
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.web.access import PUBLIC, access
from exchange.web.acting import acting, house, read_session
from exchange.web.feeds import MEDIA_TYPES, Feed, FeedEntry, write_feed
from exchange.web.locale import LOCALES
from exchange.web.throttle import Limit, count_try, visitor_key

bp = Blueprint("feeds", __name__)
ENTRIES = 30
LOOKED_AT = 100
FEED_READS = Limit("feed.read", 120, timedelta(minutes=5))
WRONG_ADDRESSES = Limit("feed.wrong", 60, timedelta(minutes=15))


@bp.get("/feeds/<string(length=32):token>.<any(atom, json):form>")
@access(PUBLIC)
def feed(token: str, form: str) -> ResponseReturnValue:
    """What its owner may see now of what answers the question, the newest first.

    Nothing for an address that was replaced, and nothing once its owner has left.
    """
    hashed = token_hash(house().secrets, token)
    search = search_with_feed(read_session(), hashed)
    actor = load_actor(read_session(), search.person_id) if search else None
    if search is None or actor is None or not actor.is_signed_in:
        count_try(WRONG_ADDRESSES, visitor_key())
        raise NotFound
    search_id, locale = search.id, search.person.locale
    tally().limits.setdefault(FEED_READS.name, FEED_READS)
    count_request(FEED_READS, hashed)
    found = search_with_feed(read_session(), hashed)
    if found is None:
        raise NotFound
    with force_locale(locale if locale in LOCALES else house().settings.locale):
        said = _feed(found, actor)
    changed_at = found.feed_changed_at
    if found.feed_digest != said.digest:
        with acting(SYSTEM) as act:
            note_feed(act, search_id, said.digest)
            changed_at = act.now
    own_url = _whole(url_for("feeds.feed", token=token, form=form))
    return _answer(write_feed(form, said, own_url, changed_at), form, said.digest, changed_at)


def _feed(search: SavedSearch, actor: Actor) -> Feed:
    asked = read_question(search.question)
    place = place_of(read_session(), asked.division, search.person.locale).label if asked else ""
    page = address(asked.but(sort="newest")) if asked else url_for("alerts.index")
    return Feed(
        id=_whole(f"/me/searches/{search.public_id}"),
        title=search.name,
        subtitle=describe(asked, place) if asked else "",
        author=_("Village Resource Exchange"),
        page_url=_whole(page),
        language="zh-Hans" if search.person.locale == "zh" else search.person.locale,
        entries=_entries(search, actor),
    )


def _entries(search: SavedSearch, actor: Actor) -> tuple[FeedEntry, ...]:
    asked = read_question(search.question)
    if asked is None:
        return ()
    newest = asked.but(sort="newest")
    found = find(read_session(), house(), actor, newest, How(None, today(), limit=LOOKED_AT))
    listings = [one.listing for one in found.listings]
    if found.relaxed:  # only what has all the words is worth a line in a feed
        ids = {listing.public_id for listing in listings}
        full = full_answers(read_session(), house(), search.question, ids)
        listings = [listing for listing in listings if listing.public_id in full]
    listings = listings[:ENTRIES]
    cards = listing_cards(read_session(), actor, listings, search.person.locale)
    return tuple(_entry(*pair) for pair in zip(listings, cards, strict=True))


def _entry(listing: Listing, card: ListingCard) -> FeedEntry:
    side = _("Offer") if listing.side is Side.OFFER else _("Need")
    facts = (side, card.category_label, card.place_label, card.owner_label, card.remaining_label)
    return FeedEntry(
        url=_whole(card.url),
        title=card.title,
        summary=" · ".join(fact for fact in facts if fact),
        published=listing.published_at or listing.created_at,
        updated=listing.updated_at,
        tags=tuple(fact for fact in (side, card.category_label) if fact),
    )


def _whole(path: str) -> str:
    return urljoin(house().settings.base_url, path)


def _answer(body: bytes, form: str, digest: str, changed_at: datetime) -> Response:
    answer = Response(body, content_type=MEDIA_TYPES[form])
    answer.set_etag(f"{digest[:32]}-{form}")
    answer.last_modified = changed_at
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.make_conditional(request)
    return answer
