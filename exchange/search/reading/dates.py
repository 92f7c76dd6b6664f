"""Dates in a text, relative to a given day: 月底前, 9月底前, 下周, 春节前, by 30 Nov, ISO.

Festivals of the lunar calendar come from a small table; outside it they are not read. Every
repetition is bounded, so that reading takes time in proportion to the text.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import MINYEAR, date, timedelta
from functools import cache
from pathlib import Path

from exchange.search.reading.numerals import read_numeral
from exchange.search.reading.spans import fold

Window = tuple[date | None, date | None]
NOTHING: Window = (None, None)

_FESTIVALS_FILE = Path(__file__).parent / "data" / "festivals.tsv"
_NUM = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:(?P<year>\d{4}|[一二〇零九八七六五四三]{4}|今|明|后|本|去)年\s{0,4})?"
_PART = r"(?P<part>底|末|初|中旬|上旬|下旬|中)?"
_DAY = (
    rf"{_YEAR}(?P<month>{_NUM})\s{{0,4}}月\s{{0,4}}(?:份)?\s{{0,4}}"
    rf"(?:(?P<day>{_NUM})\s{{0,4}}[日号]?|{_PART})"
)
_ONE = re.compile(_DAY)
_ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_EN_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,9}\.?"
_ENGLISH = (
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,4}}(?:of\s{{1,4}})?{_EN_NAME}(?:,?\s{{1,4}}(?P<year>20\d\d))?(?![a-z])"
    ),
    re.compile(
        rf"(?<![a-z]){_EN_NAME}\s{{1,4}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s{{1,4}}(?P<year>20\d\d))?"
    ),
    re.compile(
        rf"(?<![a-z])(?P<end>end\s{{1,4}}of\s{{1,4}})?{_EN_NAME}(?:\s{{1,4}}(?P<year>20\d\d))?(?![a-z])"
    ),
)
_BEFORE = re.compile(r"\s{0,4}(?:之?前|以前|止|截止|为止|以内|之内|内)")
_AFTER = re.compile(r"\s{0,4}(?:之?后|以后|起|开始|开始起)")
_EN_BEFORE = re.compile(r"(?:by|before|until|till|no later than|deadline:?)\s{1,4}(?:the\s{1,4})?$")
_EN_AFTER = re.compile(r"(?:from|after|since|starting|as of)\s{1,4}(?:the\s{1,4})?$")
_CUT_OFF = re.compile(r"(?:截止|截至|截止到|最迟|最晚)(?:日期|时间)?\s{0,4}[::]?\s{0,4}$")
_DAY_ONLY = re.compile(rf"(?P<day>{_NUM})\s{{0,4}}[日号]")
_TO = re.compile(r"\s{0,4}(?:到|至|-|–|—|~|to|until)\s{0,4}")
_IN_DAYS = re.compile(
    rf"(?P<count>{_NUM}|半)\s{{0,4}}(?:个)?(?P<unit>天|日|周|星期|礼拜|月)\s{{0,4}}(?:之|以)?内"
)
_SPANS_ZH = re.compile(
    r"(?P<which>今|明|后|本|这|下下|下|上)?(?:个)?(?P<unit>年|月|周|星期|礼拜|季度|天|日)(?P<part>底|末|初|内)?"
)
_YEAR_END = re.compile(r"(?P<which>今|明|后)?年(?:底|末)|年内|腊月底")


def read_dates(text: str, today: date) -> Window:
    """The first window in the text: first and last day, each None when open or not said.

    A day alone is both ends; "前" leaves the beginning open, "起" the end. A month without a year
    is the next one that has not ended.
    """
    plain = fold(text)
    found: list[tuple[int, Window]] = []
    for read in (_iso, _chinese, _english, _festival, _relative, _within):
        hit = read(plain, today)
        if hit:
            found.append(hit)
    return min(found, key=lambda hit: hit[0])[1] if found else NOTHING


Hit = tuple[int, Window] | None


def _iso(plain: str, _today: date) -> Hit:
    return _first(plain, _ISO, lambda m: _exact(int(m["year"]), int(m["month"]), int(m["day"])))


def _chinese(plain: str, today: date) -> Hit:
    return _first(plain, _ONE, lambda m: _chinese_days(m, today))


def _english(plain: str, today: date) -> Hit:
    hits = [_first(plain, p, lambda m: _english_days(m, today)) for p in _ENGLISH]
    return min((hit for hit in hits if hit), default=None, key=lambda hit: hit[0])


def _first(
    plain: str, pattern: re.Pattern[str], days: Callable[[re.Match[str]], tuple[date, date] | None]
) -> Hit:
    """The first match that is a date, with a second one joined by 到 when there is one."""
    for match in pattern.finditer(plain):
        span = days(match)
        if span is None:
            continue
        joint = _TO.match(plain, match.end())
        second = pattern.match(plain, joint.end()) if joint else None
        until = days(second) if second else _same_month(plain, joint, span[0])
        if until and until[1] >= span[0]:
            return match.start(), (span[0], until[1])
        return match.start(), _bounded(plain, match, span)
    return None


def _same_month(plain: str, joint: re.Match[str] | None, day: date) -> tuple[date, date] | None:
    """The end of "1月20日至29日"."""
    match = _DAY_ONLY.match(plain, joint.end()) if joint else None
    number = _number(match["day"]) if match else None
    return _exact(day.year, day.month, number) if number else None


def _bounded(plain: str, match: re.Match[str], span: tuple[date, date]) -> Window:
    begin, end = match.span()
    earlier = max(0, begin - 16)
    if (
        _BEFORE.match(plain, end)
        or _EN_BEFORE.search(plain, earlier, begin)
        or _CUT_OFF.search(plain, earlier, begin)
    ):
        return None, span[1]
    if _AFTER.match(plain, end) or _EN_AFTER.search(plain, earlier, begin):
        return span[0], None
    return span


def _exact(year: int, month: int, day: int) -> tuple[date, date] | None:
    try:
        only = date(year, month, day)
    except ValueError:
        return None
    return only, only


def _chinese_days(match: re.Match[str], today: date) -> tuple[date, date] | None:
    month = _number(match["month"])
    day = _number(match["day"]) if match["day"] else None
    year = _year(match["year"], today)
    if month is None or not 1 <= month <= 12:
        return None
    if not match["day"] and not match["part"] and not match["year"] and not _is_bare(match):
        return None
    return _month_days(year, month, day, match["part"] or "", today)


def _is_bare(match: re.Match[str]) -> bool:
    """ "三月" alone counts, "3个月" never matches, "1月工资" still counts."""
    return match.group().rstrip().endswith(("月", "份"))


def _month_days(
    year: int | None, month: int, day: int | None, part: str, today: date
) -> tuple[date, date] | None:
    if year is None:
        year = today.year
        span = _within_month(year, month, day, part)
        if span and span[1] < today:
            span = _within_month(year + 1, month, day, part)
        return span
    return _within_month(year, month, day, part)


_PARTS = {"初": (1, 10), "上旬": (1, 10), "中": (11, 20), "中旬": (11, 20), "下旬": (21, 31)}
_PARTS |= {"底": (31, 31), "末": (31, 31), "": (1, 31)}


def _within_month(year: int, month: int, day: int | None, part: str) -> tuple[date, date] | None:
    if day is not None or year < MINYEAR:
        return _exact(year, month, day or 1)
    last = monthrange(year, month)[1]
    first, until = _PARTS[part]
    return date(year, month, min(first, last)), date(year, month, min(until, last))


def _english_days(match: re.Match[str], today: date) -> tuple[date, date] | None:
    named = match.groupdict()
    year = int(named["year"]) if named["year"] else None
    month = _MONTHS.index(named["name"][:3]) + 1
    day = int(named["day"]) if named.get("day") else None
    if named["name"] == "may" and day is None and not (year or named.get("end")):
        return None  # the verb
    return _month_days(year, month, day, "底" if named.get("end") else "", today)


@cache
def _festivals() -> dict[str, list[date]]:
    table: dict[str, list[date]] = {}
    for line in _FESTIVALS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            names, days = line.split("\t")
            for name in names.split("|"):
                table[name] = [date.fromisoformat(day) for day in days.split()]
    return table


def _festival(plain: str, today: date) -> Hit:
    hits: list[tuple[int, Window]] = []
    for name, days in _festivals().items():
        match = re.search(rf"(?<![\d一二两三四五六七八九十几多])(?<![a-z]){re.escape(name)}", plain)
        day = next((day for day in days if day >= today), None)
        if match and day:
            hits.append((match.start(), _around_festival(plain, match, day)))
    return min(hits, key=lambda hit: hit[0], default=None)


def _around_festival(plain: str, match: re.Match[str], day: date) -> Window:
    eve = day - timedelta(days=1)
    if match.group() == "年前":
        return None, eve
    if match.group() == "腊月":
        first = day - timedelta(days=29)
        window = _bounded(plain, match, (first, eve))
        return (None, first - timedelta(days=1)) if window == (None, eve) else window
    window = _bounded(plain, match, (day, day))
    return (None, eve) if window == (None, day) else window


def _relative(plain: str, today: date) -> Hit:
    for match in _YEAR_END.finditer(plain):
        year = today.year + {"明": 1, "后": 2}.get(match["which"] or "", 0)
        return match.start(), (None, date(year, 12, 31))
    for match in _SPANS_ZH.finditer(plain):
        span = _relative_days(match["which"] or "", match["unit"], match["part"] or "", today)
        if span:
            return match.start(), _bounded(plain, match, span)
    return None


def _relative_days(which: str, unit: str, part: str, today: date) -> tuple[date, date] | None:
    step = {"下": 1, "下下": 2, "明": 1, "后": 2, "上": -1}.get(which, 0)
    if unit == "月" and (which in {"本", "这", "下", "下下"} or part in {"底", "末"}):
        month = today.month - 1 + step
        return _within_month(today.year + month // 12, month % 12 + 1, None, part.replace("内", ""))
    if unit in {"周", "星期", "礼拜"} and which in {"本", "这", "下", "下下"}:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6)
    if unit == "天" and which in {"今", "明", "后"}:
        day = today + timedelta(days=step)
        return day, day
    if unit == "年" and which in {"明", "后"} and not part:
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    return None


def _within(plain: str, today: date) -> Hit:
    match = _IN_DAYS.search(plain)
    if not match:
        return None
    count = read_numeral(match["count"]) if not match["count"].isdigit() else int(match["count"])
    days = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}[match["unit"]]
    return (
        None
        if count is None
        else (match.start(), (today, today + timedelta(days=int(count * days))))
    )


def _number(text: str) -> int | None:
    value = float(text) if text.isdigit() else read_numeral(text)
    return None if value is None else int(value)


def _year(text: str | None, today: date) -> int | None:
    if not text:
        return None
    steps = {"今": 0, "本": 0, "明": 1, "后": 2, "去": -1}
    return today.year + steps[text] if text in steps else _number(text)
