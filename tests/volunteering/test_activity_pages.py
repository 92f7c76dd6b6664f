"""Volunteers and coordinators at the pages; strangers and odd input at the same doors."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.listings.kinds import Side
from exchange.search.jobs import ensure_index
from exchange.volunteering.kinds import ActivityState, Circle, ShiftState, SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.service import cancel_activity
from tests.cast import VILLAGE, Player
from tests.conftest import Queries
from tests.factories import make_listing
from tests.volunteering.conftest import SATURDAY, Group

SignIn = Callable[[Player], FlaskClient]
WEEK = timedelta(days=7)
Catch = Callable[[], AbstractContextManager[Queries]]
FORM = {
    "title": "清扫古井", "division": VILLAGE, "division_text": "", "day": "2026-11-28",
    "starts": "09:00", "ends": "11:00", "maximum": "8", "do": "publish",
    "work": "environment", "circle": "public",
}  # fmt: skip


def test_a_volunteer_signs_up_in_two_taps_and_takes_it_back_in_one(
    group: Group, signed_in: SignIn
) -> None:
    activity, (shift,) = group.run()
    who = group.volunteer()
    client = signed_in(who)
    page = client.get(f"/activities/{activity.public_id}").text
    assert "2 places left" in page
    assert "老槐树" not in page
    joined = client.post(f"/shifts/{shift.public_id}/join", follow_redirects=True).text
    assert "You are signed up." in joined
    assert "老槐树" in joined
    assert activity.title in client.get("/my/volunteering").text
    assert activity.title in client.get("/").text
    left = client.post(f"/shifts/{shift.public_id}/decline", follow_redirects=True).text
    assert "Noted: you do not come." in left
    assert group.state(who, shift) is SignupState.CANCELLED


def test_a_full_shift_offers_the_waiting_list_and_says_the_position(
    group: Group, signed_in: SignIn
) -> None:
    activity, (shift,) = group.run(group.shift(maximum=1))
    group.joins(group.volunteer(), shift)
    group.joins(group.volunteer(), shift)
    client = signed_in(group.volunteer())
    assert "Wait for a place" in client.get(f"/activities/{activity.public_id}").text
    unasked = client.post(f"/shifts/{shift.public_id}/join", follow_redirects=True).text
    assert "full by now" in unasked
    answer = client.post(
        f"/shifts/{shift.public_id}/join", data={"wait": "1"}, follow_redirects=True
    ).text
    assert "You are number 2 on the waiting list" in answer


def test_visitors_read_and_are_led_to_sign_in(group: Group, client: FlaskClient) -> None:
    activity, (shift,) = group.run()
    client.get("/locale/en")
    assert "Sign in and sign up" in client.get(f"/activities/{activity.public_id}").text
    assert activity.title in client.get("/activities").text
    refused = client.post(f"/shifts/{shift.public_id}/join")
    assert refused.status_code in (302, 401)
    assert group.fresh(shift).taken == 0
    for path in ("edit", "manage", "people", "shifts/new", "cancel"):
        assert client.get(f"/activities/{activity.public_id}/{path}").status_code in (302, 401)


def test_what_is_hidden_is_not_found_and_what_is_not_theirs_is_forbidden(
    group: Group, signed_in: SignIn
) -> None:
    inside, (hidden,) = group.run(circle=Circle.MEMBERS, title="队内培训")
    public, (shift,) = group.run()
    client = signed_in(group.cast.stranger)
    assert client.get(f"/activities/{inside.public_id}").status_code == 404
    assert client.post(f"/shifts/{hidden.public_id}/join").status_code == 404
    assert inside.title not in client.get("/activities").text
    for path in ("edit", "manage", "people", "shifts/new", "cancel"):
        assert client.get(f"/activities/{public.public_id}/{path}").status_code == 403
    assert client.post(f"/shifts/{shift.public_id}/cancel", data={"reason": "x"}).status_code == 403
    for odd in ("x" * 300, "';--", "不存在"):
        assert client.get(f"/activities/{odd}").status_code == 404
        assert client.get(f"/shifts/{odd}.ics").status_code == 404


def test_a_coordinator_makes_publishes_changes_and_calls_off(
    group: Group, signed_in: SignIn
) -> None:
    client = signed_in(group.leader)
    made = client.post("/activities/new", data=FORM)
    assert made.status_code == 302, made.text
    again = client.post("/activities/new", data=FORM)
    assert again.headers["Location"] == made.headers["Location"]
    assert 'data-keep="activity"' in client.get("/activities/new").text  # both words are one key
    client.post("/activities/new", data=FORM)
    assert 'data-keep-done="activity"' in client.get(made.headers["Location"]).text
    assert "data-keep-done" not in client.get(made.headers["Location"]).text
    group.session.rollback()
    activity = group.session.scalars(sa.select(Activity)).one()
    shift = group.session.scalars(sa.select(Shift)).one()
    assert (activity.state, shift.maximum) == (ActivityState.PUBLISHED, 8)
    assert shift.starts_at == SATURDAY
    edit = {**FORM, "title": "清扫古井和步道", "version": str(activity.version)}
    assert client.post(f"/activities/{activity.public_id}/edit", data=edit).status_code == 302
    stale = client.post(f"/activities/{activity.public_id}/edit", data={**edit, "title": "别的"})
    assert stale.status_code == 422
    assert "别的" in stale.text
    more = {"day": "2026-12-05", "starts": "09:00", "ends": "11:00", "maximum": "8",
            "repeat": "weekly", "until": "2026-12-26", "role": "", "minimum": "2"}  # fmt: skip
    added = client.post(f"/activities/{activity.public_id}/shifts/new", data=more)
    assert added.status_code == 302, added.text
    group.session.rollback()
    assert group.session.scalar(sa.select(sa.func.count(Shift.id))) == 5
    who = group.volunteer()
    group.joins(who, shift)
    assert who.person.name in client.get(f"/activities/{activity.public_id}/people").text
    refused = client.post(f"/activities/{activity.public_id}/cancel", data={"reason": ""})
    assert refused.status_code == 422
    gone = client.post(f"/activities/{activity.public_id}/cancel", data={"reason": "大雨封路"})
    assert gone.status_code == 302
    assert group.told(who) == ["activity_cancelled"]
    assert group.fresh(shift).state is ShiftState.CANCELLED
    assert "大雨封路" in client.get(f"/activities/{activity.public_id}").text


NAMES = ("满了的活动", "周日的活动", "安顺的活动")


def test_a_shift_is_removed_while_nobody_has_answered_and_called_off_afterwards(
    group: Group, signed_in: SignIn
) -> None:
    activity, (first, second) = group.run(group.shift(), group.shift(SATURDAY + WEEK))
    client = signed_in(group.leader)
    removes, calls_off = f"/shifts/{second.public_id}/discard", f"/shifts/{second.public_id}/cancel"
    pages = [f"/activities/{activity.public_id}/{name}" for name in ("manage", "people")]
    for page in pages:
        text = client.get(page).text
        assert removes in text
        assert calls_off not in text
    group.says_no(group.volunteer(), second)  # a no is an answer, too
    for page in pages:
        text = client.get(page).text
        assert removes not in text
        assert calls_off in text
        assert f"/shifts/{first.public_id}/discard" in text


def test_of_many_shifts_the_next_one_is_open(group: Group, signed_in: SignIn) -> None:
    activity, shifts = group.run(*(group.shift(SATURDAY + week * WEEK) for week in range(3)))
    page = signed_in(group.leader).get(f"/activities/{activity.public_id}/people").text
    cards = page.split('<section class="card stack tight" id="shift-')[1:]
    assert [one.partition('"')[0] for one in cards] == [one.public_id for one in shifts]
    opened = ['<details class="more" open>' in one for one in cards]
    assert opened == [True, False, False]


def test_whoever_looks_after_activities_finds_them_from_the_list_and_from_me(
    group: Group, signed_in: SignIn, client: FlaskClient
) -> None:
    group.run()
    way = 'href="/my/activities"'
    for path in ("/me", "/activities"):
        assert way in signed_in(group.leader).get(path).text
        assert way not in signed_in(group.volunteer()).get(path).text
    group.cast.sign_out(client)
    assert way not in client.get("/activities").text


def test_what_one_looks_after_stands_in_the_order_of_time(
    group: Group, signed_in: SignIn, after: Callable[[datetime], None], catch_queries: Catch
) -> None:
    day = timedelta(days=1)
    gone, _ = group.run(group.shift(SATURDAY - day), title="办完的")
    later, _ = group.run(group.shift(SATURDAY + 9 * day), title="下下周的")
    running, (now_on, _next) = group.run(
        group.shift(maximum=5), group.shift(SATURDAY + day), title="今天的"
    )
    full, (tight, _free) = group.run(
        group.shift(SATURDAY + 2 * day, maximum=1), group.shift(SATURDAY + 3 * day), title="后天的"
    )
    group.joins(group.volunteer(), now_on)
    group.joins(group.volunteer(), tight)
    off, _ = group.run(group.shift(SATURDAY + 20 * day), title="取消的")
    with group.act_as(group.leader.actor) as act:
        cancel_activity(act, act.session.get_one(Activity, off.id), "下雨")
    after(SATURDAY + timedelta(minutes=30))
    client = signed_in(group.leader)
    page = client.get("/my/activities").text
    titles = re.findall(r'<h3><a href="/activities/(\w+)">', page)
    order = (running, full, later, off, gone)
    assert titles == [one.public_id for one in order]
    cards = page.split("<article")[1:]
    assert ["Going on now" in one for one in cards] == [True, False, False, False, False]
    assert "Sat\xa028\xa0Nov 09:00–11:00 · 1 of 5 places taken" in cards[0]
    assert "Mon\xa030\xa0Nov 09:00–11:00 · 1 of 1 places taken" in cards[1]
    assert "Last shift: 27\xa0Nov" in cards[4]
    with catch_queries() as before:
        client.get("/my/activities")
    for number in range(5):
        group.run(group.shift(SATURDAY + (3 + number) * day), title=f"又一个{number}")
    with catch_queries() as caught:
        client.get("/my/activities")
    assert caught.count == before.count


def test_whoever_begins_no_activity_is_not_invited_to(
    group: Group, signed_in: SignIn, client: FlaskClient
) -> None:
    page = signed_in(group.cast.broker).get("/my/activities").text
    assert "Activities are begun by the managers of an organisation." in page
    assert "two minutes" not in page
    client.get("/locale/zh")
    refused = client.get("/activities/new")
    assert refused.status_code == 403
    assert "活动由单位的管理员发起。" in refused.text
    assert "two minutes" in signed_in(group.leader).get("/my/activities").text


def test_an_organisation_that_is_not_verified_keeps_a_draft(
    group: Group, signed_in: SignIn
) -> None:
    owner = group.cast.make_organisation(OrganisationKind.VOLUNTEER_GROUP, "新队", VILLAGE)
    leader = group.cast.make_player("新人", VILLAGE, owner, Role.MANAGER)
    client = signed_in(leader)
    made = client.post("/activities/new", data=FORM, follow_redirects=True).text
    assert "has to be verified" in made
    assert 'data-keep-done="activity"' in made
    group.session.rollback()
    assert group.session.scalars(sa.select(Activity.state)).all() == [ActivityState.DRAFT]


def test_coordinators_are_named_among_members_and_look_after_it(
    group: Group, signed_in: SignIn
) -> None:
    activity, (shift,) = group.run()
    page = f"/activities/{activity.public_id}"
    assert signed_in(group.helper).get(f"{page}/manage").status_code == 403
    client = signed_in(group.leader)
    named = {"person": group.helper.person.public_id}
    assert client.post(f"{page}/coordinators", data=named).status_code == 302
    client.post(f"{page}/coordinators", data={"person": group.cast.stranger.person.public_id})
    client.post(f"{page}/roles", data={"name": "朗读", "skills": ["tutoring"]})
    client = signed_in(group.helper)
    assert "朗读" in client.get(f"{page}/manage").text
    group.says_no(group.cast.stranger, shift)
    assert group.told(group.helper) == ["activity_coordinator"]
    client.post(f"{page}/coordinators/remove", data=named)
    assert client.get(f"{page}/manage").status_code == 403


def test_filters_narrow_the_list(group: Group, client: FlaskClient) -> None:
    _, (shift,) = group.run(group.shift(maximum=1), title="满了的活动", skills=("driving",))
    group.joins(group.volunteer(), shift)
    group.run(group.shift(SATURDAY + timedelta(days=1)), title="周日的活动")
    group.run(title="安顺的活动", division_code="520402")
    for query, shown in (
        ("", {"满了的活动", "周日的活动", "安顺的活动"}),
        ("free=1", {"周日的活动", "安顺的活动"}),
        ("skill=driving", {"满了的活动"}),
        ("day=2026-11-29", {"周日的活动"}),
        ("division=520422", {"满了的活动", "周日的活动"}),
        ("division=99&day=x&skill=y&work=z&page=-3", {"满了的活动", "周日的活动", "安顺的活动"}),
    ):
        text = client.get(f"/activities?{query}").text
        assert {
            name for name in ("满了的活动", "周日的活动", "安顺的活动") if name in text
        } == shown


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_narrows_nothing(group: Group, client: FlaskClient, day: str) -> None:
    activity, _ = group.run()
    assert activity.title in client.get("/activities", query_string={"day": day}).text


def test_twice_the_activities_take_the_same_number_of_queries(
    group: Group, signed_in: SignIn, catch_queries: Catch
) -> None:
    who = group.volunteer()
    paths = ("/activities", "/my/activities", "/my/volunteering", "/api/v1/activities")
    for number in range(2):
        day = SATURDAY + timedelta(days=number)
        _, (shift,) = group.run(group.shift(day), title=f"活动{number}")
        group.joins(who, shift)
    client = signed_in(who)

    def counts() -> list[int]:
        found = []
        for path in paths:
            client.get(path)
            with catch_queries() as caught:
                assert client.get(path).status_code == 200
            found.append(caught.count)
        return found

    before = counts()
    for number in range(2, 5):
        _, (shift,) = group.run(group.shift(SATURDAY + timedelta(days=number)), title=f"活{number}")
        group.joins(who, shift)
    assert counts() == before


def test_activities_are_found_in_the_one_search(
    group: Group, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    app = group.cast.app
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    activity, _ = group.run(title="茶园里除草一天")
    hidden, _ = group.run(circle=Circle.MEMBERS, title="除草骨干培训")
    run_jobs()
    client.get("/locale/en")
    make_listing(app.extensions["exchange"], group.cast.officer, Side.NEED, title="茶园除虫要帮手")
    run_jobs()
    exact = client.get("/search?q=茶园里除草一天").text
    assert exact.index(activity.public_id) < exact.index("Volunteer activities")
    assert "No listing has all your words" not in exact
    assert "Did you mean" not in exact
    assert "Nothing found" not in exact
    everything = client.get("/search?q=除草").text
    assert activity.public_id in everything
    own = client.get("/search/activities?q=除草").text
    assert activity.public_id in own
    assert hidden.public_id not in own + everything
    assert activity.public_id not in client.get("/search/activities?q=冷链车").text
    with group.act_as() as act:
        act.session.get_one(Activity, hidden.id)
    group.cast.sign_in(client, group.helper)
    assert hidden.public_id in client.get("/search/activities?q=除草").text
