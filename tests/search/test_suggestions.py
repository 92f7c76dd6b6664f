"""Suggestions of several sources become one short list in groups."""

from exchange.search.suggestions import Suggestion, mixed


def made(kind: str, *labels: str, score: float = 0.8, detail: str = "") -> list[Suggestion]:
    return [
        Suggestion(kind, label, score - 0.01 * rank, detail=detail)
        for rank, label in enumerate(labels)
    ]


def labels(found: tuple[Suggestion, ...]) -> list[str]:
    return [one.label for one in found]


def test_no_source_crowds_out_another() -> None:
    strong = made("query", *(f"q{n}" for n in range(9)), score=1.0)
    weak = made("place", "a", "b", "c", score=0.3)
    assert labels(mixed([strong, weak], 6)) == ["q0", "q1", "q2", "q3", "a", "b"]


def test_groups_stay_together_and_the_best_comes_first() -> None:
    found = mixed([made("category", "a", "b", score=0.5), made("place", "c", "d", score=0.9)], 8)
    assert [one.kind for one in found] == ["place", "place", "category", "category"]


def test_the_same_words_stand_once() -> None:
    found = mixed([made("category", "冷鏈"), made("query", "冷链", "冷链车")], 8)
    assert labels(found) == ["冷鏈", "冷链车"]


def test_two_places_of_one_name_are_two() -> None:
    one, other = made("place", "新村乡", detail="黑龙江"), made("place", "新村乡", detail="上海")
    assert len(mixed([[*one, *other]], 8)) == 2


def test_of_equals_the_first_source_leads() -> None:
    found = mixed([made("category", "a"), made("place", "b")], 8)
    assert labels(found) == ["a", "b"]
