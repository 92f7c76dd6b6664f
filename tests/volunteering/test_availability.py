"""Saying when one can help, and the offer that is kept in step with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.tokens.service import create_token
from exchange.audit.models import AuditEntry
from exchange.jobs.runner import JobRun
from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Form, Side, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.listings.publishing import park_listing, post_again, withdraw_listing
from exchange.listings.renewal.expiry import announce_expiry, expire_due
from exchange.listings.values import values_of as listing_values_of
from exchange.listings.writing import edit_listing
from exchange.volunteering.availability import jobs
from exchange.volunteering.availability.kinds import Reach
from exchange.volunteering.availability.models import Availability
from exchange.volunteering.availability.queries import out_of_step, prefixes_within, sums_in
from exchange.volunteering.availability.service import (
    end_availability,
    keep_person_in_step,
    pause_availability,
    resume_availability,
    save_availability,
)
from exchange.volunteering.availability.time_rules import mask_of
from exchange.volunteering.availability.values import AvailabilityValues
from exchange.volunteering.kinds import Skill
from tests.cast import CENTRE_AREA, ELSEWHERE, FIRM_AREA, STATION_AREA, VILLAGE, Player
from tests.conftest import Queries, SettableClock
from tests.factories import make_listing
from tests.volunteering.conftest import Group

TODAY = date(2026, 11, 22)


def values(**changes: Any) -> AvailabilityValues:
    chosen: dict[str, Any] = {
        "skills": ("tutoring", "driving"), "words": "教过三年小学数学",
        "times": mask_of(["5-morning", "6-morning"]), "division_code": VILLAGE,
        "reach": Reach.COUNTY, "tongues": ("mandarin", "bouyei"), "may_be_asked": True,
        "is_adult": True,
    }  # fmt: skip
    return AvailabilityValues(**(chosen | changes))


def said(group: Group, who: Player, **changes: Any) -> Availability:
    with group.act_as(who.actor) as act:
        save_availability(act, values(**changes))
    return found(group, who)


def found(group: Group, who: Player) -> Availability:
    group.session.rollback()
    query = sa.select(Availability).where(Availability.person_id == who.person_id)
    return group.session.scalars(query.execution_options(populate_existing=True)).one()


def offer(group: Group, who: Player) -> Listing:
    row = found(group, who)
    assert row.listing_id is not None
    return group.session.get_one(Listing, row.listing_id, populate_existing=True)


def all_offers(group: Group) -> list[Listing]:
    group.session.rollback()
    query = sa.select(Listing).where(Listing.form == Form.AVAILABILITY).order_by(Listing.id)
    return list(group.session.scalars(query.execution_options(populate_existing=True)))


def followed(group: Group) -> int:
    """How many offers the clock's job had to look at."""
    group.session.rollback()
    due = out_of_step(group.session, group.cast.house.clock.now().date())
    run = JobRun(group.cast.house, lambda: group.session, nullcontext)
    jobs.keep_availability_in_step.handler(run, [{}])
    group.session.rollback()
    return len(due)


@pytest.fixture
def who(group: Group) -> Player:
    return group.volunteer("王小雨")


def test_what_a_volunteer_says_is_an_offer_that_only_brokers_see(group: Group, who: Player) -> None:
    said(group, who)
    listing = offer(group, who)
    assert (listing.form, listing.side, listing.state) == (
        Form.AVAILABILITY, Side.OFFER, State.PUBLISHED,
    )  # fmt: skip
    assert listing.visibility is Visibility.BROKERS
    assert listing.category_code == "volunteers.longterm"
    assert (listing.quantity_milli, listing.unit) == (1000, "人")
    assert listing.serves == (STATION_AREA,)
    assert listing.title == "志愿者：课业辅导、开车，周末上午有空"
    assert "王" not in listing.title + listing.text
    for line in ("教过三年小学数学", "会说普通话、布依语"):
        assert line in listing.text
    cast = group.cast
    assert can_see(cast.broker.actor, listing)
    for other in (cast.stranger, cast.officer, cast.enterprise, group.leader):
        assert not can_see(other.actor, listing)


def test_the_offer_follows_in_the_same_act(group: Group, who: Player) -> None:
    first = said(group, who)
    said(group, who)  # the same again
    assert found(group, who).version == first.version == 1
    said(group, who, skills=("medicine",), times=mask_of(["0-evening"]), reach=Reach.CITY)
    listing = offer(group, who)
    assert len(all_offers(group)) == 1
    assert listing.category_code == "volunteers.professional"
    assert listing.serves == (CENTRE_AREA,)
    assert "周一晚上" in listing.title
    assert listing.version == 2


