"""What a volunteer may say of their time, and whom a coordinator may ask. Pure rules on values."""

from collections.abc import Collection
from datetime import date, timedelta

from exchange.kernel.actor import overlaps
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.availability.kinds import Band, Reach
from exchange.volunteering.kinds import Skill

LONGEST_WORDS = 200
LONGEST_DIALECT = 40
FARTHEST = timedelta(days=731)
TOWNSHIP, COUNTY, CITY = 9, 6, 4
REACH_DIGITS = {Reach.TOWNSHIP: TOWNSHIP, Reach.COUNTY: COUNTY, Reach.CITY: CITY}
REACH_KM = {Reach.KM_50: 50, Reach.KM_100: 100}
MOST_AT_ONCE = 10  # people whom one coordinator asks with one tap
MOST_ASKS = 3  # so often somebody is asked ...
ASKS_WITHIN = timedelta(days=7)  # ... in so long, by all together
SMALLEST_SUM = 5  # fewer than that are not told: they might be known
STANDING = 28  # days from which somebody's time counts as long-term

PROFESSIONS = frozenset(
    {Skill.MEDICINE, Skill.LAW, Skill.PSYCHOLOGY, Skill.FARM_TECHNOLOGY, Skill.DESIGN}
)
STAYING = frozenset(
    {
        Skill.TUTORING, Skill.MUSIC_ARTS, Skill.SPORTS, Skill.CHILD_CARE, Skill.ELDER_CARE,
        Skill.LOCAL_LANGUAGE, Skill.SIGN_LANGUAGE,
    }
)  # fmt: skip


def category_of(skills: Collection[str], from_date: date | None, to_date: date | None) -> str:
    """The kind of volunteer service that these skills come nearest to.

    Professions stand first; what needs the same face for weeks is long-term, unless the time is
    short; everything else helps at an event.
    """
    known = {Skill(code) for code in skills if code in set(Skill)}
    if known & PROFESSIONS:
        return "volunteers.professional"
    short = from_date and to_date and (to_date - from_date).days < STANDING
    if known & STAYING and not short:
        return "volunteers.longterm"
    return "volunteers.event"


def dates_allowed(from_date: date | None, to_date: date | None, today: date) -> Decision:
    """The last day is not before the first, has not passed, and none is absurdly far."""
    if from_date and to_date and to_date < from_date:
        return refuse("availability_dates_order")
    if to_date and to_date < today:
        return refuse("availability_over")
    if any(one and abs(one - today) > FARTHEST for one in (from_date, to_date)):
        return refuse("availability_too_far")
    return allow()


def pause_allowed(from_date: date, until: date | None, today: date) -> Decision:
    """A pause ends after it begins, and lies ahead or goes on."""
    if until is not None and until < from_date:
        return refuse("availability_dates_order")
    if until is not None and until < today:
        return refuse("availability_over")
    if any(one and abs(one - today) > FARTHEST for one in (from_date, until)):
        return refuse("availability_too_far")
    return allow()


def is_paused(pause_from: date | None, pause_until: date | None, day: date) -> bool:
    """Whether the day lies in the pause."""
    if pause_from is None or day < pause_from:
        return False
    return pause_until is None or day <= pause_until


def is_own_area(home: str | None, place: str) -> bool:
    """Whether a place lies in an organisation's county, or in the wider place it stands for."""
    return bool(home) and overlaps((home or "")[:COUNTY], place)


def band_of(home: str, place: str, km: float | None) -> Band:
    """About how far it is: by divisions while near, by the way between counties beyond."""
    if len(home) >= TOWNSHIP and place[:TOWNSHIP] == home[:TOWNSHIP]:
        return Band.SAME_TOWNSHIP
    if len(home) >= COUNTY and place[:COUNTY] == home[:COUNTY]:
        return Band.SAME_COUNTY
    if km is None or km > 100:
        return Band.FARTHER
    return Band.WITHIN_50 if km <= 50 else Band.WITHIN_100


def told_sum(count: int) -> int | None:
    """A sum as everybody may know it; None for one so small that people might be known by it."""
    return count if count >= SMALLEST_SUM else None
