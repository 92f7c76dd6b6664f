"""In which order pairs of nearly the same score are shown, so that new organisations get seen.

The score stays what it is and nothing comes above the threshold by this. Everything is decided
from values: the same pairs on the same day stand in the same order for everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b

BAND_MICRO = 30_000  # three points of a hundred: less than what a score is out by
FIRST = 5  # places that people look at
LATELY_DAYS = 90


class Seen(StrEnum):
    """Why a pair stands higher than by its score."""

    NEW = "new"
    RARE = "rare"


@dataclass(frozen=True)
class Introductions:
    """How often an organisation was taken up lately, and whether it ever was before."""

    lately: int = 0
    ever: int = 0


NEVER = Introductions()


@dataclass(frozen=True)
class Shown:
    """A pair to be put in order: its key, the organisation on the other side, its score."""

    key: tuple[int, int]
    organisation_id: int
    score_micro: int


def ordered(
    pairs: Sequence[Shown],
    counts: Mapping[int, Introductions],
    today: date,
    listing_id: int,
    least_micro: int,
) -> list[tuple[Shown, Seen | None]]:
    """The pairs in the order of showing, and of those that stand above one that came before them
    by its score, why. A lot alone is no reason: neither is better.

    ``pairs`` come by score, the best first. From the best on those within BAND_MICRO of it make a
    band; in a band organisations that were introduced less lately come first, then the higher
    score, then a lot drawn by day and listing. If the first five have no organisation that was
    never introduced, the best of those behind with ``least_micro`` or more takes the fifth place.
    """
    placed = [one for band in _bands(pairs) for one in _within(band, counts, today, listing_id)]
    placed = _with_a_new_one(placed, counts, least_micro)
    before = {one.key: place for place, one in enumerate(pairs)}

    def stands_above(one: Shown, place: int) -> bool:
        return any(
            before[other.key] < before[one.key] and not _are_level(one, other, counts)
            for other in placed[place + 1 :]
        )

    return [
        (one, _why(one, counts) if stands_above(one, place) else None)
        for place, one in enumerate(placed)
    ]


def _are_level(one: Shown, other: Shown, counts: Mapping[int, Introductions]) -> bool:
    mine, its = (counts.get(each.organisation_id, NEVER) for each in (one, other))
    return one.score_micro == other.score_micro and mine.lately == its.lately


def _bands(pairs: Sequence[Shown]) -> list[list[Shown]]:
    bands: list[list[Shown]] = []
    for one in pairs:
        if bands and bands[-1][0].score_micro - one.score_micro <= BAND_MICRO:
            bands[-1].append(one)
        else:
            bands.append([one])
    return bands


def _within(
    band: Sequence[Shown], counts: Mapping[int, Introductions], today: date, listing_id: int
) -> list[Shown]:
    def place(one: Shown) -> tuple[int, int, bytes]:
        lately = counts.get(one.organisation_id, NEVER).lately
        return lately, -one.score_micro, _lot(one, today, listing_id)

    return sorted(band, key=place)


def _lot(one: Shown, today: date, listing_id: int) -> bytes:
    drawn = f"{today.isoformat()}/{listing_id}/{one.key[0]}/{one.key[1]}"
    return blake2b(drawn.encode(), digest_size=8).digest()


def _with_a_new_one(
    placed: list[Shown], counts: Mapping[int, Introductions], least_micro: int
) -> list[Shown]:
    if any(_is_new(one, counts) for one in placed[:FIRST]):
        return placed
    for one in placed[FIRST:]:
        if _is_new(one, counts) and one.score_micro >= least_micro:
            rest = [other for other in placed if other is not one]
            return [*rest[: FIRST - 1], one, *rest[FIRST - 1 :]]
    return placed


def _is_new(one: Shown, counts: Mapping[int, Introductions]) -> bool:
    found = counts.get(one.organisation_id, NEVER)
    return not (found.lately or found.ever)


def _why(one: Shown, counts: Mapping[int, Introductions]) -> Seen | None:
    return Seen.NEW if _is_new(one, counts) else Seen.RARE
