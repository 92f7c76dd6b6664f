"""The evaluation runs the pipeline that serves people, over a set of rows."""

import json
import lzma

import pytest
from click.testing import CliRunner

from exchange.kernel.commands import exchange_commands
from exchange.matching.evaluation.evaluating import gated_at_10, read_graded_set
from exchange.matching.evaluation.text_sets import read_text_set
from exchange.matching.evaluation.texts import as_graded
from exchange.matching.features import category
from exchange.matching.rules import categories_compatible
from exchange.matching.values import ListingFacts
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


TEXTS = {
    "1": "出借微耕机两台，春耕前可用。", "2": "冷藏车回程空着，可带鲜果。",
    "x": "2019年12月的会议记录",
}  # fmt: skip
QUESTIONS = {"1": "想借两台微耕机，3月要用", "2": "有没有冷藏车运刺梨"}


def as_lines(rows):
    made = [{"id": key, "text": text, "lang": "zh"} for key, text in rows.items()]
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in made)


@pytest.fixture
def texts(tmp_path):
    made = tmp_path / "texts"
    made.mkdir()
    (made / "docs.jsonl").write_text(as_lines(TEXTS), encoding="utf-8")
    (made / "queries.jsonl.xz").write_bytes(lzma.compress(as_lines(QUESTIONS).encode()))
    grades = "query_id\tdoc_id\trel\n1\t1\t2\n2\t2\t1\n2\tunknown\t2\n"
    (made / "qrels.tsv").write_text(grades, encoding="utf-8")
    return made


def test_plain_texts_are_needs_and_offers_without_category_and_place(frozen, texts, tmp_path):
    pairs = tmp_path / "pairs.jsonl"
    answer = run(frozen, "matching", "evaluate", str(texts), "--json", "--pairs", str(pairs))
    assert answer.exit_code == 0, answer.output
    results = json.loads(answer.stdout.splitlines()[-1])
    assert set(results) == {"engine", "lexical", "dense"}
    assert results["engine"]["ndcg_at_10"] == results["engine"]["mrr"] == 1
    assert results["engine"]["gated_at_10"] == 0
    assert results["lexical"]["recall_at_20"] == results["dense"]["recall_at_20"] == 1
    ranked = [json.loads(line) for line in pairs.read_text(encoding="utf-8").splitlines()]
    best = {row["need"]: row["offer"] for row in ranked if row["rank"] == 1}
    assert best == {"q0000000": "d0000000", "q0000001": "d0000001"}


def test_what_can_be_read_from_a_plain_text_is_taken_over(texts):
    graded = as_graded(read_text_set(texts), TODAY)
    need, offer = graded.needs[0], graded.offers[0]
    assert (need["quantity_milli"], need["unit"]) == (offer["quantity_milli"], offer["unit"])
    assert need["quantity_milli"] == 2000
    assert need["from_date"] == "2027-03-01"
    assert offer["title"] == "出借微耕机两台，春耕前可用"
    assert graded.grades == {"q0000000": {"d0000000": 2}, "q0000001": {"d0000001": 1}}
    assert graded.offers[2]["to_date"] is None, "a day that has passed ends nothing"


def test_without_a_category_the_gate_is_open_and_the_feature_unknown():
    some, none = ListingFacts(id=1, side="need", category="market.brand"), ListingFacts(2, "offer")
    for need, offer in ((some, none), (none, some), (none, none)):
        assert categories_compatible(need, offer)
        assert category(need, offer).value is None


def test_a_row_of_another_form_is_named(frozen, texts):
    (texts / "docs.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")
    answer = run(frozen, "matching", "evaluate", str(texts))
    assert answer.exit_code == 1
    assert "'text'" in answer.output


def test_the_evaluation_draws_how_far_scores_can_be_believed(frozen, folder, tmp_path):
    picture = tmp_path / "calibration.svg"
    answer = run(
        frozen, "matching", "evaluate", str(folder), "--json", "--calibration", str(picture)
    )
    results = json.loads(answer.stdout.splitlines()[-1])
    error = results["engine"]["calibration_error"]
    assert 0 <= error < 0.5
    assert f"2 pairs; expected calibration error {error:.3f}" in picture.read_text(encoding="utf-8")
