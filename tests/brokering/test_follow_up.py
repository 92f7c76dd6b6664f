"""After completion: both sides say how it was, the broker asks again, and the ranking learns."""

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.brokering.deeds import following_up, fulfilling
from exchange.brokering.deeds.jobs import tell_follow_ups
from exchange.brokering.deeds.kinds import Again, AgainReason, FollowUpKind, FollowUpState, Period
from exchange.brokering.deeds.models import Feedback, FollowUp
from exchange.brokering.deeds.rules import Effects
from exchange.brokering.desk.promise_queries import due_followups
from exchange.brokering.kinds import MatchState, ProxyConsent
from exchange.brokering.models import Outcome
from exchange.brokering.proxy.speaking import Consent
from exchange.jobs.runner import JobRun
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side
from exchange.matching.learning.kinds import Cause
from exchange.matching.learning.models import PairDecision
from exchange.matching.learning.rules import GIVER, THING, evidence_of
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.cast import Player
from tests.conftest import SettableClock
from tests.invariants import broken


def completed(scene: Scene) -> str:
    match, commitment = scene.agreed()
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, match, commitment, 30_000)
        fulfilling.record_outcome(act, match, "用上了", 30, 30_000)
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, match, Side.OFFER, version=scene.version(match))
    return match


def say(
    scene: Scene, who: Player, match: str, side: Side, helped: int, again: Again,
    reason: AgainReason | None = None,
) -> None:  # fmt: skip
    with scene.act(who) as act:
        following_up.give_feedback(
            act, match, side, helped=helped, again=again, reason=reason, text="还行"
        )


def decision(scene: Scene) -> PairDecision:
    scene.cast.session.rollback()
    return scene.cast.session.scalars(sa.select(PairDecision)).one()


def told(scene: Scene, who: Player, code: str) -> int:
    scene.cast.session.rollback()
    query = sa.select(sa.func.count()).where(
        Notice.person_id == who.person_id, Notice.code == code
    )
    return scene.cast.session.scalar(query) or 0


def test_completion_plans_three_looks_and_asks_both_sides(scene: Scene) -> None:
    match = completed(scene)
    scene.cast.session.rollback()
    rows = scene.cast.session.scalars(sa.select(FollowUp).order_by(FollowUp.due_on)).all()
    assert [(row.kind, row.due_on) for row in rows] == [
        (FollowUpKind.WEEK, date(2026, 11, 29)),
        (FollowUpKind.MONTH, date(2026, 12, 22)),
        (FollowUpKind.SEASON, date(2027, 2, 20)),
    ]
    assert len(scene.cast.session.scalars(sa.select(Feedback)).all()) == 2
    assert told(scene, scene.cast.officer, "match_feedback_asked") == 1
    path = scene.cast.session.scalars(
        sa.select(Notice.path).where(Notice.code == "match_feedback_asked")
    ).first()
    assert path == f"/matches/{match}/feedback"


def test_broker_is_told_once_of_each_look_and_the_silent_are_asked_again(
    scene: Scene, clock: SettableClock
) -> None:
    match = completed(scene)
    say(scene, scene.cast.enterprise, match, Side.OFFER, 5, Again.YES)
    run = JobRun(scene.cast.house, lambda: scene.cast.session, nullcontext)

    def look(days: int) -> list[int]:
        clock.forward(days=days)
        for _ in range(2):
            scene.cast.session.rollback()
            tell_follow_ups.handler(run, [{}])
        codes = [f"match_follow_up_{kind.value}" for kind in FollowUpKind]
        asked = [told(scene, who, "match_feedback_asked")
                 for who in (scene.cast.officer, scene.cast.enterprise)]  # fmt: skip
        return [told(scene, scene.cast.broker, code) for code in codes] + asked

    assert look(6) == [0, 0, 0, 1, 0]
    assert look(1) == [1, 0, 0, 2, 0]
    assert look(100) == [1, 1, 1, 2, 0]
    mine = [scene.cast.broker.person_id]
    found = due_followups(scene.cast.session, mine, date(2026, 12, 22))
    assert [(one.kind, one.is_overdue) for one in found] == [
        (FollowUpKind.WEEK, True), (FollowUpKind.MONTH, False),
    ]  # fmt: skip
    assert due_followups(scene.cast.session, [], date(2027, 1, 1)) == ()


