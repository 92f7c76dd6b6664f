"""A site of any size from a seed: organisations and listings as the services would have written
them, one at a time, so that a million take no more memory than a hundred.

A listing is a row for ``listing`` and the prefixes of its coverage; ``documents.document_of`` makes
of it what the search index is given. Nothing is promised, since that would need matches: states
are draft, submitted, published, parked, expired and withdrawn. 4 of 100 are not public.
"""

from bisect import bisect
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.organisations import NEED_KINDS, OFFER_KINDS, Organisations, Owner
from benchmarks.places import Places, some_places
from benchmarks.vocabulary import CLOSED, SELLING, Goods, vocabulary, zipf_weights
from benchmarks.wording import LONGEST_TITLE, Writer
from exchange.kernel.clock import civil_date
from exchange.kernel.database import PUBLIC_ALPHABET
from exchange.listings.kinds import Door, Side, State, Urgency, Visibility
from exchange.listings.rules import (
    GRANT,
    LICENSED_CATEGORIES,
    SENSITIVE_CATEGORIES,
    language_of,
)
from exchange.taxonomy.terms import Beneficiary, Terms

ZONE = ZoneInfo("Asia/Shanghai")
NEEDS = 0.45
NOT_PUBLIC = 0.04
OWNED = 20  # listings for each organisation
MOST_OWNERS = 20_000
LANGUAGES = ((0.85, "zh"), (0.95, "en"), (1.0, "mixed"))
STATES = (
    (0.89, State.PUBLISHED), (0.96, State.EXPIRED), (0.975, State.PARKED),
    (0.985, State.SUBMITTED), (0.993, State.WITHDRAWN), (1.0, State.DRAFT),
)  # fmt: skip
URGENCIES = (
    (0.15, Urgency.LOW), (0.75, Urgency.NORMAL), (0.94, Urgency.HIGH), (1.0, Urgency.CRITICAL),
)  # fmt: skip
TERMS = ((0.4, Terms.FREE), (0.6, Terms.SUBSIDISED), (0.85, Terms.PAID), (1.0, Terms.COOPERATION))
OPEN_GROUPS = (
    Beneficiary.GENERAL, Beneficiary.LOW_INCOME_HOUSEHOLDS, Beneficiary.ELDERLY, Beneficiary.WOMEN,
    Beneficiary.ETHNIC_MINORITY, Beneficiary.YOUTH, Beneficiary.RETURNEES,
)  # fmt: skip
ALL_GROUPS = tuple(Beneficiary)
REACH = ((0.4, 6), (0.7, 4), (0.9, 2), (1.0, 0))  # digits of an offer's coverage, 0 the country
PAST_DAYS = 150  # how long ago the oldest was published
LICENCE = "地方金融监管部门许可，证照在站里备查"
SEALED_TITLES = ("一项服务需要帮手", "镇上有一件事求助", "一个小组想请老师")


class Generated(NamedTuple):
    """A row of ``listing``, the prefixes of ``listing_coverage``, the owner, what it is about."""

    row: dict[str, Any]
    coverage: tuple[str, ...]
    owner: Owner
    goods: Goods


class _Drawn(NamedTuple):
    """What is decided first, and decides the rest."""

    goods: Goods
    side: Side
    visibility: Visibility
    sealed: bool


