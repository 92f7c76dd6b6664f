"""Signing up, waiting, moving up, saying no."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Membership
from exchange.kernel.actor import VISITOR
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from exchange.volunteering.kinds import Circle, SignupState
from exchange.volunteering.models import Shift
from exchange.volunteering.queries import places_in_line, seen_shift
from exchange.volunteering.service import cancel_activity
from exchange.volunteering.shifts.service import cancel_shift, change_shift
from exchange.volunteering.signups.service import sign_up, still_come
from tests.cast import VILLAGE, Player
from tests.conftest import SettableClock
from tests.volunteer_invariants import broken_shifts
from tests.volunteering.conftest import SATURDAY, Group

IN, WAITS = SignupState.SIGNED_UP, SignupState.WAITING


def test_the_last_place_is_given_once_and_the_next_one_waits(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    first, second, third = (group.volunteer() for _ in range(3))
    assert group.joins(first, shift) is IN
    assert group.joins(first, shift) is IN  # sent twice
    assert group.joins(second, shift) is WAITS
    assert group.joins(third, shift) is WAITS
    assert group.joins(second, shift) is WAITS
    assert group.fresh(shift).taken == 1
    waiting = [group.answer(who, shift) for who in (second, third)]
    lines = places_in_line(group.session, [one for one in waiting if one])
    assert [lines[one.id] for one in waiting if one] == [1, 2]


def test_who_gives_a_place_back_lets_the_first_of_the_list_move_up(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    first, second, third = (group.volunteer() for _ in range(3))
    for who in (first, second, third):
        group.joins(who, shift)
    assert group.says_no(first, shift) is SignupState.CANCELLED
    assert group.state(second, shift) is IN
    assert group.state(third, shift) is WAITS
    assert group.told(second) == ["shift_moved_up"]
    assert "shift_given_back" in group.told(group.leader)
    group.says_no(second, shift)  # and may decline: the next moves up
    assert group.state(third, shift) is IN
    assert group.fresh(shift).taken == 1


def test_who_joins_again_stands_at_the_end(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    first, second, third = (group.volunteer() for _ in range(3))
    for who in (first, second, third):
        group.joins(who, shift)
    group.says_no(second, shift)
    group.joins(second, shift)
    group.says_no(first, shift)
    assert group.state(third, shift) is IN
    assert group.state(second, shift) is WAITS


def test_whoever_has_another_shift_by_now_is_passed_over(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    _, (other,) = group.run(group.shift(SATURDAY + timedelta(hours=1)), title="村里大扫除")
    first, second, third = (group.volunteer() for _ in range(3))
    for who in (first, second, third):
        group.joins(who, shift)
    group.joins(second, other)
    group.says_no(first, shift)
    assert group.state(second, shift) is WAITS
    assert group.state(third, shift) is IN


def passed_over(group: Group) -> tuple[Shift, Shift, Player, Player]:
    """A shift with a free place for which somebody waits who has another one at that time."""
    _, (shift,) = group.run(group.shift(maximum=1))
    _, (other,) = group.run(group.shift(SATURDAY + timedelta(hours=1)), title="村里大扫除")
    first, waits = group.volunteer(), group.volunteer()
    group.joins(first, shift)
    group.joins(waits, shift)
    group.joins(waits, other)
    group.says_no(first, shift)
    assert (group.state(waits, shift), group.fresh(shift).free) == (WAITS, 1)
    return shift, other, waits, group.volunteer("新来的")


def test_a_newcomer_takes_no_place_from_who_waits_for_it(
    group: Group, signed_in: Callable[[Player], FlaskClient]
) -> None:
    shift, other, waits, newcomer = passed_over(group)
    with group.act_as(group.leader.actor) as act:
        cancel_shift(act, seen_shift(act.session, act.actor, other.public_id), "大雨")
    path = f"/shifts/{shift.public_id}/join"
    page = signed_in(newcomer).post(path, data={"wait": "1"}, follow_redirects=True).text
    assert "number 1 on the waiting list" in page
    assert (group.state(waits, shift), group.state(newcomer, shift)) == (IN, WAITS)
    assert "shift_moved_up" in group.told(waits)
    assert (group.fresh(shift).taken, list(broken_shifts(group.session))) == (1, [])


@pytest.mark.parametrize("by_program", [False, True])
def test_a_newcomer_who_is_refused_leaves_the_place_to_who_waits(
    group: Group, signed_in: Callable[[Player], FlaskClient], *, by_program: bool
) -> None:
    shift, other, waits, newcomer = passed_over(group)
    with group.act_as(group.leader.actor) as act:
        cancel_shift(act, seen_shift(act.session, act.actor, other.public_id), "大雨")
    path = f"/shifts/{shift.public_id}/join"
    if by_program:
        client = group.cast.app.test_client()
        said = client.post(
            f"/api/v1{path}", json={"wait": False}, headers=group.token(newcomer)
        )
        assert (said.status_code, said.json["code"]) == (409, "shift_full")
    else:
        page = signed_in(newcomer).post(path, follow_redirects=True).text
        assert "Wait for a place" in page
    assert (group.state(waits, shift), group.state(newcomer, shift)) == (IN, None)
    assert (group.fresh(shift).taken, list(broken_shifts(group.session))) == (1, [])


def test_a_newcomer_has_the_place_while_who_waits_is_elsewhere(group: Group) -> None:
    shift, _other, waits, newcomer = passed_over(group)
    assert group.joins(newcomer, shift) is IN
    assert (group.state(waits, shift), group.fresh(shift).taken) == (WAITS, 1)


def test_who_leaves_a_shift_moves_up_in_what_they_wait_for_then(
    group: Group, signed_in: Callable[[Player], FlaskClient]
) -> None:
    shift, other, waits, newcomer = passed_over(group)
    answer = signed_in(waits).post(f"/shifts/{other.public_id}/decline")
    assert answer.status_code == 302
    assert (group.state(waits, shift), group.fresh(other).taken) == (IN, 0)
    assert group.told(waits).count("shift_moved_up") == 1
    assert group.joins(newcomer, shift) is WAITS
    assert list(broken_shifts(group.session)) == []


def test_a_clash_is_refused_and_names_the_other_shift(group: Group) -> None:
    _, (shift,) = group.run()
    _, (clashing, touching) = group.run(
        group.shift(SATURDAY + timedelta(hours=1)),
        group.shift(SATURDAY + timedelta(hours=2)),
        title="村里大扫除",
    )
    who = group.volunteer()
    group.joins(who, shift)
    with pytest.raises(Conflict) as refused:
        group.joins(who, clashing)
    assert refused.value.code == "shift_clash"
    assert refused.value.params["title"] == "周六陪孩子读书"
    when = refused.value.params["when"]["zh"].replace("\xa0", " ")
    assert when == "11 月 28 日周六 09:00–11:00"
    answer = group.cast.app.test_client().post(
        f"/api/v1/shifts/{clashing.public_id}/join", json={}, headers=group.token(who)
    )
    said = answer.json["detail"].replace("\xa0", " ")
    assert "at that time: Sat 28 Nov 09:00–11:00." in said
    assert group.joins(who, touching) is IN


def test_nobody_confirms_a_shift_moved_to_the_time_of_another(
    group: Group, signed_in: Callable[[Player], FlaskClient]
) -> None:
    later = SATURDAY + timedelta(hours=4)
    _, (shift,) = group.run()
    _, (other,) = group.run(group.shift(later), title="村里大扫除")
    who = group.volunteer()
    group.joins(who, shift)
    group.joins(who, other)
    with group.act_as(group.leader.actor) as act:
        found = seen_shift(act.session, act.actor, shift.public_id)
        change_shift(act, found, group.shift(later))
    assert list(broken_shifts(group.session)) == []  # asked, and not answered yet
    page = signed_in(who).post(f"/shifts/{shift.public_id}/confirm", follow_redirects=True)
    assert "村里大扫除" in page.get_data(as_text=True)
    kept = group.answer(who, shift)
    assert kept is not None
    assert (kept.asked_at is not None, kept.confirmed_at) == (True, None)
    headers = group.token(who)
    address = f"/api/v1/shifts/{shift.public_id}/confirm"
    client = group.cast.app.test_client()
    refused = client.post(address, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "shift_clash")
    group.says_no(who, other)
    assert client.post(address, headers=headers).status_code == 200
    assert list(broken_shifts(group.session)) == []


def test_no_is_an_answer_and_not_the_last_word(group: Group) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    assert group.says_no(who, shift) is SignupState.DECLINED
    assert group.says_no(who, shift) is SignupState.DECLINED
    assert group.joins(who, shift) is IN
    assert group.fresh(shift).taken == 1


def test_nobody_signs_up_once_it_has_begun_or_is_called_off(
    group: Group, clock: SettableClock
) -> None:
    _, (early, late) = group.run(group.shift(), group.shift(SATURDAY + timedelta(days=1)))
    who = group.volunteer()
    with group.act_as(group.leader.actor) as act:
        cancel_shift(act, seen_shift(act.session, act.actor, late.public_id), "大雨")
    with pytest.raises(Conflict, match="shift_cancelled"):
        group.joins(who, late)
    clock.set(SATURDAY)
    with pytest.raises(Conflict, match="shift_has_begun"):
        group.joins(who, early)


def test_visitors_people_without_contact_and_outsiders_are_refused(group: Group) -> None:
    _, (shift,) = group.run()
    _, (inside,) = group.run(circle=Circle.MEMBERS, title="队内培训")
    with pytest.raises(SignInNeeded), group.act_as(VISITOR) as act:
        sign_up(act, seen_shift(act.session, act.actor, shift.public_id))
    silent = group.cast.make_player("没电话", VILLAGE, phone_confirmed=False)
    with pytest.raises(Forbidden, match="confirm_contact_first"):
        group.joins(silent, shift)
    with pytest.raises(NotFound):
        group.joins(group.cast.stranger, inside)
    assert group.joins(group.helper, inside) is IN


def test_a_full_shift_is_not_waited_for_unasked(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    group.joins(group.volunteer(), shift)
    late = group.volunteer()
    with pytest.raises(Conflict, match="shift_full"), group.act_as(late.actor) as act:
        sign_up(act, seen_shift(act.session, act.actor, shift.public_id), wait=False)


def test_another_time_asks_anew_and_a_no_moves_the_next_up(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    first, second = group.volunteer(), group.volunteer()
    group.joins(first, shift)
    group.joins(second, shift)
    moved = group.shift(SATURDAY + timedelta(hours=3), maximum=1)
    with group.act_as(group.leader.actor) as act:
        change_shift(act, seen_shift(act.session, act.actor, shift.public_id), moved)
    assert group.told(first) == ["shift_moved_ask"]
    assert group.told(second) == ["shift_moved_waiting"]
    asked = group.answer(first, shift)
    assert asked is not None
    assert asked.asked_at is not None
    with group.act_as(first.actor) as act:
        still_come(act, seen_shift(act.session, act.actor, shift.public_id))
    confirmed = group.answer(first, shift)
    assert confirmed is not None
    assert (confirmed.asked_at, confirmed.confirmed_at is not None) == (None, True)
    group.says_no(first, shift)
    assert group.state(second, shift) is IN


def test_more_places_let_people_move_up_and_fewer_than_taken_are_refused(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    first, second = group.volunteer(), group.volunteer()
    group.joins(first, shift)
    group.joins(second, shift)
    with group.act_as(group.leader.actor) as act:
        found = seen_shift(act.session, act.actor, shift.public_id)
        change_shift(act, found, group.shift(maximum=2), found.version)
    assert group.state(second, shift) is IN
    assert group.told(first) == []
    fewer = group.shift(maximum=1)
    with pytest.raises(Invalid) as refused, group.act_as(group.leader.actor) as act:
        change_shift(act, seen_shift(act.session, act.actor, shift.public_id), fewer)
    assert refused.value.fields == {"maximum": ["shift_below_taken"]}


def test_everybody_is_told_once_of_what_is_called_off(group: Group) -> None:
    activity, shifts = group.run(
        group.shift(maximum=1), group.shift(SATURDAY + timedelta(days=1), maximum=1)
    )
    first, second = group.volunteer(), group.volunteer()
    for shift in shifts:
        group.joins(first, shift)
        group.joins(second, shift)
    with group.act_as(group.leader.actor) as act:
        cancel_activity(act, act.session.get_one(type(activity), activity.id), "大雨封路")
    assert group.told(first) == ["activity_cancelled"]
    assert group.told(second) == ["activity_cancelled"]
    with pytest.raises(Conflict):
        group.says_no(first, shifts[0])


def test_who_leaves_the_organisation_comes_to_nothing_for_members_only(group: Group) -> None:
    _, (inside,) = group.run(circle=Circle.MEMBERS, title="队内培训")
    _, (public,) = group.run(group.shift(datetime(2026, 12, 5, 9, tzinfo=SATURDAY.tzinfo)))
    group.joins(group.helper, inside)
    group.joins(group.helper, public)
    owner = group.leader.organisation.public_id
    client = group.cast.app.test_client()
    group.cast.sign_in(client, group.helper)
    assert client.post(f"/organisations/{owner}/leave").status_code == 302
    left = sa.select(Membership.ended_at).where(
        Membership.person_id == group.helper.person_id,
        Membership.organisation_id == group.leader.organisation_id,
    )
    group.session.rollback()
    assert group.session.scalar(left) is not None
    assert group.state(group.helper, inside) is SignupState.CANCELLED
    assert group.state(group.helper, public) is IN


def test_a_person_alone_runs_nothing_with_children(group: Group) -> None:
    alone = group.volunteer("独行")
    assert alone.organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
    group.leader = alone
    with pytest.raises(Conflict, match="activity_needs_verified"):
        group.run()