def test_follow_up_is_done_or_left_out_with_words_and_once(scene: Scene) -> None:
    match = completed(scene)
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        following_up.close_follow_up(act, match, FollowUpKind.WEEK, " ", skipped=True)
    with pytest.raises(Forbidden), scene.act(scene.cast.officer) as act:
        following_up.close_follow_up(act, match, FollowUpKind.WEEK, "好")
    with pytest.raises(NotFound), scene.act(scene.cast.stranger) as act:
        following_up.close_follow_up(act, match, FollowUpKind.WEEK, "好")
    with scene.act(scene.cast.broker) as act:
        following_up.close_follow_up(act, match, FollowUpKind.WEEK, "天天在用")
        following_up.close_follow_up(act, match, FollowUpKind.MONTH, "村里都外出了", skipped=True)
    with pytest.raises(Conflict), scene.act(scene.cast.broker) as act:
        following_up.close_follow_up(act, match, FollowUpKind.WEEK, "再问")
    states = scene.cast.session.scalars(sa.select(FollowUp.state).order_by(FollowUp.due_on)).all()
    assert states == [FollowUpState.DONE, FollowUpState.SKIPPED, FollowUpState.OPEN]


def test_who_may_say_how_it_was(scene: Scene) -> None:
    match = completed(scene)
    with pytest.raises(Forbidden):
        say(scene, scene.cast.enterprise, match, Side.NEED, 5, Again.YES)
    with pytest.raises(Invalid):
        say(scene, scene.cast.broker, match, Side.NEED, 5, Again.YES)
    with pytest.raises(NotFound):
        say(scene, scene.cast.stranger, match, Side.NEED, 5, Again.YES)
    with pytest.raises(Invalid):
        say(scene, scene.cast.officer, match, Side.NEED, 6, Again.YES)
    with scene.act(scene.cast.broker) as act:
        following_up.give_feedback(
            act, match, Side.NEED, helped=4, again=Again.YES,
            consent=Consent(ProxyConsent.PHONE, "电话里说的"),
        )  # fmt: skip
    assert told(scene, scene.cast.officer, "match_need_feedback") == 1


# Which side says what, and what is learnt from it.
SAID: tuple[tuple[Side, int, Again, AgainReason | None, Cause, str], ...] = (
    (Side.NEED, 5, Again.YES, None, Cause.COMPLETED, ""),
    (Side.NEED, 4, Again.UNSURE, None, Cause.COMPLETED, ""),
    (Side.NEED, 4, Again.NO, AgainReason.QUALITY, Cause.REGRETTED, "quality"),
    (Side.NEED, 1, Again.UNSURE, None, Cause.REGRETTED, "other"),
    (Side.OFFER, 4, Again.NO, AgainReason.WRONG_THING, Cause.REGRETTED, "wrong_thing"),
    (Side.OFFER, 4, Again.NO, AgainReason.QUALITY, Cause.REGRETTED, "other"),
)


def test_a_side_that_would_not_do_it_again_speaks_against_the_pair(scene: Scene) -> None:
    match = completed(scene)
    before = decision(scene)
    features, columns = dict(before.features), set(vars(before))
    assert "person" not in " ".join(columns)
    for side, helped, again, reason, cause, kept in SAID:
        who = scene.cast.officer if side is Side.NEED else scene.cast.enterprise
        say(scene, who, match, side, helped, again, reason)
        row, case = decision(scene), (side, helped, again, reason)
        assert (row.cause, row.reason) == (cause, kept), case
        assert dict(row.features) == features, case
        say(scene, who, match, side, 5, Again.YES)
        assert decision(scene).cause is Cause.COMPLETED, case


def test_what_a_regret_teaches() -> None:
    assert evidence_of(Cause.REGRETTED, "wrong_thing").about == THING
    assert evidence_of(Cause.REGRETTED, "quality").about == GIVER
    whole = evidence_of(Cause.REGRETTED, "other")
    assert (whole.label, whole.weight, whole.about) == (False, 0.5, None)


