"""When and where a shift is, in both languages, for notices and calendars."""

from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date

from exchange.kernel.act import Act
from exchange.volunteering.models import Shift
from exchange.web.dates import FIXED_BLANK, day_text

LANGUAGES = ("zh", "en")


def when_words(act: Act, shift: Shift) -> dict[str, str]:
    """Day and hours by language, as notices carry them."""
    return {
        language: hours_text(shift, act.house.settings.time_zone, act.today, language)
        for language in LANGUAGES
    }


def day_words(act: Act, day: date) -> dict[str, str]:
    """A day by language, likewise."""
    return {language: day_text(day, act.today, language) for language in LANGUAGES}


def hours_text(shift: Shift, time_zone: str, today: date, language: str) -> str:
    """Sat 28 Nov 09:00–11:30, 11 月 28 日周六 09:00–11:30; over midnight with both days."""
    zone = ZoneInfo(time_zone)
    first, last = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    begins = f"{_day(first.date(), today, language)} {first:%H:%M}"
    if first.date() == last.date():
        return f"{begins}–{last:%H:%M}"
    return f"{begins} – {_day(last.date(), today, language)} {last:%H:%M}"


def _day(day: date, today: date, language: str) -> str:
    """With its weekday: volunteers plan by it."""
    weekday = format_date(day, "EEE", locale="zh" if language.startswith("zh") else "en")
    text = day_text(day, today, language)
    return f"{text}{weekday}" if language.startswith("zh") else f"{weekday}{FIXED_BLANK}{text}"


def place_for_people(shift: Shift) -> str:
    """Where those who come go: the shift's own place, the meeting point, or the place."""
    activity = shift.activity
    return shift.place or activity.meeting_point or activity.place
