"""Every engine behind the port, documents that state only what matters, and a shelf of them."""

import os
from collections.abc import Callable
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from exchange.search.analysis import Analyzer
from exchange.search.backends.memory import MemoryIndex
from exchange.search.backends.postgres_index import PostgresIndex
from exchange.search.backends.tantivy_index import TantivyIndex
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.encoder import Space
from exchange.search.port import PUBLIC, Answer, Document, Query, SearchIndex, division_chain
from tests.conftest import chosen_database

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


def postgres(root: Path, **more: Any) -> PostgresIndex:
    """The PostgreSQL engine with an empty generation, in a schema of its own."""
    index = PostgresIndex(schema_of(root), analyzer(), SPACE, patience=5.0, **more)
    index.start_generation().switch()
    return index


def schema_of(root: Path) -> str:
    """The address of a schema that belongs to this path, in the server that the tests run on."""
    server = sa.make_url(os.environ["EXCHANGE_TEST_DATABASE"])
    name = f"s_{blake2b(str(root).encode(), digest_size=12).hexdigest()}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}")
        # IF NOT EXISTS is no help when two do it at the same moment.
        connection.exec_driver_sql("SELECT pg_advisory_lock(1)")
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
        connection.exec_driver_sql("SELECT pg_advisory_unlock(1)")
    engine.dispose()
    path = {"options": f"-csearch_path={name},public"}
    return server.update_query_dict(path).render_as_string(hide_password=False)


ENGINES: dict[str, Callable[[Path], SearchIndex]] = {
    "memory": memory,
    "whoosh": whoosh,
    "tantivy": tantivy,
    "postgres": postgres,
}


def engines_here() -> list[str]:
    """The engines that this run of the tests tries: those with files, or the one of the server."""
    if chosen_database() == "sqlite":
        return ["memory", "whoosh", "tantivy"]
    return ["postgres"]


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