def test_a_pause_sets_the_offer_aside_and_it_comes_back(
    group: Group, who: Player, clock: SettableClock
) -> None:
    said(group, who)
    today = group.cast.house.clock.now().date()
    with group.act_as(who.actor) as act:
        pause_availability(act, act.today, act.today + timedelta(days=7))
        pause_availability(act, act.today, act.today + timedelta(days=7))  # sent twice
    assert offer(group, who).state is State.PARKED
    said(group, who, words="换几个字")  # what is said meanwhile stays aside
    assert offer(group, who).state is State.PARKED
    with group.act_as(who.actor) as act:
        resume_availability(act)
        resume_availability(act)
    assert offer(group, who).state is State.PUBLISHED
    assert "换几个字" in offer(group, who).text
    with group.act_as(who.actor) as act:
        pause_availability(act, today + timedelta(days=3), today + timedelta(days=5))
    assert offer(group, who).state is State.PUBLISHED  # it lies ahead
    for days, state in ((4, State.PARKED), (5, State.PUBLISHED)):
        clock.forward(days=days)
        followed(group)
        assert followed(group) == 0
        assert offer(group, who).state is state
    assert found(group, who).pause_from is None


def test_one_offer_that_cannot_follow_holds_up_no_other(
    group: Group, who: Player, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = who, group.volunteer("李大山")
    tomorrow = group.cast.house.clock.now().date() + timedelta(days=1)
    for one in both:
        said(group, one)
        with group.act_as(one.actor) as act:
            pause_availability(act, tomorrow, None)
    clock.forward(days=2)

    def keep(act: Act, person_id: int) -> None:
        if person_id == both[0].person_id:
            raise Conflict("refused")
        keep_person_in_step(act, person_id)

    monkeypatch.setattr(jobs, "keep_person_in_step", keep)
    assert followed(group) == 2
    assert [offer(group, one).state for one in both] == [State.PUBLISHED, State.PARKED]
    monkeypatch.undo()
    assert followed(group) == 1
    assert offer(group, both[0]).state is State.PARKED


def test_ending_withdraws_the_offer_and_deletes_what_was_said(group: Group, who: Player) -> None:
    said(group, who)
    for _ in range(2):
        with group.act_as(who.actor) as act:
            end_availability(act)
    (listing,) = all_offers(group)
    assert listing.state is State.WITHDRAWN
    assert group.session.scalar(sa.select(sa.func.count()).select_from(Availability)) == 0
    said(group, who)
    assert [one.state for one in all_offers(group)] == [State.WITHDRAWN, State.PUBLISHED]


def test_a_closed_account_takes_all_of_it_away(group: Group, who: Player) -> None:
    said(group, who)
    with group.act_as(SYSTEM) as act:
        act.emit(AccountClosed(who.person_id, (who.organisation_id,)))
    (listing,) = all_offers(group)
    assert listing.state is State.WITHDRAWN
    assert listing.text == ""
    assert group.session.scalar(sa.select(sa.func.count()).select_from(Availability)) == 0


def test_after_the_last_day_it_is_renewed_where_it_was_said(
    group: Group, who: Player, clock: SettableClock
) -> None:
    today = group.cast.house.clock.now().date()
    said(group, who, to_date=today + timedelta(days=3))
    clock.forward(days=2)
    with group.act_as(SYSTEM) as act:
        assert announce_expiry(act) == 0  # nobody is sent to a page where they could do nothing
    clock.forward(days=3)
    with group.act_as(SYSTEM) as act:
        expire_due(act)
    assert offer(group, who).state is State.EXPIRED
    assert followed(group) == 0
    said(group, who, to_date=today + timedelta(days=30))
    assert offer(group, who).state is State.PUBLISHED
    assert len(all_offers(group)) == 1


def test_what_a_match_holds_is_left_alone_unless_more_is_offered(
    group: Group, who: Player
) -> None:
    said(group, who)
    with group.act_as(SYSTEM) as act:
        listing = act.session.get_one(Listing, offer_id(act, who))
        listing.committed_milli = 1000
        listing.move_to(State.FULFILLED, act.now)
    said(group, who, words="别的话")
    assert len(all_offers(group)) == 1
    assert "别的话" not in offer(group, who).text
    with group.act_as(SYSTEM) as act:  # the match gives it back
        listing = act.session.get_one(Listing, offer_id(act, who))
        listing.committed_milli = 0
        listing.move_to(State.PUBLISHED, act.now)
    assert followed(group) == 1
    assert "别的话" in offer(group, who).text
    with group.act_as(SYSTEM) as act:
        listing = act.session.get_one(Listing, offer_id(act, who))
        listing.committed_milli = 1000
        listing.move_to(State.FULFILLED, act.now)
    with group.act_as(who.actor) as act:
        save_availability(act, values(words="别的话"), again=True)
    assert [one.state for one in all_offers(group)] == [State.FULFILLED, State.PUBLISHED]


def offer_id(act: Act, who: Player) -> int:
    query = sa.select(Availability.listing_id).where(Availability.person_id == who.person_id)
    return act.session.scalar(query) or 0


@pytest.mark.parametrize("verb", [withdraw_listing, park_listing, post_again])
def test_nobody_changes_the_offer_beside_it(
    group: Group, who: Player, verb: Callable[[Act, Listing], object]
) -> None:
    said(group, who)
    with group.act_as(who.actor) as act, pytest.raises(Forbidden):
        verb(act, act.session.get_one(Listing, offer_id(act, who)))
    with group.act_as(who.actor) as act:
        listing = act.session.get_one(Listing, offer_id(act, who))
        with pytest.raises(Forbidden):
            edit_listing(act, listing, listing_values_of(listing))


def test_it_is_refused_with_its_reason(group: Group, who: Player) -> None:
    silent = group.cast.make_player("无号", VILLAGE, phone_confirmed=False)
    with group.act_as(silent.actor) as act, pytest.raises(Forbidden, match="confirm_contact"):
        save_availability(act, values())
    for changes, field in (
        ({"division_code": "999999"}, "division_code"),
        ({"division_code": "52"}, "division_code"),
        ({"division_code": ""}, "division_code"),
        ({"words": "加我微信 abc12345"}, "words"),
    ):
        with group.act_as(who.actor) as act, pytest.raises(Invalid) as caught:
            save_availability(act, values(**changes))
        assert field in caught.value.fields
    with group.act_as(who.actor) as act, pytest.raises(NotFound):
        pause_availability(act, act.today, None)
    said(group, who)
    with group.act_as(who.actor) as act, pytest.raises(Conflict, match="changed_meanwhile"):
        save_availability(act, values(words="晚了一步"), 7)


def test_kilometres_are_counties_nearby(group: Group) -> None:
    group.cast.make_place(FIRM_AREA)
    session = group.session
    near = prefixes_within(session, VILLAGE, Reach.KM_50)
    wide = prefixes_within(session, VILLAGE, Reach.KM_100)
    assert near[0] == wide[0] == STATION_AREA  # the own county first
    assert FIRM_AREA in near
    assert ELSEWHERE not in near
    assert set(near) < set(wide)
    assert all(code.startswith("52") for code in wide)
    assert prefixes_within(session, VILLAGE, Reach.TOWNSHIP) == [VILLAGE[:9]]
    assert prefixes_within(session, CENTRE_AREA, Reach.KM_50) == [CENTRE_AREA]


def test_sums_are_public_and_small_ones_are_not(
    group: Group, client: FlaskClient, catch_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    client.get("/locale/en")
    for number in range(4):
        said(group, group.volunteer(f"人{number}"))
    page = client.get(f"/volunteers?division={STATION_AREA}").get_data(as_text=True)
    assert "Fewer than five" in page
    said(group, group.volunteer("第五"), skills=("tutoring", "law"))
    with catch_queries() as few:
        page = client.get(f"/volunteers?division={STATION_AREA}").get_data(as_text=True)
    assert "5 volunteers have time here" in page
    assert "Tutoring" in page
    assert "Law" not in page
    assert "第" not in page.partition("<main")[2].partition("</main>")[0]
    in_all, by_skill = sums_in(group.session, FIRM_AREA, TODAY)
    assert (in_all, by_skill[Skill.LAW]) == (0, 0)
    answer = client.get(f"/api/v1/volunteers/sums?division={STATION_AREA}").get_json()
    assert (answer["count"], answer["skills"]["tutoring"], answer["skills"]["law"]) == (5, 5, None)
    for number in range(5):
        said(group, group.volunteer(f"更多{number}"))
    with catch_queries() as many:
        client.get(f"/volunteers?division={STATION_AREA}")
    assert many.count == few.count
    for odd in ("x", "99", "5204%27", "", "520422102243"):
        assert client.get("/volunteers", query_string={"division": odd}).status_code == 200


def form(**changes: Any) -> dict[str, Any]:
    chosen: dict[str, Any] = {
        "skills": ["tutoring"], "words": "", "times": ["5-morning"], "division": VILLAGE,
        "reach": "county", "may_be_asked": "y", "is_adult": "y", "version": "0",
    }  # fmt: skip
    return chosen | changes


def test_the_page_saves_pauses_and_ends(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient]
) -> None:
    client = signed_in(who)
    assert "What can you do?" in client.get("/my/availability").get_data(as_text=True)
    answer = client.post("/my/availability", data=form(), follow_redirects=True)
    assert "The station can find you." in answer.get_data(as_text=True)
    assert "Sat mornings" in answer.get_data(as_text=True)
    assert found(group, who).may_be_asked
    bad = client.post("/my/availability", data=form(times=[], skills=[], words="随便", version="1"))
    assert bad.status_code == 422
    assert "at least one time" in bad.get_data(as_text=True)
    assert "随便" in bad.get_data(as_text=True)
    late = client.post("/my/availability", data=form(words="晚了", version="9"))
    assert late.status_code == 422
    day = group.cast.house.clock.now().date().isoformat()
    bad = client.post("/my/availability/pause", data={"begins": "nonsense", "version": "1"})
    assert bad.status_code == 422
    answer = client.post(
        "/my/availability/pause", data={"begins": day, "version": "1"}, follow_redirects=True
    )
    assert "You pause until you come back." in answer.get_data(as_text=True)
    answer = client.post("/my/availability/resume", follow_redirects=True)
    assert "The station can find you." in answer.get_data(as_text=True)
    listing = client.get(f"/listings/{offer(group, who).public_id}").get_data(as_text=True)
    assert "Change, pause or end it" in listing
    assert "volunteer&#39;s time" in listing or "volunteer's time" in listing
    assert f"/listings/{offer(group, who).public_id}/edit" not in listing
    client.post("/my/availability/end")
    assert all_offers(group)[0].state is State.WITHDRAWN
    for path in ("/my/availability/pause", "/my/availability/resume"):
        assert client.post(path, data={"begins": day, "version": "1"}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"reach": "moon"}, {"times": ["9-night"]}, {"skills": ["flying"]}, {"tongues": ["x"]},
        {"from_date": "0001-01-01"}, {"to_date": "9999-12-31"}, {"version": "²"},
        {"division": "'; --"}, {"words": "\x00\ud800" * 3}, {"words": "长" * 5000},
    ],
)  # fmt: skip
def test_odd_input_is_answered(
    signed_in: Callable[[Player], FlaskClient], who: Player, changes: dict[str, Any]
) -> None:
    client = signed_in(who)
    data = {
        key: value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        for key, value in form(**changes).items()
    }
    assert client.post("/my/availability", data=data).status_code in (302, 422)


