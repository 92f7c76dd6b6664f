"""Counting searches without slowing them down: kept in the process, written by the handful.

A search only puts its words into a dictionary. Seconds later a thread of its own cleans them and
adds them to the tally in one short transaction. A killed process loses the counts of those seconds.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from threading import Lock, Timer
from typing import NamedTuple, cast

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.kernel.clock import civil_date
from exchange.kernel.database import WRITES, is_sqlite
from exchange.search.tallies.models import SearchTally
from exchange.search.tallies.rules import LONGEST, countable
from exchange.search.wiring import shared_analyzer

log = structlog.get_logger(__name__)
BUFFER = "search.tally"
FLUSH_SECONDS = 10.0
MANY = 500  # different searches: written at once
TOO_MANY = 5_000  # what comes on top is not counted
DAILY_ROWS = 5_000  # different searches of one day; later only those already known are counted


class Noted(NamedTuple):
    """What was searched for, as typed."""

    day: date
    words: str
    side: str
    locale: str


class Count(NamedTuple):
    """How often it was asked for, and how often nothing was found."""

    asked: int
    unmet: int

    def plus(self, other: "Count") -> "Count":
        return Count(self.asked + other.asked, self.unmet + other.unmet)


Counts = dict[Noted, Count]


class TallyBuffer:
    """Counts that wait to be written. ``write`` is called in a thread of its own, never twice at
    a time; when it raises, its counts wait for the next time.
    """

    def __init__(
        self, write: Callable[[Mapping[Noted, Count]], object], seconds: float = FLUSH_SECONDS
    ) -> None:
        self.write = write
        self.seconds = seconds
        self._waiting: Counts = {}
        self._timer: Timer | None = None
        self._lock = Lock()
        self._writing = Lock()

    def note(self, noted: Noted, found: int) -> None:
        """Count one search."""
        with self._lock:
            if noted not in self._waiting and len(self._waiting) >= TOO_MANY:
                return
            _add(self._waiting, noted, Count(1, int(found == 0)))
            if len(self._waiting) == MANY and self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._timer is None:
                self._start(0.0 if len(self._waiting) >= MANY else self.seconds)

    def flush(self) -> None:
        """Write what waits."""
        with self._writing:
            with self._lock:
                taken, self._waiting, self._timer = self._waiting, {}, None
            if not taken:
                return
            try:
                self.write(taken)
            except Exception:
                log.warning("searches could not be counted", exc_info=True)
                self._give_back(taken)

    def close(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._waiting = {}
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _give_back(self, taken: Counts) -> None:
        with self._lock:
            for noted, count in taken.items():
                if noted in self._waiting or len(self._waiting) < TOO_MANY:
                    _add(self._waiting, noted, count)
            if self._timer is None:
                self._start(self.seconds)

    def _start(self, seconds: float) -> None:
        timer = Timer(seconds, self.flush)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError:  # no thread to be had: the next search tries again
            log.warning("searches wait to be counted", exc_info=True)
        else:
            self._timer = timer


def note_search(house: House, words: str, side: str, locale: str, found: int) -> None:
    """Count a search of the first page that found so many; ``side`` is need, offer or empty.

    Takes microseconds, writes nothing and raises nothing. What holds data of a person is dropped
    before it is written; see ``tally_rules``.
    """
    if not words or len(words) > LONGEST:
        return
    day = civil_date(house.clock.now(), house.settings.time_zone)
    tally_of(house).note(Noted(day, words, side, locale), found)


def tally_of(house: House) -> TallyBuffer:
    """The buffer of this application, put there by ``search.register``."""
    return cast("TallyBuffer", house.resources[BUFFER])


def write_counts(engine: Engine, counts: Mapping[Noted, Count]) -> int:
    """Add counts to the tally, cleaned; returns how many rows that were."""
    clean = _cleaned(counts)
    if not clean:
        return 0
    with Session(engine) as session:
        session.connection(execution_options={WRITES: True})
        rows: list[Noted] = []
        for day in sorted({noted.day for noted in clean}):
            rows += _that_fit(session, day, [noted for noted in clean if noted.day == day])
        if rows:
            session.connection().execute(_upsert(session), [_row(n, clean[n]) for n in rows])
        session.commit()
    return len(rows)


def _cleaned(counts: Mapping[Noted, Count]) -> Counts:
    normalize = shared_analyzer().normalize
    clean: Counts = {}
    for noted, count in counts.items():
        words = countable(noted.words, normalize)
        if words is not None:
            _add(clean, noted._replace(words=words), count)
    return clean


def _that_fit(session: Session, day: date, rows: Iterable[Noted]) -> list[Noted]:
    """The rows in one order for all processes (they lock alike), without new ones when a day has
    too many.
    """
    wanted = sorted(rows)
    of_day = SearchTally.day == day
    there = session.scalar(sa.select(sa.func.count()).select_from(SearchTally).where(of_day)) or 0
    room = DAILY_ROWS - there
    if room >= len(wanted):
        return wanted
    columns = (SearchTally.day, SearchTally.words, SearchTally.side, SearchTally.locale)
    known = {Noted(*row) for row in session.execute(sa.select(*columns).where(of_day))}
    new = [one for one in wanted if one not in known][: max(room, 0)]
    kept = known | set(new)
    return [one for one in wanted if one in kept]


def _upsert(session: Session) -> sa.Executable:
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    row = insert(SearchTally)
    return row.on_conflict_do_update(
        index_elements=["day", "words", "side", "locale"],
        set_={
            "asked": SearchTally.asked + row.excluded.asked,
            "unmet": SearchTally.unmet + row.excluded.unmet,
        },
    )


def _row(noted: Noted, count: Count) -> dict[str, object]:
    return {**noted._asdict(), **count._asdict()}


def _add(counts: Counts, noted: Noted, count: Count) -> None:
    counts[noted] = counts.get(noted, Count(0, 0)).plus(count)
