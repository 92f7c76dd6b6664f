"""Saying when one can help, and the offer that is kept in step with it."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
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
from exchange.volunteering.availability.queries import out_of_step, prefixes_within
from exchange.volunteering.availability.service import (
    end_availability,
    keep_person_in_step,
    pause_availability,
    resume_availability,
    save_availability,
)
from exchange.volunteering.availability.time_rules import mask_of
from exchange.volunteering.availability.values import AvailabilityValues
from tests.cast import CENTRE_AREA, ELSEWHERE, FIRM_AREA, STATION_AREA, VILLAGE, Player
from tests.conftest import SettableClock
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


def test_the_audit_knows_the_acts_and_not_the_words(group: Group, who: Player) -> None:
    said(group, who)
    group.session.rollback()
    kinds = set(group.session.scalars(sa.select(AuditEntry.event)))
    assert {"AvailabilitySaid", "ListingPublished"} <= kinds
