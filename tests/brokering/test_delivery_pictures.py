"""Photos that follow a delivery: by who noted it or brokers the match, until it is settled."""

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.models import Membership
from exchange.audit.models import AuditEntry
from exchange.brokering.deeds import delivering
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.picturing import MOST_OF_A_DELIVERY
from exchange.brokering.deeds.rules import PICTURE_DAYS, DeliveryWords, may_picture
from exchange.kernel.decisions import Decision
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.brokering.test_deliveries import codes, deliver, note, told
from tests.brokering.test_worker_api import Call, call, files, picture
from tests.cast import FIRM_AREA, Player
from tests.conftest import SettableClock

__all__ = ["call"]
DAY = date(2026, 11, 22)
NOTHING_SAID = DeliveryWords(is_received=False, is_disputed=False, is_struck=False)
COLOURS = ("red", "green", "blue", "teal", "pink", "gold", "navy", "lime", "gray", "tan", "plum",
           "cyan", "khaki")  # fmt: skip


@pytest.fixture
def noted(scene: Scene) -> tuple[str, str]:
    """A match with a delivery that the enterprise has noted and nobody confirmed."""
    match, commitment = scene.agreed()
    return match, deliver(scene, scene.cast.enterprise, match, commitment, 10_000)


def send(client: FlaskClient, match: str, delivery: str, *colours: str) -> tuple[int, str]:
    photos = [(io.BytesIO(picture(colour)), f"{colour}.jpg") for colour in colours]
    answer = client.post(
        f"/matches/{match}/deliveries/pictures", data={"delivery": delivery, "photos": photos}
    )
    return answer.status_code, answer.text


def photos_of(scene: Scene, delivery: str) -> list[str]:
    return [row.file.public_id for row in note(scene, delivery).files]


def may(said: DeliveryWords, days: int, *, noter: bool = True, broker: bool = False) -> Decision:
    today = DAY + timedelta(days=days)
    return may_picture(said, DAY, today, is_noter=noter, is_broker=broker)


def test_photos_may_follow_for_a_fortnight_and_until_both_have_confirmed() -> None:
    assert may(NOTHING_SAID, 0)
    assert may(NOTHING_SAID, PICTURE_DAYS)
    late = may(NOTHING_SAID, PICTURE_DAYS + 1)
    assert (late.code, late.params) == ("delivery_pictures_late", {"days": 14})
    one = DeliveryWords(is_received=True, is_disputed=False, is_struck=False)
    both = DeliveryWords(is_received=True, is_disputed=False, is_struck=False, is_given=True)
    struck = DeliveryWords(is_received=False, is_disputed=True, is_struck=True)
    assert may(one, 1)
    assert may(both, 1).code == may(struck, 1).code == "delivery_pictures_settled"
    assert may(NOTHING_SAID, 1, noter=False).code == "delivery_pictures_not_yours"
    assert may(NOTHING_SAID, 1, noter=False, broker=True)


