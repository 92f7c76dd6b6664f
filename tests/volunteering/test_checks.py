"""Work with children: checked adults, what ends, what is forgotten when."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Shift
from exchange.volunteering.safeguarding.age_service import come_of_age
from exchange.volunteering.safeguarding.ask_service import ask_for_record
from exchange.volunteering.safeguarding.check_service import record_check
from exchange.volunteering.safeguarding.forgetting_service import drop_old, forget_due
from exchange.volunteering.safeguarding.models import (
    AgeStatement,
    ChildrenCheck,
    GuardianConsent,
    SafeguardAsk,
)
from exchange.volunteering.safeguarding.rules import Birth
from exchange.volunteering.safeguarding.sealing import Guardian, guardian_of
from exchange.volunteering.safeguarding.watching_service import (
    remind_of_ends,
    watch_shifts,
)
from tests.volunteering.conftest import SATURDAY, Group
from tests.volunteering.safeguarding_scene import (
    GONE,
    IN,
    MINOR,
    WAITS,
    CatchQueries,
    Clock,
    SignIn,
    checks,
    consents,
    refused,
    rows,
    system,
    with_children,
    young,
)


def test_an_activity_with_children_needs_two_checked_adults_to_be_published(
    group: Group,
) -> None:
    with pytest.raises(Conflict, match="children_checks_missing"):
        group.run(group.shift(minimum=2), with_children=True)
    checks(group, group.leader)
    with pytest.raises(Conflict, match="children_checks_missing"):
        group.run(group.shift(minimum=2), title="又一次", with_children=True)
    checks(group, group.helper)
    activity, _shifts = group.run(group.shift(minimum=2), title="第三次", with_children=True)
    assert activity.state is ActivityState.PUBLISHED


def test_an_adult_without_a_check_is_refused_asks_and_comes_once_it_is_recorded(
    group: Group, signed_in: SignIn
) -> None:
    _activity, shift = with_children(group)
    who = group.volunteer("周老师")
    client = signed_in(who)
    sent = client.post(f"/shifts/{shift.public_id}/join")
    assert sent.headers["Location"].endswith("/before")
    assert "A check is missing" in client.get(sent.headers["Location"]).text
    client.post(f"/shifts/{shift.public_id}/before/ask")
    client.post(f"/shifts/{shift.public_id}/before/ask")
    assert rows(group, SafeguardAsk) == 1
    signed_in(group.leader)
    owner = group.leader.organisation.public_id
    assert "周老师" in client.get(f"/organisations/{owner}/safeguarding").text
    path = f"/organisations/{owner}/safeguarding/checks/{who.person.public_id}"
    assert client.get(path).status_code == 200
    for bad in ("2025-01-01", "2026-12-31", "gestern", ""):
        answer = client.post(path, data={"checked_on": bad, "checked_by": owner})
        assert answer.status_code == 422, bad
    done = client.post(path, data={"checked_on": "2026-11-20", "checked_by": owner})
    assert done.status_code == 302
    group.session.rollback()
    check = group.session.scalars(
        sa.select(ChildrenCheck).where(ChildrenCheck.person_id == who.person_id)
    ).one()
    assert check.expires_on == date(2027, 11, 20)
    assert group.told(who) == ["check_recorded"]
    assert group.joins(who, shift) is IN
    signed_in(who)
    assert "2027" in client.get("/my/safeguarding").text


def test_two_places_with_children_are_for_adults(group: Group, signed_in: SignIn) -> None:
    _activity, shift = with_children(group, maximum=2)
    who = young(group)
    consents(group, who)
    page = signed_in(who).post(f"/shifts/{shift.public_id}/join", follow_redirects=True)
    assert "2 places of this shift are for adults" in page.text
    answer = group.cast.app.test_client().post(
        f"/api/v1/shifts/{shift.public_id}/join", json={}, headers=group.token(who)
    )
    assert (answer.status_code, answer.json["code"]) == (409, "children_places_for_adults")
    assert group.state(who, shift) is None
    assert group.joins(group.leader, shift) is IN
    assert group.joins(group.helper, shift) is IN


def test_who_moves_up_leaves_two_places_with_children_for_adults(group: Group) -> None:
    _activity, shift = with_children(group, maximum=3)
    third = group.volunteer()
    checks(group, third)
    for adult in (group.leader, group.helper, third):
        assert group.joins(adult, shift) is IN
    first, second = young(group, "小雨"), young(group, "小雪")
    for minor in (first, second):
        consents(group, minor)
        assert group.joins(minor, shift) is WAITS
    group.says_no(group.leader, shift)
    assert (group.state(first, shift), group.state(second, shift)) == (IN, WAITS)
    group.says_no(group.helper, shift)
    assert group.state(second, shift) is WAITS
    assert group.joins(group.leader, shift) is IN
    assert group.fresh(shift).taken == 3


def test_of_several_who_move_up_at_once_each_counts_for_the_next(group: Group) -> None:
    _activity, shift = with_children(group, maximum=3)
    _, (other,) = group.run(group.shift(maximum=4), title="村里大扫除", **MINOR)
    third = group.volunteer()
    checks(group, third)
    for adult in (group.leader, group.helper, third):
        group.joins(adult, shift)
    minors = [young(group, name) for name in ("小雨", "小雪")]
    for minor in minors:
        consents(group, minor)
        group.joins(minor, shift)
        group.joins(minor, other)
    group.says_no(third, shift)  # both are elsewhere then, and are passed over
    for minor in minors:
        group.says_no(minor, other)
    group.says_no(group.helper, shift)  # two places are free now
    assert [group.state(minor, shift) for minor in minors] == [IN, WAITS]


def test_neither_fewer_places_nor_children_coming_take_the_places_of_adults(group: Group) -> None:
    activity, (shift,) = group.run(group.shift(minimum=2, maximum=4), **MINOR)
    checks(group, group.leader)
    checks(group, group.helper)
    for name in ("小雨", "小雪"):
        minor = young(group, name)
        consents(group, minor)
        assert group.joins(minor, shift) is IN
    client, leader = group.cast.app.test_client(), group.token(group.leader)
    page, place = f"/api/v1/activities/{activity.public_id}", f"/api/v1/shifts/{shift.public_id}"
    hours = {"starts_at": "2026-11-28T09:00:00+08:00", "ends_at": "2026-11-28T11:00:00+08:00"}
    fewer, more = ({**hours, "minimum": 2, "maximum": most} for most in (3, 4))
    assert client.patch(place, json=fewer, headers=leader).status_code == 200
    answer = client.patch(page, json={"with_children": True}, headers=leader)
    assert (answer.status_code, answer.json["code"]) == (409, "children_room_for_adults")
    assert client.patch(place, json=more, headers=leader).status_code == 200
    assert client.patch(page, json={"with_children": True}, headers=leader).status_code == 200
    answer = client.patch(place, json=fewer, headers=leader)
    assert answer.status_code == 422
    assert "at least 4 places" in answer.text
    assert group.fresh(shift).maximum == 4


def test_nobody_records_their_own_check_and_coordinators_record_none(
    group: Group, signed_in: SignIn
) -> None:
    with pytest.raises(Forbidden, match="safeguard_own"):
        checks(group, group.leader, by=group.leader)
    for other in (group.helper, group.cast.stranger):
        with pytest.raises(Forbidden, match="safeguard_not_yours"):
            checks(group, group.leader, by=other)
    with pytest.raises(Conflict, match="check_for_minor"):
        checks(group, young(group))
    other_id, owner_row = group.cast.stranger.organisation_id, group.leader.organisation
    with group.act_as(group.leader.actor) as act, pytest.raises(Invalid):
        record_check(act, owner_row, group.helper.person, act.today, other_id)
    client = signed_in(group.leader)
    owner = group.leader.organisation.public_id
    path = f"/organisations/{owner}/safeguarding/checks/{group.leader.person.public_id}"
    assert "about themselves" in client.get(path).text


def test_a_check_must_be_good_on_the_day_of_the_shift(group: Group) -> None:
    _activity, shift = with_children(group)
    who = group.volunteer()
    group.says_no(who, shift)
    checks(group, who, on=date(2025, 11, 26))
    assert refused(group, who, shift) == "check_ends_before"


def test_whom_a_check_is_about_objects_or_takes_it_away(
    group: Group, signed_in: SignIn
) -> None:
    _activity, shift = with_children(group)
    who = group.volunteer()
    group.says_no(who, shift)
    key = checks(group, who)
    group.joins(who, shift)
    client = signed_in(who)
    client.post(f"/checks/{key}/object")
    assert "check_objected" in group.told(group.leader)
    assert group.state(who, shift) is IN
    with system(group) as act:
        watch_shifts(act, 0, 100)
    client.post(f"/checks/{key}/remove")
    assert group.state(who, shift) is GONE
    assert client.post(f"/checks/{key}/remove", follow_redirects=True).status_code == 200
    signed_in(group.cast.stranger)
    assert client.post(f"/checks/{key}/object").status_code == 404


def test_coordinators_hear_of_too_few_adults_and_of_missing_checks_once(
    group: Group, after: Clock, signed_in: SignIn
) -> None:
    activity, shift = with_children(group)
    minor = young(group)
    consents(group, minor)
    group.joins(minor, shift)
    group.joins(group.helper, shift)
    after(SATURDAY - timedelta(hours=14))  # seven in the evening before
    with system(group) as act:
        assert watch_shifts(act, 0, 100) == shift.id
    with system(group) as act:
        watch_shifts(act, 0, 100)
    assert group.told(group.leader).count("children_adults_lacking") == 1
    assert "children_checks_lacking" not in group.told(group.leader)
    with group.act_as(SYSTEM) as act:
        act.session.execute(sa.update(ChildrenCheck).values(objected_at=act.now))
    with system(group) as act:
        watch_shifts(act, 0, 100)
    assert group.told(group.leader).count("children_checks_lacking") == 1
    client = signed_in(group.leader)
    people = client.get(f"/activities/{activity.public_id}/people").text
    assert "Fewer than two adults" in people
    assert "Under 18, the guardian agrees" in people
    assert "No check for this day" in people
    listed = client.get(f"/attendance/shifts/{shift.public_id}").text
    assert "Fewer than two adults" in listed


def test_what_ends_within_thirty_days_is_told_once(
    group: Group, after: Clock, signed_in: SignIn
) -> None:
    who = young(group)
    consents(group, who)
    checks(group, group.helper)
    after(datetime(2027, 11, 1, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        assert remind_of_ends(act, 100) == 2
    with system(group) as act:
        assert remind_of_ends(act, 100) == 0
    assert group.told(who)[-1] == "guardian_consent_ending"
    assert group.told(group.helper)[-1] == "check_ending"
    told = signed_in(group.helper).get("/notices").text
    assert "expires on 22\xa0Nov. Please" in told
    assert {"guardian_consent_ending", "check_ending"} <= set(group.told(group.leader))


def test_births_are_forgotten_at_eighteen_and_guardians_at_the_set_time(
    group: Group, after: Clock
) -> None:
    who = young(group, birth=Birth(2008, 12))
    key = consents(group, who)
    after(datetime(2027, 1, 2, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        come_of_age(act, 0, 100)
    group.session.rollback()
    row = group.session.scalars(
        sa.select(AgeStatement).where(AgeStatement.person_id == who.person_id)
    ).one()
    assert row.birth_sealed is None
    consent = group.session.scalars(sa.select(GuardianConsent)).one()
    assert consent.public_id == key
    assert consent.valid_until == date(2027, 1, 2)
    after(datetime(2027, 8, 1, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        assert forget_due(act, 100) == 1
    group.session.rollback()
    assert guardian_of(group.cast.house.secrets, consent) == Guardian()
    after(datetime(2031, 1, 1, 9, 0, tzinfo=SATURDAY.tzinfo))
    with system(group) as act:
        drop_old(act)
    assert rows(group, GuardianConsent) == 0


def test_a_closed_account_takes_age_consents_and_checks_along(group: Group) -> None:
    who = young(group)
    consents(group, who)
    left = rows(group, AgeStatement)
    with system(group) as act:
        act.emit(AccountClosed(who.person_id, ()))
    assert rows(group, AgeStatement) == left - 1
    assert rows(group, GuardianConsent) == 0


def test_pages_of_records_and_people_need_as_many_queries_for_more_rows(
    group: Group, signed_in: SignIn, catch_queries: CatchQueries
) -> None:
    activity, shift = with_children(group, maximum=20)
    client = signed_in(group.leader)
    owner = group.leader.organisation.public_id
    pages = [f"/organisations/{owner}/safeguarding", f"/activities/{activity.public_id}/people"]

    def add() -> None:
        minor, grown, asks = young(group), group.volunteer(), group.volunteer()
        consents(group, minor)
        group.says_no(grown, shift)
        checks(group, grown)
        for one in (minor, grown):
            group.joins(one, shift)
        with group.act_as(asks.actor) as act:
            ask_for_record(act, act.session.get_one(Shift, shift.id))

    def needed() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with catch_queries() as queries:
                assert client.get(page).status_code == 200
            counts.append(queries.count)
        return counts

    add()
    before = needed()
    for _ in range(4):
        add()
    assert needed() == before
