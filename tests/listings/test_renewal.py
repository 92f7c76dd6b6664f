"""Still needed? A tap prolongs a listing; what rests for a season comes back by itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.jobs.service import enqueue
from exchange.kernel.act import Act, House
from exchange.listings.jobs import expire_listings
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing
from exchange.listings.renewal.rules import may_renew, next_season, notice_due, renewed_until
from exchange.notifications.models import Notice
from tests.cast import VILLAGE, Cast
from tests.conftest import SettableClock
from tests.factories import make_listing
from tests.mailed import open_mailbox

OpenAct = Callable[..., AbstractContextManager[Act]]
RunJobs = Callable[[], int]
TODAY = date(2026, 11, 22)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def run(act_as: OpenAct, run_jobs: RunJobs) -> None:
    """The job of the clock, twice: a worker may be killed and begin anew."""
    for _ in range(2):
        with act_as() as act:
            enqueue(act, expire_listings, {})
        run_jobs()


@pytest.mark.parametrize(
    ("to_date", "told", "due"),
    [
        (date(2026, 12, 1), None, None),
        (date(2026, 11, 29), None, 7),
        (date(2026, 11, 25), 7, None),
        (date(2026, 11, 23), 7, 1),
        (date(2026, 11, 22), 1, None),
        (date(2026, 11, 22), None, 1),
        (date(2026, 11, 21), None, None),
        (None, None, None),
    ],
)
def test_notices_a_week_and_a_day_before(
    to_date: date | None, told: int | None, due: int | None
) -> None:
    assert notice_due(to_date, TODAY, told) == due


def test_it_lasts_as_long_again_or_as_such_things_do() -> None:
    last = date(2026, 11, 25)
    assert renewed_until(last, date(2026, 10, 26), "market.purchase", TODAY) == date(2026, 12, 25)
    assert renewed_until(last, None, "market.purchase", TODAY) == date(2026, 12, 25)
    assert renewed_until(date(2026, 11, 1), None, "funds.grant", TODAY) == date(2027, 5, 21)
    assert renewed_until(last, date(2020, 1, 1), None, TODAY) == date(2027, 5, 24)


def test_a_season_that_is_over_begins_again_next_year() -> None:
    spring = date(2026, 3, 1), date(2026, 4, 30)
    assert next_season(*spring, None, date(2027, 2, 20)) == (date(2027, 3, 1), date(2027, 4, 30))
    leap = next_season(date(2024, 2, 29), date(2024, 3, 9), None, date(2026, 1, 1))
    assert leap == (date(2026, 2, 28), date(2026, 3, 9))
    ahead = date(2026, 12, 1), date(2027, 1, 1)
    assert next_season(*ahead, None, TODAY) == ahead
    assert next_season(None, date(2026, 1, 1), "market.purchase", TODAY) == (
        None, date(2026, 12, 22),
    )  # fmt: skip


def test_renewal_is_for_what_is_near_its_end() -> None:
    assert may_renew(State.PUBLISHED, date(2026, 12, 6), TODAY)
    assert not may_renew(State.PUBLISHED, date(2026, 12, 7), TODAY)
    assert may_renew(State.EXPIRED, date(2026, 9, 23), TODAY)
    assert not may_renew(State.EXPIRED, date(2026, 9, 22), TODAY)
    assert not may_renew(State.WITHDRAWN, date(2026, 11, 20), TODAY)
    assert not may_renew(State.PUBLISHED, None, TODAY)


def test_the_owner_renews_in_one_tap_and_not_twice(
    house: House, cast: Cast, client: FlaskClient, session: Session
) -> None:
    listing = make_listing(house, cast.officer, Side.NEED, to_date=date(2026, 11, 28))
    listing.published_at = datetime(2026, 10, 29, 8, tzinfo=UTC)
    session.commit()
    path = f"/listings/{listing.public_id}"
    cast.sign_in(client, cast.officer)
    assert "还需要吗" in client.get(path).text
    done = client.post(f"{path}/renew", follow_redirects=True)
    assert "延到" in done.text
    assert "还需要吗" not in done.text
    session.rollback()
    assert session.get_one(Listing, listing.id).to_date == date(2026, 12, 28)
    assert client.post(f"{path}/renew").status_code == 409
    cast.sign_in(client, cast.stranger)
    assert client.post(f"{path}/renew").status_code == 403
    assert "还需要吗" not in client.get(path).text


def test_the_notice_carries_a_link_that_renews_once(
    house: House, cast: Cast, act_as: OpenAct, run_jobs: RunJobs, client: FlaskClient,
    session: Session, clock: SettableClock,
) -> None:  # fmt: skip
    box = open_mailbox(house, cast, cast.officer)
    listing = make_listing(house, cast.officer, Side.NEED, to_date=date(2026, 11, 30))
    clock.forward(days=2)
    run(act_as, run_jobs)
    [link] = box.links_to(cast.officer)
    page = client.get(link)
    assert "还需要吗" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    session.rollback()
    assert session.get_one(Listing, listing.id).to_date == date(2026, 11, 30)
    assert client.post(link, data={}).status_code == 422
    done = client.post(link, data={"needed": "yes"}, follow_redirects=True)
    assert "谢谢，记下了" in done.text
    session.rollback()
    assert session.get_one(Listing, listing.id).to_date == date(2026, 12, 8)
    again = client.post(link, data={"needed": "no"})
    assert again.status_code == 409
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.PUBLISHED


def test_by_link_it_is_taken_back_or_opened_again_after_its_end(
    house: House, cast: Cast, act_as: OpenAct, run_jobs: RunJobs, client: FlaskClient,
    session: Session, clock: SettableClock,
) -> None:  # fmt: skip
    box = open_mailbox(house, cast, cast.officer)
    listing = make_listing(house, cast.officer, Side.NEED, to_date=date(2026, 11, 23))
    clock.forward(days=2)
    run(act_as, run_jobs)
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.EXPIRED
    link = box.links_to(cast.officer)[-1]
    assert "不需要了" not in client.get(link).text
    client.post(link, data={"needed": "yes"})
    session.rollback()
    again = session.get_one(Listing, listing.id)
    assert (again.state, again.to_date) == (State.PUBLISHED, date(2026, 12, 1))
    clock.forward(days=3)
    run(act_as, run_jobs)
    client.post(box.links_to(cast.officer)[-1], data={"needed": "no"})
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.WITHDRAWN


def test_a_link_takes_back_nothing_that_a_colleague_has_just_renewed(
    house: House, cast: Cast, act_as: OpenAct, run_jobs: RunJobs, client: FlaskClient,
    session: Session, clock: SettableClock,
) -> None:  # fmt: skip
    box = open_mailbox(house, cast, cast.officer)
    listing = make_listing(house, cast.officer, Side.NEED, to_date=date(2026, 11, 30))
    clock.forward(days=2)
    run(act_as, run_jobs)
    [link] = box.links_to(cast.officer)
    session.rollback()
    session.get_one(Listing, listing.id).to_date = date(2027, 3, 1)
    session.commit()
    refused = client.post(link, data={"needed": "no"})
    assert refused.status_code == 409
    assert "登录" in refused.text
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.PUBLISHED


def park(client: FlaskClient, listing: Listing, until: str) -> int:
    return client.post(f"/listings/{listing.public_id}/park", data={"until": until}).status_code


def test_what_is_set_aside_for_a_season_comes_back_by_itself_with_a_notice(
    house: House, cast: Cast, act_as: OpenAct, run_jobs: RunJobs, client: FlaskClient,
    session: Session, clock: SettableClock,
) -> None:  # fmt: skip
    listing = make_listing(
        house, cast.officer, Side.NEED, from_date=date(2026, 3, 1), to_date=date(2026, 11, 30)
    )
    cast.sign_in(client, cast.officer)
    refused = client.post(f"/listings/{listing.public_id}/park", data={"until": "2026-11-22"})
    assert refused.status_code == 422
    assert "请选还没到的日子" in refused.text
    assert park(client, listing, "2027-02-20") == 302
    assert "自己恢复" in client.get(f"/listings/{listing.public_id}").text
    clock.forward(days=40)
    run(act_as, run_jobs)
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.PARKED
    clock.set(datetime(2027, 2, 20, 1, tzinfo=UTC))
    run(act_as, run_jobs)
    session.rollback()
    back = session.get_one(Listing, listing.id)
    assert (back.state, back.parked_until) == (State.PUBLISHED, None)
    assert (back.from_date, back.to_date) == (date(2027, 3, 1), date(2027, 11, 30))
    told = session.scalars(sa.select(Notice.code).where(Notice.code == "listing_back")).all()
    assert told == ["listing_back"]


def test_what_an_unverified_owner_set_aside_comes_back_through_review(
    house: House, cast: Cast, act_as: OpenAct, run_jobs: RunJobs, client: FlaskClient,
    session: Session, clock: SettableClock,
) -> None:  # fmt: skip
    who = cast.make_player("吴山", VILLAGE)
    listing = make_listing(house, who, Side.NEED)
    cast.sign_in(client, who)
    assert park(client, listing, "2026-12-20") == 302
    clock.set(datetime(2026, 12, 20, 1, tzinfo=UTC))
    run(act_as, run_jobs)
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.SUBMITTED


def test_what_cannot_come_back_stays_aside_and_its_owner_hears_of_it(
    house: House, cast: Cast, act_as: OpenAct, run_jobs: RunJobs, client: FlaskClient,
    session: Session, clock: SettableClock,
) -> None:  # fmt: skip
    listing = make_listing(house, cast.officer, Side.NEED)
    cast.sign_in(client, cast.officer)
    assert park(client, listing, "2026-12-20") == 302
    session.rollback()
    session.get_one(Listing, listing.id).category_code = None
    session.commit()
    clock.set(datetime(2026, 12, 20, 1, tzinfo=UTC))
    run(act_as, run_jobs)
    session.rollback()
    stays = session.get_one(Listing, listing.id)
    assert (stays.state, stays.parked_until) == (State.PARKED, None)
    told = sa.select(Notice.code).where(Notice.code == "listing_return_failed")
    assert session.scalars(told).all() == ["listing_return_failed"]
