"""What was read from a listing's words, as bytes to be kept beside its vectors.

Both kinds carry a mark of the tables and the code that they were read by, and of the side and the
category, which have a say in what a writer wants to do: what was read otherwise is read again.
"""

import json
import sys
import zlib
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from exchange.matching.columns import Words
from exchange.matching.traits import STANCES, TRAIT_BYTES, Traits, unpack_traits
from exchange.matching.values import ListingFacts, Reading, Vector
from exchange.matching.word_meanings import WordStore, meanings_of
from exchange.matching.words import FREQUENCIES, NAMES
from exchange.search.reading.stances import Stance
from exchange.search.reading.subjects import Subject

ROOM = Path(__file__).parent
SEARCH = ROOM.parent / "search"
CODE = (
    ROOM / "columns.py", ROOM / "readings.py", ROOM / "reading_packing.py",
    ROOM / "traits.py", ROOM / "words.py", SEARCH / "analysis.py",
)  # fmt: skip
PAIR = np.dtype([("number", "<u2"), ("weight", "<f2")])
MARK = 8  # bytes
QUICK = 1  # of zlib's levels


@cache
def _tables_mark() -> bytes:
    language = SEARCH / "reading"
    files = sorted((*language.glob("*.py"), *language.rglob("*.tsv")))
    found = crc32(FREQUENCIES.read_bytes())
    for path in (*CODE, *files):
        found = crc32(path.read_bytes(), found)
    return found.to_bytes(4, "little")


def mark_of(facts: ListingFacts) -> bytes:
    """Eight bytes that change with all that a reading is made by, but for the words themselves."""
    own = crc32(f"{facts.side}/{facts.category}".encode())
    return _tables_mark() + own.to_bytes(4, "little")


def pack_sketch(facts: ListingFacts, words: Words, traits: Traits) -> bytes:
    """What columns hold of a reading: its traits and its hashed words, four bytes for each."""
    rows = np.empty(len(words[0]), PAIR)
    rows["number"], rows["weight"] = words
    return mark_of(facts) + traits.pack() + rows.tobytes()


def unpack_sketch(facts: ListingFacts, packed: bytes | None) -> tuple[Words, Traits] | None:
    """From ``pack_sketch``; None when it was made another way, or not kept."""
    if packed is None or packed[:MARK] != mark_of(facts):
        return None
    split = MARK + TRAIT_BYTES
    rows = np.frombuffer(packed, PAIR, offset=split)
    words = rows["number"].astype(np.uint16), rows["weight"].astype(np.float32)
    return words, unpack_traits(packed[MARK:split])


def pack_reading(facts: ListingFacts, reading: Reading) -> bytes:
    """All of a reading but the vectors, to the last bit, compressed."""
    said = [
        list(reading.terms),
        list(reading.telling),
        [one.id for one in reading.subjects],
        sorted(reading.refused),
        [stance.value for stance in STANCES if stance in reading.stances],
    ]
    numbers = np.array([
        reading.norm,
        *(one.weight for one in reading.subjects),
        *reading.terms.values(),
        *reading.telling.values(),
    ], "<f8").tobytes()  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    whole = len(numbers).to_bytes(4, "little") + numbers + text
    return mark_of(facts) + zlib.compress(whole, QUICK)


def unpack_reading(
    facts: ListingFacts,
    packed: bytes | None,
    vectors: tuple[Vector, Vector],
    store: WordStore | None = None,
) -> Reading | None:
    """From ``pack_reading``, with these vectors of title and text, and with a store also what the
    words mean; None as for ``unpack_sketch``.
    """
    if packed is None or packed[:MARK] != mark_of(facts):
        return None
    whole = zlib.decompress(packed[MARK:])
    end = 4 + int.from_bytes(whole[:4], "little")
    norm, *numbers = np.frombuffer(whole[4:end], "<f8").tolist()
    terms, words, subjects, refused, stances = json.loads(whole[end:])
    weights = iter(numbers)
    # One text for a term, however many listings use it. Each takes its part of the numbers.
    subjects = tuple([Subject(sys.intern(key), next(weights)) for key in subjects])
    kept = {sys.intern(term): next(weights) for term in terms}
    telling = {sys.intern(word): next(weights) for word in words}
    return Reading(
        kept,
        norm,
        tuple(telling)[:NAMES],
        *vectors,
        subjects,
        frozenset(refused),
        frozenset(map(Stance, stances)),
        None if store is None else meanings_of(telling, store),
        telling,
    )
