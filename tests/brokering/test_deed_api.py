"""Deliveries, changes, messages, feedback and follow-up through the API."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient

from exchange.accounts.tokens.service import create_token
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import MatchState
from exchange.brokering.life import changing
from tests.brokering.conftest import Scene
from tests.cast import Player
from tests.conftest import Queries

Call = Callable[..., Any]


@pytest.fixture
def call(scene: Scene, client: FlaskClient) -> Call:
    """``call(who, path, body)``: status and JSON of an operation on the API."""
    keys: dict[int, str] = {}

    def calling(who: Player, path: str, body: dict[str, Any] | None = None) -> Any:
        if who.person_id not in keys:
            owner = who.organisation_id
            with scene.open() as act:
                made = create_token(act, who.person_id, owner, "x", may_write=True, days=1)
                keys[who.person_id] = made.secret
        headers = {"Authorization": f"Bearer {keys[who.person_id]}"}
        if body is None:
            answer = client.get(f"/api/v1{path}", headers=headers)
        else:
            answer = client.post(f"/api/v1{path}", json=body, headers=headers)
        return answer.status_code, answer.json

    return calling


def test_whole_match_from_partial_deliveries_to_follow_up(scene: Scene, call: Call) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    one = f"/matches/{match}"
    sent = {"commitment": commitment, "amount": 10, "arrived_on": "2026-11-22", "note": "头一车"}
    assert call(cast.enterprise, f"{one}/delivery", sent)[0] == 200
    status, found = call(cast.officer, f"{one}/deeds")
    assert status == 200
    (delivery,) = found["deliveries"]
    assert (delivery["state"], delivery["amount"], delivery["arrived_on"]) == (
        "recorded", 10, "2026-11-22",
    )  # fmt: skip
    said = {"side": "need", "delivery": delivery["id"]}
    no = said | {"note": "到了四台"}
    assert call(cast.officer, f"{one}/deliveries/dispute", no)[1]["deliveries"][0]["state"] == (
        "disputed"
    )
    settled = {"delivery": delivery["id"], "amount": 4, "note": "数过"}
    assert call(cast.officer, f"{one}/deliveries/settle", settled)[0] == 403
    assert call(cast.broker, f"{one}/deliveries/settle", settled)[0] == 200
    status, found = call(cast.officer, f"{one}/deliveries/confirm", said)
    assert (status, found["deliveries"][0]["state"]) == (200, "confirmed")

    wish = {"commitment": commitment, "taken": 20, "covers": 20, "due_on": "2026-12-24"}
    status, found = call(cast.officer, f"{one}/changes", wish)
    (change,) = found["changes"]
    assert (change["former_taken"], change["taken"]) == (30, 20)
    yes = {"side": "offer", "change": change["id"], "accept": True}
    assert call(cast.enterprise, f"{one}/changes/answer", yes)[1]["changes"] == []
    status, whole = call(cast.officer, one)
    assert (whole["commitments"][0]["taken"], whole["commitments"][0]["due_on"]) == (
        20, "2026-12-24",
    )  # fmt: skip

    outcome = {
        "text": "用上了", "people": 30, "income_fen": 120000, "income_period": "year",
        "lessons": "先修路",
    }  # fmt: skip
    status, whole = call(cast.officer, f"{one}/outcome", outcome)
    assert (whole["outcome"]["income_fen"], whole["outcome"]["income_period"]) == (120000, "year")
    bad = outcome | {"income_period": None}
    assert call(cast.officer, f"{one}/outcome", bad)[0] == 422
    confirmed = {"side": "offer", "version": whole["version"]}
    assert call(cast.enterprise, f"{one}/confirm", confirmed)[0] == 200
    assert scene.match(match).state is MatchState.COMPLETED

    word = {"side": "need", "helped": 5, "again": "yes", "text": "好"}
    status, found = call(cast.officer, f"{one}/feedback", word)
    assert [one["helped"] for one in found["feedback"] if one["side"] == "need"] == [5]
    assert found["follow_ups"] == []
    assert call(cast.officer, f"{one}/feedback", word | {"helped": 6})[0] == 422
    week = {"kind": "week", "note": "在用"}
    assert call(cast.officer, f"{one}/follow-ups", week)[0] == 403
    status, found = call(cast.broker, f"{one}/follow-ups", week)
    assert [row["state"] for row in found["follow_ups"]] == ["done", "open", "open"]
    status, found = call(cast.broker, f"{one}/follow-ups", week | {"kind": "season"})
    assert (status, found["code"]) == (409, "follow_up_early")
    assert call(cast.broker, f"{one}/feedback/ask", {})[0] == 409


def test_messages_and_contacts(scene: Scene, call: Call) -> None:
    cast, match = scene.cast, scene.introduced()
    one = f"/matches/{match}"
    status, found = call(cast.officer, f"{one}/messages", {"thread": "both", "text": "明天到"})
    assert status == 200
    assert [row["thread"] for row in found["items"]] == ["need", "both"]
    assert found["items"][1]["messages"][0]["is_mine"] is True
    status, found = call(cast.broker, f"{one}/messages")
    assert [row["thread"] for row in found["items"]] == ["need", "offer", "both", "notes"]
    assert call(cast.officer, f"{one}/messages", {"thread": "notes", "text": "x"})[0] == 403
    assert call(cast.enterprise, f"{one}/contact", {"side": "need"})[0] == 200
    status, found = call(cast.officer, "/me/contact-reveals")
    assert [(row["match"], row["side"], row["times"]) for row in found["items"]] == [
        (match, "offer", 1)
    ]
    gone = {"side": "need", "give": False}
    assert call(cast.officer, f"{one}/contact-consent", gone)[1]["need_contact_withdrawn"] is True
    assert call(cast.enterprise, f"{one}/contact", {"side": "need"})[0] == 403
    assert call(cast.officer, f"{one}/contact-consent", gone)[0] == 409
    assert call(cast.officer, f"{one}/contact-consent", gone | {"give": True})[0] == 200


FOR_NOBODY_ELSE: tuple[tuple[str, dict[str, Any] | None], ...] = (
    ("deeds", None),
    ("messages", None),
    ("messages", {"thread": "need", "text": "x"}),
    ("delivery", {"commitment": "x", "amount": 1}),
    ("deliveries/confirm", {"side": "need", "delivery": "x"}),
    ("deliveries/dispute", {"side": "need", "delivery": "x", "note": "x"}),
    ("changes", {"commitment": "x", "taken": 1, "covers": 1}),
    ("changes/answer", {"side": "need", "change": "x", "accept": True}),
    ("changes/take-back", {"change": "x"}),
    ("contact-consent", {"side": "need", "give": False}),
    ("feedback", {"side": "need", "helped": 1, "again": "no"}),
)


def test_stranger_finds_nothing_and_nobody_finds_what_is_not_there(
    scene: Scene, call: Call
) -> None:
    match, _ = scene.agreed()
    for path, body in FOR_NOBODY_ELSE:
        assert call(scene.cast.stranger, f"/matches/{match}/{path}", body)[0] == 404, path
        if body and "x" in (body.get("commitment"), body.get("delivery"), body.get("change")):
            status, _found = call(scene.cast.officer, f"/matches/{match}/{path}", body)
            assert status in (404, 409), path


def test_deeds_take_the_same_number_of_queries_however_many_there_are(
    scene: Scene, call: Call, catch_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    cast, (match, _) = scene.cast, scene.agreed(5_000, 5_000)

    def more() -> None:
        with scene.act(cast.broker) as act:
            item = fulfilling.commit(act, match, 5_000, 5_000).public_id
        with scene.act(cast.enterprise) as act:
            fulfilling.record_delivery(act, match, item, 1_000)
            changing.propose_change(act, match, item, changing.Terms(drops_rest=True))

    def sent() -> int:
        with catch_queries() as queries:
            status, found = call(cast.officer, f"/matches/{match}/deeds")
        assert status == 200
        assert len(found["deliveries"]) == len(found["changes"])
        return queries.count

    more()
    sent()
    before = sent()
    more()
    more()
    assert sent() == before


def test_programs_promise_nothing_by_a_day_that_has_passed(scene: Scene, call: Call) -> None:
    cast, match = scene.cast, scene.introduced()
    amounts = {"taken": 30, "covers": 30}
    late, today = ({**amounts, "due_on": day} for day in ("2020-01-01", "2026-11-22"))
    status, found = call(cast.broker, f"/matches/{match}/commit", late)
    assert (status, found["errors"]["due_on"][0]["code"]) == (422, "due_day_passed")
    status, found = call(cast.broker, f"/matches/{match}/commit", today)
    wish = {"commitment": found["commitments"][0]["id"], **amounts, "due_on": "2026-11-21"}
    status, found = call(cast.officer, f"/matches/{match}/changes", wish)
    assert (status, found["errors"]["due_on"][0]["code"]) == (422, "due_day_passed")


def test_programs_promise_nothing_by_a_day_that_nobody_can_plan_for(
    scene: Scene, call: Call
) -> None:
    cast, match = scene.cast, scene.introduced()
    amounts = {"taken": 30, "covers": 30}
    for day, expected in (("2099-01-01", 422), ("2029-11-26", 422), ("2029-11-22", 200)):
        status, found = call(cast.broker, f"/matches/{match}/commit", {**amounts, "due_on": day})
        assert status == expected, day
    wish = {"commitment": found["commitments"][0]["id"], **amounts, "due_on": "2099-01-01"}
    status, found = call(cast.officer, f"/matches/{match}/changes", wish)
    assert (status, found["errors"]["due_on"][0]["code"]) == (422, "due_day_too_far")


def test_programs_put_no_delivery_on_record_before_the_two_were_introduced(
    scene: Scene, call: Call
) -> None:
    match, commitment = scene.agreed()
    sent = {"commitment": commitment, "amount": 10, "arrived_on": "1900-01-01"}
    status, found = call(scene.cast.officer, f"/matches/{match}/delivery", sent)
    assert (status, found["errors"]["arrived_on"][0]["code"]) == (422, "delivery_before_match")
    assert call(scene.cast.officer, f"/matches/{match}/deeds")[1]["deliveries"] == []


def test_programs_cover_no_more_than_is_given_where_both_count_alike(
    scene: Scene, call: Call
) -> None:
    cast, match = scene.cast, scene.introduced()
    status, found = call(cast.broker, f"/matches/{match}/commit", {"taken": 20, "covers": 25})
    assert (status, found["errors"]["covers"][0]["code"]) == (422, "commitment_covers_more")


def test_programs_hear_of_an_outcome_that_is_far_more_than_was_agreed(
    scene: Scene, call: Call
) -> None:
    match, _ = scene.agreed()
    sent = {"text": "用上了", "people": 30, "delivered": 999_999_999_999}
    status, found = call(scene.cast.officer, f"/matches/{match}/outcome", sent)
    (error,) = found["errors"]["delivered"]
    assert (status, error["code"]) == (422, "outcome_far_more_than_agreed")
    assert "30 台" in error["detail"]
