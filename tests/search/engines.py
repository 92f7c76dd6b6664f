"""Every engine behind the port, and documents that state only what matters."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from exchange.search.analysis import Analyzer
from exchange.search.backends.memory import MemoryIndex
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.port import Answer, Document, Query, SearchIndex, division_chain

EVERYBODY = frozenset({"public"})


@cache
def analyzer() -> Analyzer:
    """One analyzer for all tests; it never changes."""
    return Analyzer(["朵贝村", "冷藏车"])


def memory(_root: Path) -> SearchIndex:
    """The engine in memory."""
    return MemoryIndex(analyzer())


def whoosh(root: Path) -> SearchIndex:
    """The Whoosh engine with an empty generation."""
    index = WhooshIndex(root, analyzer(), timeout=5.0)
    index.start_generation().switch()
    return index


ENGINES: dict[str, Callable[[Path], SearchIndex]] = {"memory": memory, "whoosh": whoosh}


def document(key: str, title: str = "", text: str = "", **more: Any) -> Document:
    """A listing that everybody may see; ``division`` is spread into its chain."""
    division = more.pop("division", "")
    values: dict[str, Any] = {
        "kind": "listing",
        "side": "need",
        "audience": EVERYBODY,
        "divisions": division_chain(division),
        **more,
    }
    return Document(key=f"listing:{key}", title=title, text=text, **values)


def ask(index: SearchIndex, text: str = "", **more: Any) -> Answer:
    """Search as somebody from the public."""
    return index.search(Query(text=text, **{"audience": EVERYBODY, **more}))


def keys(answer: Answer) -> list[str]:
    """The short keys of an answer, in its order."""
    return [hit.key.removeprefix("listing:") for hit in answer.hits]
