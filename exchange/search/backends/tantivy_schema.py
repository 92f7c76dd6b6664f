"""What tantivy keeps of a document: terms that were analysed before, columns, one stored row.

Words of the title and of names stand several times in the field of words, so that tantivy's own
score, by which candidates are chosen, comes near to that of ``ranking``. What a hit is shown with
and scored by is one stored value; vectors lie beside the index, in ``vector_rows``.
"""

import struct
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import tantivy

from exchange.search.corpus import FACTS, FILTER, OPEN_END, SCORED_FIELDS, Entry, Shown
from exchange.search.port import DIVISION_LENGTHS
from exchange.search.staged import Stored

# The library's stubs are not complete; it is named once here.
library: Any = tantivy

FORMAT = {"tantivy": 2}  # raise it when anything here changes
KEY, WORDS, CHARACTERS, STORED = "key", "words", "characters", "stored"
PUBLISHED, ENDS, VERSION, ROW = "published", "ends", "version", "row"
SPOT, LATITUDE, LONGITUDE = "spot", "latitude", "longitude"
COUNTED = "counted"  # the tokens that facets count, but for the places
COUNTED_NAMES = ("kind", "side", "category", "terms", "beneficiary", "urgency")
NO_END = 2**31  # later than any day, so that one range asks for what is open
_TIMES = {"title": 3, "names": 2, "places": 2, "categories": 1, "text": 1}
_LENGTHS = struct.Struct(f"<{len(SCORED_FIELDS) + 3}I")


def places_field(length: int) -> str:
    """The column of the codes of this length in whose places a document belongs."""
    return f"in{length}"


def length_field(name: str) -> str:
    """The column that says how many terms a scored field has."""
    return f"length_{name}"


def schema() -> Any:
    """The fields; nothing is analysed but by cutting at blanks."""
    builder = library.SchemaBuilder()
    tokens = {"tokenizer_name": "raw", "index_option": "basic"}
    builder.add_text_field(KEY, stored=True, fast=True, **tokens)
    builder.add_text_field(WORDS, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(CHARACTERS, tokenizer_name="whitespace", index_option="basic")
    for name in (FILTER, SPOT):
        builder.add_text_field(name, **tokens)
    for name in (COUNTED, *map(places_field, DIVISION_LENGTHS)):
        builder.add_text_field(name, fast=True, **tokens)
    builder.add_integer_field(PUBLISHED, fast=True, indexed=True)
    builder.add_integer_field(VERSION, fast=True)
    builder.add_unsigned_field(ENDS, fast=True)
    builder.add_unsigned_field(ROW, fast=True, indexed=True)
    for name in (LATITUDE, LONGITUDE):
        builder.add_float_field(name, fast=True)
    for name in map(length_field, SCORED_FIELDS):
        builder.add_unsigned_field(name, fast=True)
    builder.add_bytes_field(STORED, stored=True)
    return builder.build()


def plain(token: str) -> str:
    """The token as UTF-8 can hold it."""
    return token if token.isascii() else token.encode("utf-8", "replace").decode()


def library_document(entry: Entry, flats: tuple[str, ...], row: int | None) -> Any:
    """An entry as tantivy takes it. ``row`` is where its vector lies, None without one."""
    made = library.Document()
    made.add_text(KEY, entry.key)
    for name, times in _TIMES.items():
        for _ in range(times if entry.fields[name] else 0):
            made.add_text(WORDS, " ".join(entry.fields[name]))
    made.add_text(CHARACTERS, " ".join(sorted(entry.characters)))
    for token in sorted(entry.filters):
        made.add_text(FILTER, plain(token))
        name, _, value = token.partition(":")
        if name in COUNTED_NAMES:
            made.add_text(COUNTED, plain(token))
        elif name == "in" and value.isdigit() and len(value) in DIVISION_LENGTHS:
            made.add_text(places_field(len(value)), value)
    _add_facts(made, entry)
    if row is not None:
        made.add_unsigned(ROW, row)
    side = next((t.partition(":")[2] for t in entry.filters if t.startswith("side:")), "")
    made.add_bytes(STORED, _pack(entry, flats, side))
    return made


def _add_facts(made: Any, entry: Entry) -> None:
    facts = np.frombuffer(entry.facts, FACTS)[0]
    ends = int(facts["ends"])
    made.add_integer(PUBLISHED, int(facts["published"]))
    made.add_integer(VERSION, int(facts["version"]))
    made.add_unsigned(ENDS, NO_END if ends == OPEN_END else ends)
    for name in SCORED_FIELDS:
        made.add_unsigned(length_field(name), int(facts[name]))
    latitude, longitude = facts["latitude"], facts["longitude"]
    if not (np.isnan(latitude) or np.isnan(longitude)):
        made.add_float(LATITUDE, float(latitude))
        made.add_float(LONGITUDE, float(longitude))
        made.add_text(SPOT, spot_token(latitude, longitude))


def spot_token(latitude: np.float32, longitude: np.float32) -> str:
    """A place as a term."""
    return np.array([latitude, longitude], ">f4").tobytes().hex()


def read_spots(tokens: list[str]) -> Any:
    """Places from their terms: rows of latitude and longitude."""
    packed = bytes.fromhex("".join(tokens))
    pairs = np.frombuffer(packed, np.dtype([("latitude", ">f4"), ("longitude", ">f4")]))
    return pairs.astype([("latitude", "<f4"), ("longitude", "<f4")])


def _pack(entry: Entry, flats: tuple[str, ...], side: str) -> bytes:
    texts = (*flats, entry.shown.title, entry.shown.text, side)
    words = "".join(texts).encode("utf-8", "surrogatepass")
    return entry.facts + _LENGTHS.pack(*map(len, texts)) + words


def unpack(key: str, packed: bytes, vector: bytes) -> Stored:
    """What ``library_document`` stored."""
    words = packed[FACTS.itemsize + _LENGTHS.size :].decode("utf-8", "surrogatepass")
    ends = list(accumulate(_LENGTHS.unpack_from(packed, FACTS.itemsize), initial=0))
    *flats, title, text, side = [words[at:end] for at, end in pairwise(ends)]
    return Stored(key, packed[: FACTS.itemsize], tuple(flats), Shown(title, text), side, vector)
