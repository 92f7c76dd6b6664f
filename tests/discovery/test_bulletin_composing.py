"""An issue is composed on its day, once, of what everybody may see; a missed day is told."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.audit.models import AuditEntry
from exchange.brokering.deeds import fulfilling
from exchange.brokering.life import claiming, proposing
from exchange.discovery.bulletins.jobs import compose_job, missed_job
from exchange.discovery.bulletins.kinds import Rhythm, State
from exchange.discovery.bulletins.place_service import PlaceSettings, change_place, follow
from exchange.discovery.bulletins.rules import When
from exchange.discovery.bulletins.sections import (
    RESOURCE,
    Findings,
    Section,
)
from exchange.discovery.bulletins.service import drop
from exchange.jobs.service import enqueue
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side, Visibility
from exchange.listings.kinds import State as ListingState
from exchange.notifications.models import Notice
from tests.cast import VILLAGE, Player
from tests.conftest import Queries
from tests.discovery.bulletin_scene import MONDAY, Desk, days, titles

Catch = Callable[[], AbstractContextManager[Queries]]


def told(desk: Desk, code: str) -> list[int]:
    """Who was told so, each time."""
    desk.session.rollback()
    query = sa.select(Notice.person_id).where(Notice.code == code).order_by(Notice.id)
    return list(desk.session.scalars(query))


def entries(desk: Desk, event: str) -> int:
    desk.session.rollback()
    query = sa.select(sa.func.count()).where(AuditEntry.event == event)
    return desk.session.scalar(query) or 0


def deliver(desk: Desk, need_id: int, offer_id: int, people: int = 40) -> None:
    """A match from taking up to the confirmed outcome of five machines."""
    cast = desk.cast
    with desk.open(cast.broker.actor) as act:
        match = claiming.claim(act, need_id, offer_id).public_id
    with desk.open(cast.broker.actor) as act:
        proposing.propose(act, match, "请看看合不合适")
    for side, who in ((Side.NEED, cast.officer), (Side.OFFER, cast.enterprise)):
        with desk.open(who.actor) as act:
            proposing.answer(act, match, side, accept=True)
    with desk.open(cast.broker.actor) as act:
        commitment = fulfilling.commit(act, match, 5_000, 5_000).public_id
    with desk.open(cast.officer.actor) as act:
        fulfilling.record_delivery(act, match, commitment, 5_000)
    with desk.open(cast.officer.actor) as act:
        version = fulfilling.record_outcome(act, match, "都用上了", people, 5_000).version
    with desk.open(cast.enterprise.actor) as act:
        fulfilling.confirm_outcome(act, match, Side.OFFER, version=version)


def test_it_is_composed_at_its_hour_and_not_before(desk: Desk) -> None:
    desk.opened()
    desk.at(MONDAY, 7, 50)
    desk.work()
    assert desk.issues() == []
    desk.at(MONDAY, 8)
    desk.work()
    assert days(desk.issue()) == (date(2026, 11, 16), date(2026, 11, 22))
    assert desk.issue().state is State.COMPOSED
    assert told(desk, "bulletin_composed") == [desk.cast.supervisor.person_id]


def test_a_job_that_runs_twice_composes_once(desk: Desk) -> None:
    desk.opened(editor=desk.cast.broker)
    desk.composed()
    key = desk.place_row().id
    with desk.open() as act:
        enqueue(act, compose_job, {"place_id": key})
        enqueue(act, compose_job, {"place_id": key})
    desk.work()
    assert len(desk.issues()) == 1
    assert told(desk, "bulletin_composed") == [desk.cast.broker.person_id]
    assert entries(desk, "BulletinComposed") == 1


def test_a_run_that_was_missed_is_caught_up_in_one_issue(desk: Desk) -> None:
    desk.opened()
    desk.published()
    desk.at("2026-12-16", 3)
    desk.work()
    late = desk.issue()
    assert (len(desk.issues()), late.due_on) == (2, date(2026, 12, 14))
    assert days(late) == (date(2026, 11, 23), date(2026, 12, 13))


def test_it_holds_what_is_new_and_what_is_still_open(desk: Desk) -> None:
    desk.opened()
    desk.listing("老需求", "2026-11-02")
    desk.listing("新需求", "2026-11-18")
    desk.listing("今天才来的", MONDAY)
    desk.listing("新资源", "2026-11-19", Side.OFFER)
    desk.listing("别处的资源", "2026-11-19", Side.OFFER, serves=("5301",))
    desk.composed()
    view = desk.view()
    assert titles(view) == ["新需求", "老需求"]
    assert [item.is_new for item in view.sections[0].items] == [True, False]
    assert titles(view, "offers") == ["新资源"]
    assert desk.issue().figures["needs"] == {"new": 1, "open": 1}
    assert view.sections[0].figures == ("1 new", "1 still open")


def test_only_what_everybody_may_see_goes_in_as_a_visitor_reads_it(desk: Desk) -> None:
    desk.opened("520422102")
    desk.listing("看得到的", "2026-11-18", public_title="公开的名字")
    desk.listing("社工才看的", "2026-11-18", visibility=Visibility.BROKERS)
    desk.listing("认证才看的", "2026-11-18", visibility=Visibility.VERIFIED)
    desk.listing("先藏着的", "2026-11-18", held_at=desk.clock.now())
    desk.listing("地方写粗了的", "2026-11-18", public_division_code="520422")
    desk.composed()
    assert titles(desk.view()) == ["公开的名字"]
    assert desk.issue().figures["needs"]["new"] == 1


def test_what_was_delivered_stands_in_it_with_its_sums(desk: Desk) -> None:
    desk.opened()
    need = desk.listing("要五台微耕机", "2026-11-02")
    hidden = desk.listing("不公开的", "2026-11-02", visibility=Visibility.BROKERS)
    offer = desk.listing("微耕机借出", "2026-11-02", Side.OFFER)
    desk.at("2026-11-20", 10)
    deliver(desk, need.id, offer.id)
    deliver(desk, hidden.id, offer.id, people=7)
    desk.composed()
    view = desk.view("zh")
    assert titles(view, "delivered") == ["要五台微耕机"]
    assert desk.issue().figures["delivered"] == {"new": 1, "people": 40, "amounts": {"台": 5_000}}
    assert desk.view().sections[-1].items[0].facts == ("5 units", "40 people reached")
    assert "黔山" not in repr(view.sections[2])


def test_what_is_no_longer_public_disappears_and_numbers_stay(
    desk: Desk, client: FlaskClient
) -> None:
    desk.opened()
    gone = desk.listing("后来撤了的", "2026-11-18")
    hidden = desk.listing("后来藏起来的", "2026-11-18")
    done = desk.listing("办成了的", "2026-11-18")
    public_id = desk.published()
    page = f"/bulletins/{public_id}"
    feeds = [f"/bulletins/at/{desk.place}/feed.{form}" for form in ("atom", "json")]
    others = [page, f"{page}/print", f"{page}/text", *feeds, f"/api/v1{page}"]

    def read(address: str) -> str:
        answer = client.get(address)
        return str(answer.get_json()) if answer.is_json else answer.get_data(as_text=True)

    for address in others:
        assert "后来撤了的" in read(address), address
    desk.change(gone, state=ListingState.WITHDRAWN)
    desk.change(hidden, held_at=desk.clock.now())
    desk.change(done, state=ListingState.FULFILLED, committed_milli=100_000)
    for address in others:
        said = read(address)
        assert "后来撤了的" not in said, address
        assert "后来藏起来的" not in said, address
        assert "办成了的" in said, address
    view = desk.view()
    assert view.sections[0].figures == ("3 new",)
    assert view.sections[0].items[0].facts[0] == "100 units needed"
    assert view.sections[0].items[0].facts[-1] == "Fully settled"


def test_days_without_news_come_out_as_an_honest_issue(desk: Desk, client: FlaskClient) -> None:
    desk.opened()
    desk.listing("还没办成的", "2026-10-02")
    public_id = desk.published()
    said = client.get(f"/bulletins/{public_id}").get_data(as_text=True)
    assert "这几天没有新的" in said
    assert "还没办成的" in said
    text = client.get(f"/bulletins/{public_id}/text").get_data(as_text=True)
    assert "这几天没有新的" in text


def test_without_approval_it_comes_out_at_once(desk: Desk, client: FlaskClient) -> None:
    desk.opened(approval=False)
    public_id = desk.composed()
    assert desk.issue().state is State.PUBLISHED
    assert client.get(f"/bulletins/{public_id}").status_code == 200
    assert told(desk, "bulletin_composed") == []


def test_a_day_without_approval_is_told_once_in_the_evening(desk: Desk) -> None:
    desk.opened()
    desk.composed()
    desk.at(MONDAY, 17, 50)
    desk.work()
    assert told(desk, "bulletin_not_approved") == []
    desk.at(MONDAY, 18)
    desk.work()
    desk.work()
    key = desk.place_row().id
    with desk.open() as act:
        enqueue(act, missed_job, {"place_id": key})
    desk.jobs()
    desk.at("2026-11-24", 18)
    desk.work()
    assert told(desk, "bulletin_not_approved") == [desk.cast.supervisor.person_id]
    assert entries(desk, "BulletinMissed") == 1


def test_a_day_on_which_it_could_not_be_composed_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.opened()

    def broken(*_asked: object) -> Findings:
        raise RuntimeError("the room is broken")

    section = Section("broken", 99, "", "", "", broken, lambda *_asked: [], lambda *_asked: ())
    monkeypatch.setitem(desk.house.resources, RESOURCE, {"broken": section})
    desk.at(MONDAY, 18)
    key = desk.place_row().id
    with desk.open() as act:
        enqueue(act, missed_job, {"place_id": key})
    desk.jobs()
    assert desk.issues() == []
    assert told(desk, "bulletin_not_composed") == [desk.cast.supervisor.person_id]


@pytest.mark.parametrize("page", ["/bulletins/desk", "overview"])
def test_what_was_missed_stands_on_the_pages_until_it_is_done(
    desk: Desk, client: FlaskClient, page: str
) -> None:
    desk.opened()
    public_id = desk.composed()
    desk.at("2026-11-26", 10)
    supervisor: Player = desk.cast.supervisor
    desk.cast.sign_in(client, supervisor)
    address = page if page.startswith("/") else "/centre"
    line = "11\xa0月\xa023\xa0日该发布，还没批准"
    assert line in client.get(address, follow_redirects=True).get_data(as_text=True)
    with desk.open(supervisor.actor) as act:
        drop(act, public_id)
    desk.cast.sign_in(client, supervisor)
    assert line not in client.get(address, follow_redirects=True).get_data(as_text=True)


def test_what_a_dropped_issue_would_have_told_stands_in_the_next_one(desk: Desk) -> None:
    desk.opened()
    desk.listing("没赶上的", "2026-11-18")
    public_id = desk.composed()
    with desk.open(desk.cast.supervisor.actor) as act:
        drop(act, public_id)
    desk.at("2026-11-30", 8)
    desk.work()
    assert days(desk.issue()) == (date(2026, 11, 16), date(2026, 11, 29))
    assert titles(desk.view()) == ["没赶上的"]


def test_composing_now_twice_is_one_issue_and_the_next_one_goes_on_from_there(desk: Desk) -> None:
    desk.opened()
    desk.at("2026-11-25", 10)
    first = desk.compose_now()  # what was due on Monday is missing
    assert desk.issue().due_on == date(2026, 11, 23)
    extra = desk.compose_now()
    assert extra != first
    assert desk.compose_now() == extra
    assert days(desk.issue()) == (date(2026, 11, 23), date(2026, 11, 24))
    desk.at("2026-11-30", 8)
    desk.work()
    assert days(desk.issue()) == (date(2026, 11, 25), date(2026, 11, 29))


def test_one_that_rests_is_not_composed_and_misses_nothing(desk: Desk) -> None:
    desk.opened()
    resting = PlaceSettings(When(Rhythm.WEEKLY, 0, 1, 8), is_on=False)
    with desk.open(desk.cast.supervisor.actor) as act:
        change_place(act, desk.place, resting, 1)
    desk.at(MONDAY, 19)
    desk.work()
    assert desk.issues() == []
    with pytest.raises(Conflict):
        desk.compose_now()
    desk.at("2026-11-27", 9)
    with desk.open(desk.cast.supervisor.actor) as act:
        change_place(act, desk.place, PlaceSettings(When(Rhythm.WEEKLY, 0, 1, 8)), 2)
    desk.at("2026-11-29", 19)
    desk.work()
    assert (desk.issues(), told(desk, "bulletin_not_composed")) == ([], [])


def test_a_monthly_one_covers_its_month(desk: Desk) -> None:
    desk.opened(when=When(Rhythm.MONTHLY, 0, 31, 9))
    desk.at("2026-11-30", 9)
    desk.work()
    assert days(desk.issue()) == (date(2026, 10, 31), date(2026, 11, 29))


def test_followers_are_told_once_and_whoever_stopped_is_not(
    desk: Desk, client: FlaskClient
) -> None:
    desk.opened()
    for who in (desk.cast.stranger, desk.cast.officer):
        desk.cast.sign_in(client, who)
        answer = client.post(f"/bulletins/at/{desk.place}/follow", follow_redirects=True)
        assert "下一期发布时" in answer.get_data(as_text=True)
    client.post(f"/bulletins/at/{desk.place}/follow")
    client.post(f"/bulletins/at/{desk.place}/unfollow")
    desk.published()
    desk.work()
    assert told(desk, "bulletin_published") == [desk.cast.stranger.person_id]
    assert entries(desk, "BulletinFollowed") == 2
    query = sa.select(Notice.path).where(Notice.code == "bulletin_published")
    assert desk.session.scalars(query).one() == f"/bulletins/{desk.issue().public_id}"


def test_many_followers_are_told_in_as_many_acts_as_it_takes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.discovery.bulletins.jobs.CHUNK", 2)
    desk.opened()
    people = [desk.cast.make_player(f"读者{number}", VILLAGE) for number in range(5)]
    for who in people:
        with desk.open(who.actor) as act:
            follow(act, desk.place)
    desk.published()
    assert sorted(told(desk, "bulletin_published")) == sorted(who.person_id for who in people)
