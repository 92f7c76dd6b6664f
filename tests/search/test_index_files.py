"""What only engines with files have to survive."""

import errno
import gc
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exchange.search import answering
from exchange.search.backends.damage import damage_is_named
from exchange.search.backends.generations import CURRENT
from exchange.search.backends.tantivy_index import TantivyIndex
from exchange.search.backends.tantivy_schema import library
from exchange.search.backends.vector_rows import VECTORS
from exchange.search.backends.whoosh_files import open_files
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.encoder import unit_rows
from exchange.search.finding import find
from exchange.search.port import Answer, IndexBusy, IndexUnavailable
from exchange.search.vectors import small_rows
from tests.search.engines import SPACE, analyzer, ask, document, keys

spawn = multiprocessing.get_context("spawn")


Index = WhooshIndex | TantivyIndex
CLASSES: dict[str, type[Index]] = {"whoosh": WhooshIndex, "tantivy": TantivyIndex}
CONTENTS = {"whoosh": "*.toc", "tantivy": "meta.json"}
DATA = {"whoosh": ("*.seg",), "tantivy": ("*.store", "*.idx", "*.fast")}


def opened(engine: str, root: Path, timeout: float = 20.0) -> Index:
    return CLASSES[engine](root, analyzer(), SPACE, timeout=timeout)


@pytest.fixture(params=sorted(CLASSES))
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(engine: str, root: Path) -> Iterator[Index]:
    with opened(engine, root) as made:
        made.start_generation().switch()
        yield made


def _generation(root: Path) -> Path:
    return root / (root / CURRENT).read_text()


def write_numbers(engine: str, root: Path, first: int, count: int) -> None:
    """Another process: one commit for each document."""
    with opened(engine, root, timeout=60.0) as index:
        for number in range(first, first + count):
            vector = unit_rows(np.full((1, SPACE.dimensions), 1 + number, np.float32))[0]
            index.index([document(f"{number:03}", "求轮椅", version=number, vector=vector)])


def test_missing_index_is_named_and_a_rebuild_heals_it(engine: str, root: Path) -> None:
    index = opened(engine, root)
    for act in (lambda: ask(index, "轮椅"), lambda: index.index([document("a")]), index.count):
        with pytest.raises(IndexUnavailable):
            act()
    assert index.check().problems == ("missing",)
    fresh = index.start_generation()
    fresh.index([document("a", "求轮椅")])
    fresh.switch()
    assert keys(ask(index, "轮椅")) == ["a"]
    assert index.check().ok


@pytest.mark.parametrize("harm", ["truncate", "overwrite", "remove", "contents"])
def test_damaged_index_is_named_and_a_rebuild_heals_it(
    index: Index, engine: str, root: Path, harm: str
) -> None:
    index.index([document(str(n), "求轮椅", "山路远" * 50) for n in range(30)])
    index.close()
    patterns = (CONTENTS[engine],) if harm == "contents" else DATA[engine]
    for path in (path for pattern in patterns for path in _generation(root).glob(pattern)):
        size = path.stat().st_size
        if harm == "remove":
            path.unlink()
        else:
            path.write_bytes(os.urandom(size) if harm == "overwrite" else path.read_bytes()[:90])
    assert index.check().problems == ("damaged",)
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")
    fresh = index.start_generation()
    fresh.index([document("a", "求轮椅")])
    fresh.switch()
    assert keys(ask(index, "轮椅")) == ["a"]


