"""Suggestions on the page of a listing."""

import pytest

from exchange.matching.explanation import reasons
from exchange.matching.features import features
from exchange.matching.panels import telling_reasons
from exchange.matching.scoring import shipped_weights
from exchange.matching.sentences import REASONS, page_lines, reason_lines
from exchange.matching.values import Reason
from exchange.matching.words import shared_names
from tests.matching.conftest import NEED, OFFER, TODAY, portrait


@pytest.fixture
def page(village, run_jobs, client):
    """The page of a listing as somebody reads it."""

    def read(who, listing):
        village.cast.sign_out(client)
        if who is not None:
            village.cast.sign_in(client, who)
        return client.get(f"/listings/{listing.public_id}?locale=en").get_data(as_text=True)

    return read


def test_owner_and_broker_see_who_may_fit_and_why(village, run_jobs, page):
    need, offer = village.need(), village.offer()
    run_jobs()
    for who, listing, other in (
        (village.cast.officer, need, offer),
        (village.cast.broker, need, offer),
        (village.cast.enterprise, offer, need),
    ):
        shown = page(who, listing)
        assert 'id="suggestions-title"' in shown
        assert f"/listings/{other.public_id}" in shown
        assert "普定县" in shown


def test_stranger_and_visitor_see_nothing_of_it(village, run_jobs, page):
    need, offer = village.need(), village.offer()
    run_jobs()
    for who in (village.cast.stranger, village.cast.enterprise, None):
        shown = page(who, need)
        assert need.title in shown
        assert 'id="suggestions-title"' not in shown
        assert offer.public_id not in shown


def test_listing_without_a_fit_says_that_we_keep_looking(village, run_jobs, page):
    need = village.need()
    run_jobs()
    assert 'id="suggestions-title"' in page(village.cast.officer, need)


def test_every_reason_has_a_sentence_with_its_facts(app):
    pair = features(portrait(NEED, 烤房=1.0), portrait(OFFER, 烤房=1.0), TODAY)
    told = reasons(pair, shipped_weights())
    with app.test_request_context():
        lines = reason_lines(told)
    assert len(lines) == len(told)
    assert all("%(" not in line.sentence for line in lines)


@pytest.mark.parametrize("code", sorted(code.rstrip("-") for code in REASONS))
def test_sentence_can_be_said_for_and_against(app, code):
    params = {
        "words": ["烤房"], "need": "free", "offer": "paid", "division": "520422", "prefix": "CN",
        "km": 41, "from": "2026-11-24", "to": "2026-11-29", "percent": 40, "groups": ["elderly"],
        "offered_milli": 120_000, "offer_unit": "床", "needed_milli": 300_000, "need_unit": "床",
        "concepts": ["crop.cili"], "asked": "crop.cili", "given": "animal.cattle",
        "kept": 5, "ended": 6, "answered": 9, "proposals": 10, "days": 95,
    }  # fmt: skip
    with app.test_request_context():
        for contribution in (0.5, -0.5):
            [line] = reason_lines([Reason(code, params, contribution)])
            assert line.sentence
            assert line.sign == ("+" if contribution > 0 else "-")


def test_that_nothing_presses_is_no_reason_against_on_a_page(app):
    told = [Reason("urgency_normal", {}, -0.3), Reason("urgency_low", {}, -0.6)]
    pressing = Reason("urgency_high", {}, 0.3)
    with app.test_request_context():
        assert telling_reasons(told, detailed=True) == []
        assert page_lines(told) == []
        assert [line.code for line in page_lines([*told, pressing])] == ["urgency_high"]
        assert len(reason_lines(told)) == 2  # programs read all


def test_hidden_words_are_not_told_by_a_reason(app):
    told = [
        Reason("words_shared", {"words": ["烤房"]}, 1.0),
        Reason("subject_shared", {"concepts": ["crop.cili"]}, 1.0),
        Reason("goods_same", {"asked": "crop.cili", "given": "crop.cili"}, 1.0),
    ]
    with app.test_request_context():
        assert reason_lines(told, detailed=False) == []


def test_words_that_say_nothing_are_no_reason():
    first = portrait(NEED, 左右=1.0, 齐全=1.0, 烤房=1.0).reading
    assert shared_names(first, first) == ("烤房",)


def test_alike_words_without_a_telling_one_do_not_speak_against_the_pair(app):
    with app.test_request_context():
        [good] = reason_lines([Reason("words_none", {"words": []}, 0.5)])
        [bad] = reason_lines([Reason("words_none", {"words": []}, -0.5)])
    assert good.sentence == "两边用词相近"
    assert bad.sentence == "两边说法不一样"


# Of these the share that counts for a pair when it is high counts against it when it is low.
@pytest.mark.parametrize(
    ("code", "params"),
    [
        ("words_shared", {"words": ["老师"]}),
        ("category_answers", {"need": "skills", "offer": "skills"}),
        ("category_near", {"need": "skills", "offer": "skills"}),
        ("partial", {
            "offered_milli": 1000, "offer_unit": "台", "needed_milli": 9000, "need_unit": "台",
            "percent": 11,
        }),
        ("record_kept", {"kept": 1, "ended": 5}),
        ("record_answers", {"answered": 1, "proposals": 9}),
    ],
)
def test_what_may_count_either_way_has_its_own_sentence_against(app, code, params):
    with app.test_request_context():
        [good] = reason_lines([Reason(code, params, 0.5)])
        [bad] = reason_lines([Reason(code, params, -0.5)])
    assert good.sentence != bad.sentence
    assert "只" in bad.sentence
