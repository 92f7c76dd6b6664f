"""The evaluation on plain texts: its readers, its plain rankings, and a whole run."""

import json
import lzma
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from flask import Flask

from exchange.discovery.evaluation_baselines import WordScores, best
from exchange.discovery.evaluation_engines import ENGINES
from exchange.discovery.evaluation_vectors import KeptVectors
from exchange.kernel.commands import exchange_commands
from exchange.matching.evaluation.text_sets import is_text_set, read_text_set
from exchange.search.encoder import HashEncoder, Vectors
from tests.conftest import chosen_database

KEPT = Path(__file__).parent.parent.parent / "benchmarks" / "data" / "retrieval"
SIZES = {"cmrc2018_dev_zh": (848, 1073), "drcd_test_zht": (1000, 874), "cranfield_en": (1400, 225)}
TEXTS = {"d1": "刺梨熟了，果农等着冷链车。", "d2": "茶园里要修剪的人手。", "d3": "cold trucks"}
QUESTIONS = {"q1": "刺梨 冷链车", "q2": "茶园修剪", "q3": "truck"}
GRADES = "query_id\tdoc_id\trel\nq1\td1\t1\nq2\td2\t2\nq3\td3\t4\n"
HERE = [name for name in sorted(ENGINES) if chosen_database() != "sqlite" or name != "postgresql"]


def lines(rows: dict[str, str]) -> str:
    made = [{"id": key, "text": text} for key, text in rows.items()]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "texts"
    made.mkdir()
    packed = lzma.compress(lines(TEXTS).encode())
    (made / "docs.jsonl.xz").write_bytes(packed)
    (made / "queries.jsonl").write_text(lines(QUESTIONS), encoding="utf-8")
    (made / "qrels.tsv").write_text(GRADES, encoding="utf-8")
    return made


def test_plain_and_packed_files_are_read(folder: Path) -> None:
    given = read_text_set(folder)
    assert (given.texts, given.questions) == (TEXTS, QUESTIONS)
    assert given.grades == {"q1": {"d1": 1}, "q2": {"d2": 2}, "q3": {"d3": 4}}


def test_a_folder_without_judgements_is_no_text_set(folder: Path) -> None:
    (folder / "qrels.tsv").unlink()
    assert not is_text_set(folder)
    with pytest.raises(FileNotFoundError):
        read_text_set(folder)


@pytest.mark.parametrize("engine", HERE)
def test_every_engine_is_measured_beside_plain_rankings(
    app: Flask, folder: Path, engine: str
) -> None:
    with app.app_context():
        answer = CliRunner().invoke(
            exchange_commands, ["search", "evaluate", str(folder), "--backend", engine, "--json"],
            catch_exceptions=False,
        )  # fmt: skip
    results = json.loads(answer.stdout.splitlines()[-1])
    assert set(results) == {"engine", "bm25_words", "dense"}
    assert results["engine"] == {"ndcg_at_10": 1, "recall_at_20": 1, "mrr": 1}
    # Words are compared as they stand: "truck" is not "trucks".
    assert results["bm25_words"]["recall_at_20"] == pytest.approx(2 / 3)
    assert results["dense"]["recall_at_20"] == 1


def test_an_unknown_engine_is_refused(app: Flask, folder: Path) -> None:
    with app.app_context():
        answer = CliRunner().invoke(
            exchange_commands, ["search", "evaluate", str(folder), "--backend", "none"]
        )
    assert answer.exit_code == 2
    assert "whoosh" in answer.output


def test_words_score_by_the_formula() -> None:
    scores = WordScores([["车", "车", "茶"], ["茶"], []]).scores(["车", "没有"])
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * 3 / (4 / 3))
    assert scores == pytest.approx([idf * 2.2 * 2 / (2 + norm), 0, 0])


def test_ties_go_by_name_and_what_is_not_allowed_is_left_out() -> None:
    scores = np.array([1.0, 2.0, 1.0, 0.0])
    assert best(scores, ["b", "z", "a", "c"], 3, least=0.0) == ["z", "a", "b"]
    allowed = np.array([True, False, True, True])
    assert best(scores, ["b", "z", "a", "c"], 9, allowed) == ["a", "b", "c"]


class CountingEncoder(HashEncoder):
    """Remembers what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__(8)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode(texts)


def test_no_text_is_encoded_twice(tmp_path: Path) -> None:
    inner = CountingEncoder()
    first = KeptVectors(inner, tmp_path / "kept" / "vectors.db").encode(["茶", "梨", "茶"])
    again = KeptVectors(inner, tmp_path / "kept" / "vectors.db").encode(["梨", "车"])
    assert inner.asked == ["茶", "梨", "车"]
    assert np.array_equal(first, HashEncoder(8).encode(["茶", "梨", "茶"]))
    assert np.array_equal(again, HashEncoder(8).encode(["梨", "车"]))


@pytest.mark.parametrize("name", sorted(SIZES))
def test_the_kept_sets_are_whole(name: str) -> None:
    given = read_text_set(KEPT / name)
    assert (len(given.texts), len(given.questions)) == SIZES[name]
    assert set(given.grades) <= set(given.questions)
    assert {item for judged in given.grades.values() for item in judged} <= set(given.texts)
