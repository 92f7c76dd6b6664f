"""Dates as people write them: the year only where it is not this year, the hour where it matters.

The blanks within a date do not break, so that a line never ends between a day and its month.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import gettext as _

from exchange.kernel.clock import civil_date, is_sound
from exchange.web.acting import house
from exchange.web.locale import locale_code

FIXED_BLANK = "\N{NO-BREAK SPACE}"
PATTERNS = {
    "zh": ("M 月 d 日", "y 年 M 月 d 日"),
    "en": ("d MMM", "d MMM y"),
}


def day_text(day: date, today: date, locale: str, *, with_year: bool = False) -> str:
    """11 月 24 日, 2027 年 2 月 4 日; 24 Nov, 4 Feb 2027."""
    language = "zh" if locale.startswith("zh") else "en"
    pattern = PATTERNS[language][with_year or day.year != today.year]
    return str(format_date(day, pattern, locale=language)).replace(" ", FIXED_BLANK)


def day_in_address(text: str) -> date | None:
    """The day that an address names; none where it is no day that anybody can mean."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_sound(day) else None


def span_text(first: date | None, last: date | None, today: date, locale: str) -> str:
    """From a first day to a last, either of which may be open; empty when both are."""
    if first is None and last is None:
        return ""
    if first is None or last is None:
        day = day_text(first or last or today, today, locale)
        return str(_("from %(day)s", day=day) if first else _("until %(day)s", day=day))
    if first == last:
        return day_text(first, today, locale)
    english = not locale.startswith("zh")  # 24 Nov 2026 to 4 Feb 2027
    start = day_text(first, today, locale, with_year=english and first.year != last.year)
    end = day_text(last, today, locale)
    return str(_("%(first)s to %(last)s", first=start, last=end))


def day_here(day: date) -> str:
    """A civil date for this request's reader."""
    kept = house()
    today = civil_date(kept.clock.now(), kept.settings.time_zone)
    return day_text(day, today, locale_code())


def span_here(first: date | None, last: date | None) -> str:
    """From a first day to a last for this request's reader."""
    kept = house()
    today = civil_date(kept.clock.now(), kept.settings.time_zone)
    return span_text(first, last, today, locale_code())


def local_day(moment: datetime) -> str:
    """The civil date of a moment for this request's reader."""
    return day_here(civil_date(moment, house().settings.time_zone))


def local_moment(moment: datetime) -> str:
    """Day and time of a moment for this request's reader: 11 月 24 日 17:23."""
    kept = house()
    zone = kept.settings.time_zone
    return moment_text(moment, civil_date(kept.clock.now(), zone), locale_code(), zone)


def moment_text(moment: datetime, today: date, locale: str, time_zone: str) -> str:
    """The same for any reader, on any day."""
    clock = moment.astimezone(ZoneInfo(time_zone))
    return f"{day_text(clock.date(), today, locale)} {clock:%H:%M}"
