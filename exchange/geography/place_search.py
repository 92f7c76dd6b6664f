"""Finding a place from what a person types: characters, pinyin, initials or a code."""

import re
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.geography.models import Division
from exchange.geography.queries import in_force
from exchange.geography.rules import Level, code_range, text_range

HAN = re.compile(r"[\u3400-\u9fff〇]")
LETTERS = re.compile(r"[a-zü' ]+\Z")
SPACES = re.compile(r"[\s,，、>›/]+")
LONGEST_TOKEN = 40
LONGEST_NAME = 12
COARSE_TO_FINE = tuple(Level)
Rows = Iterable[Division]


def search_divisions(
    session: Session, text: str, within: str | None = None, near: str | None = None,
    limit: int = 12, today: date | None = None,
) -> tuple[Division, ...]:  # fmt: skip
    """Places whose name begins with the text, or contains it inside ``near``'s county or city.

    At least two characters, or two letters of pinyin or of initials, or digits of a code. Several
    words go from coarse to fine: "普定 焦家". Places in ``near``'s county come first, then its
    city's, then the others; in each, coarse levels first. Only divisions below ``within`` count.
    """
    words = [word for word in SPACES.split(text.strip().lower()) if word][:4]
    if not words or len("".join(words)) < 2:
        return ()
    if not HAN.search(text) and not words[0].isdigit():
        words = ["".join(words)]
    places: tuple[str | None, ...] = (within,)
    for word in words[:-1]:
        found = [d.code for place in places for d in _search(session, word, place, near, 5, today)]
        places = tuple(found[:5])
    seen: dict[str, Division] = {}
    for place in places:
        seen.update((d.code, d) for d in _search(session, words[-1], place, near, limit, today))
    return tuple(seen.values())[:limit]


def resolve_place(
    session: Session, text: str, near: str | None = None, today: date | None = None
) -> tuple[Division, ...]:
    """What a typed name may mean, best first; also a full address (普定县化处镇焦家村).

    One result means that the text names one place only; the door lets the person choose otherwise.
    """
    text = SPACES.sub("", text.strip())
    exact = _by_address(session, text, None, near, today)
    if exact:
        return exact
    return search_divisions(session, text, None, near, 12, today)


def _by_address(
    session: Session, text: str, within: str | None, near: str | None, today: date | None
) -> tuple[Division, ...]:
    """Divisions whose whole short name is the text, or whose ancestors' names begin it."""
    if not HAN.search(text):
        return ()
    rows = _named(session, text, within, near, today)
    whole = [d for d in rows if text in (d.name, d.label("zh"))]
    if whole:
        return tuple(whole[:12])
    for row in [d for d in rows if len(d.code) < 12 and d.code != within][:6]:
        rest = text.removeprefix(row.name)
        below = _by_address(session, rest, row.code, near, today) if len(rest) > 1 else ()
        found = below or search_divisions(session, rest, row.code, near, 12, today)
        if found:
            return found
    return ()


def _named(
    session: Session, text: str, within: str | None, near: str | None, today: date | None
) -> list[Division]:
    """Divisions named like a beginning of the text or like all of it, the closest first."""
    heads = [text[:n] for n in range(2, min(len(text), LONGEST_NAME) + 1)]
    named = Division.name.in_([*heads, *_official_forms(text)])
    # The index begins with the level: name all levels, so that each is a short range.
    everywhere = sa.and_(Division.level.in_(COARSE_TO_FINE), _inside(within))
    areas = [everywhere, *([_inside(near[:4])] if near and len(near) >= 4 and not within else [])]
    found: dict[str, Division] = {}
    for area in areas:
        query = sa.select(Division).where(named, area, in_force(today))
        query = query.order_by(Division.level, Division.name, Division.code).limit(300)
        found.update((d.code, d) for d in session.scalars(query))
    return sorted(found.values(), key=lambda d: (*_closeness(d.code, near), -len(d.name), d.code))


