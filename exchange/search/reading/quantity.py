"""The first plausible quantity in a text: 三十万斤, 30万元, 300,000 seedlings, 42吨.

Every repetition is bounded and a number is tried from its first sign only, so that reading takes
time in proportion to the text.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from exchange.search.reading.numerals import NUMERAL_CHARS, read_numeral
from exchange.search.reading.spans import fold

_UNITS_FILE = Path(__file__).parent / "data" / "units.tsv"
_SCALES = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000}
_SCALES |= {"million": 1_000_000, "thousand": 1_000, "k": 1_000}
MOST = 10**15  # thousandths; more is a slip of the pen


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, its base unit (units of one base can be compared), and how many bases it holds."""

    name: str
    base: str
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in thousandths of its unit, and where it stands."""

    milli: int
    unit: str
    start: int
    end: int


@cache
def units() -> dict[str, Unit]:
    """Every spelling of every unit."""
    known: dict[str, Unit] = {}
    for line in _UNITS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, base, factor, spellings = line.split("\t")
            unit = Unit(name, base, Fraction(factor))
            known |= dict.fromkeys([name, *spellings.split("|")], unit)
    known.pop("", None)
    return known


@cache
def _pattern() -> re.Pattern[str]:
    spelled = sorted(units(), key=len, reverse=True)
    names = "|".join(
        re.escape(name) + (r"(?![a-z])" if name[-1].isascii() and name[-1].isalpha() else "")
        for name in spelled
    )
    number = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,16}(?:\.\d{1,9})?"
    begun = NUMERAL_CHARS.removesuffix("点半")  # 九点三十人: the number starts behind the 点
    scale = r"百万|[百千万亿]|million|thousand|k(?=[\s{1,4}])"
    return re.compile(
        rf"(?<![\d.\-/a-z第])(?:(?P<number>{number})\s{{0,3}}(?P<scale>{scale})?|"
        rf"(?<![{begun}])(?P<chinese>[{NUMERAL_CHARS}]{{1,20}}))"
        rf"\s{{0,3}}(?:多|余|来|几|把|左右|\+|or so)?\s{{0,3}}(?:of\s{{1,3}})?(?P<unit>{names})"
    )


def read_quantity(text: str, wanted: str | None = None) -> Quantity | None:
    """The first amount with a unit; with ``wanted`` the first in that unit or one comparable.

    Times, ages, distances of travel and shares are no quantities of a listing: their units are not
    in the file.
    """
    known = units()
    base = known[wanted].base if wanted in known else None
    for match in _pattern().finditer(fold(text)):
        unit = known[match["unit"]]
        value = _value(match)
        if value is None or value <= 0 or (wanted is not None and unit.base != base):
            continue
        if _is_price(text, match):
            continue
        milli = round(value * 1000)
        if 0 < milli < MOST:
            return Quantity(milli, unit.name, *match.span())
    return None


def base_amounts(text: str) -> list[tuple[int, int, str]]:
    """Every amount of a normalised text as (start, end, name), one name for all units of one base.

    八万斤, 40吨 and 40,000 kg have the same name.
    """
    known, found = units(), []
    for match in _pattern().finditer(text):
        unit, value = known[match["unit"]], _value(match)
        if value is not None and 0 < value * 1000 < MOST:
            found.append((*match.span(), f"={float(value * unit.factor):.10g}{unit.base}"))
    return found


def _value(match: re.Match[str]) -> Fraction | None:
    if match["chinese"]:
        value = read_numeral(match["chinese"])
        return None if value is None else Fraction(str(value))
    return Fraction(match["number"].replace(",", "")) * _SCALES[match["scale"] or ""]


_PRICE_BEHIND = re.compile(
    r"\s{0,3}(?:/|每|一[斤亩吨人天个件车]|[\d一二两三四五六七八九十半.]{1,12}\s{0,3}(?:块|元|毛|角|分))"
)
_PRICE_BEFORE = re.compile(r"(?:每.{0,3}|/|一[斤亩吨人天个件车米]|[毛块元角分]钱?)\s{0,4}$")


def _is_price(text: str, match: re.Match[str]) -> bool:
    """Two yuan a jin, one jin for two yuan, 600 yuan for each mu, and the like."""
    if _PRICE_BEFORE.search(text, max(0, match.start() - 5), match.start()):
        return True
    return _PRICE_BEHIND.match(text, match.end()) is not None


def in_base(milli: int, unit: str) -> tuple[Fraction, str]:
    """The amount in the unit's base (斤 and 吨 in kilograms); unknown units are their own base."""
    known = units().get(unit)
    if known is None:
        return Fraction(milli, 1000), unit
    return Fraction(milli, 1000) * known.factor, known.base
