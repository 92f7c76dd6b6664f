"""When and where a shift is, in both languages, for notices and calendars."""

from datetime import date
from zoneinfo import ZoneInfo

from exchange.kernel.act import Act
from exchange.volunteering.models import Shift
from exchange.web.dates import day_text


def when_words(act: Act, shift: Shift) -> dict[str, str]:
    """Day and hours by language, as notices carry them."""
    return {
        language: hours_text(shift, act.house.settings.time_zone, act.today, language)
        for language in ("zh", "en")
    }


def hours_text(shift: Shift, time_zone: str, today: date, language: str) -> str:
    """28 Nov 09:00–11:30; over midnight with both days."""
    zone = ZoneInfo(time_zone)
    first, last = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    begins = f"{day_text(first.date(), today, language)} {first:%H:%M}"
    if first.date() == last.date():
        return f"{begins}–{last:%H:%M}"
    return f"{begins} – {day_text(last.date(), today, language)} {last:%H:%M}"


def place_for_people(shift: Shift) -> str:
    """Where those who come go: the shift's own place, the meeting point, or the place."""
    activity = shift.activity
    return shift.place or activity.meeting_point or activity.place
