"""Places that a question names, and whether it surely means them.

A name alone says little: 中心, 合作 and 大坝 are places and words of everyday use. What stands
around it, what contains it and where the reader is decide. Nobody is asked; who is in doubt may
leave the words as they are.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from exchange.geography.gazetteer import Place, Span, gazetteer
from exchange.geography.place_lookup import bare_words, fine_spans, segments, with_endings
from exchange.geography.place_names import fold, ordinary_words
from exchange.geography.rules import (
    CITY_DIGITS,
    COUNTY_DIGITS,
    LENGTHS,
    Level,
    display_name,
    is_code,
)

LOOKED_AT = 300  # signs of a text
LONGEST_THING = 8  # signs of a name of a thing that a place may be part of
COMMON_NAME = 20  # so many places of one name: it is a word like 和平 or 新村
SHORT_LATIN = 5  # letters below which Latin letters without a kind are just a word
BETWEEN = " \t\u3000,，、·>›/的"  # may stand between a place and the one it lies in
PROVINCE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text between two positions. ``others``: codes of the same name.

    ``sure`` says that the text means this place and no other thing; else the words may be more.
    """

    start: int
    end: int
    code: str
    name: str
    level: Level
    sure: bool
    others: tuple[str, ...] = ()

    def label(self, locale: str) -> str:
        """The place's own name for a reader of the locale."""
        return display_name(self.name, self.level, locale)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a decision looks at: the folded text, all spans, the reader's division, guard words."""

    text: str
    spans: tuple[Span, ...]
    near: str
    not_places: Collection[str]


def mentions(
    session: Session, text: str, near: str | None, not_places: Collection[str] = ()
) -> list[Mention]:
    """The places that a text names, in its order; they do not overlap.

    ``near`` is the reader's division: of places with one name the nearest counts, then the
    larger. A place within a word of ``not_places`` (关岭牛; a set is quickest) is not sure.
    Two queries at most; never raises for what a text holds. 300 signs are looked at.
    """
    folded = fold(text[:LOOKED_AT])
    near = near if near and is_code(near) else ""
    coarse = gazetteer(session).spans(folded)
    far = [span for span in coarse if near and _is_far_and_short(span, near)]
    bare = bare_words(folded, [one for one in coarse if one not in far])
    fine = fine_spans(session, with_endings(folded), bare, _areas(coarse, near))
    nearer = {(one.start, one.end) for one in fine if _is_near_township(one, near)}
    coarse = [one for one in coarse if one not in far or (one.start, one.end) not in nearer]
    spans = _without_overlaps([*coarse, *fine])
    reader = _Reader(folded, tuple(spans), near, not_places)
    return _merged([_mention(reader, span) for span in spans], folded)


def _areas(coarse: Sequence[Span], near: str) -> tuple[str, ...]:
    named = (option.code for span in coarse for option in span.options[:2])
    return tuple(dict.fromkeys((near[:CITY_DIGITS], *named) if near else named))


def _is_far_and_short(span: Span, near: str) -> bool:
    """Whether a bare name only means counties of other provinces: 乐平 for a reader in Anshun."""
    return not (span.whole or span.latin) and all(
        _depth(place) == COUNTY_DIGITS and not _shared(place.code, near) for place in span.options
    )


def _is_near_township(span: Span, near: str) -> bool:
    return any(
        place.level is Level.TOWNSHIP and _shared(place.code, near) >= CITY_DIGITS
        for place in span.options
    )


def _without_overlaps(spans: Sequence[Span]) -> list[Span]:
    """The longest first; bare names of towns and villages last."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (_is_bare(one), one.start - one.end, one.start)):
        if not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _is_bare(span: Span) -> bool:
    return not span.whole and _depth(span.options[0]) > COUNTY_DIGITS


def _depth(place: Place) -> int:
    return len(place.code)


def _related(code: str, other: str) -> bool:
    return code != other and (code.startswith(other) or other.startswith(code))


def _shared(code: str, near: str) -> int:
    """How many digits a place shares with the reader's, in whole levels."""
    depths = (n for n in reversed(LENGTHS) if n <= min(len(code), len(near)))
    return next((n for n in depths if code[:n] == near[:n]), 0)


