"""Finding people who would stand in, asking them, and what they answer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.tokens.service import create_token
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.volunteering.availability.finding import candidates, count_fitting, request_for
from exchange.volunteering.availability.kinds import Band, Reach, Reply
from exchange.volunteering.availability.service import pause_availability
from exchange.volunteering.availability.substitutes_service import Asked, ask_substitutes
from exchange.volunteering.availability.time_rules import mask_of
from exchange.volunteering.kinds import Circle, SignupState
from exchange.volunteering.models import Shift
from exchange.volunteering.queries import seen_shift
from tests.cast import ELSEWHERE, FIRM_AREA, Player
from tests.conftest import Queries, SettableClock
from tests.volunteering.conftest import SATURDAY, Group
from tests.volunteering.test_availability import found, said

MORNING = mask_of(["5-morning"])


def fitting(group: Group, shift: Shift, but: Player | None = None) -> list[str]:
    """The names of those who would fit, the best first."""
    group.session.rollback()
    house = group.cast.house
    fresh = group.session.get_one(Shift, shift.id, populate_existing=True)
    some = candidates(
        group.session, house, fresh, house.clock.now(), but.person_id if but else None
    )
    assert len(some) == count_fitting(group.session, house, fresh, house.clock.now()) - bool(but)
    return [one.row.person.name for one in some]


def ask(group: Group, shift: Shift, *people: Player, by: Player | None = None) -> Asked:
    names = [found(group, one).public_id for one in people]
    with group.act_as((by or group.leader).actor) as act:
        return ask_substitutes(act, seen_shift(act.session, act.actor, shift.public_id), names)


def reply(group: Group, shift: Shift, who: Player) -> Reply | None:
    group.session.rollback()
    asked = request_for(group.session, shift.id, who.person_id)
    return asked.reply if asked else None


@pytest.fixture
def who(group: Group) -> Player:
    return group.volunteer("王小雨")


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"may_be_asked": False}, False),
        ({"times": mask_of(["5-afternoon"])}, False),
        ({"times": mask_of(["6-morning"])}, False),
        ({"skills": ("driving",)}, False),
        ({"skills": (), "words": "什么都愿意做"}, False),
        ({"division_code": FIRM_AREA}, False),
        ({"division_code": FIRM_AREA, "reach": Reach.CITY}, True),
        ({"from_date": SATURDAY.date()}, True),
        ({"from_date": SATURDAY.date() + timedelta(days=1)}, False),
        ({"to_date": SATURDAY.date() - timedelta(days=1)}, False),
    ],
)
def test_who_fits(group: Group, who: Player, changes: dict[str, object], fits: bool) -> None:
    group.cast.make_place(FIRM_AREA)
    said(group, who, **changes)
    _, (shift,) = group.run(skills=("tutoring",))
    assert (fitting(group, shift) == ["王小雨"]) is fits


def test_who_pauses_now_or_then_is_not_found(group: Group, who: Player) -> None:
    said(group, who)
    _, (shift,) = group.run()
    for begins, until in ((0, None), (0, 1), (SATURDAY.date(), SATURDAY.date())):
        with group.act_as(who.actor) as act:
            first = act.today if begins == 0 else SATURDAY.date()
            last = act.today + timedelta(days=1) if until == 1 else until
            pause_availability(act, first, last)  # type: ignore[arg-type]  # a day or none
        assert fitting(group, shift) == []


def test_whoever_has_answered_or_another_shift_then_is_left_alone(group: Group) -> None:
    _, (shift,) = group.run(group.shift(maximum=4))
    _, (other,) = group.run(group.shift(SATURDAY + timedelta(hours=1)), title="村里大扫除")
    comes, no, busy, free = (group.volunteer(name) for name in ("来", "不来", "忙", "闲"))
    for one in (comes, no, busy, free):
        said(group, one)
    group.joins(comes, shift)
    group.says_no(no, shift)
    group.joins(busy, other)
    assert fitting(group, shift) == ["闲"]


def test_the_best_stand_first(group: Group) -> None:
    group.cast.make_place(FIRM_AREA)
    _, (shift,) = group.run(skills=("tutoring", "sports"))
    one_skill, far, best = (group.volunteer(name) for name in ("一样", "远", "好"))
    said(group, one_skill, skills=("tutoring",))
    said(group, far, skills=("tutoring", "sports"), division_code=FIRM_AREA, reach=Reach.CITY)
    said(group, best, skills=("tutoring", "sports"))
    assert fitting(group, shift) == ["好", "远", "一样"]


def test_one_is_asked_comes_and_the_coordinator_hears(group: Group, who: Player) -> None:
    said(group, who)
    _, (shift,) = group.run()
    assert ask(group, shift, who) == Asked(1, 0)
    assert ask(group, shift, who) == Asked(0, 1)  # sent twice
    assert group.told(who).count("substitute_asked") == 1
    assert reply(group, shift, who) is Reply.OPEN
    assert group.joins(who, shift) is SignupState.SIGNED_UP
    assert reply(group, shift, who) is Reply.COMES
    assert "substitute_comes" in group.told(group.leader)
    group.says_no(who, shift)
    assert reply(group, shift, who) is Reply.NO


def test_a_no_stands_and_is_not_asked_again(group: Group, who: Player) -> None:
    said(group, who)
    _, (shift,) = group.run()
    ask(group, shift, who)
    group.says_no(who, shift)
    assert reply(group, shift, who) is Reply.NO
    assert "substitute_comes" not in group.told(group.leader)
    assert fitting(group, shift) == []
    assert ask(group, shift, who) == Asked(0, 1)


def test_nobody_is_asked_more_than_three_times_a_week(
    group: Group, who: Player, clock: SettableClock
) -> None:
    said(group, who, times=mask_of(["5-morning", "5-afternoon", "5-evening"]))
    shifts = [
        group.run(group.shift(SATURDAY + timedelta(days=7, hours=3 * number)), title=f"第{number}")[
            1
        ][0]
        for number in range(4)
    ]
    assert [ask(group, one, who).count for one in shifts] == [1, 1, 1, 0]
    assert fitting(group, shifts[3]) == []
    clock.forward(days=7, minutes=1)
    assert ask(group, shifts[3], who).count == 1


def test_who_changes_meanwhile_is_not_asked(group: Group, who: Player) -> None:
    said(group, who)
    _, (shift,) = group.run()
    name = found(group, who).public_id
    said(group, who, may_be_asked=False)
    with group.act_as(group.leader.actor) as act:
        shown = seen_shift(act.session, act.actor, shift.public_id)
        assert ask_substitutes(act, shown, [name, "nobody"]) == Asked(0, 2)
    assert group.told(who) == []


def test_it_is_refused_with_its_reason(group: Group, who: Player, clock: SettableClock) -> None:
    said(group, who)
    _, (shift,) = group.run(group.shift(maximum=1))
    name = found(group, who).public_id
    many = [str(number) for number in range(11)]
    for people, code in (([], "substitutes_none"), (many, "substitutes_too")):
        with group.act_as(group.leader.actor) as act, pytest.raises(Invalid, match=code):
            ask_substitutes(act, act.session.get_one(Shift, shift.id), people)
    for stranger in (group.helper, group.cast.stranger, who):
        with group.act_as(stranger.actor) as act, pytest.raises(Forbidden):
            ask_substitutes(act, act.session.get_one(Shift, shift.id), [name])
    group.joins(group.volunteer("先来"), shift)
    with group.act_as(group.leader.actor) as act, pytest.raises(Conflict, match="substitutes_full"):
        ask_substitutes(act, act.session.get_one(Shift, shift.id), [name])
    clock.set(SATURDAY)
    with group.act_as(group.leader.actor) as act, pytest.raises(Conflict, match="has_begun"):
        ask_substitutes(act, act.session.get_one(Shift, shift.id), [name])


def test_only_members_are_asked_for_what_is_for_members(group: Group, who: Player) -> None:
    said(group, who)
    said(group, group.helper)
    _, (shift,) = group.run(circle=Circle.MEMBERS)
    assert fitting(group, shift) == ["苏禾"]


def test_brokers_of_the_place_ask_and_far_organisations_only_count(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient]
) -> None:
    said(group, who)
    _, (shift,) = group.run()
    assert ask(group, shift, who, by=group.cast.broker) == Asked(1, 0)
    cast = group.cast
    far = cast.make_organisation(OrganisationKind.NGO, "外地公益", ELSEWHERE, verified=True)
    group.leader = cast.make_player("远客", ELSEWHERE, far, Role.MANAGER)
    _, (other,) = group.run(group.shift(SATURDAY + timedelta(days=7)))
    page = signed_in(group.leader).get(f"/shifts/{other.public_id}/substitutes")
    assert "Fewer than five volunteers would fit." in page.get_data(as_text=True)
    assert found(group, who).public_id not in page.get_data(as_text=True)
    with group.act_as(group.leader.actor) as act, pytest.raises(Forbidden):
        ask_substitutes(act, act.session.get_one(Shift, other.id), [found(group, who).public_id])


def test_the_pages_ask_and_answer(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient]
) -> None:
    said(group, who)
    activity, (shift,) = group.run()
    path = f"/shifts/{shift.public_id}/substitutes"
    coordinator = signed_in(group.leader)
    people = coordinator.get(f"/activities/{activity.public_id}/people").get_data(as_text=True)
    assert path in people
    page = coordinator.get(path).get_data(as_text=True)
    assert "王*" in page
    assert "王小雨" not in page
    assert "in the same township" in page
    empty = coordinator.post(path, data={}, follow_redirects=True).get_data(as_text=True)
    assert "Please tick whom you want to ask." in empty
    asked = coordinator.post(
        path, data={"people": [found(group, who).public_id]}, follow_redirects=True
    ).get_data(as_text=True)
    assert "1 person is asked." in asked
    assert "Has not answered yet" in asked
    volunteer = signed_in(who)
    assert "Can you stand in?" in volunteer.get("/").get_data(as_text=True)
    mine = volunteer.get("/my/requests").get_data(as_text=True)
    assert f"/shifts/{shift.public_id}/join" in mine
    assert "校门口老槐树下" not in mine  # the meeting point is for those who come
    volunteer.post(f"/shifts/{shift.public_id}/join", data={"next": "/my/requests"})
    assert "Nobody waits for your answer" in volunteer.get("/my/requests").get_data(as_text=True)
    after = signed_in(group.leader).get(path).get_data(as_text=True)
    assert "Has not answered yet" not in after


def test_strangers_find_no_page(
    group: Group, who: Player, signed_in: Callable[[Player], FlaskClient], client: FlaskClient
) -> None:
    _, (shift,) = group.run()
    path = f"/shifts/{shift.public_id}/substitutes"
    assert client.get(path).status_code in (302, 401)
    assert signed_in(who).get(path).status_code == 403
    for odd in ("x'", "nobody", "²"):
        assert signed_in(group.leader).get(f"/shifts/{odd}/substitutes").status_code == 404
    answer = signed_in(group.leader).post(path, data={"people": ["²", "'", "x" * 900]})
    assert answer.status_code == 302


def test_programs_ask_too(group: Group, who: Player, client: FlaskClient) -> None:
    said(group, who)
    _, (shift,) = group.run()
    tokens = {}
    for one in (group.leader, who):
        with group.act_as(one.actor) as act:
            made = create_token(
                act, one.person_id, one.organisation_id, "p", may_write=True, days=5
            )
        tokens[one.person_id] = {"Authorization": f"Bearer {made.secret}"}
    path = f"/api/v1/shifts/{shift.public_id}/substitutes"
    page = client.get(path, headers=tokens[group.leader.person_id]).get_json()
    (item,) = page["items"]
    assert (page["may_ask"], item["name"], item["distance"]) == (
        True, "王*", Band.SAME_TOWNSHIP.value,
    )  # fmt: skip
    answer = client.post(
        path, json={"people": [item["id"]]}, headers=tokens[group.leader.person_id]
    )
    assert answer.get_json() == {"asked": 1, "left_out": 0}
    mine = client.get("/api/v1/me/substitute-requests", headers=tokens[who.person_id]).get_json()
    assert [one["shift"] for one in mine["items"]] == [shift.public_id]
    assert client.get(path, headers=tokens[who.person_id]).status_code == 403
    bad = client.post(path, json={"people": []}, headers=tokens[group.leader.person_id])
    assert bad.status_code == 422


def test_twice_the_people_the_same_queries(
    group: Group,
    signed_in: Callable[[Player], FlaskClient],
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    activity, (shift,) = group.run(group.shift(maximum=50))
    path = f"/shifts/{shift.public_id}/substitutes"
    counts, requests = [], []
    for number in range(2):
        first, second = group.volunteer(f"甲{number}"), group.volunteer(f"乙{number}")
        for one in (first, second):
            said(group, one)
        ask(group, shift, second)
        if number == 0:
            signed_in(group.leader).get(path)
        with catch_queries() as seen:
            assert signed_in(group.leader).get(path).status_code == 200
        counts.append(seen.count)
        with catch_queries() as seen:
            signed_in(group.leader).get(f"/activities/{activity.public_id}/people")
        requests.append(seen.count)
    assert counts[0] == counts[1]
    assert requests[0] == requests[1]
