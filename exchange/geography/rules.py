"""What can be said of places from their codes and names alone."""

import re
from collections.abc import Sequence
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from exchange.geography.peoples import split_peoples
from exchange.geography.romanisation import OWN_SPELLING, romanise

EARTH_RADIUS_KM = 6371.0088
CODE = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?\Z")
LAST_CHARACTER = "\U0010ffff"


class Level(StrEnum):
    """The five levels, coarse to fine."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


LEVEL_OF_LENGTH = {
    2: Level.PROVINCE,
    4: Level.CITY,
    6: Level.COUNTY,
    9: Level.TOWNSHIP,
    12: Level.VILLAGE,
}
LENGTHS = tuple(LEVEL_OF_LENGTH)
CITY_DIGITS, COUNTY_DIGITS = 4, 6  # so much of a code names its city, its county
# City-level rows that only group counties and are no place of their own.
GROUPS = {
    "市辖区": "Districts of the municipality",
    "县": "Counties of the municipality",
    "省直辖县级行政区划": "Counties directly under the province",
    "自治区直辖县级行政区划": "Cities directly under the region",
}
# Ending → English word, longest first. Peoples' names before the ending are split off.
ENDINGS: dict[Level, tuple[tuple[str, str], ...]] = {
    Level.PROVINCE: (
        ("特别行政区", ""),
        ("自治区", ""),
        ("省", ""),
        ("市", ""),
    ),
    Level.CITY: (
        ("自治州", "Autonomous Prefecture"),
        ("地区", "Prefecture"),
        ("盟", "League"),
        ("市", "City"),
    ),
    Level.COUNTY: (
        ("自治县", "Autonomous County"),
        ("自治旗", "Autonomous Banner"),
        ("经济技术开发区", "Economic and Technological Development Zone"),
        ("高新技术产业开发区", "High-tech Development Zone"),
        ("经济开发区", "Economic Development Zone"),
        ("开发区", "Development Zone"),
        ("管理区", "Administrative Zone"),
        ("林区", "Forestry District"),
        ("特区", "Special District"),
        ("新区", "New Area"),
        ("区", "District"),
        ("县", "County"),
        ("市", "City"),
        ("旗", "Banner"),
    ),
    Level.TOWNSHIP: (
        ("街道办事处", "Subdistrict"),
        ("街道", "Subdistrict"),
        ("经济开发区", "Economic Development Zone"),
        ("开发区", "Development Zone"),
        ("工业园区", "Industrial Park"),
        ("民族乡", "Ethnic Township"),
        ("族乡", "Ethnic Township"),
        ("苏木", "Sumu"),
        ("农场", "Farm"),
        ("林场", "Forest Farm"),
        ("牧场", "Pasture"),
        ("镇", "Town"),
        ("乡", "Township"),
    ),
    Level.VILLAGE: (
        ("虚拟社区", "Virtual Community"),
        ("虚拟生活区", "Virtual Community"),
        ("社区", "Community"),
        ("居委会", "Neighbourhood"),
        ("嘎查", "Gacha"),
        ("村", "Village"),
    ),
}


def is_code(text: str) -> bool:
    """Whether the text has the form of a division code."""
    return CODE.match(text) is not None


def level_of(code: str) -> Level:
    """The level of a code. Raises ValueError for what is no division code."""
    if not is_code(code):
        raise ValueError(f"not a division code: {code!r}")
    return LEVEL_OF_LENGTH[len(code)]


def parent_of(code: str) -> str | None:
    """The code one level up; None above a province."""
    shorter = [n for n in LENGTHS if n < len(code)]
    return code[: shorter[-1]] if shorter else None


def chain_of(code: str) -> tuple[str, ...]:
    """The codes from the province down to the code itself."""
    return tuple(code[:n] for n in LENGTHS if n <= len(code))


def code_range(prefix: str) -> tuple[str, str]:
    """Half-open range [from, to) of the codes that begin with the prefix."""
    return prefix, prefix + ":"


def text_range(prefix: str) -> tuple[str, str]:
    """Half-open range of the texts that begin with the prefix, in byte or code point order."""
    return prefix, prefix + LAST_CHARACTER


def is_group(code: str, name: str) -> bool:
    """Whether a row only groups others and is left out of labels: 市辖区, 东莞市 as a county."""
    return (len(code) == 4 and name in GROUPS) or (len(code) == 6 and code.endswith("00"))


def short_name(name: str, level: Level) -> str:
    """The name people use: 焦家村委会 and 焦家村村民委员会 → 焦家村; 某社区居委会 → 某社区."""
    if level is Level.TOWNSHIP:
        return name.removesuffix("办事处") if name.endswith("街道办事处") else name
    if level is not Level.VILLAGE:
        return name
    for ending in ("村民委员会", "村委会"):
        if name.endswith(ending) and len(name) > len(ending):
            stem = name.removesuffix(ending)
            return stem if stem.endswith(("村", "嘎查", "社区")) else stem + "村"
    for ending in ("居民委员会", "居委会"):
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            return stem if stem.endswith(("社区", "村")) else stem + "居委会"
    return name


def english_name(name: str, level: Level) -> str:
    """The name in Latin letters with its kind in English: 普定县 → Puding County.

    A one-syllable stem keeps its ending, as is the custom: 歙县 → Shexian County.
    """
    if level is Level.CITY and name in GROUPS:
        return GROUPS[name]
    name = short_name(name, level)
    for ending, word in ENDINGS[level]:
        if name.endswith(ending) and len(name) > len(ending):
            return _with_kind(name, ending, word)
    return romanise(name)


def _with_kind(name: str, ending: str, word: str) -> str:
    stem = name.removesuffix(ending)
    peoples: list[str] = []
    if ending.startswith(("自治", "族", "民族")) and stem not in OWN_SPELLING:
        stem, peoples = split_peoples(stem + "族" if ending == "族乡" else stem)
    bare = len(stem) == 1 and len(ending) == 1 and "a" <= romanise(stem)[:1].lower() <= "z"
    proper = romanise(stem + ending if bare else stem) if stem else ""
    among = " and ".join(filter(None, (", ".join(peoples[:-1]), *peoples[-1:])))
    kind = f"{among} {word}" if among and word else word
    return " ".join(filter(None, (proper, kind)))


def display_name(name: str, level: Level, locale: str) -> str:
    """The name for a reader of the locale: Chinese short name for zh, English otherwise."""
    return short_name(name, level) if locale.startswith("zh") else english_name(name, level)


def path_label(path: Sequence[tuple[str, str]], locale: str, first: Level = Level.PROVINCE) -> str:
    """A path of (code, name), coarse to fine, as one line: 普定县 化处镇 焦家村.

    English begins with the finest. Levels above ``first`` and mere groups are left out.
    """
    least = LENGTHS[list(Level).index(first)]
    kept = [(c, n) for c, n in path if not is_group(c, n)]
    shown = [(c, n) for c, n in kept if len(c) >= least] or kept[-1:]
    names = [display_name(name, level_of(code), locale) for code, name in shown]
    return " ".join(names) if locale.startswith("zh") else ", ".join(reversed(names))


def haversine_km(latitude_a: int, longitude_a: int, latitude_b: int, longitude_b: int) -> float:
    """Great-circle distance in km between two points in micro-degrees.

    Haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68(2), 1984)
    on a sphere of the mean radius 6371.0088 km (IUGG).
    """
    lat_a, lon_a, lat_b, lon_b = (
        radians(v / 1e6) for v in (latitude_a, longitude_a, latitude_b, longitude_b)
    )
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(h)))
