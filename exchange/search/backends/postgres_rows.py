"""Documents as rows, in the form that PostgreSQL's binary COPY reads.

Terms carry their field as a weight and how often they stand there as positions, for ``ts_rank``.
"""

import json
import struct
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

import numpy as np

from exchange.search.backends.postgres_query import IN_TITLE, lexeme, token
from exchange.search.corpus import FACTS, SCORED_FIELDS, Entry, Shown
from exchange.search.encoder import Vectors
from exchange.search.port import PUBLIC
from exchange.search.staged import Stored
from exchange.search.vectors import pack_small, pack_vector, unpack_vector

BEGIN = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
END = struct.pack(">h", -1)
COLUMNS = (
    "key", "version", "published", "ends", "bundle", "area", "spot", "owner", "lengths", "stored",
    "terms", "meaning",
)  # fmt: skip
WEIGHTS = {"title": 3, "names": 2, "places": 1, "categories": 0, "text": 0}  # A, B, C, D
MOST_OFTEN = 4  # times that a term counts in one field, for the choice of candidates
MOST_BYTES = 900_000  # of all lexemes of a document; PostgreSQL takes a megabyte
OWNER = ("audience", "organisation")
AREA = ("in", "serves")
FOR_ALL = f"audience:{PUBLIC}"
_INT4 = 23
_HALFVEC = 4  # bytes that stand before the numbers of a halfvec

Traits = dict[str, tuple[str, ...]]


def traits_of(entry: Entry) -> Traits:
    """The sets of tokens that a document shares with many others, by their columns."""
    sets: dict[str, list[str]] = {"bundle": [], "area": [], "owner": []}
    for name in entry.filters:
        kind = name.partition(":")[0]
        if not _is_external(name):
            column = "owner" if kind in OWNER else "area" if kind in AREA else "bundle"
            sets[column].append(name)
    facts = np.frombuffer(entry.facts, FACTS)[0]
    spot = (float(facts["latitude"]).hex(), float(facts["longitude"]).hex())
    return {"spot": ("@", *spot)} | {column: tuple(sorted(some)) for column, some in sets.items()}


def pack_tokens(tokens: tuple[str, ...]) -> bytes:
    """A set of tokens, to be kept."""
    return json.dumps(tokens, ensure_ascii=True).encode()


def digest_of(packed: bytes) -> bytes:
    """A short name of a set of tokens."""
    return blake2b(packed, digest_size=16).digest()


def pack_rows(
    entries: Iterable[tuple[Entry, tuple[str, ...]]],
    numbers: Mapping[bytes, int],
    *,
    has_extension: bool,
) -> Iterable[bytes]:
    """The rows of entries with their flat texts. ``numbers`` are those of traits, by digest."""
    yield BEGIN
    for entry, flats in entries:
        yield _row(entry, flats, numbers, has_extension=has_extension)
    yield END


def _row(
    entry: Entry, flats: tuple[str, ...], numbers: Mapping[bytes, int], *, has_extension: bool
) -> bytes:
    facts = np.frombuffer(entry.facts, FACTS)[0]
    traits = {
        column: numbers[digest_of(pack_tokens(some))] for column, some in traits_of(entry).items()
    }
    values = [
        entry.key.encode(),
        struct.pack(">q", int(facts["version"])),
        struct.pack(">q", int(facts["published"])),
        struct.pack(">i", int(facts["ends"])),
        *(struct.pack(">i", traits[column]) for column in ("bundle", "area", "spot", "owner")),
        _integers([int(facts[name]) for name in SCORED_FIELDS]),
        _pack_stored(entry, flats),
        pack_terms(entry, flats[0]),
        _meaning(entry.vector, has_extension=has_extension),
    ]
    parts = [struct.pack(">h", len(values))]
    for value in values:
        parts.append(struct.pack(">i", -1 if value is None else len(value)))
        parts.append(value or b"")
    return b"".join(parts)


def _integers(values: list[int]) -> bytes:
    elements = b"".join(struct.pack(">ii", 4, value) for value in values)
    return struct.pack(">iiiii", 1, 0, _INT4, len(values), 1) + elements


def pack_terms(entry: Entry, flat_title: str) -> bytes:
    """The tsvector of a document: its terms, those of the title once more, characters, tokens."""
    places: dict[str, list[int]] = {}
    for name in SCORED_FIELDS:
        for term, count in Counter(entry.fields[name]).items():
            spots = places.setdefault(lexeme(term), [])
            spots += [WEIGHTS[name]] * min(count, MOST_OFTEN)
    plain = {lexeme(IN_TITLE + term) for term in entry.fields["title"]}
    plain |= {lexeme(IN_TITLE + term) for term in entry.characters if term[1:] in flat_title}
    plain |= {lexeme(term) for term in entry.characters}
    plain |= {token(name) for name in entry.filters if name == FOR_ALL or _is_external(name)}
    lexemes = {name: places.get(name, []) for name in plain | places.keys()}
    packed: list[bytes] = []
    room = MOST_BYTES
    for name in sorted(filter(None, lexemes), key=lambda one: (not one.startswith("="), one)):
        weights = sorted(lexemes[name], reverse=True)
        positions = b"".join(
            struct.pack(">H", weight << 14 | at) for at, weight in enumerate(weights, 1)
        )
        one = name.encode() + b"\0" + struct.pack(">H", len(weights)) + positions
        room -= len(one) + 4
        if room < 0:
            break
        packed.append(one)
    return struct.pack(">i", len(packed)) + b"".join(packed)


def _is_external(name: str) -> bool:
    return name.startswith("external:")


def _pack_stored(entry: Entry, flats: tuple[str, ...]) -> bytes:
    side = next((name[5:] for name in entry.filters if name.startswith("side:")), "")
    kept = [entry.shown.title, entry.shown.text, side, *flats]
    # Escaped by JSON, so that no sign is too odd to be kept.
    return entry.facts + json.dumps(kept, ensure_ascii=False).encode(errors="surrogatepass")


def _meaning(vector: bytes, *, has_extension: bool) -> bytes | None:
    if not vector:
        return None
    plain: Vectors = np.frombuffer(vector, "<f4")
    return pack_halfvec(plain) if has_extension else pack_small(plain[None, :]).tobytes()


def pack_halfvec(vector: Vectors) -> bytes:
    """A vector in the binary form of pgvector's halfvec."""
    return struct.pack(">hh", len(vector), 0) + vector.astype(">f2").tobytes()


def unpack_meanings(packed: Sequence[bytes | None], *, has_extension: bool) -> list[bytes]:
    """Rows of ``small_rows`` from a column's values; empty without a meaning."""
    kept = [one for one in packed if one]
    if not kept:
        return [b""] * len(packed)
    if has_extension:
        halves = np.frombuffer(b"".join(one[_HALFVEC:] for one in kept), ">f2")
        rows = pack_small(halves.astype(np.float32).reshape(len(kept), -1))
        small = iter([row.tobytes() for row in rows])
    else:
        small = iter(kept)
    return [next(small) if one else b"" for one in packed]


def unpack_stored(key: str, kept: bytes, meaning: bytes = b"", place: float = 0.0) -> Stored:
    """A document as it was stored."""
    size = FACTS.itemsize
    text = kept[size:].decode(errors="surrogatepass")
    title, words, side, *flats = json.loads(text)
    return Stored(key, kept[:size], tuple(flats), Shown(title, words), side, meaning, place)


def written_vector(vector: Vectors) -> str:
    """A question's vector as a literal of pgvector."""
    return f"[{','.join(map(str, unpack_vector(pack_vector(vector)).tolist()))}]"
