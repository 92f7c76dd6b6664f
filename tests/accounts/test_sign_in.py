"""Signing in and out, throttling, new passwords, and the end of sessions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.events import PasswordChanged, SignedIn
from exchange.accounts.models import OneTimeCode
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.accounts.tokens.service import create_token
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import TooMany
from exchange.kernel.events import Event
from exchange.web.models import EndedSession, ThrottleCounter
from exchange.web.throttle import Limit, count_try, forgive, network_of
from tests.cast import PASSWORD, Cast, Player
from tests.conftest import SettableClock

LastCode = Callable[[], str | None]


def sign_in(client: FlaskClient, who: Player, password: str = PASSWORD, onward: str = "") -> Any:
    data = {"address": who.phone, "password": password}
    return client.post(f"/sign-in?next={onward}" if onward else "/sign-in", data=data)


def signed_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_person_signs_in_and_out(client: FlaskClient, cast: Cast, news: list[Event]) -> None:
    who = cast.officer
    assert client.get("/sign-in").status_code == 200
    assert sign_in(client, who).status_code == 302
    assert signed_in(client)
    assert SignedIn(who.person_id) in news
    client.post("/sign-out")
    assert not signed_in(client)


def cookie(client: FlaskClient) -> str:
    kept = client.get_cookie("session")
    assert kept is not None
    return kept.value


def test_a_copied_cookie_is_no_good_after_sign_out_while_other_devices_stay(
    app: Flask, client: FlaskClient, cast: Cast, session: Session, clock: SettableClock
) -> None:
    other, thief = app.test_client(), app.test_client()
    sign_in(client, cast.officer)
    sign_in(other, cast.officer)
    thief.set_cookie("session", cookie(client))
    assert signed_in(thief)
    client.post("/sign-out")
    thief.set_cookie("session", cookie(thief))
    assert not signed_in(thief)
    assert signed_in(other)
    clock.forward(days=32)
    other.post("/sign-out")
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(EndedSession.session_hash))) == 1


def sends_cookie(client: FlaskClient, path: str) -> bool:
    with client.get(path) as answer:
        return "Set-Cookie" in answer.headers


def test_only_pages_that_change_the_session_send_it(
    client: FlaskClient, cast: Cast, clock: SettableClock
) -> None:
    sign_in(client, cast.officer)
    client.get("/me")
    assert not sends_cookie(client, "/static/icons.svg")
    assert not sends_cookie(client, "/me")
    assert sends_cookie(client, "/locale/en")
    clock.forward(days=1)
    assert not sends_cookie(client, "/static/icons.svg")
    assert sends_cookie(client, "/me")


def test_who_comes_every_few_weeks_stays_signed_in(
    client: FlaskClient, cast: Cast, clock: SettableClock
) -> None:
    sign_in(client, cast.officer)
    client.get("/me")
    first = cookie(client)
    clock.forward(days=20)
    assert signed_in(client)
    assert cookie(client) != first


def test_sign_out_by_link_is_refused(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    assert client.get("/sign-out").status_code == 405
    assert signed_in(client)


def test_the_address_of_a_refused_form_leads_to_its_page(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    page = f"/organisations/{cast.officer.organisation.public_id}"
    again = client.get(f"{page}/leave")
    assert (again.status_code, again.location) == (302, page)
    other = client.get(f"/locale/en?next={page}/leave", follow_redirects=True)
    assert (other.status_code, other.request.path) == (200, page)


def test_visitor_is_led_to_sign_in_and_back(client: FlaskClient, cast: Cast) -> None:
    led = client.get("/me")
    assert led.location == "/sign-in?next=/me"
    assert sign_in(client, cast.officer, onward="/me").location == "/me"


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_sign_in_leads_nowhere_else(client: FlaskClient, cast: Cast, onward: str) -> None:
    assert sign_in(client, cast.officer, onward=onward).location == "/"


def test_wrong_password_and_unknown_number_get_the_same_answer(
    client: FlaskClient, cast: Cast
) -> None:
    client.get("/locale/en")
    wrong = sign_in(client, cast.officer, "not the password")
    data = {"address": "13711112222", "password": "not the password"}
    unknown = client.post("/sign-in", data=data)
    assert wrong.status_code == unknown.status_code == 422
    for answer in (wrong, unknown):
        assert "Phone, e-mail or password is not right." in answer.text
    assert cast.officer.phone in wrong.text
    assert "not the password" not in wrong.text


def test_an_unknown_number_costs_one_trial_and_no_new_hash(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = cast.officer
    done: list[str] = []
    verify, make = PasswordHasher.verify, PasswordHasher.hash

    def trying(self: PasswordHasher, hashed: str, password: str) -> Any:
        done.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hashed, password)

    def making(self: PasswordHasher, password: str, **options: Any) -> str:
        done.append("made")
        return make(self, password, **options)

    monkeypatch.setattr(PasswordHasher, "verify", trying)
    monkeypatch.setattr(PasswordHasher, "hash", making)
    sign_in(client, known, "not the password")
    client.post("/sign-in", data={"address": "13711112222", "password": "not the password"})
    assert len(done) == 2
    assert done[0] == done[1] != "made"


def test_closed_account_cannot_sign_in_or_go_on(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.officer)
    cast.session.commit()
    cast.officer.person.closed_at = cast.now
    cast.session.commit()
    assert not signed_in(client)
    assert sign_in(client, cast.officer).status_code == 422


def test_tries_for_one_account_are_limited_even_with_the_right_password(
    client: FlaskClient, cast: Cast, clock: Any
) -> None:
    who = cast.officer
    for _ in range(10):
        assert sign_in(client, who, "not the password").status_code == 422
    stopped = sign_in(client, who)
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 15 * 60
    clock.forward(minutes=15)
    assert sign_in(client, who).status_code == 302


def test_success_forgives_earlier_tries(app: Flask, cast: Cast) -> None:
    who = cast.officer
    for _ in range(3):
        for _ in range(8):
            assert sign_in(app.test_client(), who, "not the password").status_code == 422
        assert sign_in(app.test_client(), who).status_code == 302


def test_tries_count_although_the_work_fails(app: Flask, session: Session) -> None:
    limit = Limit("test", 2, timedelta(minutes=5))
    with app.test_request_context():
        for _ in range(2):
            count_try(limit, "somebody")
        with pytest.raises(TooMany) as stopped:
            count_try(limit, "somebody")
        count_try(limit, "somebody else")
        assert stopped.value.params["retry_after"] > 0
        forgive(limit, "somebody")
        count_try(limit, "somebody")
    kept = session.scalars(sa.select(ThrottleCounter)).all()
    assert sorted(item.tries for item in kept) == [1, 1]
    assert not any("somebody" in item.key_hash for item in kept)


def test_password_change_ends_every_other_session(
    app: Flask, client: FlaskClient, cast: Cast, news: list[Event]
) -> None:
    other = app.test_client()
    sign_in(client, cast.officer)
    sign_in(other, cast.officer)
    data = {"current": PASSWORD, "password": "a new long password"}
    assert client.post("/me/password", data=data).location == "/me"
    assert signed_in(client)
    assert not signed_in(other)
    assert PasswordChanged(cast.officer.person_id) in news
    assert sign_in(other, cast.officer).status_code == 422
    assert sign_in(other, cast.officer, "a new long password").status_code == 302


def test_password_change_needs_the_present_one(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    for current, new in (("wrong", "a new long password"), (PASSWORD, "12345678")):
        answer = client.post("/me/password", data={"current": current, "password": new})
        assert answer.status_code == 422
    assert sign_in(client.application.test_client(), cast.officer).status_code == 302


def test_other_sessions_can_be_ended(app: Flask, client: FlaskClient, cast: Cast) -> None:
    other = app.test_client()
    sign_in(client, cast.officer)
    sign_in(other, cast.officer)
    client.post("/me/end-other-sessions")
    assert signed_in(client)
    assert not signed_in(other)


def test_forged_session_is_nobody(client: FlaskClient, cast: Cast) -> None:
    for text in (f"{cast.officer.person_id}.7", "x.0", "", "99999.0"):
        with client.session_transaction() as kept:
            kept["_user_id"] = text
        assert not signed_in(client)


def test_forgotten_password_is_set_anew_by_code(
    app: Flask, client: FlaskClient, cast: Cast, last_code: LastCode
) -> None:
    older = app.test_client()
    sign_in(older, cast.officer)
    assert client.post("/forgot", data={"address": cast.officer.phone}).location == "/forgot/code"
    bad = client.post("/forgot/code", data={"code": "x", "password": "a new long password"})
    weak = client.post("/forgot/code", data={"code": last_code(), "password": "12345678"})
    assert bad.status_code == weak.status_code == 422
    data = {"code": last_code(), "password": "a new long password"}
    assert client.post("/forgot/code", data=data).status_code == 302
    assert signed_in(client)
    assert not signed_in(older)
    assert sign_in(older, cast.officer).status_code == 422


def test_forgotten_password_tells_nothing_about_unknown_numbers(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    unknown = client.post("/forgot", data={"address": "13711112222"})
    assert unknown.location == "/forgot/code"
    data = {"code": "123456", "password": "a new long password"}
    assert client.post("/forgot/code", data=data).status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode)) == 0


def test_codes_to_one_address_are_limited(client: FlaskClient, cast: Cast) -> None:
    data = {"address": cast.officer.phone}
    answers = [client.post("/forgot", data=data).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_who_proves_a_number_for_the_first_time_takes_the_account_alone(
    client: FlaskClient, cast: Cast, house: House, last_code: LastCode
) -> None:
    squatted = cast.make_player("何路", "520502", phone_confirmed=False)
    email = Address(AddressKind.EMAIL, "other@example.org")
    set_address(house.secrets, squatted.person, email, cast.now)
    cast.session.commit()
    client.post("/forgot", data={"address": squatted.phone})
    data = {"code": last_code(), "password": "a new long password"}
    client.post("/forgot/code", data=data)
    cast.session.commit()
    assert squatted.person.phone_ok
    assert squatted.person.email_hash is None


def test_a_new_password_by_code_takes_every_token_back(
    client: FlaskClient, cast: Cast, session: Session, house: House, last_code: LastCode
) -> None:
    officer = cast.officer
    ids, phone = (officer.person_id, officer.organisation_id), officer.phone
    session.commit()
    with open_act(house, lambda: session, SYSTEM) as act:
        secret = create_token(act, *ids, "x", may_write=True, days=1).secret
    header = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=header).status_code == 200
    client.post("/forgot", data={"address": phone})
    data = {"code": last_code(), "password": "a new long password"}
    assert client.post("/forgot/code", data=data).status_code == 302
    assert client.get("/api/v1/me", headers=header).status_code == 401


def test_a_change_of_password_takes_every_token_back_and_says_so(
    client: FlaskClient, cast: Cast, session: Session, house: House
) -> None:
    officer = cast.officer
    ids = (officer.person_id, officer.organisation_id)
    session.commit()
    with open_act(house, lambda: session, SYSTEM) as act:
        secret = create_token(act, *ids, "x", may_write=True, days=1).secret
    cast.sign_in(client, officer)
    assert "程序令牌也会收回" in client.get("/me/password").text
    data = {"current": PASSWORD, "password": "a new long password"}
    assert "令牌已收回" in client.post("/me/password", data=data, follow_redirects=True).text
    header = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=header).status_code == 401


def test_a_forgotten_password_leads_back_to_where_the_person_was(
    client: FlaskClient, cast: Cast, last_code: LastCode
) -> None:
    client.post("/forgot?next=/post/help", data={"address": cast.officer.phone})
    data = {"code": last_code(), "password": "a new long password"}
    assert client.post("/forgot/code", data=data).location == "/post/help"


def test_a_code_can_be_sent_again_and_only_the_newest_is_good(
    client: FlaskClient, cast: Cast, last_code: LastCode
) -> None:
    client.post("/forgot", data={"address": cast.officer.phone})
    first = last_code()
    assert "/code/again" in client.get("/forgot/code").text
    assert client.post("/code/again").location == "/forgot/code"
    assert last_code() != first
    old = {"code": first, "password": "a new long password"}
    assert client.post("/forgot/code", data=old).status_code == 422
    assert client.post("/forgot/code", data=old | {"code": last_code()}).status_code == 302


def test_codes_sent_again_count_with_those_to_the_same_address(
    client: FlaskClient, cast: Cast
) -> None:
    client.post("/forgot", data={"address": cast.officer.phone})
    answers = [client.post("/code/again").status_code for _ in range(5)]
    assert answers == [302] * 4 + [429]


def test_sending_again_tells_nothing_about_unknown_numbers(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    client.post("/forgot", data={"address": "13711112222"})
    assert client.post("/code/again").location == "/forgot/code"
    assert session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode)) == 0


def test_who_waits_for_no_code_is_sent_none(client: FlaskClient) -> None:
    assert client.post("/code/again").location == "/sign-in"


def test_one_network_is_one_key() -> None:
    assert network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("::ffff:203.0.113.9") == "203.0.113.9"
    assert (
        network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    )
    assert network_of("unknown") == "unknown"