def test_brokers_find_it_with_its_badge_and_filter(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient], index_now: None
) -> None:
    said(group, who)
    broker = signed_in(group.cast.broker)
    page = broker.get(f"/listings/{offer(group, who).public_id}").get_data(as_text=True)
    assert "A volunteer and their time" in page
    assert "Sat–Sun mornings" in page
    assert "王小雨" not in page.partition("<h1>")[0]


@pytest.fixture
def index_now(app: Flask) -> None:
    """Nothing: the index follows by jobs; the plain search answers from the database."""


def test_programs_say_it_too(group: Group, who: Player, client: FlaskClient) -> None:
    with group.act_as(who.actor) as act:
        made = create_token(
            act, who.person_id, who.organisation_id, "phone", may_write=True, days=5
        )
    headers = {"Authorization": f"Bearer {made.secret}"}
    assert client.get("/api/v1/me/availability", headers=headers).status_code == 404
    body = {
        "skills": ["tutoring"], "times": ["5-morning"], "division": VILLAGE, "is_adult": True,
    }  # fmt: skip
    answer = client.post("/api/v1/me/availability", json=body, headers=headers)
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["listing_state"] == "published"
    changed = client.post(
        "/api/v1/me/availability", json={"words": "会木工", "is_adult": True}, headers=headers
    ).get_json()
    assert (changed["words"], changed["times"], changed["version"]) == ("会木工", ["5-morning"], 2)
    bad = client.post(
        "/api/v1/me/availability", json={"times": ["x"], "is_adult": True}, headers=headers
    )
    assert bad.status_code == 422
    day = {"from_date": group.cast.house.clock.now().date().isoformat()}
    paused = client.post("/api/v1/me/availability/pause", json=day, headers=headers).get_json()
    assert paused["listing_state"] == "parked"
    back = client.post("/api/v1/me/availability/resume", headers=headers).get_json()
    assert back["listing_state"] == "published"
    assert client.delete("/api/v1/me/availability", headers=headers).status_code == 204


def test_the_audit_knows_the_acts_and_not_the_words(group: Group, who: Player) -> None:
    said(group, who)
    group.session.rollback()
    kinds = set(group.session.scalars(sa.select(AuditEntry.event)))
    assert {"AvailabilitySaid", "ListingPublished"} <= kinds


def test_a_need_of_the_county_is_not_told_who_it_is(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient]
) -> None:
    said(group, who)
    make_listing(group.cast.house, group.cast.officer, Side.NEED)
    officer = signed_in(group.cast.officer)
    assert officer.get(f"/listings/{offer(group, who).public_id}").status_code == 404
