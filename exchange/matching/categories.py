"""How well two categories answer each other, and which kinds of help need no road.

Besides the same category, one that contains it and its sisters, a table names the offers that a
social worker would look at for a need, and how often they answer it
(``data/category_answers.tsv``). It is written from the taxonomy's own words and from practice, not
from judged pairs.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

SAME, OFTEN, SAME_TOP, SOMETIMES, APART = 1.0, 0.6, 0.5, 0.4, 0.0
STRENGTHS = {"often": OFTEN, "sometimes": SOMETIMES}
ANSWERS_FILE = Path(__file__).parent / "data" / "category_answers.tsv"
EVERY = "*"

# Offers that reach people without a road: distance says nothing, declared coverage still holds.
REMOTE = (
    "funds", "market", "policy", "technology.digital", "training.ecommerce", "services.mental",
)  # fmt: skip


class Answer(NamedTuple):
    """One line of the table. A first level stands for all below it, "*" for every need."""

    need: str
    strength: str  # a key of ``STRENGTHS``
    offers: tuple[str, ...]
    why: str


@cache
def cross_answers() -> tuple[Answer, ...]:
    """The lines of the table, in its order."""
    found = []
    for line in ANSWERS_FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            need, strength, offers, why = line.split("\t")
            found.append(Answer(need, strength, tuple(offers.split()), why))
    return tuple(found)


def top_of(code: str) -> str:
    """The first level: "market.brand" → "market"."""
    return code.partition(".")[0]


@cache
def _fits() -> dict[tuple[str, str], float]:
    """By need and offer as the table names them."""
    return {
        (line.need, offer): STRENGTHS[line.strength]
        for line in cross_answers()
        for offer in line.offers
    }


def answers(need: str, offer: str) -> float:
    """How well the table says that an offer's category answers a need's; 0 where it says nothing.

    The line with the more exact need wins, then the one with the more exact offer. A listing that
    names only a first level may mean anything below it: where no line names it, it sometimes
    answers what any of that often does.
    """
    table = _fits()
    for asked in (need, top_of(need), EVERY):
        for given in (offer, top_of(offer)):
            if (asked, given) in table:
                return table[asked, given]
    often = (pair for pair, strength in table.items() if strength == OFTEN)
    if any(_is_in(asked, need) and _is_in(given, offer) for asked, given in often):
        return SOMETIMES
    return APART


def _is_in(named: str, chosen: str) -> bool:
    """Whether a code of the table lies below the listing's, or is that one or its first level."""
    return named in (chosen, top_of(chosen)) or top_of(named) == chosen


@cache
def _fit_of(need: str, offer: str) -> tuple[float, str]:
    if need == offer:
        return SAME, "category_same"
    told, near = answers(need, offer), top_of(need) == top_of(offer)
    if near and told < SAME_TOP:
        return SAME_TOP, "category_near"
    return told, "category_answers" if told else "category_apart"


def fit_of(need: str, offer: str) -> tuple[float, str]:
    """How well an offer's category answers a need's, and the code of the reason.

    1 the same, 0.6 often an answer by the table, 0.5 the same first level, 0.4 sometimes an answer.
    """
    return _fit_of(need, offer) if need and offer else (APART, "category_apart")


def is_remote(offer: str) -> bool:
    """Whether distance is no matter for this kind of help."""
    return offer in REMOTE or top_of(offer) in REMOTE
