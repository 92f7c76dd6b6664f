"""What the doctor says of the engine of the search."""

import pytest

from exchange.admin.doctor import Grade, IndexFacts, judge_index, judge_meanings


def test_a_server_without_an_index_of_meanings_is_to_be_looked_at() -> None:
    assert judge_meanings(has_index=False).grade is Grade.ATTENTION
    assert judge_meanings(has_index=True).grade is Grade.OK


@pytest.mark.parametrize(
    ("engine", "documents", "expected"),
    [("whoosh", 20_000, "ok"), ("whoosh", 20_001, "attention"), ("tantivy", 1_000_000, "ok")],
)
def test_a_quicker_engine_is_recommended_for_a_large_site(
    engine: str, documents: int, expected: str
) -> None:
    facts = IndexFacts((), documents, 9, documents, 9, 0, engine)
    finding = judge_index(facts)
    assert finding.grade == expected
    assert ("EXCHANGE_SEARCH_URL=tantivy:" in finding.advice) == (expected == "attention")


def test_an_index_that_takes_nothing_new_is_told_from_one_that_cannot_be_used() -> None:
    finding = judge_index(IndexFacts(("not_writable",), 3, 9, 5, 9, 2))
    assert finding.grade is Grade.TROUBLE
    assert "cannot be written" in finding.sentence
    finding = judge_index(IndexFacts(("damaged",), 0, 0, 5, 9, 2))
    assert finding.grade is Grade.TROUBLE
    assert "cannot be used (damaged)" in finding.sentence
