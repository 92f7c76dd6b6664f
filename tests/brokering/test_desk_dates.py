"""The day names when a thing happened, what was asked before, and that one is away."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from exchange.accounts.absence.service import set_absence
from exchange.brokering.deeds.delivering import deliveries_of, dispute_delivery, record_delivery
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import closing, proposing
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.brokering.test_caseload import colleague
from tests.brokering.test_today import group, look, suggest
from tests.conftest import SettableClock


def claimed(scene: Scene) -> str:
    return scene.claimed()


def introduced(scene: Scene) -> str:
    return scene.introduced()


def declined(scene: Scene) -> str:
    match = scene.proposed()
    with scene.act(scene.cast.enterprise) as act:
        proposing.answer(act, match, Side.OFFER, accept=False, reason=CloseReason.TIME)
    return match


def delivered(scene: Scene) -> str:
    match, commitment = scene.agreed()
    with scene.act(scene.cast.enterprise) as act:
        record_delivery(act, match, commitment, 30_000)
    return match


def disputed(scene: Scene) -> str:
    match, commitment = scene.agreed()
    with scene.act(scene.cast.enterprise) as act:
        made = record_delivery(act, match, commitment, 30_000)
        delivery = deliveries_of(act.session, made.id)[0].public_id
    with scene.act(scene.cast.officer) as act:
        dispute_delivery(act, match, delivery, Side.NEED, "只到了两台")
    return match


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (claimed, "to_ask", "接下"),
        (introduced, "answers", "双方都同意了"),
        (declined, "answers", "有一方没同意"),
        (delivered, "to_finish", "都到齐了"),
        (disputed, "questions", "有一笔交付对不上"),
    ],
)
def test_a_note_moves_no_day(
    scene: Scene, client: FlaskClient, clock: SettableClock, make: Callable[[Scene], str],
    code: str, said: str,
) -> None:  # fmt: skip
    match = make(scene)
    before = group(look(scene, client), code)
    day = f"{clock.now().month}月{clock.now().day}日 {said}"
    assert day in before.replace("\xa0", "")
    clock.forward(days=2)
    sent = client.post(f"/matches/{match}/messages", data={"thread": "notes", "text": "电话问过"})
    assert sent.status_code == 302
    assert day in group(look(scene, client), code).replace("\xa0", "")


def test_a_pair_that_did_not_answer_is_suggested_as_such(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    suggest(scene, scene.need_id, scene.offer_id)
    assert "没有回音" not in group(look(scene, client), "pairs")
    match = scene.proposed()
    clock.forward(days=14)
    with scene.open() as act:
        closing.lapse(act, match)
    pairs = group(look(scene, client), "pairs").replace("\xa0", "")
    assert "问过，到12月6日没有回音" in pairs


def test_who_is_away_reads_who_stands_in_and_ends_it(scene: Scene, client: FlaskClient) -> None:
    cast = scene.cast
    other = colleague(cast, cast.broker, "小吴")
    assert "请假" not in look(scene, client)
    own, stand_in = (one.person.public_id for one in (cast.broker, other))
    with scene.act(cast.broker) as act:
        set_absence(act, own, stand_in, date(2026, 11, 25), date(2026, 11, 26))
    assert "请假" not in look(scene, client)  # it has not begun
    with scene.act(cast.broker) as act:
        set_absence(act, own, stand_in, date(2026, 11, 22), date(2026, 11, 24))
    page = look(scene, client)
    assert "您请假到11月24日，由小吴代班。" in page.replace("\xa0", "")
    assert 'href="/me/absence"' in page
    lines = client.get("/me/absence", follow_redirects=True).text
    end = re.findall(r'action="(/workers/[^"]+/end)"', lines)[0]
    assert client.post(end).status_code == 302
    assert "由小吴代班" not in look(scene, client)
    cast.sign_in(client, other)
    assert "您请假" not in client.get("/today").text
