"""Ages, consents and checks by a program."""

from collections.abc import Callable
from typing import Any

import pytest

from exchange.accounts.tokens.service import create_token
from tests.cast import VILLAGE, Player
from tests.volunteering.conftest import Group

Call = Callable[..., tuple[int, Any]]
GUARDIAN = {"guardian_name": "罗大山", "guardian_reach": "13800001234"}


@pytest.fixture
def call(group: Group) -> Call:
    """``call(who, method, path, body)`` gives status and answer."""
    client = group.cast.app.test_client()
    known: dict[int, dict[str, str]] = {}

    def calling(who: Player, method: str, path: str, body: object = None) -> tuple[int, Any]:
        if who.person_id not in known:
            with group.act_as() as act:
                person, owner = who.person_id, who.organisation_id
                made = create_token(act, person, owner, "program", may_write=True, days=30)
            bearer = f"Bearer {made.secret}"
            known[who.person_id] = {"Authorization": bearer, "Accept-Language": "en"}
        sent = {"json": body} if body is not None else {}
        answer = client.open(f"/api/v1{path}", method=method, headers=known[who.person_id], **sent)
        return answer.status_code, answer.get_json(silent=True)

    return calling


def test_a_minor_signs_up_by_programs_once_the_consent_is_recorded(
    group: Group, call: Call
) -> None:
    _activity, (shift,) = group.run(min_age=14)
    who = group.cast.make_player("小雨", VILLAGE, says_adult=False)
    owner = group.leader.organisation.public_id
    join = f"/shifts/{shift.public_id}/join"
    status, problem = call(who, "POST", join, {})
    assert status == 409
    assert "18 or older" in problem["detail"]
    assert call(who, "POST", "/me/age", {})[0] == 422
    assert call(who, "POST", "/me/age", {"birth_year": 2010, "birth_month": 5})[0] == 204
    assert call(who, "POST", "/me/age", {"adult": True})[0] == 409
    assert call(who, "POST", join, {})[0] == 409
    ask = f"/shifts/{shift.public_id}/record-ask"
    assert call(who, "POST", ask, {})[0] == 422
    assert call(who, "POST", ask, GUARDIAN)[0] == 204
    mine = call(who, "GET", "/me/safeguarding")[1]
    assert (mine["is_minor"], len(mine["asks"])) == (True, 1)

    kept = call(group.leader, "GET", f"/organisations/{owner}/safeguarding")[1]
    person = kept["asks"][0]["person"]
    assert "13800001234" not in str(kept)
    body = {"person": person, "way": "spoken", "consent_on": "2026-11-20", **GUARDIAN}
    path = f"/organisations/{owner}/guardian-consents"
    assert call(who, "POST", path, body)[0] == 404
    assert call(group.leader, "POST", path, {**body, "way": "photo"})[0] == 422
    status, made = call(group.leader, "POST", path, body)
    assert (status, made["state"]) == (201, "given")
    assert call(who, "POST", join, {})[1]["my_answer"] == "signed_up"
    looked = call(group.leader, "POST", f"/guardian-consents/{made['id']}/guardian")[1]
    assert looked["guardian_reach"] == "13800001234"
    ended = call(group.leader, "POST", f"/guardian-consents/{made['id']}/withdrawal")[1]
    assert ended["state"] == "withdrawn"
    assert call(who, "GET", "/me/shifts")[1]["items"][0]["my_answer"] == "cancelled"


def test_checks_by_programs(group: Group, call: Call) -> None:
    owner, helper = group.leader.organisation.public_id, group.helper.person.public_id
    path = f"/organisations/{owner}/children-checks"
    body = {"person": helper, "checked_on": "2026-11-20"}
    assert call(group.helper, "POST", path, body)[0] == 404
    assert call(group.leader, "POST", path, {**body, "result": "没有记录"})[0] == 422
    own = {**body, "person": group.leader.person.public_id}
    assert call(group.leader, "POST", path, own)[0] == 403
    stranger = {**body, "person": group.cast.stranger.person.public_id}
    assert call(group.leader, "POST", path, stranger)[0] == 404
    status, made = call(group.leader, "POST", path, body)
    assert (status, made["expires_on"]) == (201, "2027-11-20")
    assert call(group.leader, "POST", path, body)[1]["id"] == made["id"]
    objected = call(group.helper, "POST", f"/children-checks/{made['id']}/objection")[1]
    assert objected["is_objected"] is True
    assert call(group.cast.stranger, "DELETE", f"/children-checks/{made['id']}")[0] == 404
    assert call(group.helper, "DELETE", f"/children-checks/{made['id']}")[0] == 204
    assert call(group.helper, "GET", "/me/safeguarding")[1]["checks"] == []
    again = f"/organisations/{owner}/volunteers/{helper}/age-again"
    assert call(group.leader, "POST", again)[0] == 204
    assert call(group.helper, "GET", "/me/safeguarding")[1]["age_known"] is False


def test_an_ask_is_taken_back_by_whoever_asked(group: Group, call: Call) -> None:
    _activity, (shift,) = group.run(min_age=14)
    who = group.cast.make_player("小雨", VILLAGE, says_adult=False)
    call(who, "POST", "/me/age", {"birth_year": 2010, "birth_month": 5})
    call(who, "POST", f"/shifts/{shift.public_id}/record-ask", GUARDIAN)
    ask = call(who, "GET", "/me/safeguarding")[1]["asks"][0]["id"]
    assert call(group.leader, "DELETE", f"/me/safeguarding/asks/{ask}")[0] == 404
    assert call(who, "DELETE", f"/me/safeguarding/asks/{ask}")[0] == 204
    assert call(who, "GET", "/me/safeguarding")[1]["asks"] == []
