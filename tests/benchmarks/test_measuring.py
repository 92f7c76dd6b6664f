"""The measurements work on a tiny site; EXCHANGE_TEST_FULL=1 runs them with real processes."""

import queue
from argparse import Namespace
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from benchmarks import bench_freshness, bench_search_speed, reporting, search_quality
from benchmarks.clients import Times, ask_engine, ask_for, read_pages
from benchmarks.documents import fill_index
from benchmarks.filling import fill_database
from benchmarks.generator import Generator
from benchmarks.large_site import own_settings
from benchmarks.meanings import DrawnMeanings
from benchmarks.places import some_places
from benchmarks.questions import GeneratedQuestion, questions
from exchange.discovery.rules import Asked
from exchange.kernel.act import House
from exchange.kernel.settings import Settings
from exchange.search.meaning import encoder_of
from exchange.search.wiring import search_index
from tests.conftest import PROVINCE, START

pytestmark = pytest.mark.slow
PLACES = some_places((PROVINCE,))


@pytest.fixture
def site(app: Flask, house: House, engine: sa.Engine) -> Generator:
    """Fifty listings in database and index."""
    made = Generator(50, 3, START, PLACES)
    fill_database(engine, made)
    index = search_index(house)
    fill_index(index, made, PLACES, DrawnMeanings(encoder_of(house), 3))
    return made


@pytest.fixture
def some(site: Generator) -> list[GeneratedQuestion]:
    return list(islice(questions(3, list(site.owners), PLACES), 40))


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application over HTTP, in a thread."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_engine_and_page_are_asked_the_same(
    settings: Settings, some: list[GeneratedQuestion], address: str
) -> None:
    engine = ask_engine(settings, 0, 4, some, 0.05)
    pages = read_pages(address, some, 0.2)
    assert (engine.errors, pages.errors) == ([], [])
    assert min(len(engine.milliseconds), len(pages.milliseconds)) >= 2
    rows = bench_search_speed.lines(pages, engine)
    assert [row[0] for row in rows] == ["page /search", "engine alone", "difference", "ratio"]


def test_a_page_that_fails_is_told(address: str) -> None:
    class Nowhere(GeneratedQuestion):
        @property
        def path(self) -> str:
            return "/nowhere"

    pages = read_pages(address, [Nowhere("words", Asked(q="茶"))] * 4, 0.02)
    assert pages.milliseconds == []
    assert "status 404" in pages.errors[0]


def test_the_warm_up_is_not_counted() -> None:
    asked: list[str] = []
    question = GeneratedQuestion("words", Asked(q="茶"))
    found = ask_for(lambda one: partial(asked.append, one.asked.q), [question], 0.02)
    assert 0 < len(found.milliseconds) < len(asked)


def test_what_comes_in_is_found_once_the_worker_has_run(
    settings: Settings, site: Generator, house: House, run_jobs: Callable[[], int]
) -> None:
    object.__setattr__(settings, "now", START.isoformat())  # the writer's clock is the worker's
    coming = bench_freshness.newcomers(site, 4)
    told: queue.Queue[bench_freshness.Written | None] = queue.Queue()
    bench_freshness.write_all(settings, coming, 1e6, told)  # type: ignore[arg-type]  # threads do
    index = search_index(house)
    early = list(told.queue)
    lost = bench_freshness.look_for_all(index, told, patience=0.05)  # type: ignore[arg-type]
    assert (len(lost.missing), lost.waited) == (4, [])
    run_jobs()
    for one in early:
        told.put(one)
    found = bench_freshness.look_for_all(index, told, patience=5.0)  # type: ignore[arg-type]
    assert (found.missing, len(found.waited), len(found.writes)) == ([], 4, 4)
    assert [len(row) for row in bench_freshness.lines(found)] == [4, 4, 4]


def test_an_engine_that_cannot_be_set_is_refused() -> None:
    assert own_settings("whoosh")["EXCHANGE_ENCODER"] == "usem"
    address = "postgresql+psycopg:///search"
    assert own_settings(address)["EXCHANGE_SEARCH_URL"] == address
    with pytest.raises(ValueError, match=r"there are .*whoosh"):
        own_settings("another")


def test_a_report_is_printed_and_appended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reporting, "RESULTS", tmp_path / "benchmarks.md")
    text = reporting.section("speed", "ten listings", reporting.table(("a", "b"), [("1", "2")]))
    reporting.report(text, write=True)
    assert text.startswith("## ")
    assert text.endswith(": speed\n\nten listings\n\n| a | b |\n| --- | --- |\n| 1 | 2 |")
    assert capsys.readouterr().out == f"{text}\n"
    assert (tmp_path / "benchmarks.md").read_text() == f"\n{text}\n"


def test_every_set_is_measured_on_every_engine(tmp_path: Path) -> None:
    names = [folder.name for folder in search_quality.sets()]
    assert names == ["matching-dev", "cmrc2018_dev_zh", "cranfield_en", "drcd_test_zht"]
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "docs.jsonl").write_text('{"id": "d", "text": "tea"}\n')
    (folder / "queries.jsonl").write_text('{"id": "q", "text": "tea"}\n')
    (folder / "qrels.tsv").write_text("query_id\tdoc_id\trel\nq\td\t1\n")
    found = search_quality.measure(tmp_path, [folder], ["memory", "whoosh"], "hash")
    rows = [search_quality.cells(*one) for one in found]
    assert rows == [("texts", engine, *["1.000"] * 6) for engine in ("memory", "whoosh")]
    assert len(search_quality.HEADS) == len(rows[0])


def test_engines_without_a_server_or_package_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_quality, "TANTIVY_IS_INSTALLED", False)
    monkeypatch.setenv("EXCHANGE_SEARCH_URL", "whoosh:")
    assert search_quality.engines_here() == ["memory", "whoosh"]
    monkeypatch.setattr(search_quality, "TANTIVY_IS_INSTALLED", True)
    monkeypatch.setenv("EXCHANGE_SEARCH_URL", "postgresql://127.0.0.1/exchange")
    assert search_quality.engines_here() == ["memory", "postgresql", "tantivy", "whoosh"]


def test_what_it_took_is_told() -> None:
    given = Namespace(listings=50, seed=3, engine="whoosh", seconds=1.0)
    memory = bench_search_speed.Memory((100.4, 99.6), 80.0)
    site = Namespace(documents=48, index_seconds=2.0, index_bytes=3_000_000, fill_seconds=1.0)
    before, after = bench_search_speed.about(site, memory, given)  # type: ignore[arg-type]
    assert before.startswith("50 generated listings, seed 3, engine whoosh;")
    assert "built in 2.0 s, 3.0 MB" in after
    assert "web processes 100, 100 MB, worker 80 MB" in after
    assert Times().errors == []


@pytest.mark.processes
def test_fifty_listings_are_measured_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_search_speed.main(["--listings", "50", "--seconds", "1"]) == 0
    assert "| page /search | " in capsys.readouterr().out
    arguments = ["--listings", "50", "--seconds", "1", "--rate", "5"]
    assert bench_freshness.main(arguments) == 0
    assert "| commit to findable | 5 | " in capsys.readouterr().out
