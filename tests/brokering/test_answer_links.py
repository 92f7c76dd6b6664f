"""A side answers by the link in its message, without signing in: once, for itself, in time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from exchange.accounts.links.models import SignedLink
from exchange.accounts.models import Membership
from exchange.accounts.verification.suspension_service import suspend_organisation
from exchange.audit.models import AuditEntry
from exchange.brokering.jobs import REMIND
from exchange.brokering.kinds import Answer, CloseReason, MatchState
from exchange.brokering.life import closing, proposing
from exchange.brokering.models import TimelineEntry
from exchange.jobs.service import enqueue
from exchange.kernel.actor import SYSTEM
from exchange.listings.kinds import Side, Visibility
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Terms
from tests.brokering.conftest import Scene
from tests.conftest import SettableClock
from tests.mailed import Mailbox, open_mailbox

RunJobs = Callable[[], int]


@dataclass
class Mailed:
    """A proposal, and what was sent about it."""

    scene: Scene
    public_id: str
    box: Mailbox
    need: str
    offer: str

    def answer(self, side: Side) -> Answer:
        return self.scene.match(self.public_id).side(side).answer


@pytest.fixture
def mailed(app: Flask, scene: Scene, run_jobs: RunJobs) -> Mailed:
    cast = scene.cast
    box = open_mailbox(app.extensions["exchange"], cast, cast.officer, cast.enterprise)
    public_id = scene.proposed()
    run_jobs()
    return Mailed(
        scene, public_id, box, box.links_to(cast.officer)[-1], box.links_to(cast.enterprise)[-1]
    )


def test_opening_shows_and_changes_nothing_and_tells_no_contact(
    mailed: Mailed, client: FlaskClient
) -> None:
    cast = mailed.scene.cast
    for _ in range(3):
        page = client.get(mailed.need)
    assert page.status_code == 200
    assert mailed.answer(Side.NEED) is Answer.PENDING
    assert "请看看合不合适" in page.text
    for word in (cast.enterprise.phone, cast.officer.phone, "杨帆", "@"):
        assert word not in page.text.partition("<main")[2]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.headers["X-Robots-Tag"]
    cast.session.rollback()
    used = cast.session.scalars(sa.select(SignedLink.used_at)).all()
    assert used
    assert set(used) == {None}


def test_the_page_says_of_the_other_side_what_its_listing_says(
    mailed: Mailed, client: FlaskClient
) -> None:
    offer = mailed.scene.listing(Side.OFFER)
    offer.terms, offer.text = Terms.SUBSIDISED, "每天上午可以来拉，油钱自理。"
    offer.from_date = date(2026, 11, 24)
    mailed.scene.cast.session.commit()
    page = client.get(mailed.need)
    main = re.sub(r"\s", "", page.text.partition("<main")[2])
    for words in ("出借微耕机", "100台", "11月24日", "2027年6月30日", "贵州省", "优惠", "油钱自理"):
        assert words in main, words
    assert page.text.count("<form") == 2
    client.get("/locale/en")
    assert "When" in client.get(mailed.need).text.partition("<main")[2]


def test_of_a_listing_that_is_not_for_this_side_the_page_says_only_its_kind(
    mailed: Mailed, client: FlaskClient
) -> None:
    offer = mailed.scene.listing(Side.OFFER)
    offer.visibility, offer.text = Visibility.BROKERS, "只给社工看的话"
    mailed.scene.cast.session.commit()
    main = client.get(mailed.need).text.partition("<main")[2]
    for words in ("出借微耕机", "只给社工看的话", "贵州省", "2027"):
        assert words not in main, words
    assert taxonomy().name(offer.category_code or "", "zh") in main


def test_who_tapped_the_wrong_answer_reads_how_to_put_it_right(
    mailed: Mailed, client: FlaskClient, clock: SettableClock
) -> None:
    worker = mailed.scene.cast.broker.person.name
    assert "点错了" not in client.get(mailed.need).text
    said = client.post(mailed.need, data={"accept": "yes"}, follow_redirects=True).text
    assert f"对方答复之前可以收回：请登录，或者告诉社工{worker}" in said
    client.post(mailed.offer, data={"accept": "no", "reason": "time"})
    assert "点错了" not in client.get(mailed.need).text
    assert f"点错了？请告诉社工{worker}" in client.get(mailed.offer).text


def test_a_no_by_mistake_can_be_taken_back_for_a_day(
    mailed: Mailed, client: FlaskClient, clock: SettableClock
) -> None:
    no = {"accept": "no", "reason": "time"}
    said = client.post(mailed.offer, data=no, follow_redirects=True).text
    assert "一天之内可以收回" in said
    clock.forward(days=1, hours=1)
    late = client.get(mailed.offer).text
    assert "一天之内" not in late
    assert "点错了？请告诉社工" in late


def test_one_post_answers_as_that_person_and_kills_the_link(
    mailed: Mailed, client: FlaskClient
) -> None:
    cast = mailed.scene.cast
    done = client.post(mailed.need, data={"accept": "yes"}, follow_redirects=True)
    assert "您同意了" in done.text
    side = mailed.scene.match(mailed.public_id).side(Side.NEED)
    assert (side.answer, side.answered_by_id) == (Answer.ACCEPTED, cast.officer.person_id)
    entry = cast.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == "SideAnswered")
    ).one()
    assert entry.person_id == cast.officer.person_id
    assert entry.origin.startswith("link ")
    line = cast.session.scalars(
        sa.select(TimelineEntry).where(TimelineEntry.code == "need_accepted")
    ).one()
    assert line.params["by_link"] is True
    again = client.post(mailed.need, data={"accept": "no", "reason": "time"})
    assert again.status_code == 409
    assert "已经用过" in again.text
    assert "登录" in again.text
    assert mailed.answer(Side.NEED) is Answer.ACCEPTED


def test_both_links_introduce_and_still_tell_no_contact(
    mailed: Mailed, client: FlaskClient
) -> None:
    client.post(mailed.need, data={"accept": "yes"})
    done = client.post(mailed.offer, data={"accept": "yes"}, follow_redirects=True)
    assert mailed.scene.match(mailed.public_id).state is MatchState.INTRODUCED
    assert "双方都同意了" in done.text
    assert mailed.scene.cast.officer.phone not in done.text


def test_a_no_needs_one_of_the_reasons(mailed: Mailed, client: FlaskClient) -> None:
    for body in ({"accept": "no"}, {"accept": "no", "reason": "quality"}, {"accept": "?"}, {}):
        refused = client.post(mailed.offer, data=body)
        assert refused.status_code == 422
        assert "选一个不合适的原因" in refused.text
    client.post(mailed.offer, data={"accept": "no", "reason": "time"})
    match = mailed.scene.match(mailed.public_id)
    assert (match.state, match.close_reason) == (MatchState.DECLINED, CloseReason.TIME)
    late = client.get(mailed.need)
    assert "对方说不行" in late.text
    assert client.post(mailed.need, data={"accept": "yes"}).status_code == 409


def test_a_forged_link_opens_nothing(mailed: Mailed, client: FlaskClient) -> None:
    for token in ("x" * 24, "A" * 24, "-"):
        path = f"/a/{token}"
        for answer in (client.get(path), client.post(path, data={"accept": "yes"})):
            assert answer.status_code == 404, token
            assert "这个链接打不开" in answer.text, token
    renewal = mailed.need.replace("/a/", "/r/")
    assert client.get(renewal).status_code == 404
    assert mailed.answer(Side.NEED) is Answer.PENDING


def test_a_row_that_was_altered_opens_nothing(mailed: Mailed, client: FlaskClient) -> None:
    session = mailed.scene.cast.session
    session.execute(sa.update(SignedLink).values(person_id=mailed.scene.cast.stranger.person_id))
    session.commit()
    assert client.post(mailed.need, data={"accept": "yes"}).status_code == 404
    assert mailed.answer(Side.NEED) is Answer.PENDING


def test_the_time_of_a_link_ends_with_the_proposal(
    mailed: Mailed, client: FlaskClient, clock: SettableClock
) -> None:
    clock.forward(days=14, hours=1)
    assert "时间过了" in client.get(mailed.need).text
    assert client.post(mailed.need, data={"accept": "yes"}).status_code == 409
    with mailed.scene.act(SYSTEM) as act:
        closing.lapse(act, mailed.public_id)
    assert "已经作废" in client.get(mailed.need).text


def test_what_was_answered_or_withdrawn_otherwise_is_said(
    mailed: Mailed, client: FlaskClient
) -> None:
    with mailed.scene.act(mailed.scene.cast.officer) as act:
        proposing.answer(act, mailed.public_id, Side.NEED, accept=True)
    assert "已经答复过了" in client.get(mailed.need).text
    assert client.post(mailed.need, data={"accept": "yes"}).status_code == 409
    with mailed.scene.act(mailed.scene.cast.broker) as act:
        closing.withdraw(act, mailed.public_id, CloseReason.OTHER)
    assert "社工已经收回" in client.get(mailed.offer).text


END = {
    "lapsed": "已经作废", "withdrawn": "社工已经收回", "declined": "对方说不行",
    "ended": "有一方目前不能参加",
}  # fmt: skip


@pytest.mark.parametrize("how", list(END))
def test_who_said_yes_by_the_link_reads_there_that_it_has_ended(
    mailed: Mailed, client: FlaskClient, clock: SettableClock, how: str
) -> None:
    cast = mailed.scene.cast
    client.post(mailed.need, data={"accept": "yes"})
    assert "您同意了" in client.get(mailed.need).text
    clock.forward(days=14, hours=1)
    if how == "lapsed":
        with mailed.scene.act(SYSTEM) as act:
            closing.lapse(act, mailed.public_id)
    elif how == "withdrawn":
        with mailed.scene.act(cast.broker) as act:
            closing.withdraw(act, mailed.public_id, CloseReason.OTHER)
    elif how == "declined":
        with mailed.scene.act(cast.enterprise) as act:
            proposing.answer(
                act, mailed.public_id, Side.OFFER, accept=False, reason=CloseReason.TIME
            )
    else:
        with mailed.scene.act(cast.supervisor) as act:
            suspend_organisation(act, cast.enterprise.organisation.public_id, "查账")
    page = client.get(mailed.need).text
    assert END[how] in page
    assert "对方一答复" not in page
    assert END[how] in client.get(mailed.offer).text or how == "declined"


def test_a_reminder_brings_a_newer_link_and_closes_the_older(
    mailed: Mailed, client: FlaskClient, clock: SettableClock, run_jobs: RunJobs
) -> None:
    clock.forward(days=12)
    with mailed.scene.act(SYSTEM) as act:
        enqueue(act, REMIND, {})
    run_jobs()
    newer = mailed.box.links_to(mailed.scene.cast.officer)[-1]
    assert newer != mailed.need
    assert "新的链接" in client.get(mailed.need).text
    assert client.post(mailed.need, data={"accept": "yes"}).status_code == 409
    client.post(newer, data={"accept": "yes"})
    assert mailed.answer(Side.NEED) is Answer.ACCEPTED


def test_who_left_the_side_or_the_site_answers_no_more(
    mailed: Mailed, client: FlaskClient
) -> None:
    cast = mailed.scene.cast
    cast.session.execute(
        sa.delete(Membership).where(
            Membership.person_id == cast.officer.person_id,
            Membership.organisation_id == cast.officer.organisation_id,
        )
    )
    cast.session.commit()
    page = client.get(mailed.need)
    assert page.status_code == 403
    assert "请看看合不合适" not in page.text
    assert client.post(mailed.need, data={"accept": "yes"}).status_code == 403
    assert mailed.answer(Side.NEED) is Answer.PENDING


def test_who_is_signed_in_as_somebody_else_still_answers_as_the_link_says(
    mailed: Mailed, client: FlaskClient
) -> None:
    cast = mailed.scene.cast
    cast.sign_in(client, cast.stranger)
    client.post(mailed.need, data={"accept": "yes"})
    side = mailed.scene.match(mailed.public_id).side(Side.NEED)
    assert side.answered_by_id == cast.officer.person_id


def test_a_refusal_of_the_gates_leaves_the_link_as_it_was(
    mailed: Mailed, client: FlaskClient
) -> None:
    mailed.scene.listing(Side.OFFER).quantity_milli = 100_000
    mailed.scene.listing(Side.OFFER).committed_milli = 100_000
    mailed.scene.cast.session.commit()
    assert client.post(mailed.need, data={"accept": "yes"}).status_code == 409
    mailed.scene.listing(Side.OFFER).committed_milli = 0
    mailed.scene.cast.session.commit()
    client.post(mailed.need, data={"accept": "yes"})
    assert mailed.answer(Side.NEED) is Answer.ACCEPTED


def test_the_page_needs_no_token_of_a_session_and_speaks_both_languages(
    mailed: Mailed, app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client.get("/locale/en")
    assert "Shall we introduce you?" in client.get(mailed.need).text
    done = client.post(mailed.need, data={"accept": "yes"}, follow_redirects=True)
    assert "You said yes." in done.text
    assert client.post(f"/matches/{mailed.public_id}/propose").status_code == 400


def test_wrong_links_and_sent_forms_are_limited(client: FlaskClient, scene: Scene) -> None:
    answers = [client.get(f"/a/{number:024}").status_code for number in range(42)]
    assert answers[:40] == [404] * 40
    assert answers[-1] == 429
