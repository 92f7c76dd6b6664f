"""Open accounts through the doors that people use."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.listings.kinds import Visibility
from exchange.projects.kinds import PartnerState
from exchange.projects.ledger.kinds import (
    Counterparty,
    EntryKind,
    LedgerRole,
    RequestState,
)
from exchange.projects.models import Project, ProjectPartner
from tests.cast import FIRM_AREA, Player
from tests.conftest import Queries
from tests.projects.ledger_scene import LIMIT, Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture

Catch = Callable[[], AbstractContextManager[Queries]]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CODE = "53520000MJ00000000"


def photo(colour: str = "white") -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG")
    data.seek(0)
    return data


def sign_in(scene: Scene, client: FlaskClient, who: Player, locale: str = "en") -> None:
    scene.cast.sign_in(client, who)
    client.get(f"/locale/{locale}")


def sent(**changed: object) -> dict[str, object]:
    given: dict[str, object] = {
        "kind": "receipt", "account_kind": "money", "amount": "3200.50", "purpose": "冷库门",
        "counterparty": "organisation", "counterparty_name": "安顺冷库设备厂",
        "happened_on": "2026-11-20", "files": (photo(), "a.jpg"), "sent_key": "one",
    }  # fmt: skip
    return {name: value for name, value in {**given, **changed}.items() if value is not None}


def test_a_refused_record_says_that_its_photo_must_be_chosen_once_more(
    scene: Scene, client: FlaskClient
) -> None:
    sign_in(scene, client, scene.treasurer, "zh")
    lost = "请再选一次文件：浏览器不会替您留着。"
    assert lost not in client.post(f"{scene.path}/record", data=sent(amount="", files=None)).text
    page = client.post(f"{scene.path}/record", data=sent(amount=""))
    assert page.status_code == 422
    assert page.text.count(lost) == 1
    assert page.text.index('id="files-names"') < page.text.index(lost)
    both = sent(amount="", public_files=(photo(), "b.jpg"), children="no_child")
    public = client.post(f"{scene.path}/record", data=both).text
    assert public.count(lost) == 2
    assert '<details class="more" open' in public
    told = client.post(f"{scene.path}/record", data=sent(happened_on="2036-11-20"))
    assert (told.status_code, told.text.count(lost)) == (422, 1)


def test_what_is_not_there_is_told_at_the_amount_with_its_unit(
    scene: Scene, client: FlaskClient
) -> None:
    scene.approve(scene.goods(EntryKind.RECEIPT, 15_000, "水泥", "袋"))
    scene.receipt(5_000)
    sign_in(scene, client, scene.treasurer, "zh")
    page = client.get(f"{scene.path}/record").text
    for name in ("goods", "unit"):
        assert "可不填" not in page.split(f'<label for="{name}">')[1].split("</label>")[0]
    asked = sent(kind="payment", account_kind="goods", goods="水泥", unit="袋", amount="999")
    for given, said in (
        (asked, "账上的水泥只有 15 袋，还差 984 袋。"),
        (sent(kind="payment", amount="50.01"), "账上的钱只有 50.00 元，还差 0.01 元。"),
    ):
        refused = client.post(f"{scene.path}/record", data=given)
        assert refused.status_code == 422
        assert '<a href="#amount">' in refused.text
        beside = refused.text.split('id="amount-error"')[1].split("</p>")[0]
        assert said in beside
    client.get("/locale/en")
    refused = client.post(f"{scene.path}/record", data=sent(kind="payment", amount="50.01"))
    assert "Of the money in this account only 50.00 yuan is there" in refused.text


def test_a_treasurer_records_with_a_photo_and_a_second_person_approves(
    scene: Scene, client: FlaskClient
) -> None:
    sign_in(scene, client, scene.treasurer)
    assert "Record it" in client.get(f"{scene.path}/record").text
    answer = client.post(f"{scene.path}/record", data=sent(), follow_redirects=True)
    assert "It counts once a second person has looked at it." in answer.text
    request = answer.request.path
    assert "Approve and book it" not in answer.text
    sign_in(scene, client, scene.approver)
    assert "1 entry waits for the second person" in client.get(scene.path).text
    page = client.get(request).text
    assert "钱会计" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    done = client.post(f"{request}/approve", data={"version": version[1]}, follow_redirects=True)
    assert "It stands in the accounts now." in done.text
    client.get("/locale/en")
    scene.cast.sign_out(client)
    public = client.get(scene.path).text
    assert "+¥3,200.50" in public
    assert "冷库门" in public
    assert "钱会计" not in public + client.get(f"{scene.path}/entries/1").text
    assert client.get(f"{scene.path}/entries/2").status_code == 404


def test_refusing_and_taking_back_through_the_pages(scene: Scene, client: FlaskClient) -> None:
    first, second = scene.receipt(LIMIT + 1), scene.receipt(LIMIT + 2)
    sign_in(scene, client, scene.approver)
    empty = client.post(f"{scene.path}/requests/{first}/refuse", data={"version": "1"})
    assert empty.status_code == 422
    assert "Please fill this in." in empty.text
    client.post(f"{scene.path}/requests/{first}/refuse", data={"version": "1", "reason": "重复了"})
    assert scene.request(first).state is RequestState.REFUSED
    late = client.post(
        f"{scene.path}/requests/{first}/approve", data={"version": "2"}, follow_redirects=True
    )
    assert "This was decided already." in late.text
    stale = client.post(
        f"{scene.path}/requests/{second}/approve", data={"version": "7"}, follow_redirects=True
    )
    assert scene.entries() == []
    assert stale.status_code == 200
    sign_in(scene, client, scene.treasurer)
    page = client.get(f"{scene.path}/requests/{first}").text
    assert "重复了" in page
    assert "Take this entry back" in client.get(f"{scene.path}/requests/{second}").text
    client.post(f"{scene.path}/requests/{second}/withdraw")
    assert scene.request(second).state is RequestState.WITHDRAWN
    assert "重复了" in client.get(scene.path).text
    scene.cast.sign_out(client)
    assert "重复了" not in client.get(scene.path).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": "zwölf"}, "Please write an amount"),
        ({"amount": "0"}, "It must be more than 0."),
        ({"amount": "-20.50"}, "It must be more than 0."),
        ({"amount": "1000000000001"}, "At most 1,000,000,000,000, please."),
        ({"account_kind": "goods", "goods": "水泥", "unit": "袋", "amount": "100000000001"},
         "At most 100,000,000,000, please."),
        ({"amount": "1.005"}, "Please write an amount"),
        ({"purpose": ""}, "Please fill this in."),
        ({"purpose": "请打款到银行卡6222021234567890123"}, "never collects"),
        ({"purpose": "给留守儿童王某家"}, "without telling about one person"),
        ({"no_public_reason": "王某家孩子的病历"}, "without telling about one person"),
        ({"files": None, "no_document_reason": "王某家孩子住院"}, "about one person"),
        ({"happened_on": "2026-13-40"}, "Not a valid date value"),
        ({"happened_on": "2026-11-30"}, "yet to come"),
        ({"files": None}, "Please add a photo of the receipt"),
        ({"files": (io.BytesIO(b"%PDF-x"), "a.pdf")}, "We cannot open this document."),
        ({"kind": "payment", "amount": "1"}, "in this account only 0.00 yuan is there"),
        ({"account_kind": "goods", "amount": "5"}, "Please fill this in."),
        ({"kind": "counter"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    scene: Scene, client: FlaskClient, changed: dict[str, object], words: str
) -> None:
    sign_in(scene, client, scene.treasurer)
    given = sent(**{"purpose": "两扇冷库门", **changed})
    answer = client.post(f"{scene.path}/record", data=given)
    assert answer.status_code == 422
    assert words in answer.text.replace("&#39;", "'")
    assert "安顺冷库设备厂" in answer.text
    assert scene.entries() == []


def test_strangers_and_people_without_a_role_find_no_door(
    scene: Scene, client: FlaskClient
) -> None:
    request = scene.receipt(LIMIT + 1)
    doors = ("record", f"requests/{request}", "people", "appeals")
    assert client.get(f"{scene.path}/record").status_code == 302  # to sign in
    sign_in(scene, client, scene.cast.stranger)
    assert [client.get(f"{scene.path}/{door}").status_code for door in doors] == [403] * 4
    for act in ("approve", "refuse", "withdraw", "look", "forget"):
        answer = client.post(f"{scene.path}/requests/{request}/{act}", data={"reason": "x"})
        assert answer.status_code == 403, act
    sign_in(scene, client, scene.cast.broker)
    codes = [client.get(f"{scene.path}/{door}").status_code for door in doors]
    assert codes == [403, 200, 403, 403]


def test_a_project_that_one_may_not_know_has_no_accounts_for_them(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    session.get_one(Project, scene.project_id).visibility = Visibility.BROKERS
    session.commit()
    sign_in(scene, client, scene.cast.stranger)
    for door in ("", "/entries/1", "/notice", ".csv", ".json"):
        assert client.get(f"{scene.path}{door}").status_code == 404, door
    sign_in(scene, client, scene.cast.broker)
    assert client.get(scene.path).status_code == 200


def test_a_private_person_is_a_private_person_for_everybody(
    scene: Scene, client: FlaskClient
) -> None:
    request = scene.receipt(
        100, counterparty=Counterparty.PERSON, counterparty_name="何大娘", purpose="捐款"
    )
    doors = ("", "/entries/1", "/notice", ".csv", ".json")
    assert all("何大娘" not in client.get(f"{scene.path}{door}").text for door in doors)
    assert "个人" in client.get(scene.path).text
    sign_in(scene, client, scene.treasurer)
    assert "何大娘" not in client.get(f"{scene.path}/entries/1").text
    page = client.post(f"{scene.path}/requests/{request}/look", follow_redirects=True).text
    assert "何大娘" in page
    client.post(f"{scene.path}/requests/{request}/forget")
    assert "何大娘" not in client.get(f"{scene.path}/entries/1").text


def test_a_correction_through_the_pages_leaves_both_to_be_read(
    scene: Scene, client: FlaskClient
) -> None:
    scene.receipt(50_000)
    sign_in(scene, client, scene.treasurer)
    empty = client.post(f"{scene.path}/entries/1/correct", data={"reason": ""})
    assert empty.status_code == 422
    assert "Book the correction" in empty.text
    personal = client.post(f"{scene.path}/entries/1/correct", data={"reason": "王某家孩子生病了"})
    assert personal.status_code == 422
    assert "without telling about one person" in personal.text
    assert "王某家孩子生病了" in personal.text
    client.post(f"{scene.path}/entries/1/correct", data={"reason": "多写一个零", "sent_key": "k"})
    client.post(f"{scene.path}/entries/1/correct", data={"reason": "多写一个零", "sent_key": "k"})
    assert len(scene.entries()) == 2
    page = client.get(scene.path).text
    assert "Taken back by no. 2" in page
    assert "Takes back no. 1" in page
    again = client.post(f"{scene.path}/entries/1/correct", data={"reason": "再来"})
    assert again.status_code == 422
    assert "taken back already" in again.text


def test_managers_name_people_and_are_told_what_is_missing(
    scene: Scene, client: FlaskClient
) -> None:
    officer = scene.cast.officer
    sign_in(scene, client, officer)
    page = client.get(f"{scene.path}/people").text
    assert "钱会计" in page
    for role in LedgerRole:
        for who in (scene.treasurer, scene.approver):
            values = {"person": who.person.public_id, "role": role.value}
            client.post(f"{scene.path}/people/end", data=values)
    assert "Nobody records yet." in client.get(scene.path).text
    key = scene.treasurer.person.public_id
    client.post(f"{scene.path}/people", data={"person": key, "role": "treasurer"})
    assert "There is no second person yet." in client.get(f"{scene.path}/people").text
    client.post(f"{scene.path}/people", data={"person": key, "role": "approver"})
    assert "one and the same person" in client.get(f"{scene.path}/people").text
    other = officer.person.public_id
    client.post(f"{scene.path}/people", data={"person": other, "role": "approver"})
    assert "Nobody approves their own: name" not in client.get(f"{scene.path}/people").text
    elsewhere = scene.cast.stranger.person.public_id
    wrong = client.post(f"{scene.path}/people", data={"person": elsewhere, "role": "approver"})
    assert wrong.status_code == 422
    stale = client.post(f"{scene.path}/people/limit", data={"limit": "5", "version": "9"})
    assert stale.status_code == 422
    below = client.post(f"{scene.path}/people/limit", data={"limit": "-5", "version": "1"})
    assert "It must be more than 0." in below.text
    odd = client.post(f"{scene.path}/people/limit", data={"limit": "much", "version": "1"})
    assert "Please write an amount" in odd.text
    raised = client.post(f"{scene.path}/people/limit", data={"limit": "1000.01", "version": "1"})
    assert raised.status_code == 422
    assert "a project may only set a lower sum" in raised.text
    client.post(f"{scene.path}/people/limit", data={"limit": "0", "version": "1"})
    assert "Every entry is looked at by a second person" in client.get(scene.path).text


def test_an_appeal_is_only_a_link_to_a_verified_charitys_filed_campaign(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    charity = scene.cast.make_organisation(
        OrganisationKind.NGO, "黔山公益基金会", FIRM_AREA, verified=True
    )
    charity.credit_code = CODE
    session.add(
        ProjectPartner(
            project_id=scene.project_id, organisation_id=charity.id,
            state=PartnerState.ACCEPTED, invited_at=scene.cast.now,
        )
    )  # fmt: skip
    session.commit()
    sign_in(scene, client, scene.cast.officer)
    good = {
        "charity": charity.public_id, "number": f"{CODE}A26001",
        "link": "https://gongyi.example.org/campaign/7",
    }  # fmt: skip
    for changed, words in (
        ({"number": "A26001"}, "18-character credit code"),
        ({"number": "53520000MJ11111111A26001"}, "another organisation"),
        ({"link": "http://gongyi.example.org"}, "it begins https://"),
        ({"link": "https://127.0.0.1/x"}, "it begins https://"),
        ({"link": "https://u:p@gongyi.example.org/"}, "it begins https://"),
        ({"link": "https://qr.alipay.com/abc"}, "never collects"),
        ({"charity": scene.cast.officer.organisation.public_id}, "Only a charity"),
    ):
        answer = client.post(f"{scene.path}/appeals", data={**good, **changed})
        assert answer.status_code == 422
        assert words in answer.text
    for _ in range(2):
        client.post(f"{scene.path}/appeals", data=good)
    page = client.get(scene.path).text
    assert page.count(good["link"]) == 1
    assert "The exchange does not collect money." in page
    which = re.search(r'name="appeal" value="(\w+)"', client.get(f"{scene.path}/appeals").text)
    assert which
    client.post(f"{scene.path}/appeals/unlink", data={"appeal": which[1]})
    assert good["link"] not in client.get(scene.path).text


def test_a_member_of_a_partner_can_be_the_second_person(
    scene: Scene, session: Session
) -> None:
    firm = scene.cast.enterprise
    session.add(
        ProjectPartner(
            project_id=scene.project_id, organisation_id=firm.organisation_id,
            state=PartnerState.ACCEPTED, invited_at=scene.cast.now,
        )
    )  # fmt: skip
    session.commit()
    helper = scene.cast.make_player("合伙监督", FIRM_AREA, firm.organisation, Role.MEMBER)
    scene.name(helper, LedgerRole.APPROVER)
    assert scene.approve(scene.receipt(LIMIT + 1), helper) == 1
