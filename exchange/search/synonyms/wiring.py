"""The synonyms that count in this process, kept for seconds and noticed when they change."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from threading import Lock
from typing import cast

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.search.synonyms.groups import Synonyms, WordGroup, build_synonyms
from exchange.search.synonyms.queries import edition, groups_that_count
from exchange.search.synonyms.shipped import shipped_groups
from exchange.search.wiring import shared_analyzer

log = structlog.get_logger(__name__)
SHELF = "search.synonyms"
KEPT_SECONDS = 3.0

OpenSession = Callable[[], AbstractContextManager[Session]]


class SynonymShelf:
    """Holds the present synonyms. ``open_session`` gives a session of its own, apart from any
    request's; at most every ``seconds`` one thread looks whether the edition has changed, while
    the others go on with what there is.
    """

    def __init__(self, open_session: OpenSession, seconds: float = KEPT_SECONDS) -> None:
        self.open_session = open_session
        self.seconds = seconds
        self._present: Synonyms | None = None
        self._edition = -1
        self._looked_at = float("-inf")
        self._lock = Lock()

    def present(self) -> Synonyms:
        """The synonyms as they are, or were a few seconds ago."""
        found = self._present
        if found is not None and time.monotonic() - self._looked_at < self.seconds:
            return found
        if not self._lock.acquire(blocking=found is None):
            return cast("Synonyms", found)
        try:
            return self._look()
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Look at once when somebody asks next."""
        self._looked_at = float("-inf")

    def _look(self) -> Synonyms:
        if self._present is not None and time.monotonic() - self._looked_at < self.seconds:
            return self._present
        try:
            with self.open_session() as session:
                number = edition(session)
                if number != self._edition or self._present is None:
                    self._present = _built(groups_that_count(session))
                    self._edition = number
        except SQLAlchemyError:
            log.warning("synonyms could not be read", exc_info=True)
            if self._present is None:
                self._present = _built(shipped_groups().values())
        self._looked_at = time.monotonic()
        return self._present


def _built(groups: Iterable[WordGroup]) -> Synonyms:
    return build_synonyms(groups, shared_analyzer().normalize)


def synonyms_of(house: House) -> Synonyms:
    """The synonyms that count now. A change is noticed within five seconds, in every process.

    Costs nothing between looks; a look is one read of one row. Never raises: where the database
    cannot be read, what was known goes on counting, at first the shipped groups.
    """
    return shelf_of(house).present()


def forget_synonyms(house: House) -> None:
    """Have this process look at once, after a change of its own."""
    shelf_of(house).forget()


def shelf_of(house: House) -> SynonymShelf:
    """The shelf of this application, put there by ``search.register``."""
    return cast("SynonymShelf", house.resources[SHELF])
