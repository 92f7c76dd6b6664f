"""Roadshows and visits: announced, signed up for, never overbooked, changed, called off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Visibility
from exchange.projects.events import ProjectStaged
from exchange.projects.kinds import Stage
from exchange.projects.models import Project
from exchange.projects.visits import announcing, signing_up
from exchange.projects.visits.announcing import VisitValues
from exchange.projects.visits.kinds import SignUpState, VisitKind, VisitState
from exchange.projects.visits.models import Visit, VisitSignUp
from exchange.projects.visits.rules import Waiting, link_allowed, moved_up
from tests.cast import FIRM_AREA, Player
from tests.conftest import SettableClock
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture

DAY = datetime(2026, 12, 5, 1, 30, tzinfo=UTC)
SENT = {
    "kind": "visit", "title": "冷库现场看看", "starts_at": "2026-12-05T09:30", "seats": "3",
    "place": "村委会门口", "link": "", "ends_at": "", "closes_at": "", "text": "",
}  # fmt: skip


def shown(**values: Any) -> VisitValues:
    usual: dict[str, Any] = {
        "kind": VisitKind.VISIT, "title": "冷库现场看看", "starts_at": DAY, "seats": 3,
        "place": "村委会门口",
    }  # fmt: skip
    return VisitValues(**{**usual, **values})


def announced(scene: Scene, **values: Any) -> str:
    with scene.act(scene.cast.officer) as act:
        return announcing.announce(act, scene.public_id, shown(**values)).public_id


def signed(scene: Scene, public_id: str, who: Player, people: int) -> SignUpState:
    with scene.act(who) as act:
        return signing_up.sign_up(act, public_id, people).state


def visit(scene: Scene, public_id: str) -> Visit:
    scene.session.rollback()
    return scene.session.scalars(sa.select(Visit).where(Visit.public_id == public_id)).one()


def guest(scene: Scene, number: int) -> Player:
    cast = scene.cast
    firm = cast.make_organisation(OrganisationKind.COMPANY, f"公司{number}", FIRM_AREA)
    return cast.make_player(f"客{number}", FIRM_AREA, firm, Role.MANAGER)


@given(
    seats=st.integers(1, 30),
    groups=st.lists(st.integers(1, 20), max_size=12),
    taken=st.integers(0, 30),
)
def test_who_moves_up_fits_and_nobody_who_fits_is_left(
    seats: int, groups: list[int], taken: int
) -> None:
    taken = min(taken, seats)
    waiting = [Waiting(key, people) for key, people in enumerate(groups)]
    found = moved_up(seats, taken, waiting)
    assert found == sorted(found)
    used = taken + sum(groups[key] for key in found)
    assert used <= seats
    assert all(groups[one.key] > seats - used for one in waiting if one.key not in found)


@pytest.mark.parametrize(
    ("link", "good"),
    [
        ("", True), ("https://meeting.example.cn/j/123?x=1", True),
        ("http://meeting.example.cn/j/123", False), ("javascript:alert(1)", False),
        ("https://", False), ("https://user@meeting.example.cn", False), ("meeting.cn", False),
        ("https://a.cn/ b", False), ("https://[", False), ("https://a.cn:99999/", False),
        ("https://例子.cn/", False), (f"https://a.cn/{'x' * 300}", False),
    ],
)  # fmt: skip
def test_a_link_is_a_whole_https_address(link: str, good: bool) -> None:
    assert bool(link_allowed(link)) is good


def test_a_firm_signs_up_in_two_taps_and_takes_the_day_into_its_calendar(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    cast.sign_in(client, cast.officer)
    made = client.post(f"/projects/{scene.public_id}/visits/new", data=SENT)
    where = made.headers["Location"]
    cast.sign_out(client)
    client.get("/locale/en")
    page = client.get(where).text
    assert "3 seats left" in page
    assert "黔山" not in page
    cast.sign_in(client, cast.enterprise)
    assert client.post(f"{where}/sign-up", data={"people": "2"}).status_code == 302
    assert "You are signed up with 2 people" in client.get(where).text
    assert "visit_signed" in scene.told(cast.officer)
    file = client.get(f"{where}/calendar.ics")
    assert file.mimetype == "text/calendar"
    assert "DTSTART:20261205T013000Z" in file.text
    assert where in client.get("/my/visits").text
    cast.sign_in(client, cast.officer)
    assert "黔山冷链有限公司" in client.get(where).text


def test_only_the_projects_people_and_brokers_announce(scene: Scene, client: FlaskClient) -> None:
    cast = scene.cast
    path = f"/projects/{scene.public_id}/visits/new"
    cast.sign_in(client, cast.enterprise)
    assert client.get(path).status_code == 403
    assert client.post(path, data=SENT).status_code == 403
    cast.sign_in(client, cast.broker)
    assert client.post(path, data=SENT).status_code == 302
    public_id = announced(scene, title="路演")
    with pytest.raises(Forbidden), scene.act(cast.enterprise) as act:
        announcing.cancel(act, public_id, "不办了")


def test_what_is_typed_wrong_is_refused_beside_its_field(
    scene: Scene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.officer)
    client.get("/locale/en")
    path = f"/projects/{scene.public_id}/visits/new"
    for field, value, words in (
        ("link", "http://meeting.cn", "begins with https://"),
        ("starts_at", "2020-01-01T09:00", "This moment has passed already."),
        ("starts_at", "morgen", "We cannot read this time."),
        ("ends_at", "2026-12-05T08:00", "It would end before it begins."),
        ("closes_at", "2026-12-06T08:00", "Signing up closes when it begins"),
        ("seats", "0", "Between 1 and 2000 seats"),
        ("place", "找老王 13812345678", "Please leave out phone numbers"),
    ):
        answer = client.post(path, data={**SENT, field: value})
        assert answer.status_code == 422, field
        assert words in answer.text
        assert f'id="{field}-error"' in answer.text
        assert value.split()[0] in answer.text
    assert visit_count(scene) == 0


def visit_count(scene: Scene) -> int:
    scene.session.rollback()
    return scene.session.scalar(sa.select(sa.func.count(Visit.id))) or 0


def test_announced_twice_it_stands_once(scene: Scene) -> None:
    assert announced(scene) == announced(scene)
    assert visit_count(scene) == 1


def test_full_it_has_a_waiting_list_that_moves_up_by_itself(scene: Scene) -> None:
    cast, public_id = scene.cast, announced(scene)
    first, second = guest(scene, 1), guest(scene, 2)
    assert signed(scene, public_id, cast.enterprise, 2) is SignUpState.SIGNED
    assert signed(scene, public_id, second, 1) is SignUpState.SIGNED
    assert signed(scene, public_id, first, 2) is SignUpState.WAITING
    assert visit(scene, public_id).taken == 3
    with scene.act(cast.enterprise) as act:
        signing_up.leave(act, public_id)
    assert "visit_moved_up" in scene.told(first)
    found = visit(scene, public_id)
    assert found.taken == 3
    states = {row.organisation_id: row.state for row in found.sign_ups}
    assert states[first.organisation_id] is SignUpState.SIGNED
    assert states[cast.enterprise.organisation_id] is SignUpState.LEFT
    assert signed(scene, public_id, cast.enterprise, 1) is SignUpState.WAITING


def test_sent_twice_counts_once_and_another_number_loses_no_seat(scene: Scene) -> None:
    cast, public_id = scene.cast, announced(scene)
    for _ in range(2):
        signed(scene, public_id, cast.enterprise, 2)
    assert visit(scene, public_id).taken == 2
    with pytest.raises(Invalid) as refused:
        signed(scene, public_id, cast.enterprise, 4)
    assert refused.value.fields == {"people": ["visit_no_room"]}
    assert refused.value.params["left"] == 1
    assert visit(scene, public_id).taken == 2
    assert signed(scene, public_id, cast.enterprise, 3) is SignUpState.SIGNED
    assert visit(scene, public_id).taken == 3
    with pytest.raises(Invalid):
        signed(scene, public_id, guest(scene, 1), 21)


def test_while_seats_are_left_nobody_queues_for_more_than_are_left(
    scene: Scene, client: FlaskClient
) -> None:
    cast, public_id = scene.cast, announced(scene)
    signed(scene, public_id, guest(scene, 1), 1)
    cast.sign_in(client, cast.enterprise)
    path = f"/visits/{public_id}"
    page = client.get(path).text
    assert 'value="2"' in page
    assert 'value="3"' not in page
    refused = client.post(f"{path}/sign-up", data={"people": "3"})
    assert refused.status_code == 422
    assert "只剩 2 个名额" in refused.text
    assert '<option selected value="3">' in refused.text
    assert visit(scene, public_id).taken == 1
    client.post(f"{path}/sign-up", data={"people": "2"})
    assert visit(scene, public_id).taken == 3
    signed(scene, public_id, guest(scene, 2), 3)
    cast.sign_out(client)
    assert "候补 1 家" in client.get(path).text
    cast.sign_in(client, guest(scene, 3))
    assert 'value="3"' in client.get(path).text
    assert 'value="4"' not in client.get(path).text
    cast.sign_in(client, cast.officer)
    assert "取消这场" in client.get(path).text


def test_the_database_itself_lets_nobody_overbook(scene: Scene) -> None:
    public_id = announced(scene)
    overbooked = sa.update(Visit).where(Visit.public_id == public_id).values(taken=4)
    with pytest.raises(IntegrityError), scene.open() as act:
        act.session.execute(overbooked)


def test_a_change_that_matters_is_told_at_once_and_more_seats_let_in_who_waits(
    scene: Scene,
) -> None:
    cast, public_id = scene.cast, announced(scene, seats=2)
    other = guest(scene, 1)
    signed(scene, public_id, cast.enterprise, 2)
    signed(scene, public_id, other, 2)
    with scene.act(cast.officer) as act:
        announcing.change_visit(act, public_id, shown(seats=4, text="带上雨鞋"), 1)
    assert "visit_changed" not in scene.told(cast.enterprise)
    assert "visit_moved_up" in scene.told(other)
    with scene.act(cast.officer) as act:
        later = shown(seats=4, starts_at=DAY + timedelta(days=1))
        announcing.change_visit(act, public_id, later, 2)
    assert "visit_changed" in scene.told(cast.enterprise)
    assert "visit_changed" in scene.told(other)
    with pytest.raises(Invalid) as refused, scene.act(cast.officer) as act:
        announcing.change_visit(act, public_id, shown(seats=3))
    assert refused.value.fields == {"seats": ["visit_seats_taken"]}
    with pytest.raises(Conflict, match="changed_meanwhile"), scene.act(cast.officer) as act:
        announcing.change_visit(act, public_id, shown(seats=5), 1)


def test_called_off_all_who_come_are_told_why(scene: Scene, client: FlaskClient) -> None:
    cast, public_id = scene.cast, announced(scene)
    signed(scene, public_id, cast.enterprise, 1)
    cast.sign_in(client, cast.officer)
    assert client.post(f"/visits/{public_id}/cancel", data={"reason": ""}).status_code == 422
    off = client.post(f"/visits/{public_id}/cancel", data={"reason": "大雪封路"})
    assert off.status_code == 302
    assert "visit_cancelled" in scene.told(cast.enterprise)
    cast.sign_in(client, cast.enterprise)
    assert "大雪封路" in client.get(f"/visits/{public_id}").text
    late = client.post(f"/visits/{public_id}/sign-up", data={"people": "1"})
    assert late.status_code == 302
    assert "STATUS:CANCELLED" in client.get(f"/visits/{public_id}/calendar.ics").text


def test_with_the_end_of_the_project_what_is_to_come_is_off(scene: Scene) -> None:
    cast, public_id = scene.cast, announced(scene)
    signed(scene, public_id, cast.enterprise, 1)
    with scene.act(cast.officer) as act:
        project = act.session.get_one(Project, scene.project_id)
        project.stage = Stage.STOPPED
        act.session.flush()
        act.emit(ProjectStaged(project.id, project.organisation_id))
    assert visit(scene, public_id).state is VisitState.CANCELLED
    assert "visit_off_with_project" in scene.told(cast.enterprise)


def test_those_with_a_seat_are_reminded_once_the_day_before(
    scene: Scene, clock: SettableClock
) -> None:
    cast, public_id = scene.cast, announced(scene, seats=1)
    other = guest(scene, 1)
    signed(scene, public_id, cast.enterprise, 1)
    signed(scene, public_id, other, 1)
    for moment in (DAY - timedelta(hours=25), DAY - timedelta(hours=23), DAY - timedelta(hours=1)):
        clock.set(moment)
        with scene.open() as act:
            announcing.remind_due(act)
        if moment < DAY - timedelta(hours=24):
            assert "visit_tomorrow" not in scene.told(cast.enterprise)
    assert scene.told(cast.enterprise).count("visit_tomorrow") == 1
    assert "visit_tomorrow" not in scene.told(other)
    assert "visit_tomorrow_own" in scene.told(cast.officer)


def test_after_the_last_moment_nobody_signs_up(scene: Scene, clock: SettableClock) -> None:
    cast = scene.cast
    public_id = announced(scene, closes_at=DAY - timedelta(days=2))
    signed(scene, public_id, cast.enterprise, 1)
    clock.set(DAY - timedelta(days=1))
    with pytest.raises(Conflict, match="visit_sign_up_over"):
        signed(scene, public_id, guest(scene, 1), 1)
    with scene.act(cast.enterprise) as act:
        signing_up.leave(act, public_id)
    assert visit(scene, public_id).taken == 0
    clock.set(DAY + timedelta(hours=1))
    with pytest.raises(Conflict, match="visit_is_over"), scene.act(cast.officer) as act:
        announcing.change_visit(act, public_id, shown())


def test_the_link_is_for_those_with_a_seat(scene: Scene, client: FlaskClient) -> None:
    cast = scene.cast
    link = "https://meeting.example.cn/j/123"
    public_id = announced(scene, place="", link=link, seats=1)
    other = guest(scene, 1)
    signed(scene, public_id, cast.enterprise, 1)
    signed(scene, public_id, other, 1)
    for who, seen in ((cast.enterprise, True), (cast.officer, True), (other, False)):
        cast.sign_in(client, who)
        for address in (f"/visits/{public_id}", f"/visits/{public_id}/calendar.ics"):
            assert (link in client.get(address).text.replace("\r\n ", "")) is seen
    cast.sign_out(client)
    assert link not in client.get(f"/visits/{public_id}").text


def test_of_a_hidden_project_nobody_learns_what_is_on(scene: Scene, client: FlaskClient) -> None:
    public_id = announced(scene)
    with scene.open() as act:
        act.session.get_one(Project, scene.project_id).visibility = Visibility.BROKERS
    scene.cast.sign_in(client, scene.cast.enterprise)
    for address in (
        f"/visits/{public_id}", f"/visits/{public_id}/calendar.ics",
        f"/projects/{scene.public_id}/visits",
    ):  # fmt: skip
        assert client.get(address).status_code == 404
    with pytest.raises(NotFound):
        signed(scene, public_id, scene.cast.enterprise, 1)


def test_lists_take_the_same_queries_for_twice_the_rows(
    scene: Scene, client: FlaskClient, catch_queries: Callable[..., Any]
) -> None:
    cast = scene.cast

    def more(number: int) -> None:
        public_id = announced(scene, title=f"第{number}场", seats=20)
        for who in (cast.enterprise, guest(scene, number)):
            signed(scene, public_id, who, 1)

    def sent(path: str) -> tuple[int, int]:
        cast.sign_in(client, cast.enterprise)
        with catch_queries() as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        return queries.count, len(answer.data)

    paths = (f"/projects/{scene.public_id}/visits", "/my/visits")
    more(1)
    client.get("/healthz")
    before = [sent(path) for path in paths]
    for number in range(2, 5):
        more(number)
    for (count, size), (later, larger) in zip(before, map(sent, paths), strict=True):
        assert larger > size
        assert later == count
    assert scene.session.scalar(sa.select(sa.func.count(VisitSignUp.id))) == 8
