"""What a reading of a question is: pieces with alternatives, and the best rewriting of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

SURE_ENOUGH = 0.5  # a piece is rewritten of its own accord from here on
MOST_SUGGESTIONS = 5


class Kind(StrEnum):
    """Why a piece may be meant otherwise."""

    PINYIN = "pinyin"
    INITIALS = "initials"
    HOMOPHONE = "homophone"
    SHAPE = "shape"
    SLIP = "slip"
    LATIN = "latin"


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a piece may have meant; confidence from 0 to 1."""

    text: str
    confidence: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text, from start to before end, and what it may have meant, best first."""

    start: int
    end: int
    typed: str
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the text that the rewriting replaces, and where its new words stand in there."""

    start: int
    end: int
    typed: str
    put: str
    put_at: int
    kind: Kind
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question may have been meant.

    ``rewritten`` is the best rewriting, or None if the text is best as it stands; ``confidence``
    is that of its weakest change, 0 without one. ``suggestions`` are other whole texts, the likely
    ones first. ``has_known_word``: some word of the text as typed is known to the lexicon.
    """

    text: str
    pieces: tuple[Piece, ...] = ()
    rewritten: str | None = None
    confidence: float = 0.0
    changes: tuple[Change, ...] = ()
    suggestions: tuple[str, ...] = ()
    has_known_word: bool = False


def assemble(text: str, pieces: Sequence[Piece], *, has_known_word: bool) -> Reading:
    """Choose what to rewrite. Pieces are in order, do not overlap, and each has alternatives.

    Doubtful alternatives are put in place only when nothing else in the question is known.
    """
    ordered = sorted(pieces, key=lambda piece: piece.start)
    chosen = [piece for piece in ordered if piece.alternatives[0].confidence >= SURE_ENOUGH]
    if not chosen and not has_known_word:
        chosen = ordered
    put = {piece.start: piece.alternatives[0] for piece in chosen}
    changes = tuple(_changes(chosen, put))
    rewritten = _put(text, ordered, put) if changes else None
    return Reading(
        text,
        tuple(ordered),
        rewritten,
        min((change.confidence for change in changes), default=0.0),
        changes,
        _suggestions(text, ordered, put),
        has_known_word,
    )


def _put(text: str, pieces: Sequence[Piece], put: dict[int, Alternative]) -> str:
    parts: list[str] = []
    end = 0
    for piece in pieces:
        if piece.start in put:
            parts += [text[end : piece.start], put[piece.start].text]
            end = piece.end
    return "".join([*parts, text[end:]])


def _changes(chosen: Sequence[Piece], put: dict[int, Alternative]) -> Iterator[Change]:
    shift = 0
    for piece in chosen:
        one = put[piece.start]
        at = piece.start + shift
        shift += len(one.text) - (piece.end - piece.start)
        yield Change(piece.start, piece.end, piece.typed, one.text, at, one.kind, one.confidence)


def _suggestions(
    text: str, pieces: Sequence[Piece], put: dict[int, Alternative]
) -> tuple[str, ...]:
    """Whole texts with one other alternative each."""
    others = [
        (alternative, piece)
        for piece in pieces
        for alternative in piece.alternatives
        if put.get(piece.start) != alternative
    ]
    others.sort(key=lambda one: -one[0].confidence)
    texts = (
        _put(text, pieces, {**put, piece.start: alternative})
        for alternative, piece in others[: 2 * MOST_SUGGESTIONS]
    )
    best = _put(text, pieces, put)
    return tuple(one for one in dict.fromkeys(texts) if one not in {text, best})[:MOST_SUGGESTIONS]