def _context(reader: _Reader, span: Span, place: Place) -> int:
    """2: a neighbour contains the place or lies in it; 1: so does another place named."""
    best = 0
    for other in reader.spans:
        if other is span or not any(_related(place.code, one.code) for one in other.options):
            continue
        first, second = sorted((span, other), key=lambda one: one.start)
        gap = reader.text[first.end : second.start]
        best = max(best, 2 if not gap.strip(BETWEEN) else 1)
    return best


def _mention(reader: _Reader, span: Span) -> Mention:
    ranked = sorted(span.options, key=lambda place: (_rank(reader, span, place), place.code))
    chosen = ranked[0]
    alone = len(ranked) == 1 or _rank(reader, span, ranked[1]) != _rank(reader, span, chosen)
    return Mention(
        start=span.start,
        end=span.end,
        code=chosen.code,
        name=chosen.name,
        level=chosen.level,
        sure=alone and not _is_part(reader, span) and _is_meant(reader, span, chosen),
        others=tuple(place.code for place in ranked[1:]),
    )


def _rank(reader: _Reader, span: Span, place: Place) -> tuple[int, int, int]:
    return -_context(reader, span, place), -_shared(place.code, reader.near), _depth(place)


def _is_part(reader: _Reader, span: Span) -> bool:
    """Whether the place is a part of the name of a thing: 关岭牛."""
    if not reader.not_places:
        return False
    text, longest = reader.text, max(LONGEST_THING, span.end - span.start + 1)
    return any(
        text[start:end] in reader.not_places
        for start in range(max(0, span.end - longest), span.start + 1)
        for end in range(span.end, min(len(text), start + longest) + 1)
        if end - start > span.end - span.start
    )


def _is_meant(reader: _Reader, span: Span, place: Place) -> bool:
    word = reader.text[span.start : span.end]
    if _context(reader, span, place):
        return True
    if word in ordinary_words():
        return False
    if span.latin:
        return _latin_is_meant(reader, span, place)
    if _depth(place) > COUNTY_DIGITS:
        return _fine_is_meant(reader, span, place)
    if span.whole or _depth(place) < COUNTY_DIGITS:
        return True
    same_province = _shared(place.code, reader.near) >= PROVINCE_DIGITS
    only_one = not reader.near and len(span.options) == 1
    return same_province or only_one or _is_whole_word(reader, span)


def _latin_is_meant(reader: _Reader, span: Span, place: Place) -> bool:
    if span.whole:
        return True
    if span.end - span.start < SHORT_LATIN:
        return False
    if _depth(place) < COUNTY_DIGITS:
        return True
    is_near = _shared(place.code, reader.near) >= PROVINCE_DIGITS
    return is_near or (not reader.near and len(span.options) == 1)


def _fine_is_meant(reader: _Reader, span: Span, place: Place) -> bool:
    is_village = place.level is Level.VILLAGE
    shared = _shared(place.code, reader.near)
    is_near = shared >= (COUNTY_DIGITS if is_village else CITY_DIGITS)
    if not span.whole:
        return is_near and len(span.options) < COMMON_NAME and _is_whole_word(reader, span)
    return is_near or len(span.options) == 1


def _is_whole_word(reader: _Reader, span: Span) -> bool:
    """Whether nothing but places stands between the spaces around it."""
    covered = {at for one in reader.spans for at in range(one.start, one.end)}
    return any(
        start <= span.start and span.end <= end and covered.issuperset(range(start, end))
        for start, end in segments(reader.text)
    )


def _merged(found: Sequence[Mention], text: str) -> list[Mention]:
    """Neighbours of which one contains the other become one: 贵州安顺平坝 → 平坝区."""
    kept: list[Mention] = []
    for mention in found:
        before = kept[-1] if kept else None
        gap = text[before.end : mention.start] if before else ""
        if (
            before
            and before.sure
            and mention.sure
            and not gap.strip(BETWEEN)
            and (before.code == mention.code or _related(before.code, mention.code))
        ):
            finer = max((mention, before), key=lambda one: len(one.code))
            kept[-1] = replace(finer, start=before.start, end=mention.end)
        else:
            kept.append(mention)
    return kept
