"""What is told, when, to whom, and that it is told once."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.alerts.jobs import sweep_job, tell_job, weigh_job
from exchange.alerts.models import SavedSearchItem
from exchange.jobs.models import OutboxJob
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.models import Listing
from exchange.notifications.models import Delivery, Notice
from tests.alerts.conftest import Follower

ActAs = Callable[..., AbstractContextManager[Act]]


def listing_id(session: Session, public_id: str) -> int:
    session.rollback()
    return session.scalars(sa.select(Listing.id).where(Listing.public_id == public_id)).one()


def weigh_again(follower: Follower, act_as: ActAs, public_id: str) -> None:
    """Weigh a listing once more, as a job that runs twice would."""
    number = listing_id(follower.session, public_id)
    with act_as() as act:
        enqueue(act, weigh_job, {"listing_id": number, "at": act.now.isoformat()})
    follower.jobs()


def test_a_new_listing_is_told_within_a_minute(follower: Follower) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车&side=need")
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.stage.publish(follower.cast.officer, "要茶苗")
    follower.wait(seconds=40)
    assert follower.told(firm) == ["“韭黄要冷藏车”"]


def test_several_at_the_same_time_make_one_notice(follower: Follower) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车")
    for number in range(5):
        follower.stage.publish(follower.cast.officer, f"第{number}批韭黄要冷藏车")
    follower.wait()
    notice = follower.session.scalars(
        sa.select(Notice).where(Notice.code == "search_found")
    ).one()
    assert notice.params["count"] == 5
    assert notice.params["titles"]["zh"].count("“") == 3
    follower.session.rollback()
    follower.cast.sign_in(follower.client, firm)
    assert "您关注的“冷藏车”有 5 条新的" in follower.client.get("/notices").text
    opened = follower.client.post(f"/notices/{notice.public_id}", follow_redirects=True)
    assert opened.text.count("韭黄要") >= 5


def test_what_is_there_already_is_not_told(follower: Follower) -> None:
    firm = follower.cast.enterprise
    old = follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.wait(hours=1)
    follower.save(firm, "q=冷藏车")
    follower.stage.change(old, text="改了几个字")
    follower.wait()
    assert follower.told(firm) == []


def test_what_was_published_a_moment_before_is_not_told(
    follower: Follower, app: Flask, act_as: ActAs
) -> None:
    """Also when the index does not have it yet."""
    firm = follower.cast.enterprise
    follower.stage.jobs = lambda: 0
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.save(firm, "q=冷藏车")
    follower.wait()
    assert follower.told(firm) == []


def test_what_comes_to_match_is_told_once_even_if_edited(follower: Follower) -> None:
    firm = follower.cast.enterprise
    listing = follower.stage.publish(follower.cast.officer, "要老师")
    follower.save(firm, "q=兽医")
    follower.stage.change(listing, title="要兽医")
    follower.wait()
    assert follower.told(firm) == ["“要兽医”"]
    follower.stage.change(listing, title="要两位兽医")
    follower.wait()
    assert len(follower.told(firm)) == 1


def test_other_words_for_the_same_are_told_too(follower: Follower) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=苞谷")
    follower.stage.publish(follower.cast.officer, "玉米找销路")
    follower.stage.publish(follower.cast.officer, "茶叶找销路")
    follower.wait()
    assert follower.told(firm) == ["“玉米找销路”"]


def test_own_listings_are_not_told(follower: Follower) -> None:
    officer = follower.cast.officer
    follower.save(officer, "q=冷藏车")
    follower.stage.publish(officer, "韭黄要冷藏车")
    follower.stage.publish(follower.cast.enterprise, "冷藏车闲着", side=Side.OFFER, serves=("52",))
    follower.wait()
    assert follower.told(officer) == ["“冷藏车闲着”"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"visibility": Visibility.BROKERS}, False),
        ({"visibility": Visibility.VERIFIED}, False),
        ({"visibility": Visibility.PUBLIC}, True),
        ({"held_at": datetime(2026, 11, 1, tzinfo=UTC)}, False),
        ({"state": State.SUBMITTED}, False),
        ({"to_date": datetime(2026, 11, 1, tzinfo=UTC).date()}, False),
    ],
)
def test_only_what_the_person_may_see_is_told(
    follower: Follower, values: dict[str, object], told: bool
) -> None:
    stranger = follower.cast.stranger
    follower.save(stranger, "q=冷藏车")
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车", **values)
    follower.wait()
    assert bool(follower.told(stranger)) is told


def test_hidden_listing_that_is_shown_later_is_told_then(follower: Follower) -> None:
    stranger = follower.cast.stranger
    follower.save(stranger, "q=冷藏车")
    listing = follower.stage.publish(
        follower.cast.officer, "韭黄要冷藏车", visibility=Visibility.BROKERS
    )
    follower.wait()
    assert follower.told(stranger) == []
    follower.stage.change(listing, visibility=Visibility.PUBLIC)
    follower.wait()
    assert follower.told(stranger) == ["“韭黄要冷藏车”"]


def test_public_title_stands_for_the_hidden_one(follower: Follower) -> None:
    stranger = follower.cast.stranger
    follower.save(stranger, "side=need&category=services")
    follower.stage.publish(
        follower.cast.officer, "给王小明补课", public_title="给一名学生补课",
        category_code="services.education",
    )  # fmt: skip
    follower.wait()
    assert follower.told(stranger) == ["“给一名学生补课”"]


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        ("daily", datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),  # Monday, 08:00 in China
        ("weekly", datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
    ],
)
def test_digests_come_in_the_morning(
    follower: Follower, act_as: ActAs, rhythm: str, due: datetime
) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车", rhythm)
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    gone = follower.stage.publish(follower.cast.officer, "茶叶要冷藏车")
    follower.wait()
    assert follower.told(firm) == []
    follower.stage.withdraw(gone)
    sweep(follower, act_as, due - timedelta(minutes=1))
    assert follower.told(firm) == []
    sweep(follower, act_as, due)
    assert follower.told(firm) == ["“韭黄要冷藏车”"]
    span = timedelta(days=1 if rhythm == "daily" else 7)
    assert follower.rows(firm)[0].due_at == due + span
    follower.stage.publish(follower.cast.officer, "又要冷藏车")
    follower.wait()
    sweep(follower, act_as, due + span - timedelta(minutes=1))
    assert len(follower.told(firm)) == 1
    sweep(follower, act_as, due + span)
    assert follower.told(firm)[1:] == ["“又要冷藏车”"]


def sweep(follower: Follower, act_as: ActAs, moment: datetime) -> None:
    follower.clock.set(moment)
    with act_as() as act:
        enqueue(act, sweep_job)
    follower.jobs()


def test_digest_without_news_moves_on_silently(follower: Follower, act_as: ActAs) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车", "daily")
    due = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    sweep(follower, act_as, due)
    assert follower.rows(firm)[0].due_at == due + timedelta(days=1)
    assert follower.told(firm) == []


def test_a_feed_only_search_and_a_resting_one_tell_nothing(follower: Follower) -> None:
    firm, stranger = follower.cast.enterprise, follower.cast.stranger
    follower.save(firm, "q=冷藏车", "feed")
    resting = follower.save(stranger, "q=冷藏车")
    follower.client.post(f"/me/searches/{resting}/pause")
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.wait()
    follower.client.post(f"/me/searches/{resting}/resume")
    follower.stage.publish(follower.cast.officer, "茶叶要冷藏车")
    follower.wait()
    assert follower.told(firm) == []
    assert follower.told(stranger) == ["“茶叶要冷藏车”"]


def test_who_has_left_is_told_nothing(follower: Follower) -> None:
    stranger = follower.cast.stranger
    follower.save(stranger, "q=冷藏车")
    stranger.person.closed_at = follower.cast.now
    follower.session.commit()
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.wait()
    assert follower.told(stranger) == []
    assert follower.session.scalars(sa.select(SavedSearchItem.listing_id)).all() == []


def test_who_lost_their_rights_meanwhile_is_not_told(follower: Follower) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车")
    follower.stage.publish(
        follower.cast.officer, "韭黄要冷藏车", visibility=Visibility.VERIFIED
    )
    owner = follower.session.get_one(Organisation, firm.organisation_id)
    owner.verification = Verification.SUSPENDED
    follower.session.commit()
    follower.wait()
    assert follower.told(firm) == []


def test_jobs_that_run_again_tell_nothing_again(follower: Follower, act_as: ActAs) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车")
    listing = follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.wait()
    weigh_again(follower, act_as, listing)
    search_id = follower.rows(firm)[0].id
    follower.session.rollback()
    with act_as() as act:
        enqueue(act, tell_job, {"search_id": search_id})
    follower.jobs()
    assert follower.told(firm) == ["“韭黄要冷藏车”"]


def test_a_process_that_ends_between_noting_and_telling_loses_nothing(
    follower: Follower, act_as: ActAs
) -> None:
    """The job that tells is gone with its row; the next sweep finds what waits."""
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车")
    listing = follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    number, search_id = listing_id(follower.session, listing), follower.rows(firm)[0].id
    follower.session.rollback()
    with act_as() as act:
        act.session.execute(sa.delete(OutboxJob))
        act.session.add(
            SavedSearchItem(search_id=search_id, listing_id=number, noted_at=act.now)
        )
    sweep(follower, act_as, follower.clock.now())
    assert follower.told(firm) == ["“韭黄要冷藏车”"]


def test_two_workers_at_the_same_moment_tell_once(follower: Follower, app: Flask) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "q=冷藏车")
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    search_id = follower.rows(firm)[0].id
    number = follower.session.scalars(sa.select(Listing.id)).one()
    follower.session.rollback()
    run, start = app.extensions["exchange.jobs"], threading.Barrier(2)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with app.app_context():
                start.wait(10)
                at = follower.clock.now().isoformat()
                weigh_job.handler(run, [{"listing_id": number, "at": at}])
                tell_job.handler(run, [{"search_id": search_id}])
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert failed == []
    follower.wait()
    assert follower.told(firm) == ["“韭黄要冷藏车”"]


def test_mail_goes_to_a_confirmed_address(follower: Follower) -> None:
    firm = follower.cast.enterprise
    confirm_mail(follower)
    follower.save(firm, "q=冷藏车")
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.wait()
    sent = follower.session.scalars(sa.select(Delivery)).one()
    assert sent.sent_at is not None
    assert sent.notice.person_id == firm.person_id


def confirm_mail(follower: Follower) -> None:
    person = follower.cast.enterprise.person
    address = Address(AddressKind.EMAIL, "chen@firm.example")
    set_address(follower.cast.house.secrets, person, address, follower.cast.now)
    follower.session.commit()


def test_a_question_that_lost_its_meaning_finds_nothing_rather_than_everything(
    follower: Follower
) -> None:
    firm = follower.cast.enterprise
    follower.save(firm, "category=services")
    follower.session.execute(sa.text("UPDATE saved_search SET question = 'category=gone'"))
    follower.session.commit()
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    follower.wait()
    assert follower.told(firm) == []
    follower.cast.sign_in(follower.client, firm)
    assert "已失效" in follower.client.get("/me/searches").text