class Generator:
    """The same seed, count, moment and provinces give the same site."""

    def __init__(
        self, listings: int, seed: int, now: datetime, places: Places | None = None
    ) -> None:
        self.listings = listings
        self.now = now
        self._seed = seed
        self.places = places or some_places()
        self._today = civil_date(now)
        self._goods = vocabulary().goods
        self._sums = zipf_weights(len(self._goods))
        self._hidden = [g for g in self._goods if g.category in SENSITIVE_CATEGORIES]
        self._grants = [g for g in self._goods if g.category in (GRANT, "funds")]
        self.owners = Organisations(
            min(MOST_OWNERS, max(len(NEED_KINDS) + len(OFFER_KINDS), listings // OWNED)),
            seed, now - timedelta(days=PAST_DAYS + 30), self.places,
        )  # fmt: skip
        self._need_share = self._share_of_needs()

    def __iter__(self) -> Iterator[Generated]:
        """All listings by id from 1, anew at each call."""
        draw = Random(self._seed)
        writer = Writer(vocabulary(), draw)
        for number in range(1, self.listings + 1):
            yield self._listing(number, draw, writer)

    def _share_of_needs(self) -> float:
        """Of the public listings whose side is free, so many are needs that all are in NEEDS."""
        shares = [b - a for a, b in zip([0.0, *self._sums], self._sums, strict=False)]
        closed = sum(s for s, g in zip(shares, self._goods, strict=True) if g.category in CLOSED)
        hidden = NOT_PUBLIC * (0.85 + 0.15 * NEEDS)
        return (NEEDS - hidden) / ((1 - NOT_PUBLIC) * (1 - closed))

    def _listing(self, number: int, draw: Random, writer: Writer) -> Generated:
        drawn = self._draw(draw)
        goods, side = drawn.goods, drawn.side
        lang = _of(LANGUAGES, draw.random())
        if len(goods.en) > LONGEST_TITLE:
            lang = "zh"
        owner = self.owners.draw(draw, side)
        kind = _kind(side, goods)
        terms = Terms.PAID if kind == "sell" else _of(TERMS, draw.random())
        amount = _amount(goods, draw)
        title, text = writer.title_and_text(kind, lang, goods, amount, owner.place, terms.value)
        row: dict[str, Any] = {
            "id": number,
            "public_id": _public_id(draw),
            "external_id": f"bench-{number}" if draw.random() < 0.3 else None,
            "organisation_id": owner.id,
            "author_id": None,
            "door": _door(kind),
            "side": side,
            "visibility": drawn.visibility,
            "title": title,
            "text": text,
            "lang": language_of(f"{title} {text}"),
            "category_code": goods.category,
            "division_code": owner.place.code,
            "public_title": writer.pick(SEALED_TITLES) if drawn.sealed else None,
            "public_division_code": _coarser(owner.place.code, draw),
            "quantity_milli": amount * 1000 if draw.random() < 0.88 else None,
            "committed_milli": 0,
            "unit": goods.unit,
            "terms": terms,
            "urgency": _of(URGENCIES, draw.random()),
            "beneficiaries": _groups(drawn, draw),
            "licence": _licence(side, goods),
            "review_note": "",
            "reviewed_by_id": None,
            "held_at": None,
            "expiry_told_at": None,
            **self._life(draw),
        }  # fmt: skip
        return Generated(row, _coverage(side, owner.place.code, draw), owner, goods)

    def _draw(self, draw: Random) -> _Drawn:
        chance = draw.random()
        if chance < NOT_PUBLIC * 0.6:
            goods = self._hidden[int(draw.random() * len(self._hidden))]
            sealed = draw.random() < 0.25
            seen = Visibility.VERIFIED if sealed else Visibility.BROKERS
            return _Drawn(goods, Side.NEED, seen, sealed)
        if chance < NOT_PUBLIC * 0.85:
            goods = self._grants[int(draw.random() * len(self._grants))]
            return _Drawn(goods, Side.NEED, Visibility.VERIFIED, False)
        goods = self._goods[bisect(self._sums, draw.random())]
        free = goods.category not in CLOSED
        side = Side.NEED if free and draw.random() < self._need_share else Side.OFFER
        public = chance >= NOT_PUBLIC
        return _Drawn(goods, side, Visibility.PUBLIC if public else Visibility.VERIFIED, False)

    def _life(self, draw: Random) -> dict[str, Any]:
        """State, moments and the days it is meant for, which fit each other."""
        state = _of(STATES, draw.random())
        began = self.now - timedelta(seconds=1 + draw.random() * PAST_DAYS * 86_400)
        from_date, to_date = self._days(draw, civil_date(began))
        published: datetime | None = began
        updated, ended = began, None
        if state is State.EXPIRED:
            to_date = civil_date(began) + timedelta(days=int(draw.random() * 60))
            to_date = min(to_date, self._today - timedelta(days=1))
            from_date = None
            ended = datetime.combine(to_date + timedelta(days=1), time(0, 30), ZONE)
            updated = ended = max(min(ended, self.now), began)
        elif state in (State.PARKED, State.WITHDRAWN):
            updated = began + (self.now - began) * draw.random()
            ended = updated if state is State.WITHDRAWN else None
        elif state in (State.SUBMITTED, State.DRAFT):
            published = None
        return {
            "state": state,
            "version": 2 if state is State.SUBMITTED else 1,
            "from_date": from_date,
            "to_date": to_date,
            "created_at": began,
            "updated_at": updated,
            "published_at": published,
            "ended_at": ended,
        }

    def _days(self, draw: Random, began: date) -> tuple[date | None, date | None]:
        """From and until; what has an end has not reached it, and a third has none."""
        first = began + timedelta(days=int(draw.random() * 60)) if draw.random() < 0.5 else None
        if draw.random() < 0.33:
            return first, None
        latest = max(first or self._today, self._today)
        return first, latest + timedelta(days=int(draw.random() * draw.random() * 400))


def _of(table: tuple[tuple[float, Any], ...], chance: float) -> Any:
    for limit, value in table:
        if chance < limit:
            return value
    return table[-1][1]


def _kind(side: Side, goods: Goods) -> str:
    if side is Side.OFFER:
        return "offer"
    return "sell" if goods.category == SELLING else "need"


def _door(kind: str) -> Door:
    return {"offer": Door.OFFER, "sell": Door.SELL, "need": Door.HELP}[kind]


def _licence(side: Side, goods: Goods) -> str | None:
    return LICENCE if side is Side.OFFER and goods.category in LICENSED_CATEGORIES else None


def _amount(goods: Goods, draw: Random) -> int:
    """Small ones more often than great ones; great ones are round."""
    amount = int(goods.least * (goods.greatest / goods.least) ** draw.random())
    return amount if amount < 100 else amount - amount % (100 if amount > 1_000 else 10)


def _public_id(draw: Random) -> str:
    bits, signs = draw.getrandbits(70), []
    for _ in range(14):
        bits, at = divmod(bits, 31)
        signs.append(PUBLIC_ALPHABET[at])
    return "".join(signs)


def _coarser(code: str, draw: Random) -> str | None:
    """One in a hundred shows others the county only."""
    return code[:6] if draw.random() < 0.01 and len(code) > 6 else None


def _groups(drawn: _Drawn, draw: Random) -> list[str]:
    secret = drawn.side is Side.OFFER or drawn.goods.category in SENSITIVE_CATEGORIES
    groups = ALL_GROUPS if secret else OPEN_GROUPS
    if draw.random() < 0.55:
        return [Beneficiary.GENERAL.value]
    first = groups[int(draw.random() * len(groups))].value
    second = groups[int(draw.random() * len(groups))].value
    return list(dict.fromkeys([first, second] if draw.random() < 0.3 else [first]))


def _coverage(side: Side, code: str, draw: Random) -> tuple[str, ...]:
    """The prefixes that an offer serves, sorted: county, city, province or the country."""
    if side is Side.NEED:
        return ()
    digits = _of(REACH, draw.random())
    return (code[:digits],) if digits else ("CN",)
