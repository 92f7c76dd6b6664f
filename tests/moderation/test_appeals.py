"""The owner appeals once; another person decides; upheld restores."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel, Verification
from exchange.kernel.actor import Duty, Role
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.moderation.appeal_service import appeal, decide_appeal
from exchange.moderation.kinds import CaseState, Reason, Verdict
from exchange.moderation.models import Appeal
from tests.cast import CENTRE_AREA, VILLAGE, Player
from tests.conftest import SettableClock
from tests.moderation.conftest import SAID, Street

WHY = "价格是村里开会定的，有会议记录。"


@pytest.fixture
def second(street: Street) -> Player:
    """Another supervisor of the same area."""
    return street.cast.make_worker(
        "安琪", "安顺二中心", PointLevel.CENTRE, (CENTRE_AREA,), Duty.SUPERVISOR
    )


def taken_down(street: Street, verdict: Verdict = Verdict.TAKE_DOWN) -> str:
    """The case about the need, decided by the supervisor."""
    street.report(street.cast.stranger, Reason.FRAUD)
    street.decide(street.cast.supervisor, verdict)
    return street.case.public_id


def test_owner_appeals_and_another_supervisor_restores(
    client: FlaskClient, street: Street, second: Player
) -> None:
    case, cast = taken_down(street), street.cast
    page = street.reads(client, cast.officer, f"/decisions/{case}").text
    assert SAID in page
    assert client.post(f"/decisions/{case}", data={"text": " "}).status_code == 422
    assert client.post(f"/decisions/{case}", data={"text": WHY}).status_code == 302
    assert client.post(f"/decisions/{case}", data={"text": WHY}).status_code == 422
    assert street.told(second)[-1] == "moderation_appealed"
    assert "moderation_appealed" not in street.told(cast.supervisor)
    path = f"/moderation/{case}"
    own = street.reads(client, cast.supervisor, path).text
    assert "这是您自己作的决定" in own
    assert client.post(f"{path}/appeal", data={"upheld": "yes", "answer": "好"}).status_code == 422
    assert WHY in street.reads(client, second, path).text
    assert case in client.get("/moderation?show=appeals").text
    form = {"upheld": "yes", "answer": "您说得对", "version": str(street.case.version)}
    assert client.post(f"{path}/appeal", data=form | {"answer": ""}).status_code == 422
    assert client.post(f"{path}/appeal", data=form).status_code == 302
    assert street.need.held_at is None
    assert street.told(cast.officer)[-1] == "appeal_upheld"
    assert "您说得对" in street.reads(client, cast.officer, f"/decisions/{case}").text


def test_the_one_who_decided_never_decides_the_appeal(street: Street, second: Player) -> None:
    case, cast = taken_down(street), street.cast
    with street.act_as(cast.officer.actor) as act:
        appeal(act, case, WHY)
    for who, code in ((cast.supervisor, "appeal_by_another"), (cast.broker, "appeals_by_centre")):
        with pytest.raises(Forbidden, match=code), street.act_as(who.actor) as act:
            decide_appeal(act, case, upheld=False, answer="不改")
    with pytest.raises(NotFound), street.act_as(cast.stranger.actor) as act:
        decide_appeal(act, case, upheld=True, answer="好")
    with street.act_as(second.actor) as act:
        decide_appeal(act, case, upheld=False, answer="确实不实")
    assert street.need.held_at is not None
    assert street.told(cast.officer)[-1] == "appeal_dismissed"
    with pytest.raises(Conflict, match="already_decided"), street.act_as(second.actor) as act:
        decide_appeal(act, case, upheld=True, answer="再想想")


@pytest.mark.parametrize("upheld", [True, False])
def test_appeal_against_a_suspension(street: Street, second: Player, upheld: bool) -> None:
    case, cast = taken_down(street, Verdict.SUSPEND), street.cast
    with street.act_as(cast.officer.actor) as act:
        appeal(act, case, WHY)
    with street.act_as(second.actor) as act:
        decide_appeal(act, case, upheld=upheld, answer="看过了")
    standing = cast.officer.organisation.verification
    assert standing is (Verification.VERIFIED if upheld else Verification.SUSPENDED)
    assert (street.need.held_at is None) is upheld


def test_appeal_against_a_hold_closes_the_case_and_blocks_other_verdicts_meanwhile(
    street: Street, second: Player
) -> None:
    case, cast = taken_down(street, Verdict.HOLD), street.cast
    with street.act_as(cast.officer.actor) as act:
        appeal(act, case, WHY)
    with pytest.raises(Conflict, match="appeal_waits"):
        street.decide(cast.supervisor, Verdict.TAKE_DOWN)
    with street.act_as(second.actor) as act:
        decide_appeal(act, case, upheld=True, answer="看过了")
    assert street.case.state is CaseState.CLOSED
    assert street.need.held_at is None
    assert "report_dealt_with" in street.told(cast.stranger)


def test_appeal_is_too_late_after_thirty_days(
    client: FlaskClient, street: Street, clock: SettableClock
) -> None:
    case = taken_down(street)
    clock.forward(days=30, seconds=1)
    page = street.reads(client, street.cast.officer, f"/decisions/{case}").text
    assert 'name="text"' not in page
    assert client.post(f"/decisions/{case}", data={"text": WHY}).status_code == 422
    assert street.session.query(Appeal).count() == 0


def test_appeal_is_the_owners_alone(client: FlaskClient, street: Street) -> None:
    case, cast = taken_down(street), street.cast
    member = cast.make_player("成员", VILLAGE, cast.officer.organisation, Role.MEMBER)
    for who in (cast.stranger, cast.broker, cast.supervisor, cast.enterprise):
        assert street.reads(client, who, f"/decisions/{case}").status_code == 404
        assert client.post(f"/decisions/{case}", data={"text": WHY}).status_code == 404
    assert 'name="text"' not in street.reads(client, member, f"/decisions/{case}").text
    assert client.post(f"/decisions/{case}", data={"text": WHY}).status_code == 403
    assert street.reads(client, None, f"/decisions/{case}").status_code == 302


def test_what_somebody_else_lifts_settles_the_appeal(
    client: FlaskClient, street: Street, session: Session, run_jobs: object
) -> None:
    case, cast = taken_down(street, Verdict.SUSPEND), street.cast
    with street.act_as(cast.officer.actor) as act:
        appeal(act, case, WHY)
    cast.sign_in(client, cast.supervisor)
    home = f"/organisations/{cast.officer.organisation.public_id}"
    assert client.post(f"{home}/lift", data={"reason": "查清了"}).status_code == 302
    session.rollback()
    assert callable(run_jobs)
    run_jobs()
    session.rollback()
    assert session.query(Appeal).one().upheld is True
    assert street.need.held_at is None


FAR = ("毕节督导", "毕节社工指导中心", PointLevel.CENTRE, ("5205",), Duty.SUPERVISOR)


def answer(street: Street, words: str = "您说得对") -> dict[str, str]:
    """What the form of a decision about the appeal sends."""
    return {"upheld": "yes", "answer": words, "version": str(street.case.version)}


@pytest.mark.parametrize("verdict", [Verdict.TAKE_DOWN, Verdict.HOLD, Verdict.SUSPEND])
def test_without_another_supervisor_of_the_place_one_of_another_centre_decides(
    client: FlaskClient, street: Street, verdict: Verdict
) -> None:
    cast = street.cast
    far, _operator = cast.make_worker(*FAR), cast.operator
    case = taken_down(street, verdict)
    assert street.reads(client, far, f"/moderation/{case}").status_code == 404
    street.reads(client, cast.officer, f"/decisions/{case}")
    client.post(f"/decisions/{case}", data={"text": WHY})
    assert "其他中心的督导会再看一遍" in client.get(f"/decisions/{case}").text
    assert street.told(far)[-1] == "moderation_appealed"
    assert street.told(cast.operator) == []
    path = f"/moderation/{case}"
    assert "由其他中心的督导来定" in street.reads(client, cast.supervisor, path).text
    assert client.post(f"{path}/appeal", data=answer(street)).status_code == 403
    assert street.reads(client, cast.operator, path).status_code == 404
    page = street.reads(client, far, path).text
    assert WHY in page
    assert f"{path}/claim" not in page
    assert client.post(f"{path}/claim", data={"step": "take"}).status_code == 404
    assert case in client.get("/moderation?show=appeals").text
    assert client.post(f"{path}/appeal", data=answer(street)).status_code == 302
    assert client.get(path).status_code == 404
    assert street.need.held_at is None
    assert street.told(cast.officer)[-1] == "appeal_upheld"


@pytest.mark.parametrize("verdict", [Verdict.TAKE_DOWN, Verdict.SUSPEND])
def test_without_any_other_supervisor_those_who_run_the_site_decide(
    client: FlaskClient, street: Street, verdict: Verdict
) -> None:
    cast = street.cast
    operator = cast.operator
    case = taken_down(street, verdict)
    street.reads(client, cast.officer, f"/decisions/{case}")
    client.post(f"/decisions/{case}", data={"text": WHY})
    assert "网站的管理人员会再看一遍" in client.get(f"/decisions/{case}").text
    assert street.told(operator) == ["moderation_appealed"]
    path = f"/moderation/{case}"
    assert "由网站的管理人员来定" in street.reads(client, cast.supervisor, path).text
    assert WHY in street.reads(client, operator, path).text
    assert case in client.get("/moderation?show=appeals").text
    assert client.post(f"{path}/appeal", data=answer(street, "")).status_code == 422
    assert client.post(f"{path}/appeal", data=answer(street)).status_code == 302
    assert street.need.held_at is None
    assert cast.officer.organisation.verification is Verification.VERIFIED


def test_where_nobody_may_decide_the_pages_and_the_operator_hear_that_somebody_is_needed(
    client: FlaskClient, street: Street
) -> None:
    cast = street.cast
    cast.supervisor.person.is_operator = True
    street.session.commit()
    case = taken_down(street)
    street.reads(client, cast.officer, f"/decisions/{case}")
    client.post(f"/decisions/{case}", data={"text": WHY})
    assert "要先由网站的管理人员再指定一位督导" in client.get(f"/decisions/{case}").text
    assert street.told(cast.supervisor)[-1] == "appeal_needs_somebody"
    path = f"/moderation/{case}"
    assert "现在没有人能定这件申诉" in street.reads(client, cast.supervisor, path).text
    assert client.post(f"{path}/appeal", data=answer(street)).status_code == 403
    far = cast.make_worker(*FAR)
    assert WHY in street.reads(client, far, path).text
    assert case in client.get("/moderation?show=appeals").text
    assert client.post(f"{path}/appeal", data=answer(street)).status_code == 302


def test_an_operator_of_the_owner_does_not_decide_about_it(
    client: FlaskClient, street: Street
) -> None:
    cast = street.cast
    cast.officer.person.is_operator = True
    street.session.commit()
    case = taken_down(street)
    street.reads(client, cast.officer, f"/decisions/{case}")
    client.post(f"/decisions/{case}", data={"text": WHY})
    assert client.get(f"/moderation/{case}").status_code == 404
    assert case not in client.get("/moderation?show=appeals").text
    assert client.post(f"/moderation/{case}/appeal", data=answer(street)).status_code == 404
