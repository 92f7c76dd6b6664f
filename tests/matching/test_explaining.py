"""Why a pair is suggested, or why not: the page, the API and the command tell the same."""

import json

import pytest

from exchange.matching.scoring import shipped_weights
from exchange.taxonomy.terms import Terms


@pytest.fixture
def why(village, client):
    """The page as somebody reads it."""

    def read(who, listing, other):
        village.cast.sign_in(client, who)
        return client.get(f"/listings/{listing.public_id}/why", query_string={"other": other})

    return read


def test_owner_reads_why_a_pair_is_suggested(village, run_jobs, why):
    need, offer = village.need(), village.offer()
    run_jobs()
    for other in (offer.public_id, f"https://village.example/listings/{offer.public_id}?from=x"):
        page = why(village.cast.officer, need, other).text
        assert offer.title in page
        assert "没有什么妨碍" in page
        assert "类别相同" in page


def test_closed_gate_is_named(village, run_jobs, why):
    need = village.need()
    offer = village.offer(coverage=("5203",))
    run_jobs()
    page = why(village.cast.officer, need, offer.public_id).text
    assert "对方的服务范围不到这里。" in page
    assert "没有什么妨碍" not in page


def test_price_is_told_to_who_asked_for_free_help(village, run_jobs, why):
    need = village.need()
    offer = village.offer(terms=Terms.PAID, coverage=("5204",))
    run_jobs()
    page = why(village.cast.officer, need, offer.public_id).text
    assert "这是收费的，而需求方希望免费" in page


def test_help_of_another_kind_is_named_so(village, run_jobs, why):
    need = village.need()
    offer = village.offer(
        title="会计代账", text="每月到村理账", category_code="services.legal", key="O2"
    )
    run_jobs()
    page = why(village.cast.officer, need, offer.public_id).text
    assert "这一类帮助对不上这个需求。" in page


@pytest.mark.parametrize("other", ["", "nothing", "https://x.example/", "a b", "/listings/"])
def test_unknown_other_is_an_error_beside_the_field(village, why, other):
    need = village.need()
    answer = why(village.cast.officer, need, other)
    assert answer.status_code == 200
    assert ("找不到这条信息。" in answer.text) is bool(other)


def test_strangers_do_not_learn_it(village, run_jobs, why):
    need, offer = village.need(), village.offer()
    run_jobs()
    assert why(village.cast.stranger, need, offer.public_id).status_code == 403


def test_command_prints_the_account(app, village, run_jobs):
    need, offer = village.need(), village.offer()
    run_jobs()
    run = app.test_cli_runner().invoke
    pair = (need.public_id, offer.public_id)
    told = json.loads(run(args=["exchange", "matching", "explain", *pair, "--json"]).output)
    assert told["weights"] == shipped_weights().version
    names = {row["name"] for row in told["features"]}
    assert names == {*shipped_weights().features, "behind_need", "behind_offer"}
    parts = sum(row["contribution"] for row in told["features"])
    assert told["base"] + parts == pytest.approx(told["logit"])
    shown = run(args=["exchange", "matching", "explain", *pair]).output
    assert f"score {told['score']:.3f}; suggested" in shown
    missing = run(args=["exchange", "matching", "explain", need.public_id, "nothing"])
    assert missing.exit_code == 1
    assert "There is no such listing: nothing" in missing.output
