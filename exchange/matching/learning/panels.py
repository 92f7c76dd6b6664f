"""What was learned, as the report shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from exchange.matching.learning.kinds import WeightsState
from exchange.matching.learning.labels import (
    CAUSES,
    CHANGES,
    FEATURES,
    REASONS,
    STATES,
    TONES,
    change_word,
)
from exchange.matching.learning.models import LearnedWeights
from exchange.matching.learning.queries import CauseCount
from exchange.matching.learning.rules import evidence_of
from exchange.matching.scoring import Weights, shipped_weights
from exchange.web.dates import local_moment
from exchange.web.locale import locale_code

LEAST_BASE = 0.05


@dataclass(frozen=True)
class CauseLine:
    """A kind of decision: how often, and what it says about its pair."""

    cause: str
    reason: str
    pairs: int
    says: str


@dataclass(frozen=True)
class ChangeLine:
    """What one feature counts now and before."""

    name: str
    words: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionLine:
    """A set of weights in the list."""

    version: str
    state: str
    tone: str
    made: str
    decisions: int
    figures: tuple[str, ...]
    is_usable: bool


def cause_lines(counts: Sequence[CauseCount]) -> list[CauseLine]:
    """Decisions by cause and reason, the frequent first."""
    return [
        CauseLine(
            str(CAUSES[one.cause]),
            str(REASONS.get(one.reason, one.reason)),
            one.pairs,
            _says(one),
        )
        for one in counts
    ]


def _says(one: CauseCount) -> str:
    found = evidence_of(one.cause, one.reason)
    if found.label is None:
        return str(_("says nothing about the pair"))
    if found.label:
        return str(_("speaks for the pair"))
    if found.about is None:
        return str(_("speaks against the pair"))
    known = found.about & shipped_weights().features.keys()
    names = [str(FEATURES[name]) for name in FEATURES if name in known]
    return str(_("speaks against it, about: %(features)s", features=_listed(names)))


def change_lines(weights: Weights) -> tuple[list[ChangeLine], str]:
    """What features count by these weights and by those of the package, the most changed first;
    and the names of those that count as before.
    """
    lines, same = [], []
    for name, item in shipped_weights().features.items():
        label = str(FEATURES.get(name, name))
        after = weights.features[name].weight if name in weights.features else item.weight
        word = change_word(item.weight, after)
        if word == "same":
            same.append(label)
            continue
        line = ChangeLine(label, str(CHANGES[word]), f"{item.weight:.2f}", f"{after:.2f}")
        lines.append((-abs(after - item.weight), name, line))
    ordered = [line for _size, _name, line in sorted(lines, key=lambda one: one[:2])]
    return ordered, _listed(same)


def _listed(names: Sequence[str]) -> str:
    return ("、" if locale_code() == "zh" else ", ").join(names)


def base_words(weights: Weights) -> str:
    """Whether pairs score higher or lower as a whole."""
    moved = weights.base - shipped_weights().base
    if abs(moved) < LEAST_BASE:
        return str(_("As a whole pairs score as before."))
    if moved > 0:
        return str(_("As a whole pairs score a little higher than before."))
    return str(_("As a whole pairs score a little lower than before."))


def version_lines(rows: Sequence[LearnedWeights]) -> list[VersionLine]:
    """Sets of weights with their figures on held-out decisions."""
    shipped = shipped_weights().version
    return [
        VersionLine(
            version=row.version,
            state=str(STATES[row.state]),
            tone=TONES.get(row.state, ""),
            made=local_moment(row.made_at),
            decisions=row.decisions,
            figures=figure_words(row.figures),
            is_usable=row.state is not WeightsState.IN_FORCE and row.based_on == shipped,
        )
        for row in rows
    ]


def figure_words(figures: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences on how the weights do on decisions they were not made from."""
    if not figures:
        return ()
    before, after = figures["before"], figures["after"]
    told = [
        _(
            "On %(count)s decisions kept for judging: error %(before)s before, "
            "%(after)s with these.",
            count=figures["decisions"],
            before=f"{before['loss']:.3f}",
            after=f"{after['loss']:.3f}",
        )
    ]
    if before["ndcg"] is not None and after["ndcg"] is not None:
        told.append(
            _(
                "Order (1 is perfect): %(before)s before, %(after)s with these.",
                before=f"{before['ndcg']:.3f}",
                after=f"{after['ndcg']:.3f}",
            )
        )
    return tuple(told)
