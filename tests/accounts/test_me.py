"""A person's own page, and the actor that is loaded for them."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.events import PhoneConfirmed, SignUpRepeated
from exchange.accounts.kinds import OrganisationKind, PointLevel, Verification
from exchange.kernel.actor import VISITOR, Duty, Role
from exchange.kernel.events import Event
from tests.cast import CENTRE_AREA, STATION_AREA, VILLAGE, Cast

LastCode = Callable[[], str | None]


def test_actor_acts_for_the_chosen_organisation(cast: Cast) -> None:
    actor = cast.officer.actor
    assert actor.organisation_id == cast.officer.organisation_id
    assert actor.organisation_kind == "village_committee"
    assert actor.organisation_verified
    assert actor.division == VILLAGE
    assert actor.manages == actor.organisation_ids
    assert len(actor.organisation_ids) == 2
    assert actor.phone_ok


def test_actor_never_acts_for_what_they_do_not_belong_to(cast: Cast, session: Session) -> None:
    actor = load_actor(session, cast.stranger.person_id, cast.officer.organisation_id)
    assert actor.organisation_id == cast.stranger.organisation_id
    assert not actor.organisation_verified


def test_duties_say_what_is_served_and_supervised(cast: Cast) -> None:
    assert (cast.broker.actor.serves, cast.broker.actor.supervises) == ((STATION_AREA,), ())
    assert cast.supervisor.actor.serves == cast.supervisor.actor.supervises == (CENTRE_AREA,)
    assert cast.broker.actor.service_point_id is not None
    assert cast.stranger.actor.serves == ()


def test_closed_account_is_a_visitor(cast: Cast, session: Session) -> None:
    cast.stranger.person.closed_at = cast.now
    assert load_actor(session, cast.stranger.person_id) == VISITOR
    assert load_actor(session, 99_999) == VISITOR


def test_actor_takes_as_many_queries_however_much_there_is(
    cast: Cast, session: Session, catch_queries: Callable[[], Any]
) -> None:
    who = cast.make_worker("韦青", "站一", PointLevel.STATION, ("520402", "520422"), Duty.BROKER)
    session.commit()
    with catch_queries() as few:
        load_actor(session, who.person_id)
    for number in range(4):
        extra = cast.make_organisation(OrganisationKind.COOPERATIVE, f"社{number}", VILLAGE)
        cast._join(who.person, extra, Role.MEMBER)
    session.commit()
    with catch_queries() as many:
        actor = load_actor(session, who.person_id)
    assert len(actor.organisation_ids) == 6
    reading = [line for line in many.statements if line.startswith("SELECT")]
    assert many.count == few.count
    assert len(reading) <= 5


def test_me_page_masks_the_number(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    page = client.get("/me").text
    phone = cast.officer.phone
    assert f"{phone[:3]}****{phone[-4:]}" in page
    assert phone not in page


def test_me_page_leads_to_own_posts_and_notices(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    page = client.get("/me").text
    assert "/my/listings" in page.partition("<main")[2]
    assert "/notices" in page.partition("<main")[2]


def test_person_changes_whom_they_act_for(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.enterprise)
    own = next(
        item.organisation
        for item in cast.enterprise.person.memberships
        if item.organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
    )
    assert client.post(f"/me/act-for/{own.public_id}").status_code == 302
    cast.session.commit()
    assert cast.enterprise.person.acting_organisation_id == own.id


def test_nobody_acts_for_another_organisation(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.stranger)
    other = cast.officer.organisation.public_id
    assert client.post(f"/me/act-for/{other}").status_code == 404


def test_name_and_language_are_kept(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.stranger)
    assert client.post("/me/profile", data={"name": " ", "locale": "en"}).status_code == 422
    named = {"name": "何路 13812345678", "locale": "zh"}
    assert "请不要写电话" in client.post("/me/profile", data=named).text
    assert client.post("/me/profile", data={"name": "何小路", "locale": "xx"}).status_code == 422
    assert client.post("/me/profile", data={"name": "何小路", "locale": "en"}).location == "/me"
    cast.session.commit()
    assert (cast.stranger.person.locale, cast.stranger.organisation.name_zh) == ("en", "何小路")
    assert "Sign out" in client.get("/me").text


def test_unconfirmed_phone_is_confirmed_later(
    client: FlaskClient, cast: Cast, last_code: LastCode, news: list[Event]
) -> None:
    who = cast.make_player("何路", "520502", phone_confirmed=False)
    cast.sign_in(client, who)
    assert not who.actor.phone_ok
    assert client.post("/me/confirm/phone").location == "/me/contact/code"
    assert client.post("/me/contact/code", data={"code": "x"}).status_code == 422
    assert client.post("/me/contact/code", data={"code": last_code()}).location == "/me"
    cast.session.commit()
    assert who.actor.phone_ok
    assert PhoneConfirmed(who.person_id) in news


def test_new_number_counts_once_confirmed(
    client: FlaskClient, cast: Cast, last_code: LastCode
) -> None:
    who = cast.stranger
    before = who.person.phone_hash
    cast.sign_in(client, who)
    client.post("/me/contact", data={"address": "137 3333 4444"})
    cast.session.commit()
    assert who.person.phone_hash == before
    client.post("/me/contact/code", data={"code": last_code()})
    assert "137****4444" in client.get("/me").text


def test_a_code_for_a_new_number_can_be_sent_again(
    client: FlaskClient, cast: Cast, last_code: LastCode
) -> None:
    cast.sign_in(client, cast.stranger)
    client.post("/me/contact", data={"address": "137 3333 4444"})
    first = last_code()
    assert "重新发一次" in client.get("/me/contact/code").text
    assert client.post("/code/again").location == "/me/contact/code"
    assert last_code() != first
    client.post("/me/contact/code", data={"code": last_code()})
    assert "137****4444" in client.get("/me").text


def test_somebody_elses_number_is_not_taken_and_not_revealed(
    client: FlaskClient, cast: Cast, last_code: LastCode, news: list[Event]
) -> None:
    cast.sign_in(client, cast.stranger)
    answer = client.post("/me/contact", data={"address": cast.officer.phone})
    assert answer.location == "/me/contact/code"
    assert last_code() is None
    assert SignUpRepeated(cast.officer.person_id) in news


def test_a_verified_person_under_another_name_is_verified_anew(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    own = cast.stranger.organisation
    own.verification = Verification.VERIFIED
    session.commit()
    cast.sign_in(client, cast.stranger)
    client.post("/me/profile", data={"name": own.name_zh, "locale": "zh"})
    session.rollback()
    assert own.is_verified
    client.post("/me/profile", data={"name": "普定县民政局", "locale": "zh"})
    session.rollback()
    assert own.verification is Verification.UNVERIFIED
