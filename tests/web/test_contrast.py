"""The colour tokens keep the contrast that WCAG 2.1 AA asks for (1.4.3 text, 1.4.11 edges)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "exchange" / "static" / "css" / "app.css"
GROUNDS = ("paper", "card")
HUES = ("tea", "clay", "indigo", "plum", "ochre")
# What is written on what, at any size.
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2") for ground in (*GROUNDS, "quiet", "tea-soft")),
    *((ink, ground) for ink in (*HUES, "tea-deep") for ground in GROUNDS),
    ("tea-deep", "tea-soft"),
    ("clay", "clay-soft"),
    ("indigo", "indigo-soft"),
    ("plum", "plum-soft"),
    ("ochre", "ochre-soft"),
    ("ink", "clay-soft"),
    ("ink", "ochre-soft"),
    ("card", "tea"),
    ("card", "tea-deep"),
    ("card", "ochre"),
]
# Edges of fields, the focus ring, and bars against their track.
EDGES = [
    *(("edge", ground) for ground in GROUNDS),
    *(("focus", ground) for ground in (*GROUNDS, "tea-soft", "clay-soft", "ochre-soft", "quiet")),
    *((fill, "track") for fill in HUES),
]


def tokens(selector: str) -> dict[str, str]:
    """The colours that the first rule with this selector sets."""
    rule = re.compile(rf"^{re.escape(selector)} \{{(.*?)^\}}", re.MULTILINE | re.DOTALL)
    block = rule.search(CSS.read_text("utf-8"))
    assert block, f"{selector} sets no tokens"
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block.group(1)))


PLAIN = tokens(":root")
MODES = {"plain": PLAIN, "care": PLAIN | tokens(".care")}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.1."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio after WCAG 2.1, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(mode: str, ink: str, ground: str) -> None:
    assert contrast(MODES[mode][ink], MODES[mode][ground]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_can_be_seen(mode: str, edge: str, ground: str) -> None:
    assert contrast(MODES[mode][edge], MODES[mode][ground]) >= 3


def test_care_mode_raises_the_contrast_of_quiet_words() -> None:
    plain, care = (contrast(MODES[mode]["ink-2"], PLAIN["paper"]) for mode in MODES)
    assert care > plain >= 4.5
