"""Calendar files and feeds: one shift, one's own shifts, the activities of a place."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.accounts.place_forms import place_label
from exchange.api.limits import count_request, tally
from exchange.geography.rules import is_code
from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import NotFound
from exchange.volunteering.calendar.entries import own_entry, public_entry
from exchange.volunteering.calendar.queries import public_activities, public_shifts
from exchange.volunteering.calendar.service import TOKEN_LENGTH, feed_owner, token_hash
from exchange.volunteering.kinds import LIVE_STATES
from exchange.volunteering.models import Activity
from exchange.volunteering.queries import own_answers, own_signups, seen_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.showing import Reader, activity_cards
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.calendar_file import MEDIA_TYPE, CalendarEvent, write_calendar
from exchange.web.feeds import MEDIA_TYPES, Feed, FeedEntry, write_feed
from exchange.web.locale import LOCALES, locale_code
from exchange.web.throttle import Limit, count_try, visitor_key

bp = Blueprint("calendars", __name__)
PAST = timedelta(days=31)  # an own calendar keeps what was, for a while
ENTRIES = 50
READS = Limit("calendar.read", 120, timedelta(minutes=5))
WRONG_ADDRESSES = Limit("calendar.wrong", 60, timedelta(minutes=15))


@bp.get("/shifts/<public_id>.ics")
@access(PUBLIC)
def one_shift(public_id: str) -> ResponseReturnValue:
    """One shift as a file; with the meeting point for whoever comes."""
    session, actor = read_session(), current_actor()
    shift = seen_shift(session, actor, public_id)
    own = own_answers(session, actor.person_id, [shift.id]).get(shift.id)
    base = house().settings.base_url
    live = own is not None and own.state in LIVE_STATES
    entry = own_entry(own, base) if own is not None and live else public_entry(shift, base)
    answer = _calendar(entry.title, [entry])
    answer.headers["Content-Disposition"] = f'attachment; filename="{public_id}.ics"'
    return answer


@bp.get(f"/calendar/<string(length={TOKEN_LENGTH}):token>.ics")
@access(PUBLIC)
def own(token: str) -> ResponseReturnValue:
    """The shifts of whoever's address it is; nothing for one that was replaced."""
    session, box = read_session(), house().secrets
    person = feed_owner(session, box, token)
    if person is None:
        count_try(WRONG_ADDRESSES, visitor_key())
        raise NotFound
    person_id, locale = person.id, person.locale
    tally().limits.setdefault(READS.name, READS)
    count_request(READS, token_hash(box, token))
    signups = own_signups(session, person_id, house().clock.now() - PAST)
    base = house().settings.base_url
    with force_locale(locale if locale in LOCALES else house().settings.locale):
        name = _("My shifts")
    answer = _calendar(name, [own_entry(one, base) for one in signups])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@bp.get("/activities.ics")
@access(PUBLIC)
def of_place() -> ResponseReturnValue:
    """The shifts of a place as a calendar that one can follow."""
    division = _division()
    shifts = public_shifts(read_session(), division, house().clock.now())
    base = house().settings.base_url
    return _calendar(_name(division), [public_entry(one, base) for one in shifts])


@bp.get("/activities.<any(atom, json):form>")
@access(PUBLIC)
def feed(form: str) -> ResponseReturnValue:
    """New activities of a place as a feed."""
    division, who = _division(), reader()
    rows = public_activities(read_session(), division, ENTRIES)
    seen = Reader(VISITOR, who.now, who.locale, who.zone)
    cards = activity_cards(read_session(), seen, rows)
    base = house().settings.base_url.rstrip("/")
    entries = tuple(
        FeedEntry(
            url=f"{base}{card.url}",
            title=str(card.title),
            summary=" · ".join(
                str(fact)
                for fact in (card.category_label, card.place_label, card.owner_label)
                if fact
            ),
            published=row.published_at or row.created_at,
            updated=_changed(row),
            tags=(str(card.category_label),),
        )
        for row, card in zip(rows, cards, strict=True)
    )
    said = Feed(
        id=f"{base}/activities?division={division}",
        title=_name(division),
        subtitle="",
        author=_("Village Resource Exchange"),
        page_url=f"{base}{url_for('volunteering.index', division=division or None)}",
        language="zh-Hans" if locale_code() == "zh" else locale_code(),
        entries=entries,
    )
    newest = max((entry.updated for entry in entries), default=who.now)
    own_url = f"{base}{request.full_path.rstrip('?')}"
    answer = Response(write_feed(form, said, own_url, newest), content_type=MEDIA_TYPES[form])
    answer.set_etag(f"{said.digest[:32]}-{form}")
    answer.make_conditional(request)
    return answer


def _changed(activity: Activity) -> datetime:
    return activity.updated_at


def _division() -> str:
    """The place of the address; the whole country without one. Raises NotFound for nonsense."""
    code = request.args.get("division", "")
    if code and (not is_code(code) or not place_label(code)):
        raise NotFound
    return code


def _name(division: str) -> str:
    place = place_label(division)
    if not place:
        return str(_("Volunteer activities"))
    return str(_("Volunteer activities: %(place)s", place=place))


def _calendar(name: str, events: list[CalendarEvent]) -> Response:
    answer = Response(write_calendar(name, events), content_type=MEDIA_TYPE)
    answer.add_etag()
    answer.make_conditional(request)
    return answer