def test_outcome_says_how_much_for_whom_and_what_it_changed(
    scene: Scene, client: FlaskClient
) -> None:
    match, _ = scene.agreed()
    scene.cast.sign_in(client, scene.cast.officer)
    sent = {
        "text": "三十台到村", "people": "120", "amount": "30", "income": "1200.5",
        "income_period": "month", "saved": "300", "lessons": "先修好机耕路",
    }  # fmt: skip
    path = f"/matches/{match}/outcome"
    assert client.post(path, data=sent | {"saved": "很多"}).status_code == 422
    assert client.post(path, data=sent).status_code == 302
    scene.cast.session.rollback()
    row = scene.cast.session.scalars(sa.select(Outcome)).one()
    assert (row.income_fen, row.income_period) == (120_050, Period.MONTH)
    assert (row.saved_fen, row.saved_period) == (30_000, Period.ONCE)
    page = client.get(f"/matches/{match}").text
    assert "1,200.5 元 每月" in page
    assert "先修好机耕路" in page


def test_amount_in_a_unit_of_its_own_settles_nothing(scene: Scene) -> None:
    need = scene.listing(Side.NEED)
    need.unit, need.quantity_milli = None, None
    scene.cast.session.commit()
    match, _ = scene.agreed()
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, match, "好", 3, 5_000, Effects(unit="庹"))
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, match, "好", 3, 5_000, Effects(income_fen=5))
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, match, "好", 3, 5_000, Effects(unit="场"))
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, match, Side.OFFER, version=scene.version(match))
    assert scene.listing(Side.OFFER).committed_milli == 30_000
    assert broken(scene.cast.session) == []


def test_file_is_not_closed_before_both_were_asked(scene: Scene, client: FlaskClient) -> None:
    match = completed(scene)
    scene.cast.session.rollback()
    scene.cast.session.execute(sa.delete(Feedback))  # completed before the exchange asked
    scene.cast.session.commit()
    with pytest.raises(Conflict, match="feedback_not_asked"), scene.act(scene.cast.broker) as act:
        fulfilling.evaluate(act, match, "好")
    scene.cast.sign_in(client, scene.cast.broker)
    assert 'form="ask-feedback"' in client.get(f"/matches/{match}").text
    assert client.post(f"/matches/{match}/feedback/ask").status_code == 302
    with scene.act(scene.cast.broker) as act:
        fulfilling.evaluate(act, match, "好")
    assert scene.match(match).state is MatchState.EVALUATED


def test_feedback_through_the_page(scene: Scene, client: FlaskClient) -> None:
    match = completed(scene)
    scene.cast.sign_in(client, scene.cast.officer)
    assert client.get(f"/matches/{match}/feedback").location.endswith("#feedback")
    path = f"/matches/{match}/feedback"
    refused = client.post(path, data={"side": "need", "text": "很好用"})
    assert refused.status_code == 422
    assert "很好用" in refused.text
    sent = client.post(path, data={"side": "need", "helped": "5", "again": "yes"})
    assert sent.status_code == 302
    page = f"/matches/{match}"
    assert "帮了大忙 ·" in client.get(page).text
    scene.cast.sign_in(client, scene.cast.enterprise)
    assert "帮了大忙 ·" not in client.get(page).text
    scene.cast.sign_in(client, scene.cast.broker)
    assert "帮了大忙 ·" in client.get(page).text


def test_a_look_of_months_ahead_is_not_ticked_off_today(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    match = completed(scene)
    scene.cast.sign_in(client, scene.cast.broker)
    page, path = f"/matches/{match}", f"/matches/{match}/follow-ups"
    sent = {"kind": "season", "note": "刚办完，都好"}
    assert 'id="follow-up-season"' not in client.get(page).text
    assert 'id="skip-season"' in client.get(page).text
    refused = client.post(path, data=sent, follow_redirects=True)
    assert "这次回访要到2027年2月20日" in re.sub(r"\s", "", refused.text)
    clock.set(datetime(2027, 2, 13, 2, tzinfo=UTC))
    assert 'id="follow-up-season"' in client.get(page).text
    assert client.post(path, data=sent).status_code == 302
    scene.cast.session.rollback()
    states = dict(scene.cast.session.execute(sa.select(FollowUp.kind, FollowUp.state)).all())
    assert states[FollowUpKind.SEASON] is FollowUpState.DONE
