"""A name goes from timelines and from other people's notices with its account, and no other."""

from datetime import date

import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.absence.service import set_absence
from exchange.accounts.closing.service import ask_to_close, close_account
from exchange.accounts.models import Person
from exchange.brokering.centre.caseload_service import Receiver, assign_match
from exchange.brokering.handover.open_cases import open_cases_of
from exchange.brokering.handover.service import Passing, hand_over
from exchange.brokering.life import proposing
from exchange.brokering.models import TimelineEntry
from exchange.notifications.models import Notice
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.cast import Player
from tests.conftest import SettableClock


def give(scene: Scene, public_id: str, to: Player) -> None:
    receiver = Receiver(worker=to.person.public_id)
    with scene.act(scene.cast.supervisor) as act:
        assign_match(act, public_id, receiver)


def leave(scene: Scene, who: Player, clock: SettableClock) -> None:
    person_id = who.person_id
    with scene.act(who) as act:
        ask_to_close(act)
    clock.forward(days=7)
    with scene.open() as act:
        assert close_account(act, person_id)


def notes(scene: Scene) -> list[str]:
    scene.cast.session.rollback()
    query = sa.select(TimelineEntry.note).where(TimelineEntry.code == "assigned")
    return list(scene.cast.session.scalars(query.order_by(TimelineEntry.id)))


def rename(scene: Scene, who: Player, name: str) -> None:
    person_id = who.person_id
    scene.cast.session.rollback()
    scene.cast.session.get_one(Person, person_id).name = name
    scene.cast.session.commit()


def stood_in_for(scene: Scene) -> tuple[str, Player]:
    """A match of the absent broker that a colleague has proposed, and the colleague."""
    cast, public_id = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    own, stand_in = cast.broker.person.public_id, other.person.public_id
    with scene.act(cast.broker) as act:
        set_absence(act, own, stand_in, date(2026, 11, 22), date(2026, 11, 30))
    with scene.act(other) as act:
        proposing.propose(act, public_id, "请看看")
    return public_id, other


def test_who_was_stood_in_for_leaves_no_name(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    cast = scene.cast
    public_id, other = stood_in_for(scene)
    cast.sign_in(client, other)
    assert "韦青" in client.get(f"/matches/{public_id}").text
    assert "韦青" in client.get("/notices").text
    give(scene, public_id, other)
    leave(scene, cast.broker, clock)
    cast.sign_in(client, other)
    for page in (f"/matches/{public_id}", "/notices"):
        text = client.get(page).text
        assert "韦青" not in text
        assert "已离开的人" in text


def test_a_step_and_a_notice_of_former_times_lose_the_name(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    """They hold the name alone."""
    cast = scene.cast
    public_id, other = stood_in_for(scene)
    give(scene, public_id, other)
    for entry in cast.session.scalars(sa.select(TimelineEntry)):
        acted = {"acting_for": "韦青"} if "acting_for_id" in entry.params else {}
        entry.params = acted
    for notice in cast.session.scalars(sa.select(Notice)):
        notice.params = {key: one for key, one in notice.params.items() if key != "of_id"}
    cast.session.commit()
    leave(scene, cast.broker, clock)
    assert notes(scene) == ["** → 小吴"]
    cast.sign_in(client, other)
    assert "韦青" not in client.get(f"/matches/{public_id}").text
    assert "韦青" not in client.get("/notices").text


def test_whoever_is_called_the_same_keeps_their_name(scene: Scene, clock: SettableClock) -> None:
    cast, public_id = scene.cast, scene.claimed()
    leaver, namesake = (colleague(cast, cast.broker, "王芳") for _ in range(2))
    last = colleague(cast, cast.broker, "小吴")
    for receiver in (leaver, namesake, last):
        give(scene, public_id, receiver)
    assert notes(scene) == ["韦青 → 王芳", "王芳 → 王芳", "王芳 → 小吴"]
    leave(scene, leaver, clock)
    assert notes(scene) == ["韦青 → **", "** → 王芳", "王芳 → 小吴"]


def test_a_former_step_of_a_namesake_in_another_match_stays(
    scene: Scene, clock: SettableClock
) -> None:
    cast, public_id = scene.cast, scene.claimed()
    leaver, namesake = (colleague(cast, cast.broker, "王芳") for _ in range(2))
    last = colleague(cast, cast.broker, "小吴")
    for receiver in (namesake, last):
        give(scene, public_id, receiver)
    for entry in cast.session.scalars(sa.select(TimelineEntry)):
        entry.params = {}
    cast.session.commit()
    leave(scene, leaver, clock)
    assert notes(scene) == ["韦青 → 王芳", "王芳 → 小吴"]


def test_a_name_that_was_changed_before_goes_too(scene: Scene, clock: SettableClock) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    give(scene, public_id, other)
    rename(scene, cast.broker, "韦青青")
    leave(scene, cast.broker, clock)
    assert notes(scene) == ["** → 小吴"]


def test_a_notice_of_a_handover_loses_the_name(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    cast = scene.cast
    scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    own, to = cast.broker.person.public_id, other.person.public_id
    cases = open_cases_of(cast.session, cast.broker.person_id, cast.house.clock.now())
    with scene.act(cast.broker) as act:
        hand_over(act, own, {one.key: Passing(to, "小结") for one in cases})
    cast.sign_in(client, other)
    assert "韦青" in client.get("/notices").text
    leave(scene, cast.broker, clock)
    cast.sign_in(client, other)
    text = client.get("/notices").text
    assert "韦青" not in text
    assert "已离开的人" in text
