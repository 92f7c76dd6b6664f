"""Contacts shown with consent and on record, messages that leak no number, pictures for whom."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from exchange.brokering.deeds import delivering
from exchange.brokering.deeds.attaching import attach
from exchange.brokering.deeds.kinds import Thread
from exchange.brokering.deeds.models import MatchFile, MatchMessage
from exchange.brokering.kinds import ProxyConsent
from exchange.brokering.life import proposing
from exchange.brokering.models import ContactReveal
from exchange.brokering.proxy.speaking import Consent
from exchange.brokering.talk import consenting, messaging
from exchange.files.models import StoredFile
from exchange.files.pictures import read_picture
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.cast import FIRM_AREA, Player
from tests.conftest import Queries
from tests.factories import make_listing

NUMBER = "13812345678"
Catch = Callable[[], AbstractContextManager[Queries]]


def told(scene: Scene, who: Player) -> list[str]:
    scene.cast.session.rollback()
    query = sa.select(Notice.code).where(Notice.person_id == who.person_id).order_by(Notice.id)
    return list(scene.cast.session.scalars(query))


def look_at(scene: Scene, who: Player, match: str, side: Side) -> str | None:
    with scene.act(who) as act:
        return proposing.reveal_contact(act, match, side).phone


def test_withdrawn_contact_is_shown_to_nobody_of_the_other_side_until_given_anew(
    scene: Scene, client: FlaskClient
) -> None:
    cast, match = scene.cast, scene.introduced()
    assert look_at(scene, cast.enterprise, match, Side.NEED) == cast.officer.phone
    with scene.act(cast.officer) as act:
        consenting.withdraw_contact(act, match, Side.NEED)
    with pytest.raises(Forbidden, match="contact_withdrawn"):
        look_at(scene, cast.enterprise, match, Side.NEED)
    assert look_at(scene, cast.broker, match, Side.NEED) == cast.officer.phone
    assert told(scene, cast.broker)[-1] == "match_need_contact_withdrawn"
    assert "match_need_contact_withdrawn" not in told(scene, cast.enterprise)
    cast.sign_in(client, cast.enterprise)
    page = client.get(f"/matches/{match}").text
    assert "这一方收回了联系方式" in page
    assert f"/matches/{match}/contact/need" not in page
    with pytest.raises(Conflict), scene.act(cast.officer) as act:
        consenting.withdraw_contact(act, match, Side.NEED)
    with scene.act(cast.officer) as act:
        consenting.give_contact(act, match, Side.NEED)
    assert look_at(scene, cast.enterprise, match, Side.NEED) == cast.officer.phone
    row = cast.session.scalars(
        sa.select(ContactReveal).where(ContactReveal.shown_to_id == cast.enterprise.person_id)
    ).one()
    assert (row.times, row.as_side) == (2, Side.OFFER)


def test_nobody_gives_a_contact_for_others_but_a_recorded_proxy(scene: Scene) -> None:
    cast, match = scene.cast, scene.introduced()
    with pytest.raises(Forbidden), scene.act(cast.enterprise) as act:
        consenting.withdraw_contact(act, match, Side.NEED)
    with pytest.raises(NotFound), scene.act(cast.stranger) as act:
        consenting.withdraw_contact(act, match, Side.NEED)
    with scene.act(cast.broker) as act:
        consenting.withdraw_contact(act, match, Side.NEED)
    for who, error in ((cast.enterprise, Forbidden), (cast.broker, Invalid)):
        with pytest.raises(error), scene.act(who) as act:
            consenting.give_contact(act, match, Side.NEED)
    contact = scene.match(match).side(Side.NEED).contact_id
    with scene.act(cast.broker) as act:
        consenting.give_contact(
            act, match, Side.NEED, Consent(ProxyConsent.PHONE, "电话里说可以给看")
        )
    assert scene.match(match).side(Side.NEED).contact_id == contact


def test_contact_is_withdrawn_and_given_through_the_page(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.officer)
    path = f"/matches/{match}/contact-consent"
    for give, status in (("x", 422), ("no", 302), ("no", 422), ("yes", 302)):
        assert client.post(path, data={"side": "need", "give": give}).status_code == status
    assert client.post(path, data={"side": "offer", "give": "no"}).status_code == 403
    assert client.post(path, data={"side": "x", "give": "no"}).status_code == 404


@pytest.mark.parametrize(
    ("side", "words"),
    [(Side.OFFER, "以后只有他们自己能再把它给另一方看"), (Side.NEED, "记下他们是怎样同意的")],
)
def test_social_worker_is_asked_before_a_contact_is_withdrawn_for_others(
    scene: Scene, client: FlaskClient, side: Side, words: str
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    path = f"/matches/{match}/contact-consent"
    asked = f"{path}/{side.value}"
    page = client.get(f"/matches/{match}").text
    assert f'href="{asked}"' in page
    assert 'value="no"' not in page.split('id="contacts"')[1].split("</section>")[0]
    sent = {"side": side.value, "give": "no"}
    assert client.post(path, data=sent).location == asked
    assert scene.match(match).side(side).contact_withdrawn_at is None
    question = client.get(asked).text
    assert words in question
    assert 'name="sure" value="yes"' in question
    done = client.post(path, data=sent | {"sure": "yes"}, follow_redirects=True)
    assert "对方看不到联系方式了" in done.text
    assert scene.match(match).side(side).contact_withdrawn_at is not None
    late = client.get(asked, follow_redirects=True)
    assert "这个联系方式已经收回了" in late.text
    assert client.post(path, data=sent | {"sure": "yes"}).status_code == 422


def test_only_who_may_withdraw_a_contact_is_asked(scene: Scene, client: FlaskClient) -> None:
    match = scene.introduced()
    asked = f"/matches/{match}/contact-consent"
    scene.cast.sign_in(client, scene.cast.officer)
    assert client.get(f"{asked}/offer").status_code == 403
    assert client.get(f"{asked}/x").status_code == 404
    assert 'name="give" value="no"' in client.get(f"/matches/{match}").text
    scene.cast.sign_in(client, scene.cast.stranger)
    assert client.get(f"{asked}/offer").status_code == 404
    need = make_listing(scene.cast.house, scene.cast.officer, Side.NEED)
    scene.need_id = need.id
    early = scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    assert client.get(f"/matches/{early}/contact-consent/offer").status_code == 409


def test_person_reads_who_saw_their_number(scene: Scene, client: FlaskClient) -> None:
    cast, match = scene.cast, scene.introduced()
    for _ in range(3):
        look_at(scene, cast.enterprise, match, Side.NEED)
    look_at(scene, cast.broker, match, Side.NEED)
    cast.sign_in(client, cast.officer)
    for address in ("/me", "/me/contact-reveals", f"/matches/{match}"):
        page = client.get(address).text
        assert f"{cast.enterprise.person.name}" in page
        assert "社工" in page
    assert "3 次" in client.get("/me/contact-reveals").text
    assert cast.enterprise.phone not in client.get("/me/contact-reveals").text
    cast.sign_in(client, cast.stranger)
    assert "还没有人看过" in client.get("/me/contact-reveals").text


WAYS_TO_REACH = (
    f"打我电话 {NUMBER}",
    "加我微信 wxid_abc123",
    "写信到 zhang@example.com",
    "一三八一二三四五六七八",
)


def test_no_number_goes_through_before_both_have_said_yes(scene: Scene) -> None:
    match = scene.proposed()
    for words in WAYS_TO_REACH:
        for who, thread in ((scene.cast.officer, Thread.NEED), (scene.cast.broker, Thread.OFFER)):
            with pytest.raises(Invalid), scene.act(who) as act:
                messaging.write_message(act, match, thread, words)
    assert scene.cast.session.scalars(sa.select(MatchMessage)).all() == []


def test_numbers_after_the_introduction_and_not_while_withdrawn_and_payments_never(
    scene: Scene,
) -> None:
    cast, match = scene.cast, scene.introduced()
    with scene.act(cast.officer) as act:
        messaging.write_message(act, match, Thread.BOTH, f"司机电话 {NUMBER}")
    with pytest.raises(Invalid), scene.act(cast.officer) as act:
        messaging.write_message(act, match, Thread.BOTH, "打到 卡 6222021234567890128")
    with scene.act(cast.officer) as act:
        consenting.withdraw_contact(act, match, Side.NEED)
    with pytest.raises(Invalid), scene.act(cast.enterprise) as act:
        messaging.write_message(act, match, Thread.BOTH, f"打 {NUMBER}")


def test_each_thread_is_read_by_its_own_people_and_notices_carry_no_word(
    scene: Scene, client: FlaskClient
) -> None:
    cast, match = scene.cast, scene.proposed()
    with scene.act(cast.officer) as act:
        messaging.write_message(act, match, Thread.NEED, "村里周末没人在")
    with scene.act(cast.broker) as act:
        messaging.write_message(act, match, Thread.OFFER, "他们想早点定")
        messaging.write_message(act, match, Thread.NOTES, "主任不识字，打电话")
    assert told(scene, cast.broker)[-1] == "match_message"
    assert "match_message" in told(scene, cast.enterprise)
    assert "match_message" not in told(scene, cast.officer)
    rows = cast.session.scalars(sa.select(Notice).where(Notice.code == "match_message")).all()
    assert all("周末" not in str(row.params) + row.path for row in rows)
    seen = {}
    for who in (cast.officer, cast.enterprise, cast.broker):
        cast.sign_in(client, who)
        page = client.get(f"/matches/{match}").text
        seen[who.person_id] = [word in page for word in ("周末没人", "早点定", "不识字")]
    assert list(seen.values()) == [[True, False, False], [False, True, False], [True, True, True]]
    with pytest.raises(Forbidden), scene.act(cast.officer) as act:
        messaging.write_message(act, match, Thread.OFFER, "你好")
    with pytest.raises(Forbidden), scene.act(cast.officer) as act:
        messaging.write_message(act, match, Thread.NOTES, "你好")
    with pytest.raises(Conflict), scene.act(cast.officer) as act:
        messaging.write_message(act, match, Thread.BOTH, "你好")
    with pytest.raises(NotFound), scene.act(cast.stranger) as act:
        messaging.write_message(act, match, Thread.NEED, "你好")


def test_message_through_the_page_comes_back_when_refused(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.proposed()
    scene.cast.sign_in(client, scene.cast.officer)
    path = f"/matches/{match}/messages"
    refused = client.post(path, data={"thread": "need", "text": f"打我 {NUMBER}"})
    assert refused.status_code == 422
    assert refused.text.count(NUMBER) >= 1
    assert 'id="messages"' in refused.text
    assert '<details class="more" open>' in refused.text.split('id="messages"')[1][:60]
    sent = client.post(path, data={"thread": "need", "text": "下午在村委会"})
    assert sent.location.endswith("#messages")
    assert client.post(path, data={"thread": "x", "text": "y"}).status_code == 404


def picture() -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(data, "JPEG")
    data.seek(0)
    return data


def test_pictures_are_served_to_those_whose_they_are(scene: Scene, client: FlaskClient) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    cast.sign_in(client, cast.enterprise)
    sent = {
        "commitment": commitment, "amount": "10", "note": "头一车",
        "photos": [(picture(), "a.jpg"), (picture(), "b.jpg")],
    }  # fmt: skip
    assert client.post(f"/matches/{match}/delivery", data=sent).status_code == 302
    cast.sign_in(client, cast.broker)
    inside = {"internal": "y", "caption": "同意书", "photos": [(picture(), "c.jpg")]}
    assert client.post(f"/matches/{match}/files", data=inside).status_code == 302
    assert client.post(f"/matches/{match}/files", data={"caption": "没有"}).status_code == 422
    cast.session.rollback()
    files = {
        row.is_internal: row.file.public_id
        for row in cast.session.scalars(sa.select(MatchFile).order_by(MatchFile.id))
    }

    def may(who: Player) -> list[int]:
        cast.sign_in(client, who)
        return [client.get(f"/files/{files[key]}/thumb").status_code for key in (False, True)]

    assert may(cast.broker) == [200, 200]
    assert may(cast.officer) == [200, 404]
    assert may(cast.enterprise) == [200, 404]
    assert may(cast.stranger) == [404, 404]
    cast.sign_out(client)
    assert client.get(f"/files/{files[False]}/full").status_code == 404
    cast.sign_in(client, cast.officer)
    path = f"/matches/{match}/files/remove"
    assert client.post(path, data={"file": files[False]}).status_code == 403
    assert client.post(path, data={"file": files[True]}).status_code == 404
    cast.sign_in(client, cast.broker)
    assert client.post(path, data={"file": files[True]}).status_code == 302
    assert cast.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 2


def test_five_pictures_at_once_and_what_is_none_are_refused(
    scene: Scene, client: FlaskClient
) -> None:
    match, _ = scene.agreed()
    scene.cast.sign_in(client, scene.cast.officer)
    path = f"/matches/{match}/files"
    five = {"photos": [(picture(), f"{n}.jpg") for n in range(5)]}
    assert client.post(path, data=five).status_code == 422
    none = {"photos": [(io.BytesIO(b"text"), "a.jpg")]}
    assert client.post(path, data=none).status_code == 422
    assert scene.cast.session.scalars(sa.select(MatchFile)).all() == []


def test_page_of_a_match_asks_the_same_number_of_queries_however_much_was_said(
    scene: Scene, client: FlaskClient, catch_queries: Catch
) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()

    def more(number: int) -> None:
        with scene.act(cast.enterprise) as act:
            delivering.record_delivery(act, match, commitment, 1_000, f"第 {number} 车")
        for who in (cast.officer, cast.broker):
            with scene.act(who) as act:
                messaging.write_message(act, match, Thread.BOTH, f"第 {number} 句")
        with scene.act(cast.broker) as act:
            attach(act, match, [read_picture(picture().read())], f"{number}", internal=False)
        colleague = cast.make_player(f"同事{number}", FIRM_AREA, cast.enterprise.organisation)
        with scene.act(colleague) as act:
            proposing.reveal_contact(act, match, Side.NEED)

    def sent(path: str) -> int:
        cast.sign_in(client, cast.officer)
        client.get(path)
        with catch_queries() as queries:
            assert client.get(path).status_code == 200
        return queries.count

    paths = (f"/matches/{match}", "/me/contact-reveals", "/me")
    more(1)
    more(2)
    before = [sent(path) for path in paths]
    for number in range(3, 6):
        more(number)
    assert [sent(path) for path in paths] == before
