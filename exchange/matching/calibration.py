"""How far scores can be taken at their word: of pairs of a score, how many were right."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10
from statistics import fmean

BINS = 10
WIDTH, HEIGHT = 480, 452
LEFT, TOP, SIDE = 72, 24, 344  # the square that is drawn in
INK, FAINT, DOT = "#333", "#bbb", "#1f6f5c"


@dataclass(frozen=True)
class Bin:
    """Pairs with a score from ``number`` tenths on: how many, their mean score, how many right."""

    number: int
    count: int
    mean: float
    right: float

    @property
    def label(self) -> str:
        """The range of scores."""
        return f"{self.number / BINS:.1f}–{(self.number + 1) / BINS:.1f}"


def bins_of(judged: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Ten bins of equal width over pairs of (score from 0 to 1, was right); empty ones left out."""
    found: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for score, right in judged:
        found[min(BINS - 1, max(0, int(score * BINS)))].append((score, right))
    return [
        Bin(
            number,
            len(members),
            fmean(score for score, _right in members),
            fmean(float(right) for _score, right in members),
        )
        for number, members in sorted(found.items())
    ]


def expected_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Naeini et al. 2015): the distances of mean score and share of
    right ones, weighted by how many pairs there are. 0 for none.
    """
    whole = sum(one.count for one in bins)
    return sum(one.count * abs(one.mean - one.right) for one in bins) / whole if whole else 0.0


def reliability_plot(bins: Sequence[Bin], title: str) -> str:
    """The bins as an SVG picture: on the diagonal scores say what they mean.

    The larger a point, the more pairs (by the logarithm); the number stands beside it.
    """
    middle, bottom = LEFT + SIDE / 2, TOP + SIDE
    lines = [
        (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" font-family="sans-serif" font-size="12">'),
        f"<title>{_escaped(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *_grid(),
        f'<path d="M{LEFT} {bottom}L{LEFT + SIDE} {TOP}" stroke="{INK}" stroke-dasharray="5 4"/>',
        *(line for one in bins for line in _point(one)),
        (f'<text x="{middle}" y="{bottom + 50}" text-anchor="middle" fill="{INK}">'
        "mean score of the pairs</text>"),
        (f'<text transform="translate(18 {TOP + SIDE / 2}) rotate(-90)" text-anchor="middle" '
        f'fill="{INK}">share of them that is right</text>'),
        (f'<text x="{middle}" y="{bottom + 72}" text-anchor="middle" fill="{INK}">'
        f"{sum(one.count for one in bins):,} pairs; "
        f"expected calibration error {expected_error(bins):.3f}</text>"),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _grid() -> list[str]:
    lines = []
    for number in range(0, BINS + 1, 2):
        share = number / BINS
        x, y = _at(share, share)
        lines += [
            f'<path d="M{x:g} {TOP}V{TOP + SIDE}M{LEFT} {y:g}H{LEFT + SIDE}" stroke="{FAINT}"/>',
            (f'<text x="{x:g}" y="{TOP + SIDE + 28}" text-anchor="middle" fill="{INK}">'
            f"{share:.1f}</text>"),
            (f'<text x="{LEFT - 18}" y="{y + 4:g}" text-anchor="end" fill="{INK}">'
            f"{share:.1f}</text>"),
        ]
    return lines


def _point(one: Bin) -> list[str]:
    x, y = _at(one.mean, one.right)
    radius = 3 + 3 * log10(one.count)
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{DOT}" fill-opacity="0.75"/>',
        f'<text x="{x + radius + 3:.1f}" y="{y + 4:.1f}" fill="{INK}">{one.count:,}</text>',
    ]


def _at(score: float, share: float) -> tuple[float, float]:
    return LEFT + SIDE * score, TOP + SIDE * (1 - share)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
