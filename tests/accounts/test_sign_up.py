"""Signing up: it works, strangers learn nothing, bad input is refused and kept."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts import limits, views
from exchange.accounts.events import CodeIssued, SignUpRepeated
from exchange.accounts.models import OneTimeCode, Organisation, Person
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import open_address
from exchange.kernel.act import House
from exchange.kernel.events import Event
from exchange.kernel.secret_box import UnreadableSecret
from tests.cast import VILLAGE, Cast

TOKEN = re.compile(r'(content|value)="[^"]{60,}"')
LastCode = Callable[[], str | None]
PHONE = Address(AddressKind.PHONE, "13700001111")


def typed(**changes: str) -> dict[str, str]:
    values = {
        "address": "+86 137 0000 1111",
        "name": "石小河",
        "password": "the tea is on the hill",
        "division": VILLAGE,
        "division_text": "",
        "here_for": "myself",
    }
    return values | changes


@pytest.fixture(autouse=True)
def _cheap_passwords(cast: Cast) -> None:
    """The cast brings a quick password hasher."""


def test_person_signs_up_and_confirms_by_code(
    client: FlaskClient, session: Session, house: House, last_code: LastCode
) -> None:
    assert client.get("/sign-up").status_code == 200
    answer = client.post("/sign-up", data=typed())
    assert answer.location == "/sign-up/code"
    page = client.get("/sign-up/code").text
    assert "137****1111" in page
    assert client.post("/sign-up/code", data={"code": last_code()}).location == "/me"
    person = find_person(session, house.secrets, PHONE)
    assert person is not None
    assert person.phone_ok
    page = client.get("/me").text
    assert "石小河" in page
    assert 'data-keep-done="sign-up"' in page, "the next at this phone does not find it filled in"


def test_person_has_an_organisation_of_their_own(
    client: FlaskClient, session: Session, house: House
) -> None:
    client.post("/sign-up", data=typed())
    person = find_person(session, house.secrets, PHONE)
    assert person is not None
    own = session.get_one(Organisation, person.acting_organisation_id)
    assert (own.kind, own.division_code) == ("individual_volunteer", VILLAGE)


def test_who_comes_for_a_village_adds_it_next(client: FlaskClient, last_code: LastCode) -> None:
    client.post("/sign-up", data=typed(here_for="organisation"))
    answer = client.post("/sign-up/code", data={"code": last_code()})
    assert answer.location == "/organisations/new"
    assert client.get("/organisations/new").status_code == 200


def test_who_came_to_post_is_led_back_to_the_post(client: FlaskClient, last_code: LastCode) -> None:
    offered = client.get("/sign-in?next=/post/help?draft%3D7").text
    assert "/sign-up?next=/post/help?draft%3D7" in offered
    sign_up = "/sign-up?next=/post/help?draft%3D7"
    client.post(sign_up, data=typed(here_for="organisation"))
    led = client.post("/sign-up/code", data={"code": last_code()}).location
    assert led.startswith("/organisations/new?next=")
    unit = {"kind": "cooperative", "name_zh": "朵贝茶叶合作社", "division": VILLAGE}
    made = client.post(led, data=unit)
    assert made.location == "/post/help?draft=7"
    assert "单位加好了，接着发吧。" in client.get("/me").text


def test_who_came_to_post_for_themself_is_led_back_at_once(
    client: FlaskClient, last_code: LastCode
) -> None:
    client.post("/sign-up?next=/post/help", data=typed())
    assert client.post("/sign-up/code", data={"code": last_code()}).location == "/post/help"


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/%09/%5Bx"])
def test_sign_up_leads_nowhere_else(client: FlaskClient, last_code: LastCode, onward: str) -> None:
    client.post(f"/sign-up?next={onward}", data=typed(here_for="organisation"))
    led = client.post("/sign-up/code", data={"code": last_code()}).location
    assert led == "/organisations/new"
    unit = {"kind": "cooperative", "name_zh": "朵贝茶叶合作社", "division": VILLAGE}
    made = client.post(f"{led}?next={onward}", data=unit).location
    assert made.startswith("/organisations/")


def test_a_code_can_be_sent_again(client: FlaskClient, last_code: LastCode) -> None:
    client.post("/sign-up", data=typed())
    first = last_code()
    assert "重新发一次" in client.get("/sign-up/code").text
    assert client.post("/code/again").location == "/sign-up/code"
    assert last_code() != first
    assert client.post("/sign-up/code", data={"code": last_code()}).location == "/me"


def test_sending_again_sends_nothing_for_an_account_of_somebody_else(
    client: FlaskClient, app: Any, session: Session, last_code: LastCode
) -> None:
    app.test_client().post("/sign-up", data=typed(password="a password of the stranger"))
    client.post("/sign-up", data=typed())
    code = last_code()
    assert client.post("/code/again").location == "/sign-up/code"
    assert last_code() == code


def test_person_signs_up_by_e_mail(
    client: FlaskClient, session: Session, house: House, last_code: LastCode
) -> None:
    client.post("/sign-up", data=typed(address="Shi@Example.org"))
    client.post("/sign-up/code", data={"code": last_code()})
    person = find_person(session, house.secrets, Address(AddressKind.EMAIL, "shi@example.org"))
    assert person is not None
    assert person.email_confirmed_at is not None
    assert not person.phone_ok


def test_taken_number_gets_the_same_answer_and_its_owner_is_told(
    client: FlaskClient, app: Any, cast: Cast, session: Session, news: list[Event]
) -> None:
    fresh = client.post("/sign-up", data=typed())
    fresh_code = client.post("/sign-up/code", data={"code": "000000x"})
    people = session.scalar(sa.select(sa.func.count()).select_from(Person))
    other = app.test_client()
    taken = other.post("/sign-up", data=typed(address="13700001111", name="别人"))
    taken_code = other.post("/sign-up/code", data={"code": "000000x"})
    assert (taken.status_code, taken.location) == (fresh.status_code, fresh.location)
    assert taken_code.status_code == fresh_code.status_code == 422
    assert TOKEN.sub("", taken_code.text) == TOKEN.sub("", fresh_code.text)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == people
    assert [type(item) for item in news if isinstance(item, CodeIssued | SignUpRepeated)] == [
        CodeIssued,
        SignUpRepeated,
    ]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"address": "1370000"}, "phone_unreadable"),
        ({"address": "shi@"}, "email_unreadable"),
        ({"password": "12345678"}, "password_common"),
        ({"password": "short"}, "password_short"),
        ({"name": "石小河 微信 shixiaohe88"}, "contact_in_public"),
    ],
)
def test_bad_input_is_refused_with_what_was_typed_kept(
    client: FlaskClient, session: Session, changes: dict[str, str], complaint: str
) -> None:
    from_sentences = client.application.jinja_env.globals["sentence"]
    answer = client.post("/sign-up", data=typed(**changes))
    assert answer.status_code == 422
    with client.application.test_request_context():
        assert str(from_sentences(complaint)) in answer.text  # type: ignore[operator]
    assert "石小河" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


def test_a_place_is_needed(client: FlaskClient) -> None:
    answer = client.post("/sign-up", data=typed(division=""))
    assert answer.status_code == 422
    assert "division-error" in answer.text


def test_a_typed_name_of_a_place_is_understood_or_asked_about(
    client: FlaskClient, session: Session
) -> None:
    several = client.post("/sign-up", data=typed(division="", division_text="化处"))
    one = client.post("/sign-up", data=typed(division="", division_text="普定县"))
    assert several.status_code == 422
    assert 'type="radio" name="division"' in several.text
    assert one.status_code == 302
    picked = typed(
        address="13700002222", division=VILLAGE, division_before="", division_text="化处"
    )
    assert client.post("/sign-up", data=picked).status_code == 302


def test_code_and_phone_never_stand_in_the_clear(
    client: FlaskClient, session: Session, last_code: LastCode
) -> None:
    client.post("/sign-up", data=typed())
    code = last_code()
    issued = session.scalars(sa.select(OneTimeCode)).one()
    person = session.scalars(sa.select(Person)).one()
    row = [*vars(issued).values(), *vars(person).values()]
    assert code is not None
    assert not any(
        isinstance(item, str) and ("13700001111" in item or item == code) for item in row
    )


def test_sealed_phone_is_unreadable_when_moved(cast: Cast, house: House) -> None:
    mine, theirs = cast.officer.person, cast.stranger.person
    assert open_address(house.secrets, mine, AddressKind.PHONE) == cast.officer.phone
    theirs.phone_sealed = mine.phone_sealed
    with pytest.raises(UnreadableSecret):
        open_address(house.secrets, theirs, AddressKind.PHONE)


def test_code_dies_after_five_tries(client: FlaskClient, last_code: LastCode) -> None:
    client.post("/sign-up", data=typed())
    right = last_code()
    for _ in range(5):
        assert client.post("/sign-up/code", data={"code": "wrong"}).status_code == 422
    assert client.post("/sign-up/code", data={"code": right}).status_code == 422


def test_code_dies_after_ten_minutes(client: FlaskClient, clock: Any, last_code: LastCode) -> None:
    client.post("/sign-up", data=typed())
    right = last_code()
    clock.forward(minutes=10)
    assert client.post("/sign-up/code", data={"code": right}).status_code == 422


def test_code_serves_once(client: FlaskClient, app: Any, last_code: LastCode) -> None:
    client.post("/sign-up", data=typed())
    right = last_code()
    other = app.test_client()
    other.post("/sign-up", data=typed())
    assert client.post("/sign-up/code", data={"code": right}).status_code == 302
    assert other.post("/sign-up/code", data={"code": right}).status_code == 422


def test_sign_ups_from_one_network_are_limited(client: FlaskClient) -> None:
    answers = [
        client.post("/sign-up", data=typed(address=f"1370001{number:04d}")).status_code
        for number in range(31)
    ]
    assert answers == [302] * 30 + [429]


def test_beyond_the_limit_no_password_is_hashed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a tenth of a second of a small machine; common ones are refused before."""
    hashed: list[str] = []
    hasher = views.hash_password
    monkeypatch.setattr(views, "hash_password", lambda *args: hashed.append("") or hasher(*args))
    monkeypatch.setattr(limits, "SIGN_UP_NETWORK", replace(limits.SIGN_UP_NETWORK, tries=1))
    monkeypatch.setattr(limits, "TRY_NETWORK", replace(limits.TRY_NETWORK, tries=0))
    assert client.post("/sign-up", data=typed(password="12345678")).status_code == 422
    assert client.post("/sign-up", data=typed()).status_code == 302
    assert client.post("/sign-up", data=typed()).status_code == 429
    client.post("/forgot", data={"address": PHONE.value})
    given = {"code": "123456", "password": "the tea is on the hill"}
    assert client.post("/forgot/code", data=given).status_code == 429
    assert len(hashed) == 1


def test_whoever_holds_the_phone_does_not_confirm_a_strangers_account(
    client: FlaskClient, app: Any, session: Session, house: House, last_code: LastCode
) -> None:
    stranger = app.test_client()
    stranger.post("/sign-up", data=typed(password="a password of the stranger"))
    code = last_code()
    client.post("/sign-up", data=typed())
    assert client.post("/sign-up/code", data={"code": code}).status_code == 422
    person = find_person(session, house.secrets, PHONE)
    assert person is not None
    assert not person.phone_ok


def test_who_sends_the_page_twice_still_confirms(client: FlaskClient, last_code: LastCode) -> None:
    client.post("/sign-up", data=typed())
    client.post("/sign-up", data=typed())
    assert client.post("/sign-up/code", data={"code": last_code()}).location == "/me"
