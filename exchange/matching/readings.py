"""Reading the words of listings: vectors from the encoder, weighted terms from the analyzer.

Vectors are stored beside the listing, because they are dear, and so is what was read of the words
(see ``reading_packing``). A process remembers some readings by the hash of their words.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.upserts import upsert
from exchange.matching.columns import Words, hashed_words
from exchange.matching.models import Embedding
from exchange.matching.reading_packing import (
    MARK,
    mark_of,
    pack_reading,
    pack_sketch,
    unpack_reading,
)
from exchange.matching.traits import Traits, traits_of
from exchange.matching.values import ListingFacts, Portrait, Reading, Vector
from exchange.matching.word_meanings import WordStore, meanings_of, word_store
from exchange.matching.words import NAMES, shipped_frequencies, weigh_terms
from exchange.search.analysis import Analyzer
from exchange.search.meaning import encoder_of
from exchange.search.reading.concepts import dictionary
from exchange.search.reading.stances import read_stances
from exchange.search.reading.subjects import refused_of, weigh_mentions
from exchange.search.vectors import pack_vector, unpack_vector
from exchange.search.wiring import shared_analyzer

MEMORY = "matching.memory"
CHUNK = 500  # ids in one query
MOST = 12_000  # listings that a process remembers, some ten kilobytes each
IN_TITLE = 1.5  # what a word of the title tells, against one of the text
NAME = re.compile(r"[\u3400-\u9fff]{2,}|[a-z]{3,}")


@dataclass(frozen=True)
class VectorPair:
    """Of the title alone, and of title and text together."""

    title: Vector
    text: Vector
    reading: bytes | None = None  # of the same words, as it was kept beside them


@dataclass
class Memory:
    """What a process remembers, by listing id: what was read, named, and what was made of it."""

    vectors: dict[int, tuple[str, VectorPair]] = field(default_factory=dict)
    readings: dict[int, tuple[bytes, Reading]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def remember(self, known: dict[int, Any], fresh: Mapping[int, Any]) -> None:
        """Add what is new; the oldest go when there is too much of it."""
        with self.lock:
            known.update(fresh)
            if len(known) > MOST:
                for key in list(known)[: len(known) - MOST * 3 // 4]:
                    del known[key]


def memory_of(house: House) -> Memory:
    """What this process remembers."""
    return cast("Memory", house.resources.setdefault(MEMORY, Memory()))


def whole_text(facts: ListingFacts) -> str:
    """Title and text as one."""
    return f"{facts.title}\n{facts.text}"


def text_hash(facts: ListingFacts) -> str:
    """Names the words that a reading was made from."""
    return blake2b(whole_text(facts).encode(), digest_size=12).hexdigest()


def encode(house: House, some: Sequence[ListingFacts]) -> dict[int, VectorPair]:
    """Vectors of these listings, as they will be read back from the database."""
    encoder = encoder_of(house)
    titles = encoder.encode([facts.title for facts in some])
    texts = encoder.encode([whole_text(facts) for facts in some])
    return {
        facts.id: VectorPair(unpack_vector(pack_vector(title)), unpack_vector(pack_vector(text)))
        for facts, title, text in zip(some, titles, texts, strict=True)
    }


def store_vectors(
    act: Act, facts: Mapping[int, ListingFacts], made: Mapping[int, VectorPair]
) -> None:
    """Keep the vectors and what was read; those of former words are replaced."""
    rows = [_row(act, facts[listing_id], pair) for listing_id, pair in sorted(made.items())]
    upsert(act.session, Embedding, rows, ("listing_id",))


def _row(act: Act, facts: ListingFacts, pair: VectorPair) -> dict[str, Any]:
    reading = read(shared_analyzer(), facts, pair)
    return {
        "listing_id": facts.id,
        "encoder": encoder_of(act.house).name,
        "text_hash": text_hash(facts),
        "title_vector": pack_vector(pair.title),
        "text_vector": pack_vector(pair.text),
        "terms": pack_sketch(facts, *sketch_of(reading)),
        "reading": pack_reading(facts, reading),
        "computed_at": act.now,
    }


def sketch_of(reading: Reading) -> tuple[Words, Traits]:
    """What columns hold of a reading."""
    return hashed_words(reading), traits_of(reading)


def stale(facts: Mapping[int, ListingFacts], made: Mapping[int, VectorPair]) -> list[int]:
    """Of these, whose vectors are good, those whose kept reading is not, or is not there."""
    return [
        key for key, pair in made.items() if (pair.reading or b"")[:MARK] != mark_of(facts[key])
    ]


def forget_vectors(house: House, ids: Collection[int]) -> None:
    """Have the vectors of these read from the database again."""
    memory = memory_of(house)
    with memory.lock:
        for key in ids:
            memory.vectors.pop(key, None)


def known_vectors(
    house: House, session: Session, some: Mapping[int, ListingFacts]
) -> dict[int, VectorPair]:
    """The stored vectors that fit the present words and encoder; others are left out."""
    memory, wanted = memory_of(house), {key: text_hash(facts) for key, facts in some.items()}
    with memory.lock:
        found = {
            key: kept[1]
            for key, words in wanted.items()
            if (kept := memory.vectors.get(key)) is not None and kept[0] == words
        }
    missing = [key for key in wanted if key not in found]
    fresh = _stored(session, encoder_of(house).name, missing, wanted)
    memory.remember(memory.vectors, {key: (wanted[key], pair) for key, pair in fresh.items()})
    return found | fresh


def _stored(
    session: Session, encoder: str, ids: Sequence[int], wanted: Mapping[int, str]
) -> dict[int, VectorPair]:
    found: dict[int, VectorPair] = {}
    for start in range(0, len(ids), CHUNK):
        query = sa.select(
            Embedding.listing_id, Embedding.text_hash, Embedding.title_vector,
            Embedding.text_vector, Embedding.reading,
        )  # fmt: skip
        some = Embedding.listing_id.in_(ids[start : start + CHUNK])
        query = query.where(Embedding.encoder == encoder, some)
        for listing_id, words, title, text, reading in session.execute(query):
            if wanted[listing_id] == words:
                pair = VectorPair(unpack_vector(title), unpack_vector(text), reading)
                found[listing_id] = pair
    return found


def portrait(house: House, facts: ListingFacts, vectors: VectorPair) -> Portrait:
    """The listing with its reading, remembered or kept where it was made before."""
    memory, source = memory_of(house), text_hash(facts).encode() + mark_of(facts)
    with memory.lock:
        kept = memory.readings.get(facts.id)
    if kept is not None and kept[0] == source:
        return Portrait(facts, kept[1])
    store = word_store(house)
    reading = unpack_reading(facts, vectors.reading, (vectors.title, vectors.text), store)
    if reading is None:
        reading = read(shared_analyzer(), facts, vectors, store)
    memory.remember(memory.readings, {facts.id: (source, reading)})
    return Portrait(facts, reading)


def read(
    analyzer: Analyzer, facts: ListingFacts, vectors: VectorPair, store: WordStore | None = None
) -> Reading:
    """Terms with their weights, telling words for explanations, and the vectors; with a store
    also what the words mean.
    """
    frequencies = shipped_frequencies()
    terms, norm = weigh_terms(
        analyzer.index_terms(facts.title), analyzer.index_terms(facts.text), frequencies
    )
    mentions = dictionary().read(facts.title), dictionary().read(facts.text)
    telling = telling_words(analyzer, facts)
    return Reading(
        terms,
        norm,
        tuple(telling)[:NAMES],
        vectors.title,
        vectors.text,
        weigh_mentions(dictionary(), *mentions),
        refused_of(*mentions),
        read_stances(facts.side, facts.category, facts.title, facts.text),
        None if store is None else meanings_of(telling, store),
        telling,
    )


def telling_words(analyzer: Analyzer, facts: ListingFacts) -> dict[str, float]:
    """The words of a listing that have a meaning, and what each tells; the rarest first."""
    frequencies = shipped_frequencies()
    title, text = (
        {word for word in analyzer.cut(part) if NAME.fullmatch(word)}
        for part in (facts.title, facts.text)
    )
    known = {word: frequencies.idf(word) for word in title | text}
    return {
        word: known[word] * (IN_TITLE if word in title else 1.0)
        for word in sorted(known, key=lambda word: (-known[word], word))
    }
