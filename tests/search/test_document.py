"""docs/search.md says what the code does: its constants are the code's, its files are there."""

import re
from pathlib import Path

from exchange.search import engine, finding, fusion, ranking
from exchange.search.wiring import ENGINES

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
FOLDERS = ("", "docs", "exchange", "exchange/search", "exchange/search/backends", "tests/search")
FIELDS = {
    "title": "title",
    "names of the owner": "names",
    "places": "places",
    "categories": "categories",
    "text": "text",
}


def said(pattern: str) -> list[float]:
    """The numbers in the one place that looks like this."""
    found = re.findall(pattern, " ".join(DOCUMENT.split()))
    assert len(found) == 1, pattern
    return [float(number) for number in (found[0] if isinstance(found[0], tuple) else found)]


def test_weights_of_fields() -> None:
    rows = dict(re.findall(r"^\| ([a-z ]+) \| ([\d.]+ \| [\d.]+) \|$", DOCUMENT, re.MULTILINE))
    assert {FIELDS[name]: tuple(map(float, row.split(" | "))) for name, row in rows.items()} == {
        name: (weight, ranking.FIELD_NORMS[name]) for name, weight in ranking.FIELD_WEIGHTS.items()
    }


def test_constants_of_the_order() -> None:
    assert said(r"k1 = ([\d.]+),") == [ranking.K1]
    assert said(r"counts ([\d.]+) \(`ranking\.OTHER_WORDING`\)") == [ranking.OTHER_WORDING]
    words, meaning = said(r"value = ([\d.]+) × words \+ ([\d.]+) × meaning")
    assert (words, round(words + meaning, 6)) == (fusion.WORDS_WEIGHT, 1)
    assert said(r"\+ ([\d.]+) +full match") == [fusion.FULL_BONUS]
    assert said(r"\+ ([\d.]+) +on the side") == [fusion.PREFERRED_BONUS]
    assert said(r"− ([\d.]+) +ended before") == [fusion.ENDED_PENALTY]
    assert said(r"With (\d+) full matches or more") == [engine.RELAX_BELOW]
    shares = said(r"least ([\d.]+) of the question's weight, or whose meaning is at least ([\d.]+)")
    assert shares == [fusion.GOOD_SHARE, fusion.GOOD_NEARNESS]
    assert finding.CHOSEN == fusion.SCALED_AMONG == 100  # "the best hundred", "the hundred nearest"


def test_every_engine_has_its_line() -> None:
    chosen = DOCUMENT.split("\n## Engines, and which to choose\n", 1)[1]
    table = chosen.split("\n\n", 1)[0].casefold()
    assert all(f"\n| {name}" in table for name in ENGINES)


def test_named_files_are_there() -> None:
    named = set(re.findall(r"`([\w/-]+(?:\.[\w-]+)*\.(?:py|txt|tsv|md))`", DOCUMENT))
    named -= {"qrels.tsv"}  # of a set of questions
    assert named
    assert not [n for n in named if not any((ROOT / f / n).exists() for f in FOLDERS)]
