"""How well two categories answer each other, and which kinds of help need no road.

Besides the same category, one that contains it and its sisters, a table names the offers that a
social worker would look at for a need (``data/category_answers.tsv``). It is written from the
taxonomy's own words, not from judged pairs.
"""

from functools import cache
from pathlib import Path

SAME, RELATED, SAME_TOP, APART = 1.0, 0.6, 0.5, 0.0
ANSWERS_FILE = Path(__file__).parent / "data" / "category_answers.tsv"
EVERY = "*"

# Offers that reach people without a road: distance says nothing, declared coverage still holds.
REMOTE = (
    "funds", "market", "policy", "technology.digital", "training.ecommerce", "services.mental",
)  # fmt: skip


@cache
def cross_answers() -> dict[str, frozenset[str]]:
    """By need (a code, a first level or "*"): the offers that answer it, ".*" for all below."""
    found: dict[str, frozenset[str]] = {}
    for line in ANSWERS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            need, offers, _why = line.split("\t")
            found[need] = frozenset(offers.split())
    return found


def top_of(code: str) -> str:
    """The first level: "market.brand" → "market"."""
    return code.partition(".")[0]


def answers(need: str, offer: str) -> bool:
    """Whether the table names the offer's category for the need's, or for what contains it."""
    named = {offer, f"{top_of(offer)}.*"}
    table = cross_answers()
    return any(named & table.get(asked, frozenset()) for asked in (need, top_of(need), EVERY))


def fit_of(need: str, offer: str) -> tuple[float, str]:
    """How well an offer's category answers a need's, and the code of the reason."""
    if not need or not offer:
        return APART, "category_apart"
    if need == offer:
        return SAME, "category_same"
    if answers(need, offer):
        return RELATED, "category_answers"
    if top_of(need) == top_of(offer):
        return SAME_TOP, "category_near"
    return APART, "category_apart"


def is_remote(offer: str) -> bool:
    """Whether distance is no matter for this kind of help."""
    return offer in REMOTE or top_of(offer) in REMOTE
