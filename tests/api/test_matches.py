"""Suggestions, and a match from claim to judgement, through the API alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from exchange.matching.scoring import sigmoid
from tests.api.conftest import NEED, OFFER, MakeProgram, Program
from tests.cast import Cast
from tests.conftest import Queries

MESSAGE = {"message": "请看看合不合适"}


class Pair:
    """The officer's need and the firm's offer, and a program for each of the play."""

    def __init__(self, program: MakeProgram, cast: Cast) -> None:
        self.officer, self.firm = program(cast.officer), program(cast.enterprise)
        self.broker, self.stranger = program(cast.broker), program(cast.stranger)
        self.need = self.post(self.officer, NEED, "N1")
        self.offer = self.post(self.firm, OFFER, "O1")

    @staticmethod
    def post(caller: Program, row: dict[str, Any], key: str) -> str:
        answer = caller.post("/listings", {**row, "external_id": key})
        assert answer.status_code == 201, answer.get_json()
        public_id: str = answer.get_json()["id"]
        return public_id

    def claim(self) -> str:
        answer = self.broker.post("/matches", {"need": self.need, "offer": self.offer})
        assert answer.status_code == 201, answer.get_json()
        return f"/matches/{answer.get_json()['id']}"


@pytest.fixture
def pair(program: MakeProgram, cast: Cast) -> Pair:
    return Pair(program, cast)


def test_suggestions_carry_score_and_reasons(pair: Pair, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    for caller in (pair.officer, pair.broker):
        items = caller.get(f"/listings/{pair.need}/suggestions").get_json()["items"]
        assert [one["listing"]["external_id"] for one in items] == ["O1"]
        assert 0 < items[0]["score"] <= 1
        assert items[0]["reasons"]
        for reason in items[0]["reasons"]:
            assert reason["code"]
            assert reason["sentence"]
            assert "%(" not in reason["sentence"]
            assert isinstance(reason["contribution"], float)
        sizes = [abs(reason["contribution"]) for reason in items[0]["reasons"]]
        assert sizes == sorted(sizes, reverse=True)


def test_both_sides_see_one_score(pair: Pair, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    of_need = pair.officer.get(f"/listings/{pair.need}/suggestions").get_json()["items"]
    of_offer = pair.firm.get(f"/listings/{pair.offer}/suggestions").get_json()["items"]
    assert [one["listing"]["id"] for one in of_offer] == [pair.need]
    assert [one["score"] for one in of_need] == [one["score"] for one in of_offer]


def test_suggestions_are_not_for_strangers(pair: Pair, program: MakeProgram) -> None:
    path = f"/listings/{pair.need}/suggestions"
    assert pair.stranger.get(path).status_code == 403
    assert pair.firm.get(path).status_code == 403
    assert program().get(path).status_code == 401


def test_the_number_of_suggestions_is_limited(pair: Pair, run_jobs: Callable[[], int]) -> None:
    for number in range(2, 5):
        pair.post(pair.firm, {**OFFER, "title": f"冷藏车，第{number}队"}, f"O{number}")
    run_jobs()
    path = f"/listings/{pair.need}/suggestions"
    best = pair.officer.get(path, limit=50).get_json()["items"]
    assert len(best) > 2
    assert pair.officer.get(path, limit=2).get_json()["items"] == best[:2]
    assert pair.officer.get(path, limit=0).status_code == 422


def test_a_match_goes_from_claim_to_judgement(pair: Pair) -> None:
    path = pair.claim()
    assert pair.officer.get(path).status_code == 404, "before the proposal it is the broker's own"
    assert pair.broker.post(f"{path}/propose", MESSAGE).get_json()["state"] == "proposed"
    assert pair.officer.post(f"{path}/contact", {"side": "offer"}).status_code == 403
    yes = {"accept": True}
    assert pair.officer.post(f"{path}/answer", {"side": "need", **yes}).status_code == 200
    both = pair.firm.post(f"{path}/answer", {"side": "offer", **yes}).get_json()
    assert both["state"] == "introduced"
    contact = pair.officer.post(f"{path}/contact", {"side": "offer"}).get_json()
    assert contact["phone"].startswith("139")
    agreed = pair.broker.post(f"{path}/commit", {"taken": "12.5", "covers": 12.5}).get_json()
    commitment = agreed["commitments"][0]
    assert (agreed["state"], commitment["taken"], commitment["covers"]) == ("agreed", 12.5, 12.5)
    left = pair.officer.get(f"/listings/{pair.need}").get_json()
    assert (left["state"], left["remaining"]) == ("partly_matched", 17.5)
    arrived = {"commitment": commitment["id"], "amount": 12.5}
    assert pair.firm.post(f"{path}/delivery", arrived).get_json()["state"] == "delivering"
    told = {"text": "当天到贵阳。", "people": 126, "delivered": 12.5}
    written = pair.officer.post(f"{path}/outcome", told).get_json()
    assert written["outcome"]["people"] == 126
    confirmation = {"side": "offer", "version": written["version"]}
    assert pair.firm.post(f"{path}/confirm", confirmation).get_json()["state"] == "completed"
    closed = pair.broker.post(f"{path}/evaluate", {"text": "下次还这样做。"}).get_json()
    assert closed["state"] == "evaluated"
    codes = [entry["code"] for entry in closed["timeline"]]
    assert codes[-1] == "claimed"
    assert "contact_shown" in codes


def test_a_commitment_never_takes_more_than_is_left(pair: Pair) -> None:
    path = pair.claim()
    pair.broker.post(f"{path}/propose", MESSAGE)
    pair.officer.post(f"{path}/answer", {"side": "need", "accept": True})
    pair.firm.post(f"{path}/answer", {"side": "offer", "accept": True})
    too_much = pair.broker.post(f"{path}/commit", {"taken": 30, "covers": 30.001})
    assert (too_much.status_code, too_much.get_json()["code"]) == (409, "commitment_exceeds_need")
    assert pair.broker.get(path).get_json()["commitments"] == []


def test_a_pair_is_claimed_once(pair: Pair) -> None:
    pair.claim()
    again = pair.broker.post("/matches", {"need": pair.need, "offer": pair.offer})
    assert (again.status_code, again.get_json()["code"]) == (409, "match_already_claimed")


def test_a_pair_that_does_not_fit_can_be_dismissed(pair: Pair) -> None:
    body = {"need": pair.need, "offer": pair.offer, "reason": "too_far"}
    answer = pair.broker.post("/matches/dismiss", body)
    assert answer.status_code == 201
    assert answer.get_json()["dismiss_reason"] == "too_far"


def test_a_no_needs_a_reason(pair: Pair) -> None:
    path = pair.claim()
    pair.broker.post(f"{path}/propose", MESSAGE)
    no = {"side": "offer", "accept": False}
    assert list(pair.firm.post(f"{path}/answer", no).get_json()["errors"]) == ["reason"]
    declined = pair.firm.post(f"{path}/answer", {**no, "reason": "time"}).get_json()
    assert (declined["state"], declined["close_reason"]) == ("declined", "time")


def test_a_proxy_without_consent_is_told_which_fields_are_missing(pair: Pair) -> None:
    path = pair.claim()
    pair.broker.post(f"{path}/propose", MESSAGE)
    refused = pair.broker.post(f"{path}/answer", {"side": "need", "accept": True})
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert list(refused.get_json()["errors"]) == ["consent", "consent_note"]
    other = pair.broker.post(f"{path}/answer", {"side": "offer", "accept": True})
    assert (other.status_code, other.get_json()["code"]) == (403, "match_no_proxy")


@pytest.mark.parametrize("answer", [1, 0, "true", None])
def test_what_merely_equals_true_is_no_answer(pair: Pair, answer: object) -> None:
    path = pair.claim()
    pair.broker.post(f"{path}/propose", MESSAGE)
    refused = pair.firm.post(f"{path}/answer", {"side": "offer", "accept": answer})
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == ["accept"]


def test_a_proposal_is_taken_back_by_its_broker_only(pair: Pair) -> None:
    path = pair.claim()
    pair.broker.post(f"{path}/propose", MESSAGE)
    assert pair.firm.post(f"{path}/withdraw", {"reason": "other"}).status_code == 403
    closed = pair.broker.post(f"{path}/withdraw", {"reason": "other"}).get_json()
    assert closed["state"] == "withdrawn"


def test_only_brokers_claim(pair: Pair) -> None:
    body = {"need": pair.need, "offer": pair.offer}
    for caller in (pair.officer, pair.firm, pair.stranger):
        assert caller.post("/matches", body).status_code == 403


def test_a_stranger_knows_of_no_match(pair: Pair) -> None:
    path = pair.claim()
    pair.broker.post(f"{path}/propose", MESSAGE)
    steps: dict[str, Any] = {
        "answer": {"side": "need", "accept": True},
        "contact": {"side": "need"},
        "delivery": {"commitment": "x", "amount": 1},
        "outcome": {"text": "x", "people": 1},
        "confirm": {"side": "need", "version": 1},
        "fail": {"reason": "other", "note": "x"},
    }
    assert pair.stranger.get(path).status_code == 404
    for step, body in steps.items():
        assert pair.stranger.post(f"{path}/{step}", body).status_code == 404, step
    assert pair.stranger.get("/matches").get_json()["items"] == []


def test_matches_come_in_pages_and_every_one_once(
    pair: Pair, catch_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    said = {"public_title": "要冷链车"}
    for number in range(2, 6):
        need = pair.post(pair.officer, {**NEED, **said}, f"N{number}")
        pair.broker.post("/matches", {"need": need, "offer": pair.offer})
    seen, cursor, counts = [], "", []
    while True:
        with catch_queries() as queries:
            page = pair.broker.get("/matches", limit=2, cursor=cursor).get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 4
    for limit in (2, 4):
        with catch_queries() as queries:
            pair.broker.get("/matches", limit=limit)
        counts.append(queries.count)
    assert counts[0] == counts[1]
    assert pair.broker.get("/matches", cursor="nonsense").status_code == 422
    assert pair.broker.get("/matches", state="evaluated").get_json()["items"] == []


def test_account_of_a_pair_gives_all_that_the_score_is_made_of(
    pair: Pair, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    told = pair.officer.get(f"/listings/{pair.need}/suggestions/{pair.offer}").get_json()
    assert (told["need"]["id"], told["offer"]["id"]) == (pair.need, pair.offer)
    assert told["suggested"] is True
    assert told["closed"] == []
    assert {reason["sentence"] for reason in told["reasons"]}
    mine = pair.broker.get(f"/listings/{pair.offer}/suggestions/{pair.need}").get_json()
    assert mine["score"] == told["score"]
    logit = mine["base"] + sum(item["contribution"] for item in mine["features"])
    assert mine["logit"] == pytest.approx(logit)
    assert mine["score"] == pytest.approx(sigmoid(logit))
    for item in mine["features"]:
        if item["value"] is not None:
            by_hand = item["weight"] * (item["value"] - item["mean"])
            assert item["contribution"] == pytest.approx(by_hand)
