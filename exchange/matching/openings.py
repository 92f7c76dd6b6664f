"""The columns of open listings in this process, kept like the database.

They are read once, which takes seconds, and then followed by what was written since: by the moment
of a listing's last change and of its vectors', each looked at from some time before the last look,
because acts commit later than the moment they carry. Nothing of it survives the process.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from threading import RLock
from typing import cast

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.listings.models import Listing
from exchange.matching.columns import Columns, Entry
from exchange.matching.estimating import Estimator
from exchange.matching.facts import (
    STAMPED,
    Known,
    Stamp,
    centroids_of,
    is_open_on,
    load_known,
    stamp_of,
)
from exchange.matching.learning.queries import weights_in_force
from exchange.matching.models import Embedding
from exchange.matching.reading_packing import unpack_sketch
from exchange.matching.readings import VectorPair, read, sketch_of, text_hash
from exchange.matching.scoring import Weights, shipped_weights
from exchange.search.meaning import encoder_of
from exchange.search.vectors import unpack_vector
from exchange.search.wiring import shared_analyzer

log = structlog.get_logger(__name__)
OPENINGS = "matching.openings"
AT_ONCE = 1_000
MARGIN, VECTOR_MARGIN = timedelta(minutes=10), timedelta(minutes=1)
# Two changes this near to each other may carry one moment: a clock may stand still.
SAME_MOMENT = timedelta(seconds=2)
EVER = is_open_on(date.min)  # open on whatever day: the day is asked for with each pair


class Openings:
    """Open listings as columns, what was read of each, and those that wait for vectors.

    ``lock`` is to be held by whoever reads or changes the columns.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self.columns = Columns(encoder_of(house).dimensions)
        self._weights = shipped_weights()
        self.estimator = Estimator(self.columns, self._weights)
        self.lock = RLock()
        self._stamps: dict[int, Stamp] = {}
        self._waiting: set[int] = set()
        self._read_at: datetime | None = None

    def catch_up(self, session: Session, ids: Collection[int] = ()) -> None:
        """Take in what has changed since the last look, and these listings in any case."""
        now = self._house.clock.now()
        if self._read_at is None or now < self._read_at - MARGIN:
            self._read_all(session)
        else:
            since = min(now, self._read_at) - MARGIN
            changed = self._changed(session, now, Listing.updated_at >= since)
            self._reload(session, changed | set(ids))
            self._take_vectors(session, Embedding.computed_at >= since + MARGIN - VECTOR_MARGIN)
        self._read_at = now
        self._weigh_by(weights_in_force(self._house, session))

    def _weigh_by(self, weights: Weights) -> None:
        if weights.version != self._weights.version:
            self._weights, self.estimator = weights, Estimator(self.columns, weights)

    def verify(self, session: Session) -> int:
        """Compare with the whole database and mend; returns how many listings differed."""
        if self._read_at is None:
            return 0
        now = self._house.clock.now()
        changed = self._changed(session, now, EVER)
        fresh = {key for key, stamp in self._stamps.items() if stamp.updated_at >= now - MARGIN}
        gone = set(self._stamps) - self._open_ids(session)
        differ = (changed | gone) - fresh
        self._reload(session, changed | gone)
        self._take_vectors(session, sa.true())
        return len(differ)

    def _read_all(self, session: Session) -> None:
        self._reload(session, self._open_ids(session) | set(self._stamps))
        log.info("open listings read", listings=len(self._stamps), bytes=self.columns.bytes)

    def _open_ids(self, session: Session) -> set[int]:
        return set(session.scalars(sa.select(Listing.id).where(EVER)))

    def _changed(
        self, session: Session, now: datetime, condition: sa.ColumnElement[bool]
    ) -> set[int]:
        found = set[int]()
        for key, *values in session.execute(sa.select(Listing.id, *STAMPED).where(condition)):
            stamp = stamp_of(values)
            if self._stamps.get(key) != stamp or stamp.updated_at >= now - SAME_MOMENT:
                found.add(key)
        return found

    def _reload(self, session: Session, ids: Collection[int]) -> None:
        """Read these anew; what is not open goes."""
        centroids, gone = centroids_of(self._house, session), set(ids)
        for some in parts(sorted(ids)):
            known = load_known(session, centroids, Listing.id.in_(some) & EVER)
            self._take(session, known)
            gone -= set(known.facts)
        self.columns.remove(gone)
        self._waiting -= gone
        for key in gone:
            self._stamps.pop(key, None)

    def _take(self, session: Session, known: Known) -> None:
        """Put what has vectors of its present words into the columns; the others wait."""
        entries = list(self._entries(session, known))
        without = set(known.facts) - {entry.facts.id for entry in entries}
        self.columns.put(entries)
        self.columns.remove(without)
        self._stamps.update(known.stamps)
        self._waiting -= set(known.facts)
        self._waiting |= without

    def _take_vectors(self, session: Session, condition: sa.ColumnElement[bool]) -> None:
        """Vectors that were stored by now, by whichever process, for those that wait for them."""
        if self._waiting:
            stored = session.scalars(sa.select(Embedding.listing_id).where(condition))
            self._reload(session, self._waiting.intersection(stored))

    def _entries(self, session: Session, known: Known) -> Iterator[Entry]:
        encoder, analyzer = encoder_of(self._house), shared_analyzer()
        own = Embedding.encoder == encoder.name, Embedding.listing_id.in_(known.facts)
        query = sa.select(
            Embedding.listing_id, Embedding.text_hash, Embedding.title_vector,
            Embedding.text_vector, Embedding.terms,
        ).where(*own)  # fmt: skip
        for key, words, title, text, terms in session.execute(query):
            facts = known.facts[key]
            if words == text_hash(facts):
                pair = VectorPair(unpack_vector(title), unpack_vector(text))
                kept = unpack_sketch(facts, terms) or sketch_of(read(analyzer, facts, pair))
                yield Entry(facts, kept[0], pair.title, pair.text, kept[1])


def openings_of(house: House) -> Openings:
    """Those of this process."""
    found = house.resources.get(OPENINGS)
    if found is None:
        found = house.resources.setdefault(OPENINGS, Openings(house))
    return cast("Openings", found)


def parts(ids: Sequence[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    """The ids in lists of at most ``size``."""
    return (list(ids[start : start + size]) for start in range(0, len(ids), size))
