"""Scores beside how often they were right: bins, the expected error, the picture."""

from xml.etree import ElementTree as ET

import pytest

from exchange.matching.calibration import Bin, bins_of, expected_error, reliability_plot
from exchange.matching.evaluation.evaluating import suggested_scores

JUDGED = [(0.05, False), (0.0, True), (0.1, True), (0.99, True), (1.0, True), (0.91, False)]


def test_scores_fall_into_ten_bins_of_equal_width() -> None:
    found = bins_of(JUDGED)
    assert [(one.number, one.count) for one in found] == [(0, 2), (1, 1), (9, 3)]
    assert found[0] == Bin(0, 2, 0.025, 0.5)
    assert found[2].mean == pytest.approx(2.9 / 3)
    assert found[2].right == pytest.approx(2 / 3)


def test_expected_error_weighs_each_bin_by_its_pairs() -> None:
    by_hand = (2 * abs(0.025 - 0.5) + 1 * 0.9 + 3 * abs(2.9 / 3 - 2 / 3)) / 6
    assert expected_error(bins_of(JUDGED)) == pytest.approx(by_hand)
    assert expected_error(bins_of([(0.75, True)] * 3 + [(0.75, False)])) == 0
    assert expected_error([]) == 0


def test_picture_has_a_point_for_each_bin_at_its_place() -> None:
    picture = ET.fromstring(reliability_plot(bins_of(JUDGED), "a < b & c"))  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    points = picture.findall(f"{space}circle")
    assert [float(one.get("cx", "")) for one in points] == pytest.approx([80.6, 106.4, 404.5])
    assert [float(one.get("cy", "")) for one in points] == pytest.approx([196.0, 24.0, 138.7])
    sizes = [float(one.get("r", "")) for one in points]
    assert sizes[2] > sizes[0] > sizes[1]
    said = " ".join(one.text or "" for one in picture.iter(f"{space}text"))
    for words in ("mean score of the pairs", "share of them that is right", "6 pairs", "0.458"):
        assert words in said
    title = picture.find(f"{space}title")
    assert title is not None
    assert title.text == "a < b & c"


def test_pairs_that_are_suggested_count_and_what_was_not_graded_is_wrong() -> None:
    scores = {"N1": {"O1": 0.9, "O2": 0.2}, "N2": {"O1": 0.5}}
    grades = {"N1": {"O1": 2, "O2": 0, "O3": 1}, "N3": {"O1": 2}}
    assert suggested_scores(scores, grades) == [(0.9, True), (0.2, False), (0.5, False)]
