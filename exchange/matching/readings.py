"""Reading the words of listings: vectors from the encoder, weighted terms from the analyzer.

Vectors are stored beside the listing, because they are dear; terms are made again where they are
not remembered. A process remembers the readings of open listings by the hash of their words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from threading import Lock
from typing import Any, cast
from zlib import crc32

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.upserts import upsert
from exchange.matching.columns import Words, hashed_words
from exchange.matching.models import Embedding
from exchange.matching.subjects import refused_by, subjects_of
from exchange.matching.values import ListingFacts, Portrait, Reading, Vector
from exchange.matching.word_meanings import WordMeanings, WordStore, word_store
from exchange.matching.words import FREQUENCIES, NAMES, shipped_frequencies, weigh_terms
from exchange.search.analysis import Analyzer
from exchange.search.meaning import encoder_of
from exchange.search.reading.concepts import dictionary
from exchange.search.reading.stances import read_stances
from exchange.search.vectors import pack_vector, unpack_vector
from exchange.search.wiring import shared_analyzer

MEMORY = "matching.memory"
CHUNK = 500  # ids in one query
MOST = 12_000  # listings that a process remembers, some ten kilobytes each
WORDS_VERSION = 1
IN_TITLE = 1.5  # what a word of the title tells, against one of the text
PAIR = np.dtype([("number", "<u4"), ("weight", "<f2")])
NAME = re.compile(r"[\u3400-\u9fff]{2,}|[a-z]{3,}")


@dataclass(frozen=True)
class VectorPair:
    """Of the title alone, and of title and text together."""

    title: Vector
    text: Vector


@dataclass
class Memory:
    """What a process remembers, by listing id: the hash of the words, and what was made of them."""

    vectors: dict[int, tuple[str, VectorPair]] = field(default_factory=dict)
    readings: dict[int, tuple[str, Reading]] = field(default_factory=dict)
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
    """Keep the vectors and the telling words; those of former words are replaced."""
    analyzer = shared_analyzer()
    rows = [
        {
            "listing_id": listing_id,
            "encoder": encoder_of(act.house).name,
            "text_hash": text_hash(facts[listing_id]),
            "title_vector": pack_vector(pair.title),
            "text_vector": pack_vector(pair.text),
            "terms": pack_words(hashed_words(read(analyzer, facts[listing_id], pair))),
            "computed_at": act.now,
        }
        for listing_id, pair in sorted(made.items())
    ]
    upsert(act.session, Embedding, rows, ("listing_id",))


@cache
def words_mark() -> bytes:
    """Four bytes that change with what the weights of words are made from."""
    made_from = crc32(FREQUENCIES.read_bytes(), WORDS_VERSION)
    return made_from.to_bytes(4, "little")


def pack_words(words: Words) -> bytes:
    """Hashed words with their weights, six bytes each, behind a mark of how they were made."""
    rows = np.empty(len(words[0]), PAIR)
    rows["number"], rows["weight"] = words
    return words_mark() + rows.tobytes()


def unpack_words(packed: bytes | None) -> Words | None:
    """The words of ``pack_words``; None when they were made another way, or not kept."""
    if packed is None or packed[:4] != words_mark() or (len(packed) - 4) % PAIR.itemsize:
        return None
    rows = np.frombuffer(packed, PAIR, offset=4)
    return rows["number"].astype(np.int32), rows["weight"].astype(np.float32)


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
            Embedding.listing_id, Embedding.text_hash, Embedding.title_vector, Embedding.text_vector
        ).where(Embedding.encoder == encoder, Embedding.listing_id.in_(ids[start : start + CHUNK]))
        for listing_id, words, title, text in session.execute(query):
            if wanted[listing_id] == words:
                found[listing_id] = VectorPair(unpack_vector(title), unpack_vector(text))
    return found


def portrait(house: House, facts: ListingFacts, vectors: VectorPair) -> Portrait:
    """The listing with its reading, remembered where it was made before."""
    memory, words = memory_of(house), text_hash(facts)
    with memory.lock:
        kept = memory.readings.get(facts.id)
    if kept is not None and kept[0] == words:
        return Portrait(facts, kept[1])
    reading = read(shared_analyzer(), facts, vectors, word_store(house))
    memory.remember(memory.readings, {facts.id: (words, reading)})
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
    title, text = (
        {word for word in analyzer.cut(part) if NAME.fullmatch(word)}
        for part in (facts.title, facts.text)
    )
    telling = {
        word: frequencies.idf(word) * (IN_TITLE if word in title else 1.0) for word in title | text
    }
    names = sorted(telling, key=lambda word: (-frequencies.idf(word), word))[:NAMES]
    return Reading(
        terms,
        norm,
        tuple(names),
        vectors.title,
        vectors.text,
        subjects_of(dictionary(), facts.title, facts.text),
        refused_by(dictionary(), facts.title, facts.text),
        read_stances(facts.side, facts.category, facts.title, facts.text),
        None if store is None else meanings_of(telling, store),
    )


def meanings_of(telling: Mapping[str, float], store: WordStore) -> WordMeanings:
    """Words with how much each tells, by their rows in the store."""
    weights = np.fromiter(telling.values(), np.float32, len(telling))
    return WordMeanings(store.rows(list(telling)), weights, store)
