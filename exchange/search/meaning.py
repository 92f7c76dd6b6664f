"""The meaning of documents and questions as vectors.

A document's vector is that of its title and text, moved towards that of its category's words, so
that a short listing is found by what it is about. Vectors are kept in the database: a rebuild of
the index makes only those that are missing.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from threading import Lock
from typing import cast

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.jobs.registry import Run
from exchange.kernel.act import House
from exchange.kernel.upserts import upsert
from exchange.search.encoder import Encoder, HashEncoder, UsemEncoder, Vectors, unit_rows
from exchange.search.port import Document
from exchange.search.vector_models import DocumentVector
from exchange.search.vectors import pack_vector, unpack_vector

ENCODER = "search.encoder"
QUESTIONS = "search.question_vectors"
CATEGORY_SHARE = 0.2
KEPT_QUESTIONS = 500
READ_AT_ONCE = 500
WRITTEN_AT_ONCE = 200
VERSION = "1"  # of the way a document's vector is made

_categories: dict[tuple[str, tuple[str, ...]], Vectors] = {}  # as many as the taxonomy has


def encoder_of(house: House) -> Encoder:
    """The encoder that the settings name, opened once in each process."""
    found = house.resources.get(ENCODER)
    if found is None:
        made = HashEncoder() if house.settings.encoder == "hash" else UsemEncoder()
        found = house.resources.setdefault(ENCODER, made)
    return cast("Encoder", found)


class QuestionVectors:
    """Vectors of the questions asked last, because most are asked again for the next page."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def vector(self, text: str) -> Vectors | None:
        """The meaning of a question; None for one without words."""
        asked = text.strip()
        if not asked:
            return None
        with self._lock:
            found = self._kept.get(asked)
            if found is not None:
                self._kept.move_to_end(asked)
                return found
        made: Vectors = self._encoder.encode([asked])[0]
        with self._lock:
            self._kept[asked] = made
            while len(self._kept) > KEPT_QUESTIONS:
                self._kept.popitem(last=False)
        return made


def meaning_of(house: House, text: str) -> Vectors | None:
    """The vector of a question."""
    kept = house.resources.get(QUESTIONS)
    if kept is None:
        kept = house.resources.setdefault(QUESTIONS, QuestionVectors(encoder_of(house)))
    return cast("QuestionVectors", kept).vector(text)


def with_meaning(run: Run, documents: Sequence[Document]) -> list[Document]:
    """The documents with their vectors; those that had to be made are kept for the next time."""
    encoder = encoder_of(run.house)
    wanted = {document.key: _made_from(encoder, document) for document in documents}
    found = _kept(run.read(), wanted, encoder.dimensions)
    missing = [document for document in documents if document.key not in found]
    for start in range(0, len(missing), WRITTEN_AT_ONCE):
        some = missing[start : start + WRITTEN_AT_ONCE]
        made = make_vectors(encoder, some)
        _keep(run, made, wanted)
        found |= made
    return [replace(document, vector=found[document.key]) for document in documents]


def forget_meaning(run: Run, keys: Sequence[str]) -> None:
    """Drop the vectors of documents that no longer exist."""
    if keys:
        with run.act() as act:
            act.session.execute(sa.delete(DocumentVector).where(DocumentVector.key.in_(keys)))


def make_vectors(encoder: Encoder, documents: Sequence[Document]) -> dict[str, Vectors]:
    """Vectors by key, as they will be read back."""
    rows = encoder.encode([_words(document) for document in documents])
    about = [_category_vector(encoder, document.category_words) for document in documents]
    mixed = [
        row if category is None else (1 - CATEGORY_SHARE) * row + CATEGORY_SHARE * category
        for row, category in zip(rows, about, strict=True)
    ]
    whole = unit_rows(np.array(mixed, np.float32).reshape(len(documents), encoder.dimensions))
    return {
        document.key: unpack_vector(pack_vector(row))
        for document, row in zip(documents, whole, strict=True)
    }


def _words(document: Document) -> str:
    return f"{document.title}\n{document.text}"


def _category_vector(encoder: Encoder, words: tuple[str, ...]) -> Vectors | None:
    if not words:
        return None
    place = (encoder.name, words)
    found = _categories.get(place)
    if found is None:
        found = _categories[place] = encoder.encode([" ".join(words)])[0]
    return found


def _made_from(encoder: Encoder, document: Document) -> str:
    parts = (VERSION, encoder.name, _words(document), *document.category_words)
    return blake2b("\0".join(parts).encode(errors="replace"), digest_size=12).hexdigest()


def _kept(session: Session, wanted: Mapping[str, str], dimensions: int) -> dict[str, Vectors]:
    found: dict[str, Vectors] = {}
    keys = list(wanted)
    for start in range(0, len(keys), READ_AT_ONCE):
        some = keys[start : start + READ_AT_ONCE]
        rows = session.execute(
            sa.select(DocumentVector.key, DocumentVector.made_from, DocumentVector.vector).where(
                DocumentVector.key.in_(some)
            )
        )
        for key, made_from, packed in rows:
            if made_from == wanted[key] and len(packed) == 2 * dimensions:
                found[key] = unpack_vector(packed)
    return found


def _keep(run: Run, made: Mapping[str, Vectors], wanted: Mapping[str, str]) -> None:
    rows = [
        {"key": key, "made_from": wanted[key], "vector": pack_vector(vector)}
        for key, vector in sorted(made.items())
    ]
    with run.act() as act:
        upsert(act.session, DocumentVector, rows, ("key",))
