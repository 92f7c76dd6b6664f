"""docs/matching.md tells the weights that are used, and every gate and feature."""

import json
import re
from pathlib import Path

from exchange.matching.categories import cross_answers
from exchange.matching.comparison import shipped_rule
from exchange.matching.scoring import WEIGHTS_FILE, shipped_weights
from exchange.matching.sentences import GATES

DOCS = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w+) \| .* \| ([\d.]+) \| ([\d.]+) \| [^|]* \|$", re.MULTILINE)


def test_weights_of_the_docs_are_those_that_are_used():
    told = {name: (weight, mean) for name, weight, mean in ROW.findall(DOCS)}
    used = shipped_weights()
    assert told == {
        name: (f"{item.weight:.3f}", f"{item.mean:.3f}") for name, item in used.features.items()
    }
    assert f"base −{abs(used.base):.3f}" in DOCS
    assert f"({len(cross_answers())} lines" in DOCS


def test_figures_of_the_docs_are_those_of_the_fit():
    kept = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))["cross_validated"]["matching-dev"]
    for value in kept.values():
        assert f"| {value:.3f} |" in DOCS or value == kept["mrr"]


def test_the_comparison_of_the_docs_is_the_one_that_is_used():
    rule = shipped_rule()
    formula = (
        f"logit = {rule.base:.4g} + {rule.own:.4g} × (logit of the pair's own score)"
        f" + {rule.behind_need:.4g} × n + {rule.behind_offer:.4g} × o"
    )
    told = {part: f"{float(part):.4g}" for part in re.findall(r"\d\.\d+", DOCS)}
    assert formula in re.sub(r"\d\.\d+", lambda found: told[found[0]], DOCS)
    assert f"own score is below {rule.least} " in DOCS


def test_every_gate_stands_in_the_docs():
    assert [code for code in GATES if f"`{code}`" not in DOCS] == []
