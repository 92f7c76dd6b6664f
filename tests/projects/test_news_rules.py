"""Rules of news: what they may say, which figures stand in the words, when silence is too long."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.projects.kinds import Publication, Stage
from exchange.projects.news.reading import read_figures
from exchange.projects.news.rules import (
    LARGEST_MILLI,
    LONGEST_TEXT,
    MOST_FIGURES,
    Figure,
    content_allowed,
    figure_allowed,
    may_have_news,
    pack_figure,
    silence_due,
    unpack_figure,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("新栽果苗 1200 株", [Figure("新栽果苗", 1_200_000, "株")]),
        ("今天栽完东坡的果苗，一共 1200 株。", [Figure("栽完东坡的果苗", 1_200_000, "株")]),
        (
            "一共修了3公里路，受益 86 户",
            [Figure("修路", 3_000, "公里"), Figure("受益", 86_000, "户")],
        ),
        ("三十万斤刺梨已经运走", [Figure("刺梨已经运走", 300_000_000, "斤")]),
        ("Today we planted 1,200 seedlings.", [Figure("planted", 1_200_000, "株")]),
        ("每斤 2 元", []),
        ("1200株", []),
        ("今天很好", []),
        ("", []),
    ],
)
def test_figures_are_read_from_the_words(text: str, figures: list[Figure]) -> None:
    assert read_figures(text) == figures


@given(st.text(max_size=300))
def test_whatever_is_read_may_be_shown(text: str) -> None:
    found = read_figures(text)
    assert len(found) <= MOST_FIGURES
    assert all(figure_allowed(one) for one in found)


LABELS = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"]), min_size=1)


@given(LABELS.filter(lambda one: len(one) <= 30), st.integers(1, LARGEST_MILLI))
def test_a_figure_survives_being_kept(label: str, milli: int) -> None:
    assert unpack_figure(pack_figure(Figure(label, milli, "株"))) == Figure(label, milli, "株")


@pytest.mark.parametrize(
    "text", ["", "a", "a|b|c", "a|-1|株", "a|0|株", "a|1|", "|1|株", "a|1|b|c"]
)
def test_what_is_no_figure_is_none(text: str) -> None:
    assert unpack_figure(text) is None


def test_words_or_a_picture_are_enough_and_too_much_is_too_much() -> None:
    figure = Figure("果苗", 1000, "株")
    assert content_allowed("好", 0, [])
    assert content_allowed("", 1, [])
    assert content_allowed("", 0, [figure]).code == "news_empty"
    assert content_allowed("好" * (LONGEST_TEXT + 1), 0, []).code == "news_too_long"
    assert content_allowed("", 7, []).code == "news_too_many_pictures"
    assert content_allowed("好", 0, [figure] * 6).code == "news_too_many_figures"


@pytest.mark.parametrize("publication", list(Publication))
def test_only_a_published_project_has_news(publication: Publication) -> None:
    assert bool(may_have_news(publication)) is (publication is Publication.PUBLISHED)


@pytest.mark.parametrize(
    ("stage", "quiet", "asked", "due"),
    [
        (Stage.RUNNING, 29, None, False),
        (Stage.RUNNING, 30, None, True),
        (Stage.RUNNING, 45, 15, False),
        (Stage.RUNNING, 60, 30, True),
        (Stage.IDEA, 90, None, False),
        (Stage.COMPLETED, 90, None, False),
        (Stage.PAUSED, 30, None, True),
    ],
)
def test_the_silent_are_asked_after_thirty_days_and_again_after_thirty_more(
    stage: Stage, quiet: int, asked: int | None, due: bool
) -> None:
    asked_on = None if asked is None else TODAY - timedelta(days=asked)
    assert silence_due(stage, TODAY - timedelta(days=quiet), asked_on, TODAY) is due
