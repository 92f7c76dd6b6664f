"""Files that are cut short and gone again before anybody looks, as when a heal is quick."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exchange.search import answering
from exchange.search.backends import generations
from exchange.search.backends.generations import CURRENT, Lengths
from exchange.search.backends.tantivy_index import TantivyIndex
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.finding import find
from exchange.search.port import Answer, IndexUnavailable
from tests.search.engines import SPACE, analyzer, ask, document, keys

CLASSES = {"whoosh": WhooshIndex, "tantivy": TantivyIndex}
DATA = ("*.seg", "*.store", "*.idx", "*.fast")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(params=sorted(CLASSES))
def index(request: pytest.FixtureRequest, root: Path) -> Iterator[WhooshIndex | TantivyIndex]:
    with CLASSES[request.param](root, analyzer(), SPACE) as made:
        made.start_generation().switch()
        yield made


def cut(root: Path) -> list[Path]:
    """Cut the files of the present generation in half; return them."""
    here = root / (root / CURRENT).read_text()
    files = [path for pattern in DATA for path in here.glob(pattern)]
    for path in files:
        os.truncate(path, path.stat().st_size // 2)
    return files


def cut_and_gone(root: Path) -> None:
    for path in cut(root):
        path.unlink()


@pytest.mark.parametrize("most", [0, 256])
def test_a_file_that_was_cut_is_noticed_and_one_that_is_only_gone_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(generations, "MOST_OPEN", most)
    path = tmp_path / "part"
    path.write_bytes(b"12345678")
    lengths = Lengths([path, tmp_path / "never"])
    path.write_bytes(b"123456789")
    lengths.are_kept()
    os.truncate(path, 4)
    with pytest.raises(IndexUnavailable):
        lengths.are_kept()
    path.write_bytes(b"12345678")
    path.unlink()
    lengths.are_kept()


def test_an_answer_from_files_that_were_cut_short_and_replaced_meanwhile_is_not_given(
    index: WhooshIndex | TantivyIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heal is quicker than the answer: when the reader looks, the cut files are gone."""

    def cut_and_find(*args: Any) -> Answer:
        cut_and_gone(root)
        return find(*args)

    index.index([document("a", "求轮椅", "山路远" * 50)])
    assert keys(ask(index, "轮椅")) == ["a"]
    monkeypatch.setattr(answering, "find", cut_and_find)
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")


def test_what_was_written_while_files_were_cut_short_is_not_trusted(
    index: WhooshIndex | TantivyIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a commit joins may come from files that end too early, and is then removed."""
    index.index([document("a", "求轮椅", "山路远" * 50)])
    sync = generations.sync_directory
    done: list[Path] = []

    def cut_once(path: Path) -> None:
        sync(path)
        if not done:
            done.append(path)
            cut(root)

    for module in ("whoosh_files", "tantivy_writing"):
        monkeypatch.setattr(f"exchange.search.backends.{module}.sync_directory", cut_once)
    with pytest.raises(IndexUnavailable):
        index.index([document("b", "求轮椅")])
    assert done
    assert index.check(whole=False).problems == ("damaged",)


@pytest.mark.parametrize("gone", ["generation", "all but the name"])
def test_what_is_being_filled_does_not_answer_in_place_of_what_was_deleted(
    index: WhooshIndex | TantivyIndex, root: Path, gone: str
) -> None:
    """It would say that there is nothing, where the database could answer."""
    index.index([document("a", "求轮椅")])
    name = (root / CURRENT).read_text()
    shutil.rmtree(root / name)
    if gone != "generation":
        shutil.rmtree(root)
        root.mkdir()
        (root / CURRENT).write_text(name)
    fresh = index.start_generation()
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")
    fresh.index([document("a", "求轮椅")])
    with pytest.raises(IndexUnavailable):
        ask(index, "轮椅")
    fresh.switch()
    assert keys(ask(index, "轮椅")) == ["a"]


def test_an_index_made_anew_after_all_was_deleted_is_never_taken_for_the_former(
    index: WhooshIndex | TantivyIndex, root: Path
) -> None:
    """A reader keeps meanings in memory; those of the former index mean nothing in this one."""
    first, second, third = np.eye(SPACE.dimensions, dtype=np.float32)[:3]
    index.index([document("a", "求轮椅", vector=first), document("b", "求轮椅", vector=second)])
    assert keys(ask(index, "没有", vector=second)) == ["b"]
    shutil.rmtree(root)
    with type(index)(root, analyzer(), SPACE) as other:
        fresh = other.start_generation()
        fresh.index([document("c", "求轮椅", vector=third)])
        fresh.switch()
    assert keys(ask(index, "没有", vector=third)) == ["c"]
    assert keys(ask(index, "没有", vector=first)) == []
