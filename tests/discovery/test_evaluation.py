"""The search evaluation asks the search page's own question, over a set of rows."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from exchange.discovery.evaluation import question_of, read_question_set
from exchange.kernel.commands import exchange_commands
from exchange.kernel.settings import Settings

SET = Path(__file__).parent.parent / "data" / "matching-dev"
OWNER = {
    "id": "G1", "name_zh": "黔山果业", "name_en": "", "type": "company",
    "division": "520402", "profile": "",
}  # fmt: skip


def row(row_id: str, side: str, title: str, **values: object) -> dict[str, object]:
    given = {
        "id": row_id, "side": side, "organisation": "G1", "title": title,
        "text": title + "，具体面谈。", "category": "logistics.coldchain", "division": "520402",
        "quantity": None, "unit": None, "terms": "free",
        "serves": ["5204"] if side == "offer" else None, "from_date": None, "to_date": None,
        "urgency": "normal", "beneficiaries": ["general"], "lang": "zh",
    }  # fmt: skip
    return given | values


NEEDS = [row("N1", "need", "刺梨鲜果要冷链车")]
OFFERS = [
    row("O1", "offer", "刺梨鲜果冷链车返程空车"),
    row("O2", "offer", "刺梨冷库到期", to_date="2026-11-01"),
    row("O3", "offer", "刺梨冷链车只到毕节", division="520502", serves=["5205"]),
    row("O4", "offer", "法律顾问下乡", category="services.legal"),
]
QUERIES = [
    {"id": "Q1", "q": "刺梨", "lang": "zh", "filters": {"side": "offer", "division": "5204"}},
    {"id": "Q2", "q": "刺梨", "lang": "zh", "filters": {"side": "offer", "open_on": "2026-11-22"}},
    {"id": "Q3", "q": "法律顾问", "lang": "zh"},
]
GRADES = "query_id\tlisting_id\tgrade\nQ1\tO1\t2\nQ1\tO2\t1\nQ2\tO1\t2\nQ2\tO3\t1\nQ3\tO4\t2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "set"
    made.mkdir()
    files = {
        "organisations": [OWNER], "needs": NEEDS, "offers": OFFERS, "search_queries": QUERIES
    }  # fmt: skip
    for name, rows in files.items():
        lines = [json.dumps(item, ensure_ascii=False) for item in rows]
        (made / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (made / "search_qrels.tsv").write_text(GRADES, encoding="utf-8")
    return made


@pytest.fixture
def frozen(app: Flask, settings: Settings) -> Flask:
    """The throw-away site reads its clock from the settings."""
    object.__setattr__(settings, "now", "2026-11-22T08:00:00+00:00")
    return app


def evaluate(app: Flask, folder: Path, *arguments: str) -> str:
    with app.app_context():
        answer = CliRunner().invoke(
            exchange_commands, ["search", "evaluate", str(folder), *arguments],
            catch_exceptions=False,
        )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_filters_hold_for_engine_words_and_meaning(frozen: Flask, folder: Path) -> None:
    results = json.loads(evaluate(frozen, folder, "--json").splitlines()[-1])
    assert set(results) == {"engine", "lexical", "bm25_words", "dense"}
    for figures in results.values():
        assert set(figures) == {"ndcg_at_10", "recall_at_20", "mrr"}
    assert results["engine"]["recall_at_20"] == results["dense"]["recall_at_20"] == 1
    assert results["engine"]["mrr"] == results["lexical"]["mrr"] == 1
    assert results["bm25_words"]["recall_at_20"] == results["bm25_words"]["mrr"] == 1


def test_the_plain_answer_is_a_table(frozen: Flask, folder: Path) -> None:
    assert "engine     ndcg_at_10       " in evaluate(frozen, folder)


def test_a_question_is_read_as_the_search_page_would(folder: Path) -> None:
    first, second, third = read_question_set(folder).questions
    assert (first.asked.side, first.asked.division, first.asked.state) == ("offer", "5204", "all")
    assert (second.asked.state, second.open_on) == ("open", date(2026, 11, 22))
    assert (third.asked.side, third.asked.state, third.open_on) == ("", "all", None)


def test_a_row_without_filters_asks_for_everything() -> None:
    assert question_of({"id": "Q", "q": "车", "filters": None}).asked.filters == 1


def test_the_kept_set_is_whole() -> None:
    given = read_question_set(SET)
    listings = {row["id"] for row in (*given.listings.needs, *given.listings.offers)}
    judged = {item for grades in given.grades.values() for item in grades}
    assert (len(given.questions), len(listings)) == (60, 250)
    assert judged <= listings
    assert set(given.grades) <= {one.id for one in given.questions}
