"""Measures of a ranking against graded pairs, computed from values alone.

Grades: 2 to introduce today, 1 partly right, 0 wrong; what was not graded counts as 0.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

Grades = Mapping[str, int]
Rankings = Mapping[str, Sequence[str]]


def ndcg(ranking: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Normalised discounted cumulative gain (Järvelin, Kekäläinen 2002), gain 2^grade - 1."""
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(item, 0) for item in ranking[:depth]]) / best if best else 0.0


def _gain(grades: Iterable[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def recall(ranking: Sequence[str], grades: Grades, depth: int = 20) -> float:
    """The share of the right ones (grade 1 or 2) among the first ``depth``."""
    right = right_ones(grades)
    return len(right & set(ranking[:depth])) / len(right) if right else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Grades) -> float:
    """1 / the place of the first right one, 0 if there is none."""
    right = right_ones(grades)
    return next((1 / (at + 1) for at, item in enumerate(ranking) if item in right), 0.0)


def right_ones(grades: Grades) -> set[str]:
    """What was graded 1 or 2."""
    return {item for item, grade in grades.items() if grade > 0}


def ranking_measures(rankings: Rankings, grades: Mapping[str, Grades]) -> dict[str, float]:
    """nDCG@10, recall@20 and mean reciprocal rank over the queries that have a right answer."""
    asked = [query for query in rankings if right_ones(grades.get(query, {}))]
    pairs = [(rankings[query], grades[query]) for query in asked]
    return {
        "ndcg_at_10": _mean(ndcg(*pair) for pair in pairs),
        "recall_at_20": _mean(recall(*pair) for pair in pairs),
        "mrr": _mean(reciprocal_rank(*pair) for pair in pairs),
    }


def zero_above_two(rankings: Rankings, grades: Mapping[str, Grades]) -> float:
    """Of the queries with a pair graded 2: the share where one judged 0 stands above one of them.

    A pair graded 2 that was not found at all stands below everything that was.
    """
    found: list[float] = []
    for query, ranking in rankings.items():
        judged = grades.get(query, {})
        twos = {item for item, grade in judged.items() if grade == 2}
        if twos:
            places = {item: at for at, item in enumerate(ranking)}
            lowest = max(places.get(item, len(ranking)) for item in twos)
            found.append(float(any(judged.get(item) == 0 for item in ranking[:lowest])))
    return _mean(found)


def shown_measures(
    shown: Mapping[str, Sequence[str]], grades: Mapping[str, Grades]
) -> dict[str, float]:
    """Precision and recall of what is shown, and the share of hopeless queries that stay silent."""
    right = {(query, item) for query, judged in grades.items() for item in right_ones(judged)}
    pairs = {(query, item) for query, items in shown.items() for item in items}
    hopeless = [query for query in shown if not right_ones(grades.get(query, {}))]
    return {
        "shown_precision": len(pairs & right) / len(pairs) if pairs else 0.0,
        "shown_recall": len(pairs & right) / len(right) if right else 0.0,
        "silent": _mean(float(not shown[query]) for query in hopeless),
    }


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return fmean(found) if found else 0.0
