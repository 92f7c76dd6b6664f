"""The evaluation runs the pipeline that serves people, over a set of rows."""

import json

import pytest
from click.testing import CliRunner

from exchange.kernel.commands import exchange_commands
from exchange.matching.evaluation import gated_at_10, read_graded_set
from tests.matching.conftest import TODAY

OWNERS = [
    {"id": "G1", "name_zh": "焦家村村委会", "name_en": "", "type": "village_committee",
     "division": "520422102243", "profile": ""},
    {"id": "G2", "name_zh": "黔山修理", "name_en": "", "type": "company",
     "division": "520402", "profile": ""},
]  # fmt: skip


def row(row_id, side, organisation, title, **values):
    given = {
        "id": row_id, "side": side, "organisation": organisation, "title": title,
        "text": title + "，具体面谈。", "category": "equipment.processing",
        "division": "520422102243" if side == "need" else "520402", "quantity": 2, "unit": "套",
        "terms": "free", "serves": ["5204"] if side == "offer" else None, "from_date": None,
        "to_date": None, "urgency": "critical", "beneficiaries": ["general"], "lang": "zh",
    }  # fmt: skip
    return given | values


NEEDS = [
    row("N1", "need", "G1", "修两座密集烤房"),
    row("N2", "need", "G1", "请法律顾问", category="services.legal"),
]
OFFERS = [
    row("O1", "offer", "G2", "检修密集烤房"),
    row("O2", "offer", "G2", "检修密集烤房，去年的", to_date="2026-11-01"),
    row("O3", "offer", "G2", "检修密集烤房，只到毕节", serves=["5205"]),
    row("O4", "offer", "G2", "小额农业贷款", category="funds.loan"),
]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "set"
    made.mkdir()
    for name, rows in (("organisations", OWNERS), ("needs", NEEDS), ("offers", OFFERS)):
        lines = "\n".join(json.dumps(item, ensure_ascii=False) for item in rows)
        (made / f"{name}.jsonl").write_text(lines + "\n", encoding="utf-8")
    grades = "need_id\toffer_id\tgrade\nN1\tO1\t2\nN1\tO2\t0\n"
    (made / "match_qrels.tsv").write_text(grades, encoding="utf-8")
    return made


def run(app, *arguments):
    with app.app_context():
        return CliRunner().invoke(exchange_commands, arguments, catch_exceptions=False)


@pytest.fixture
def frozen(app, settings, monkeypatch):
    """The throw-away site reads its clock from the settings."""
    object.__setattr__(settings, "now", "2026-11-22T08:00:00+00:00")
    return app


def test_evaluation_measures_engine_words_and_meaning(frozen, folder):
    answer = run(frozen, "matching", "evaluate", str(folder), "--json")
    assert answer.exit_code == 0, answer.output
    results = json.loads(answer.stdout.splitlines()[-1])
    engine = results["engine"]
    assert set(results) == {"engine", "lexical", "dense"}
    assert engine["ndcg_at_10"] == engine["recall_at_20"] == engine["mrr"] == 1
    assert engine["gated_at_10"] == engine["zero_above_two"] == 0
    assert set(engine) >= {"shown_precision", "shown_recall", "silent"}
    assert results["lexical"]["recall_at_20"] == results["dense"]["recall_at_20"] == 1


def test_the_ranked_pairs_can_be_had_with_their_scores(frozen, folder, tmp_path):
    run(frozen, "matching", "evaluate", str(folder), "--pairs", str(tmp_path / "pairs.jsonl"))
    lines = (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    (first, *_rest) = [json.loads(line) for line in lines]
    assert (first["need"], first["rank"], first["offer"]) == ("N1", 1, "O1")
    assert 0 < first["score"] <= 1


def test_evaluation_leaves_the_site_alone(frozen, folder, session):
    run(frozen, "matching", "evaluate", str(folder), "--json")
    from_site = run(frozen, "rematch")
    assert "0 listings, 0 suggestions changed" in from_site.output


def test_pairs_that_the_rows_rule_out_are_counted(folder):
    graded = read_graded_set(folder)
    assert gated_at_10({"N1": ["O1"]}, graded, TODAY) == 0
    assert gated_at_10({"N1": ["O1", "O2", "O3", "N2"]}, graded, TODAY) == 3
