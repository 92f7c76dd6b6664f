"""The desk of bulletins: each place with its next day, what waits, and what was missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from exchange.discovery.bulletins.kinds import WAITING, Missed, Rhythm
from exchange.discovery.bulletins.labels import MISSED, RHYTHMS, STATES, TONES, WEEKDAYS
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.discovery.bulletins.permissions import may_manage
from exchange.discovery.bulletins.queries import dues_with_issue, last_issues, place_names
from exchange.discovery.bulletins.rules import due_after, due_on_or_before, missed
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.web.dates import day_text, span_text


@dataclass(frozen=True)
class IssueLine:
    """An issue on the desk."""

    public_id: str
    period: str
    state: Any
    tone: str
    waits: bool
    missed: str


@dataclass(frozen=True)
class PlaceLine:
    """A place on the desk. ``missed`` stands there until what was missed is done."""

    public_id: str
    name: str
    rhythm: Any
    day: Any
    next_day: str
    is_on: bool
    may_manage: bool
    missed: tuple[str, ...]
    issues: tuple[IssueLine, ...]


def desk_lines(
    session: Session, house: House, actor: Actor, places: Sequence[BulletinPlace], locale: str
) -> list[PlaceLine]:
    """A line for each place, what was missed first. The queries do not grow with the list."""
    names = place_names(session, places, locale)
    issues = last_issues(session, [one.id for one in places])
    now, zone = house.clock.now(), house.settings.time_zone
    dues = {
        place.id: (due_on, issue)
        for place, due_on, issue in dues_with_issue(session, places, now, zone)
    }
    found = []
    for place in places:
        own = tuple(_issue(house, one, locale) for one in issues[place.id])
        late = [one.missed for one in own if one.missed]
        due_on, issue = dues.get(place.id, (None, None))
        if due_on is not None and issue is None and missed(due_on, None, now, zone):
            day = day_text(due_on, civil_date(now, zone), locale)
            late.insert(0, str(MISSED[Missed.NOT_COMPOSED]) % {"day": day})
        line = _place(house, actor, place, names[place.id], tuple(late), own, locale)
        found.append(line)
    return sorted(found, key=lambda one: (not one.missed, one.name))


def _issue(house: House, issue: Bulletin, locale: str) -> IssueLine:
    now, zone = house.clock.now(), house.settings.time_zone
    today = civil_date(now, zone)
    late = missed(issue.due_on, issue.state, now, zone)
    day = day_text(issue.due_on, today, locale)
    return IssueLine(
        public_id=issue.public_id,
        period=span_text(issue.from_on, issue.to_on, today, locale),
        state=STATES[issue.state],
        tone=TONES.get(issue.state, ""),
        waits=issue.state in WAITING,
        missed=str(MISSED[late]) % {"day": day} if late else "",
    )


def _place(
    house: House,
    actor: Actor,
    place: BulletinPlace,
    name: str,
    late: tuple[str, ...],
    issues: tuple[IssueLine, ...],
    locale: str,
) -> PlaceLine:
    here = house.clock.now().astimezone(ZoneInfo(house.settings.time_zone))
    today = here.date()
    is_today = due_on_or_before(place.when, today) == today and here.hour < place.hour
    following = today if is_today else due_after(place.when, today)
    weekly = place.rhythm is Rhythm.WEEKLY
    return PlaceLine(
        public_id=place.public_id,
        name=name,
        rhythm=RHYTHMS[place.rhythm],
        day=WEEKDAYS[place.weekday] if weekly else place.month_day,
        next_day=day_text(following, today, locale) if place.is_on else "",
        is_on=place.is_on,
        may_manage=may_manage(actor, place),
        missed=late,
        issues=issues,
    )