def _official_forms(short: str) -> tuple[str, ...]:
    """The official names that a village's or neighbourhood's everyday name may stand for."""
    stem = short.removesuffix("村")
    endings = (
        "村委会",
        "村民委员会",
        "社区",
        "社区居委会",
        "社区居民委员会",
        "居委会",
        "居民委员会",
    )
    both = (short, stem) if stem else (short,)
    return tuple(f"{name}{ending}" for name in both for ending in endings)


def _search(
    session: Session,
    word: str,
    within: str | None,
    near: str | None,
    limit: int,
    today: date | None,
) -> list[Division]:
    word = word[:LONGEST_TOKEN]
    if word.isdigit():
        return _in_ring(session, word, word, within, limit, today)
    found: dict[str, Division] = {}
    for ring in _rings(within, near):
        found.update((d.code, d) for d in _in_ring(session, word, ring, within, limit, today))
    close = list(found.values())
    if within is None or len(within) < 4:
        # Leave room for places elsewhere: the actor may look for one far away.
        close = close[: max(limit - 4, limit // 2)]
        known = {d.code for d in close}
        close += [d for d in _anywhere(session, word, within, limit, today) if d.code not in known]
    return close[:limit]


def _rings(within: str | None, near: str | None) -> list[str]:
    """Small areas to look through completely: near's county and city, or the area asked for."""
    if within is not None and len(within) >= 4:
        closer = near[:6] if near and near.startswith(within) and len(near) > len(within) else None
        return [ring for ring in (closer, within) if ring]
    return [near[:n] for n in (6, 4) if near and len(near) >= n]


def _in_ring(
    session: Session, word: str, ring: str, within: str | None, limit: int, today: date | None
) -> list[Division]:
    matches = sa.true() if word.isdigit() else _key_begins(word)
    if HAN.search(word):
        matches = Division.name.contains(word, autoescape=True)
    first, end = code_range(ring)
    query = sa.select(Division).where(
        Division.code >= first, Division.code < end, matches, in_force(today), _inside(within)
    )
    begins = sa.case((Division.name.startswith(word, autoescape=True), 0), else_=1)
    order = (sa.func.length(Division.code), begins, sa.func.length(Division.name), Division.code)
    rows = session.scalars(query.order_by(*order).limit(limit + 2))
    return _places(rows)


def _anywhere(
    session: Session, word: str, within: str | None, limit: int, today: date | None
) -> list[Division]:
    """Level by level, until there are enough: each is a range of an index in its own order."""
    found: list[Division] = []
    for level in COARSE_TO_FINE:
        if len(found) >= limit:
            break
        for key in _keys(word, level):
            first, end = text_range(_prepared(word))
            query = sa.select(Division).where(
                Division.level == level, key >= first, key < end, in_force(today), _inside(within)
            )
            known = {d.code for d in found}
            rows = session.scalars(query.order_by(key, Division.code).limit(limit))
            found += [d for d in _places(rows) if d.code not in known]
    return found


def _keys(word: str, level: Level) -> tuple[sa.orm.InstrumentedAttribute[str], ...]:
    if HAN.search(word):
        return (Division.name,)
    if level is Level.VILLAGE:
        return (Division.initials,)
    return (Division.initials, Division.pinyin)  # type: ignore[return-value]  # pinyin may be null, a range leaves null out


def _key_begins(word: str) -> sa.ColumnElement[bool]:
    first, end = text_range(_prepared(word))
    keys = _keys(word, Level.TOWNSHIP)
    return sa.or_(*(sa.and_(key >= first, key < end) for key in keys))


def _prepared(word: str) -> str:
    return word if HAN.search(word) else word.replace("ü", "v").replace("'", "")


def _inside(within: str | None) -> sa.ColumnElement[bool]:
    if within is None:
        return sa.true()
    first, end = code_range(within)
    return sa.and_(Division.code > first, Division.code < end)


def _places(rows: Rows) -> list[Division]:
    return [row for row in rows if not row.is_group]


def _closeness(code: str, near: str | None) -> tuple[int, int]:
    """(how far from the actor's own place in levels, depth): smaller comes first."""
    shared = max(
        (n for n in (6, 4, 2) if near and len(near) >= n and code[:n] == near[:n]), default=0
    )
    return -shared, len(code)