def test_one_missing_part_of_several_is_named(index: Index, engine: str, root: Path) -> None:
    for number in range(2):
        index.index([document(str(number), "求轮椅")])
    index.close()
    newest = max(_generation(root).glob(DATA[engine][0]), key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")
    gc.collect()  # what was opened before the fault is let go without a further one


def test_directory_deleted_under_a_reader_is_named(index: Index, root: Path) -> None:
    index.index([document("a", "求轮椅")])
    ask(index, "轮椅")
    shutil.rmtree(root)
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")


@pytest.mark.parametrize("place", ["root", "generation"])
def test_a_file_in_the_place_of_a_directory_is_named_and_a_rebuild_heals_it(
    index: Index, root: Path, place: str
) -> None:
    replaced = root if place == "root" else _generation(root)
    shutil.rmtree(replaced)
    replaced.touch()
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")
    with pytest.raises(IndexUnavailable):
        index.index([document("a")])
    assert not index.check(whole=False).ok
    heal(index)


def heal(index: Index) -> None:
    fresh = index.start_generation()
    fresh.index([document("a", "求轮椅")])
    fresh.switch()
    assert keys(ask(index, "轮椅")) == ["a"]
    assert index.check().ok


def test_files_cut_short_under_a_reader_are_named_though_it_had_opened_them(
    index: Index, engine: str, root: Path
) -> None:
    index.index([document("a", "求轮椅", "山路远" * 50)])
    assert keys(ask(index, "轮椅")) == ["a"]
    for path in (p for pattern in DATA[engine] for p in _generation(root).glob(pattern)):
        os.truncate(path, path.stat().st_size // 2)
    assert index.check(whole=False).problems == ("damaged",)
    with suppress(IndexUnavailable):  # or what was read before, or stands before the cut
        assert keys(ask(index, "山路")) == ["a"]
    heal(index)


def test_an_answer_from_files_that_were_cut_short_meanwhile_is_not_given(
    index: Index, engine: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_and_find(*args: Any) -> Answer:
        for path in (p for pattern in DATA[engine] for p in _generation(root).glob(pattern)):
            os.truncate(path, path.stat().st_size // 2)
        return find(*args)

    index.index([document("a", "求轮椅", "山路远" * 50)])
    assert keys(ask(index, "轮椅")) == ["a"]
    monkeypatch.setattr(answering, "find", cut_and_find)
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")
    assert index.check(whole=False).problems == ("damaged",)


def test_damage_that_a_reader_met_is_remembered_until_a_rebuild(
    index: Index, engine: str, root: Path
) -> None:
    index.index([document("a", "求轮椅", "山路远" * 50)])
    index.close()
    files = [path for pattern in DATA[engine] for path in _generation(root).glob(pattern)]
    whole = {path: path.read_bytes() for path in files}
    for path in files:
        os.truncate(path, 90)
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")
    for path, content in whole.items():
        path.write_bytes(content)
    assert index.check(whole=False).problems == ("damaged",)
    heal(index)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_takes_nothing_is_named_and_the_former_index_answers(
    index: Index, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    index.index([document("a", "求轮椅")])

    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        with pytest.raises(IndexUnavailable) as caught:
            index.start_generation()
    assert caught.value.params["reason"] == "not_writable"
    fresh = index.start_generation()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", refuse)
        with pytest.raises(IndexUnavailable) as caught:
            fresh.switch()
    assert caught.value.params["reason"] == "not_writable"
    fresh.abandon()
    assert keys(ask(index, "轮椅")) == ["a"]


def test_a_full_disk_is_named_whatever_the_library_makes_of_it() -> None:
    with pytest.raises(IndexUnavailable) as caught, damage_is_named():
        raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")
    assert caught.value.params["reason"] == "not_writable"


def test_index_of_another_format_is_reported(index: Index, root: Path) -> None:
    (_generation(root) / "manifest.json").write_text('{"format": 0}')
    assert index.check().problems == ("other_format",)


@pytest.mark.slow
def test_commit_of_another_process_is_noticed(index: Index, engine: str, root: Path) -> None:
    assert ask(index, "轮椅").total == 0
    other = spawn.Process(target=write_numbers, args=(engine, root, 0, 3))
    other.start()
    other.join()
    assert other.exitcode == 0
    assert ask(index, "轮椅").total == 3


@pytest.mark.slow
def test_two_writing_processes_lose_nothing(index: Index, engine: str, root: Path) -> None:
    shares = [(engine, root, n * 100, 12) for n in range(2)]
    writers = [spawn.Process(target=write_numbers, args=share) for share in shares]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert index.count() == 24


@pytest.mark.slow
def test_killed_writer_leaves_an_index_that_answers_and_takes_more(
    index: Index, engine: str, root: Path
) -> None:
    index.index([document("first", "求轮椅")])
    choice = random.Random(11)
    for turn in range(3):
        writer = spawn.Process(target=write_numbers, args=(engine, root, turn * 100, 400))
        writer.start()
        before = index.count()
        while index.count() < before + 2 and writer.is_alive():
            time.sleep(0.01)
        time.sleep(choice.random() / 20)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
    acknowledged = index.count()
    assert index.check().ok
    index.index([document("last", "求轮椅")])
    assert index.count() == acknowledged + 1
    names = [path.name for path in _generation(root).iterdir()]
    assert len([name for name in names if ".toc" in name]) == (engine == "whoosh")
    assert not [name for name in names if name.startswith(".tmp")]


def test_writer_that_waits_too_long_is_told(index: Index, engine: str, root: Path) -> None:
    path = _generation(root)
    held = (
        open_files(path).writer()
        if engine == "whoosh"
        else library.Index.open(str(path)).writer(15_000_000, 1)
    )
    try:
        with pytest.raises(IndexBusy):
            opened(engine, root, timeout=0.2).index([document("a")])
    finally:
        held.cancel() if engine == "whoosh" else held.wait_merging_threads()


@pytest.mark.slow
def test_many_single_commits_leave_few_segments(index: Index) -> None:
    for number in range(120):
        index.index([document(f"{number % 60}", "求轮椅", version=number)])
    health = index.check()
    assert (health.documents, health.high_water) == (60, 119)
    assert health.segments <= 15


@pytest.mark.slow
def test_what_is_long_work_waits_for_the_night(root: Path) -> None:
    with WhooshIndex(root, analyzer(), SPACE) as index:
        index.start_generation().switch()
        for part in range(7):
            index.index([document(f"{part}-{n}", "求轮椅", version=n) for n in range(40)])
        assert index.check().segments == 7
        assert not index.tidy_up(200)
        assert index.tidy_up(250)  # six of forty
        assert index.check().segments == 2
        assert index.count() == 280
        assert not index.tidy_up(250)


def test_switch_removes_the_former_generation(index: Index, root: Path) -> None:
    index.start_generation()  # never finished
    for _ in range(3):
        index.start_generation().switch()
    assert len(list(root.glob("generation-*"))) == 1


def test_readers_go_on_while_a_writer_commits(index: Index) -> None:
    index.index([document("fixed", "刺梨鲜果")])

    with ThreadPoolExecutor(4) as pool:
        reading = pool.map(lambda _: "fixed" in keys(ask(index, "刺梨")), range(120))
        for number in range(15):
            index.index([document(str(number), "刺梨果干")])
        assert all(reading)


def test_reading_leaves_the_global_random_alone(index: Index) -> None:
    before = random.getstate()
    ask(index, "轮椅")
    assert random.getstate() == before


def test_vectors_that_were_lost_are_named(tmp_path: Path) -> None:
    root = tmp_path / "index"
    with opened("tantivy", root) as index:
        index.start_generation().switch()
        vector = np.eye(SPACE.dimensions, dtype=np.float32)[0]
        index.index([document("a", "求轮椅", vector=vector)])
        for path in _generation(root).glob("vectors.*"):
            path.write_bytes(b"")
        index.close()
        assert index.check().problems == ("damaged",)
        with pytest.raises(IndexUnavailable):
            ask(index, "轮椅")


def test_a_vector_that_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    root = tmp_path / "index"
    first, second = np.eye(SPACE.dimensions, dtype=np.float32)[:2]
    with opened("tantivy", root) as index:
        index.start_generation().switch()
        for turn, vector in enumerate((first, first, second)):
            index.index([document("a", f"轮椅{turn}", vector=vector)])
        rows = (_generation(root) / VECTORS).stat().st_size / small_rows(SPACE.dimensions).itemsize
        assert rows == 2
        assert keys(ask(index, "没有", vector=second)) == ["a"]
