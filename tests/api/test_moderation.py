"""Verification, reports, cases and appeals for programs."""

from typing import Any

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from tests.accounts.verifying import new_code
from tests.api.conftest import NEED, MakeProgram, Program
from tests.cast import VILLAGE, Cast

CHECKED = ["code", "place", "speaker"]


def reported(program: MakeProgram, cast: Cast, reason: str = "fraud") -> tuple[str, str]:
    """A need, reported by the stranger; the need and the report."""
    need = program(cast.officer).post("/listings", NEED).get_json()["id"]
    body = {"kind": "listing", "target": need, "reason": reason, "text": "要钱"}
    answer = program(cast.stranger).post("/reports", body)
    assert answer.status_code == 201
    return need, answer.get_json()["id"]


def first_case(caller: Program) -> dict[str, Any]:
    case: dict[str, Any] = caller.get("/moderation/cases").get_json()["items"][0]
    return case


def test_report_is_made_listed_and_dealt_with(program: MakeProgram, cast: Cast) -> None:
    need, made = reported(program, cast)
    stranger, broker = program(cast.stranger), program(cast.broker)
    body = {"kind": "listing", "target": need, "reason": "fraud"}
    assert stranger.post("/reports", body).get_json()["code"] == "reported_already"
    assert program().post("/reports", body).status_code == 401
    assert program(cast.officer).post("/reports", body).get_json()["code"] == "report_not_own"
    assert stranger.post("/reports", body | {"target": "nothing"}).status_code == 404
    assert stranger.post("/reports", body | {"reason": "odd"}).status_code == 422
    case = first_case(broker)
    verdict = {
        "verdict": "no_action", "reason": "看过，没有问题", "version": case["version"],
    }  # fmt: skip
    path = f"/moderation/cases/{case['id']}"
    assert broker.post(f"{path}/verdict", verdict | {"version": 99}).status_code == 409
    assert broker.post(f"{path}/verdict", verdict).status_code == 204
    assert broker.post(f"{path}/verdict", verdict | {"version": 2}).status_code == 409
    mine = stranger.get("/reports").get_json()["items"]
    assert [(one["id"], one["dealt_with"]) for one in mine] == [(made, True)]
    assert stranger.get("/reports", cursor="odd").status_code == 422
    assert stranger.get("/reports", cursor=made).get_json()["items"] == []


def test_case_is_for_those_who_look_after_it(program: MakeProgram, cast: Cast) -> None:
    reported(program, cast)
    broker = program(cast.broker)
    path = f"/moderation/cases/{first_case(broker)['id']}"
    whole = broker.get(path).get_json()
    assert whole["reports"][0]["text"] == "要钱"
    assert "suspend" not in whole["verdicts"]
    assert cast.stranger.person.name not in broker.get(path).text
    assert program(cast.stranger).get(path).status_code == 403
    assert program(cast.supervisor).get(path).get_json()["verdicts"].count("suspend") == 1
    assert broker.post(f"{path}/claim", {}).get_json()["steps"][0]["kind"] == "claimed"


def test_owner_reads_the_decision_and_appeals(program: MakeProgram, cast: Cast) -> None:
    reported(program, cast)
    broker, officer, centre = (
        program(who) for who in (cast.broker, cast.officer, cast.supervisor)
    )
    case = first_case(broker)
    body = {"verdict": "take_down", "reason": "查过", "said": "内容不实", "version": 1}
    assert broker.post(f"/moderation/cases/{case['id']}/verdict", body).status_code == 204
    path = f"/decisions/{case['id']}"
    told = officer.get(path).get_json()
    assert (told["said"], told["hidden"], told["may_appeal"]) == ("内容不实", True, True)
    assert "查过" not in officer.get(path).text
    assert program(cast.stranger).get(path).status_code == 404
    assert officer.post(f"{path}/appeal", {"text": "不对"}).status_code == 201
    assert officer.post(f"{path}/appeal", {"text": "不对"}).status_code == 409
    version = centre.get(f"/moderation/cases/{case['id']}").get_json()["version"]
    answer = {"upheld": True, "answer": "您说得对", "version": version}
    settle = f"/moderation/cases/{case['id']}/appeal"
    assert broker.post(settle, answer).status_code == 403
    assert centre.post(settle, answer).status_code == 204
    assert officer.get(path).get_json()["hidden"] is False


def test_verification_by_programs(program: MakeProgram, cast: Cast) -> None:
    made = cast.make_organisation(OrganisationKind.COOPERATIVE, "待核社", VILLAGE)
    who = cast.make_player("管事的", VILLAGE, made, Role.MANAGER)
    owner, broker = program(who), program(cast.broker)
    home = f"/organisations/{who.organisation.public_id}"
    body = {"evidence": "可以打村委会电话核实", "licence_number": "L1"}
    refused = owner.post(f"{home}/verification", body)
    assert refused.status_code == 422
    assert "licence_until" in refused.get_json()["errors"]
    body = {"evidence": "可以打村委会电话核实"}
    assert owner.post(f"{home}/verification", body).get_json()["state"] == "submitted"
    assert program(cast.stranger).post(f"{home}/verification", body).status_code == 403
    waiting = broker.get("/verification-requests").get_json()["items"]
    assert waiting[0]["checklist"] == CHECKED
    path = f"/verification-requests/{waiting[0]['id']}"
    assert broker.post(f"{path}/claim", {}).get_json()["claimed"] is True
    assert program(cast.stranger).get(path).status_code == 403
    grant = {
        "ruling": "grant", "checked": CHECKED, "credit_code": new_code(),
        "version": waiting[0]["version"],
    }  # fmt: skip
    assert broker.post(f"{path}/decision", grant | {"checked": []}).status_code == 422
    assert broker.post(f"{path}/decision", grant | {"version": 77}).status_code == 409
    assert broker.post(f"{path}/decision", grant).status_code == 204
    assert broker.post(f"{path}/decision", grant).status_code == 409
    behind = broker.get("/verification-requests", cursor=waiting[0]["id"])
    assert behind.get_json()["items"] == []  # the list goes on behind what was decided meanwhile
    assert broker.get("/verification-requests", cursor="nothing").status_code == 422
    standing = owner.get(f"{home}/standing").get_json()
    assert (standing["state"], standing["until"]) == ("verified", "2028-11-22")
    assert broker.post(f"{home}/suspend", {"reason": "查一查"}).get_json()["state"] == "suspended"
    assert owner.post(f"{home}/lift", {"reason": "没事"}).status_code == 403
    lifted = broker.post(f"{home}/lift", {"reason": "查清了"}).get_json()
    assert [one["kind"] for one in lifted["record"]] == ["lifted", "suspended", "granted"]
    assert program(cast.stranger).get(f"{home}/standing").status_code == 403
