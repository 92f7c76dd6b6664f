"""What all engines have in common: questions are answered by ``finding``, whatever the engine."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self, TypeVar

from exchange.search.analysis import Analyzer
from exchange.search.engine import Engine
from exchange.search.finding import find, find_candidates, find_like, find_titles
from exchange.search.port import Answer, Candidate, Filters, Query

Answered = TypeVar("Answered")


class AnsweringIndex(ABC):
    """The asking half of a ``SearchIndex``; an engine adds ``_ask`` and the writing half."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    @abstractmethod
    def _ask(self, answer: Callable[[Engine], Answered]) -> Answered:
        """Answer from one unchanging view. Raises IndexUnavailable."""

    def search(self, query: Query) -> Answer:
        """See ``SearchIndex.search``."""
        return self._ask(lambda engine: find(engine, query, self._analyzer))

    def suggest(
        self, text: str, filters: Filters, limit: int, audience: frozenset[str] | None
    ) -> list[str]:
        """See ``SearchIndex.suggest``."""
        return self._ask(
            lambda engine: find_titles(engine, text, filters, limit, audience, self._analyzer)
        )

    def candidates(
        self, text: str, filters: Filters, limit: int, audience: frozenset[str] | None = None
    ) -> list[Candidate]:
        """See ``SearchIndex.candidates``."""
        return self._ask(
            lambda engine: find_candidates(engine, text, filters, limit, audience, self._analyzer)
        )

    def more_like(
        self, key: str, filters: Filters, limit: int, audience: frozenset[str] | None
    ) -> list[Candidate]:
        """See ``SearchIndex.more_like``."""
        return self._ask(
            lambda engine: find_like(engine, key, filters, limit, audience, self._analyzer)
        )

    @abstractmethod
    def close(self) -> None:
        """See ``SearchIndex.close``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
