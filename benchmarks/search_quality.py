"""How well every engine finds, on the graded listings and on sets of plain texts.

``make bench-search`` writes the figures into docs/benchmarks.md with machine and commit. Each set
is measured by ``search evaluate`` on each engine; a text is encoded once in a run. PostgreSQL takes
part where ``EXCHANGE_SEARCH_URL`` names a server, tantivy where it is installed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.reporting import ROOT, machine, report, section, table
from exchange.discovery.evaluating import Figures, evaluate
from exchange.discovery.evaluation_engines import ENGINES
from exchange.kernel.settings import Settings, new_key
from exchange.search.wiring import POSTGRES, TANTIVY_IS_INSTALLED

LISTINGS = ROOT / "tests" / "data" / "matching-dev"
TEXTS = ROOT / "benchmarks" / "data" / "retrieval"
DAY = "2026-11-22T08:00:00+08:00"  # on which the dates of the listings hold
RANKINGS = ("engine", "bm25_words", "dense")
MEASURES = ("ndcg_at_10", "recall_at_20")
HEADS = ("set", "engine", *(f"{r} {m}" for r in RANKINGS for m in ("nDCG@10", "recall@20")))


def sets() -> list[Path]:
    """The folders that are measured."""
    return [LISTINGS, *sorted(path for path in TEXTS.iterdir() if path.is_dir())]


def server() -> str:
    """The address of a PostgreSQL server to measure on; empty without one."""
    named = os.environ.get("EXCHANGE_SEARCH_URL", "")
    return named if named.startswith(POSTGRES) else ""


def engines_here() -> list[str]:
    """The engines that can be measured here."""
    missing = {POSTGRES: not server(), "tantivy": not TANTIVY_IS_INSTALLED}
    return [name for name in sorted(ENGINES) if not missing.get(name)]


def measure(
    data: Path, folders: Sequence[Path], engines: Sequence[str], encoder: str = "usem"
) -> Iterator[tuple[str, str, Figures]]:
    """(set, engine, figures) for all; ``data`` is a folder to work in."""
    settings = Settings(
        data_dir=data, secret_key=new_key(), encryption_keys=f"k1:{new_key()}",
        lookup_key=new_key(), log_level="ERROR", now=DAY, encoder=encoder, search_url=server(),
    )  # fmt: skip
    for folder in folders:
        for engine in engines:
            figures, errors = evaluate(settings, folder, engine, data / "vectors.db")
            assert not errors, errors[:3]
            print(f"measured {folder.name} on {engine}", file=sys.stderr, flush=True)
            yield folder.name, engine, figures


def cells(name: str, engine: str, figures: Figures) -> tuple[str, ...]:
    """One line of the table."""
    return (name, engine, *(f"{figures[r][m]:.3f}" for r in RANKINGS for m in MEASURES))


def main() -> int:
    """Measure, print, and write when asked to."""
    parser = argparse.ArgumentParser(description="Measure how well the search finds.")
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    parser.add_argument("--engine", action="append", choices=sorted(ENGINES), help="one or more")
    given = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        found = measure(Path(folder), sets(), given.engine or engines_here())
        rows = [cells(*one) for one in found]
    about = f"By `make bench-search`; {machine()}; {time.perf_counter() - started:.0f} s."
    report(section("how well the search finds", about, table(HEADS, rows)), write=given.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