def test_who_noted_it_adds_photos_that_both_sides_see_and_nobody_is_called_for(
    scene: Scene, client: FlaskClient, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    people = (cast.officer, cast.enterprise, cast.broker)
    before = [told(scene, who) for who in people]
    cast.sign_in(client, cast.enterprise)
    page = client.get(f"/matches/{match}").text
    assert "补照片" in page
    assert "可以补到12\N{NO-BREAK SPACE}月\N{NO-BREAK SPACE}6\N{NO-BREAK SPACE}日" in page
    assert send(client, match, delivery, "red", "green")[0] == 302
    shown = photos_of(scene, delivery)
    assert len(shown) == 2
    for who in people:
        cast.sign_in(client, who)
        page = client.get(f"/matches/{match}").text
        assert all(f"/files/{one}/thumb" in page for one in shown)
        assert client.get(f"/files/{shown[0]}/full").status_code == 200
        assert "给一笔交付补了照片" in page
        assert "2 张照片" in page
    assert [told(scene, who) for who in people] == before
    assert codes(scene)[-1] == "delivery_pictured"
    count = sa.select(sa.func.count()).where(AuditEntry.event == "DeliveryPictured")
    assert cast.session.scalar(count) == 1
    cast.sign_in(client, cast.stranger)
    assert client.get(f"/files/{shown[0]}/full").status_code == 404


def test_only_who_noted_it_and_who_brokers_may_add(
    scene: Scene, client: FlaskClient, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    colleague = cast.make_player("小刘", FIRM_AREA, cast.enterprise.organisation)

    def tries(who: Player, colour: str) -> tuple[bool, int]:
        cast.sign_in(client, who)
        offered = "补照片" in client.get(f"/matches/{match}").text
        return offered, send(client, match, delivery, colour)[0]

    assert tries(cast.broker, "red") == (True, 302)
    assert tries(cast.supervisor, "green") == (True, 302)
    assert tries(cast.officer, "blue") == (False, 403)
    assert tries(colleague, "teal") == (False, 403)
    assert tries(cast.stranger, "pink") == (False, 404)
    cast.sign_out(client)
    assert send(client, match, delivery, "pink")[0] == 302  # to where one signs in
    assert len(photos_of(scene, delivery)) == 2


def test_bad_input_is_refused_beside_the_field(
    scene: Scene, client: FlaskClient, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    cast.sign_in(client, cast.enterprise)
    status, page = send(client, match, delivery)
    assert (status, "这里要填" in page) == (422, True)
    status, page = send(client, match, delivery, *COLOURS[:5])
    assert (status, "一次最多四份" in page) == (422, True)
    assert page.count("请再选一次照片") == 1
    for data in (b"no picture", b"%PDF-1.4\n%%EOF\n"):
        sent = {"delivery": delivery, "photos": [(io.BytesIO(data), "a.jpg")]}
        answer = client.post(f"/matches/{match}/deliveries/pictures", data=sent)
        assert (answer.status_code, "照片打不开。请用 JPEG" in answer.text) == (422, True)
    assert send(client, match, "nothing", "red")[0] == 404
    assert client.post(f"/matches/{match}/deliveries/pictures").status_code == 422
    assert photos_of(scene, delivery) == []


def test_photos_sent_twice_are_there_once(
    scene: Scene, client: FlaskClient, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    cast.sign_in(client, cast.enterprise)
    assert send(client, match, delivery, "red", "green")[0] == 302
    assert send(client, match, delivery, "red", "green")[0] == 302
    assert send(client, match, delivery, "green", "blue")[0] == 302
    assert len(photos_of(scene, delivery)) == 3
    assert codes(scene).count("delivery_pictured") == 2


def test_a_delivery_holds_twelve_photos_at_most(
    scene: Scene, client: FlaskClient, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    cast.sign_in(client, cast.enterprise)
    for start in (0, 4):
        assert send(client, match, delivery, *COLOURS[start : start + 4])[0] == 302
    assert send(client, match, delivery, *COLOURS[8:11])[0] == 302
    status, page = send(client, match, delivery, *COLOURS[11:13])
    assert (status, "一笔交付最多十二张照片" in page) == (422, True)
    assert send(client, match, delivery, COLOURS[11])[0] == 302
    assert len(photos_of(scene, delivery)) == MOST_OF_A_DELIVERY
    assert "补照片" not in client.get(f"/matches/{match}").text
    status, page = send(client, match, delivery, COLOURS[12])
    assert (status, "一笔交付最多十二张照片" in page) == (422, True)


def test_what_both_have_confirmed_stays_as_it_is(
    scene: Scene, client: FlaskClient, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    with scene.act(cast.officer) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
    cast.sign_in(client, cast.enterprise)
    assert "补照片" not in client.get(f"/matches/{match}").text
    status, page = send(client, match, delivery, "red")
    assert (status, "这笔交付已经定了" in page) == (422, True)
    assert photos_of(scene, delivery) == []


def test_after_a_fortnight_it_is_too_late(
    scene: Scene, client: FlaskClient, noted: tuple[str, str], clock: SettableClock
) -> None:
    cast, (match, delivery) = scene.cast, noted
    clock.forward(days=PICTURE_DAYS)
    cast.sign_in(client, cast.enterprise)
    assert send(client, match, delivery, "red")[0] == 302
    clock.forward(days=1)
    assert "补照片" not in client.get(f"/matches/{match}").text
    status, page = send(client, match, delivery, "green")
    assert (status, "14 天内可以补照片" in page) == (422, True)
    assert len(photos_of(scene, delivery)) == 1


def test_who_has_left_the_side_adds_nothing(
    scene: Scene, client: FlaskClient, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    cast.session.execute(
        sa.delete(Membership).where(
            Membership.person_id == cast.enterprise.person_id,
            Membership.organisation_id == cast.enterprise.organisation_id,
        )
    )
    cast.session.commit()
    cast.sign_in(client, cast.enterprise)
    assert send(client, match, delivery, "red")[0] == 404


def test_programs_add_photos_and_read_until_when(
    scene: Scene, call: Call, noted: tuple[str, str]
) -> None:
    cast, (match, delivery) = scene.cast, noted
    path = f"/matches/{match}/deliveries/{delivery}/pictures"
    deeds = f"/matches/{match}/deeds"
    found = call(cast.enterprise, "GET", deeds)[1]
    assert found["deliveries"][0]["photos_until"] == "2026-12-06"
    assert Deed.PICTURE_DELIVERY.value in found["may"]
    assert call(cast.officer, "GET", deeds)[1]["deliveries"][0]["photos_until"] is None
    for _round in range(2):
        status, made = call(cast.enterprise, "POST", path, **files(picture(), picture("red")))
        assert (status, made["id"], len(made["photos"])) == (201, delivery, 2)
    status, refused = call(cast.officer, "POST", path, **files(picture()))
    assert (status, refused["code"]) == (403, "delivery_pictures_not_yours")
    assert call(cast.stranger, "POST", path, **files(picture()))[0] == 404
    for given, code in (
        (files(b"no picture"), "picture_unreadable"),
        (files(*[picture()] * 5), "too_many_match_pictures"),
        (files(), "required"),
    ):
        status, refused = call(cast.enterprise, "POST", path, **given)
        assert (status, refused["errors"]["photos"][0]["code"]) == (422, code)
    gone = f"/matches/{match}/deliveries/nothing/pictures"
    assert call(cast.enterprise, "POST", gone, **files(picture()))[0] == 404
    with scene.act(cast.officer) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
    status, refused = call(cast.enterprise, "POST", path, **files(picture("blue")))
    assert (status, refused["code"]) == (409, "delivery_pictures_settled")
