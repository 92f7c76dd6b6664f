"""The one place of a question, taken out of its words: 安顺 冷链车 asks for 冷链车, in 安顺."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from exchange.discovery.places import place_of
from exchange.geography.place_mentions import LOOKED_AT, Mention, mentions
from exchange.geography.place_names import fold
from exchange.search.analysis import read_words
from exchange.search.wiring import shared_analyzer

NAMED_GOODS = Path(__file__).parent / "data" / "named_goods.txt"
QUOTED = re.compile(r"[\"“”「『][^\"“”「」『』]*[\"“”」』]?")
EXCLUDED = re.compile(r"(?:(?<=\s)|^)-\S+")
KINDS = ("省", "市", "县", "区", "州", "镇", "乡", "村")
# Beside these the place is where something goes or comes from, not where it is.
AWAY_BEFORE = re.compile(r"(?:[到往至去向从]|来自|\b(?:to|from)\s)\s*\Z")
AWAY_AFTER = re.compile(r"\s*(?:[到至往→~]|->|[-\u2013\u2014]|to\b)")
# Beside these it is a part of another name: 安顺学院, 中山路.
NAMED_AFTER = re.compile(
    r"(?:(?:大学|中学|小学)(?!生)|学院|医院|一中|二中|银行|集团|公司|日报|师范|职院|职业技术|农科院|商会|海关"
    r"|[东南西北]?站|火车站|高铁|机场|大道|街(?!道)|路(?![灯面基边况])|大桥|话|人\b|菜\b)"
)
WHERE_BEFORE = re.compile(
    r"(?:我?们?在|就在|位于|坐落于?|靠近|处于|处在|离"
    r"|\b(?:in|near|around|at|within|close to)\s)\s*\Z"
)
WHERE_AFTER = re.compile(
    r"\s*(?:(?:附近|周边|周围|一带|境内|辖区内?|城区|市区|范围内|nearby\b|area\b)的?"
    r"|(?:城|城里|城内|县里|市里|区里|省里|乡里|镇里|镇上|村里|里面|以?内|里|上|本地|当地|地区|这边|那边|这里)"
    r"(?:的|(?=\s|\Z))|(?:最近|近|不远)的|的|[,，、])"
)


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """The place of a question: its code and name, where it stands, the words that name it (the
    finest place only), and the rest of the words.
    """

    code: str
    label: str
    rest_of_text: str
    start: int
    end: int
    words: str = ""


@cache
def named_goods() -> frozenset[str]:
    """Goods that carry the name of a place: 关岭牛."""
    return frozenset(fold(word) for word in read_words(NAMED_GOODS))


def read_place(session: Session, text: str, near: str | None, locale: str) -> PlaceRead | None:
    """The one place that a question surely means, and the question without it.

    None when no place is sure, when several are named of which none lies in the other (贵阳到
    重庆), and when it is quoted, excluded by a minus, a destination or a part of another name.
    ``near`` is the reader's division. Never raises for what a text holds.
    """
    meant = _meant(session, text, near)
    if not meant:
        return None
    finest = max(meant, key=lambda one: len(one.code))
    if not all(finest.code.startswith(one.code) for one in meant):
        return None
    place = place_of(session, finest.code, locale)
    if not place.code:
        return None
    rest = _rest_of(text, meant)
    return PlaceRead(place.code, place.label, rest, finest.start, finest.end, finest.name)


def _meant(session: Session, text: str, near: str | None) -> list[Mention]:
    """The sure places, or nothing when one of them stands for something else."""
    sure = [one for one in mentions(session, text, near, named_goods()) if one.sure]
    if not sure:
        return []
    folded = fold(text[:LOOKED_AT])
    closed = [match.span() for match in (*QUOTED.finditer(folded), *EXCLUDED.finditer(folded))]
    for one in sure:
        inside = any(start < one.end and one.start < end for start, end in closed)
        away = AWAY_BEFORE.search(folded[: one.start]) or AWAY_AFTER.match(folded, one.end)
        if inside or away or NAMED_AFTER.match(folded, one.end):
            return []
    words = list(_words(folded))
    return [one for one in sure if not _cuts_a_word(folded, one, words)]


def _words(folded: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text stand, as a reader would cut it."""
    at = 0
    for word in shared_analyzer().cut(folded):
        start = folded.find(word, at)
        if start >= 0:
            at = start + len(word)
            yield start, at


def _cuts_a_word(folded: str, one: Mention, words: Sequence[tuple[int, int]]) -> bool:
    """Whether a word begins or ends within the place: 平安|顺利 does not name 安顺."""
    named = folded[one.start : one.end]
    for start, end in words:
        crosses = start < one.start < end < one.end or one.start < start < one.end < end
        if start == one.end - 1 and named.endswith(KINDS):
            continue  # 关岭县|城: the kind belongs to both
        around = (start <= one.start and one.end <= end) and (start, end) != (one.start, one.end)
        if crosses or (around and folded[start:end] not in [named + kind for kind in KINDS]):
            return True
    return False


def _rest_of(text: str, meant: Sequence[Mention]) -> str:
    """The words without the places and without 在, 附近 and the like beside them."""
    rest, pieces = text, list[str]()
    for one in sorted(meant, key=lambda each: each.start, reverse=True):
        after = rest[one.end :]
        found = WHERE_AFTER.match(fold(after))
        pieces.insert(0, after[found.end() :] if found else after)
        before = rest[: one.start]
        leading = WHERE_BEFORE.search(fold(before))
        rest = before[: leading.start()] if leading else before
    return " ".join(" ".join([rest, *pieces]).split())
