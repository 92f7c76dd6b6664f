"""Every engine behind the port, documents that state only what matters, and a shelf of them."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from exchange.search.analysis import Analyzer
from exchange.search.backends.memory import MemoryIndex
from exchange.search.backends.tantivy_index import TantivyIndex
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.encoder import Space
from exchange.search.port import PUBLIC, Answer, Document, Query, SearchIndex, division_chain

EVERYBODY = frozenset({PUBLIC})
SPACE = Space("test", 8)


@cache
def analyzer() -> Analyzer:
    """One analyzer for all tests; it never changes."""
    return Analyzer(["朵贝村", "冷藏车"])


def memory(_root: Path) -> SearchIndex:
    """The engine in memory."""
    return MemoryIndex(analyzer())


def whoosh(root: Path) -> SearchIndex:
    """The Whoosh engine with an empty generation."""
    index = WhooshIndex(root, analyzer(), SPACE, timeout=5.0)
    index.start_generation().switch()
    return index


def tantivy(root: Path) -> SearchIndex:
    """The tantivy engine with an empty generation."""
    index = TantivyIndex(root, analyzer(), SPACE, timeout=5.0)
    index.start_generation().switch()
    return index


ENGINES: dict[str, Callable[[Path], SearchIndex]] = {
    "memory": memory,
    "whoosh": whoosh,
    "tantivy": tantivy,
}


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


SHELF = [
    document(
        "pears", "刺梨鲜果求收购", "冷库里还压着40吨鲜果。", division="520402104", terms="paid"
    ),
    document("truck", "韭黄发重庆缺冷藏车", "一天出8吨韭黄。", division="520422104227"),
    document("tea", "朵贝村茶园冬季管护", "请老师来教修剪。", division="520422102243"),
    document("secret", "刺梨刺梨刺梨", "只给自己人看", audience=frozenset({"org:1"})),
    document("buyer", "常年收刺梨果", "鲜果冻果都收。", side="offer", reach=("5204",)),
    document("lorry", "冷链专线", "贵阳到重庆", side="offer", reach=("CN",), division="520111"),
    document("english", "Cold storage for rent", "Two trucks, screened fruits", side="offer"),
    document("books", "Books for children", "捐书500册", side="offer", to_date=date(2026, 11, 21)),
    document(
        "loan", "三十万贷款", "合作社周转", names=("普定县农科所",), category_words=("信贷", "融资")
    ),
]
