"""Organisations and who belongs to them."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.accounts.events import MemberInvited
from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Invitation, Organisation, VerificationRequest
from exchange.accounts.queries import (
    brokers_serving,
    contact_of,
    full_label,
    invited_person,
    managers_of,
    organisation_label,
    organisations_by_ids,
)
from exchange.kernel.act import House
from exchange.kernel.actor import Role
from exchange.kernel.events import Event
from tests.accounts.verifying import read, yes
from tests.cast import VILLAGE, Cast

CODE = "91110000600037341L"


def typed(**changes: str) -> dict[str, str]:
    values = {
        "kind": "cooperative",
        "name_zh": "朵贝茶叶合作社",
        "name_en": "",
        "profile": "种茶",
        "division": VILLAGE,
        "division_text": "",
        "credit_code": "",
    }
    return values | changes


def address_of(cast: Cast) -> str:
    return f"/organisations/{cast.officer.organisation.public_id}"


def test_person_adds_an_organisation_and_acts_for_it(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    cast.sign_in(client, cast.stranger)
    answer = client.post("/organisations/new", data=typed(credit_code=CODE))
    made = session.scalars(sa.select(Organisation).order_by(Organisation.id.desc())).first()
    assert made is not None
    assert answer.location == f"/organisations/{made.public_id}"
    assert (made.name_zh, made.credit_code) == ("朵贝茶叶合作社", CODE)
    assert made.verification is Verification.UNVERIFIED
    assert cast.stranger.person.acting_organisation_id == made.id
    assert managers_of(session, made.id) == (cast.stranger.person_id,)


@pytest.mark.parametrize(
    "changes",
    [
        {"name_zh": " "},
        {"division": ""},
        {"division": "999999"},
        {"kind": "individual_volunteer"},
        {"kind": "social_work_station"},
        {"credit_code": "91110000600037341M"},
    ],
)
def test_bad_organisation_is_refused_with_what_was_typed_kept(
    client: FlaskClient, cast: Cast, changes: dict[str, str]
) -> None:
    cast.sign_in(client, cast.stranger)
    answer = client.post("/organisations/new", data=typed(**changes))
    assert answer.status_code == 422
    assert "种茶" in answer.text


def newest(session: Session) -> Organisation:
    session.rollback()
    return session.scalars(sa.select(Organisation).order_by(Organisation.id.desc())).first()  # type: ignore[return-value]  # the test has just made it


def test_a_credit_code_that_was_only_written_down_keeps_nobody_from_it(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    for who, name in ((cast.officer, "占着的"), (cast.stranger, "真的那家")):
        cast.sign_in(client, who)
        data = typed(name_zh=name, credit_code=CODE)
        assert client.post("/organisations/new", data=data).status_code == 302
        assert newest(session).credit_code == CODE


def test_a_verified_credit_code_serves_one_organisation_and_names_nobody(
    client: FlaskClient, cast: Cast
) -> None:
    cast.officer.organisation.credit_code = CODE
    cast.sign_in(client, cast.stranger)
    answer = client.post("/organisations/new", data=typed(name_zh="另一家", credit_code=CODE))
    assert answer.status_code == 422
    assert cast.officer.organisation.name_zh not in answer.text


def test_a_second_organisation_is_not_verified_with_the_same_code(
    app: Flask, client: FlaskClient, cast: Cast, session: Session
) -> None:
    cast.sign_in(client, cast.officer)
    client.post("/organisations/new", data=typed(credit_code=CODE))
    made = newest(session)
    client.post(f"/organisations/{made.public_id}/verification", data={"evidence": ""})
    session.rollback()
    request = session.scalars(sa.select(VerificationRequest)).one().public_id
    cast.enterprise.organisation.credit_code = CODE
    session.commit()
    worker = app.test_client()
    cast.sign_in(worker, cast.broker)
    address = f"/verification/{request}"
    answer = worker.post(address, data=read(worker, address, yes(credit_code="")))
    assert answer.status_code == 422
    assert "已有别的单位用这个信用代码通过了核验" in answer.text
    session.rollback()
    assert not made.is_verified
    assert (
        worker.post(
            address, data=read(worker, address, {"answer": "refuse", "reason": "代码是别家的"})
        ).status_code
        == 302
    )


def test_the_database_keeps_two_verified_organisations_from_one_code(cast: Cast) -> None:
    for who in (cast.officer, cast.enterprise):
        who.organisation.credit_code = CODE
    with pytest.raises(IntegrityError):
        cast.session.commit()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name_zh": "普定县民政局 电话13812345678"}, "请不要写电话"),
        ({"name_en": "Puding Tea, tea@example.org"}, "请不要写电话"),
        ({"profile": "善款打款到 6222021234567890123"}, "不能写账号"),
    ],
)
def test_contact_and_payment_data_never_stand_in_what_everybody_reads(
    client: FlaskClient, cast: Cast, changes: dict[str, str], complaint: str
) -> None:
    cast.sign_in(client, cast.officer)
    for address in ("/organisations/new", f"{address_of(cast)}/edit"):
        answer = client.post(address, data=typed(**changes))
        assert answer.status_code == 422
        assert complaint in answer.text
    cast.session.rollback()
    assert cast.officer.organisation.is_verified


def test_a_saved_change_is_not_kept_on_the_phone_any_longer(
    client: FlaskClient, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    key = f"organisation-{cast.officer.organisation.public_id}"
    assert f'data-keep="{key}"' in client.get(f"{address_of(cast)}/edit").text
    name = cast.officer.organisation.name_zh
    client.post(f"{address_of(cast)}/edit", data=typed(name_zh=name, kind="village_committee"))
    assert f'data-keep-done="{key}"' in client.get(address_of(cast)).text


def test_an_organisations_page_has_no_empty_chip_of_a_place(
    client: FlaskClient, cast: Cast
) -> None:
    assert 'class="place-chip" href=""' not in client.get(address_of(cast)).text


def test_page_shows_the_public_what_is_public(client: FlaskClient, cast: Cast) -> None:
    cast.officer.organisation.credit_code = CODE
    cast.session.commit()
    page = client.get(address_of(cast))
    assert page.status_code == 200
    assert cast.officer.organisation.name_zh in page.text
    assert CODE not in page.text
    assert cast.officer.person.name not in page.text


def test_private_person_has_no_public_page(app: Flask, cast: Cast) -> None:
    address = f"/organisations/{cast.stranger.organisation.public_id}"
    for who, status in ((cast.officer, 404), (cast.stranger, 200)):
        client = app.test_client()
        cast.sign_in(client, who)
        assert client.get(address).status_code == status
    assert app.test_client().get(address).status_code == 404


def test_stranger_manages_nothing(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.stranger)
    for part in ("edit", "members", "verification"):
        assert client.get(f"{address_of(cast)}/{part}").status_code == 403
        assert client.post(f"{address_of(cast)}/{part}", data=typed()).status_code == 403


def test_change_of_identity_needs_new_verification(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    name = cast.officer.organisation.name_zh
    harmless = typed(kind="village_committee", name_zh=name, profile="新的介绍")
    client.post(f"{address_of(cast)}/edit", data=harmless)
    cast.session.commit()
    assert cast.officer.organisation.is_verified
    client.post(f"{address_of(cast)}/edit", data=harmless | {"name_zh": "别的村"})
    cast.session.commit()
    assert cast.officer.organisation.verification is Verification.UNVERIFIED


def test_suspension_survives_a_change(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    cast.officer.organisation.verification = Verification.SUSPENDED
    cast.session.commit()
    client.post(f"{address_of(cast)}/edit", data=typed(name_zh="别的村"))
    cast.session.commit()
    assert cast.officer.organisation.verification is Verification.SUSPENDED


def invite(client: FlaskClient, cast: Cast, address: str, role: str = "member") -> str:
    data = {"address": address, "role": role}
    return client.post(f"{address_of(cast)}/members", data=data, follow_redirects=True).text


def only_invitation(cast: Cast) -> Invitation:
    cast.session.commit()
    return cast.session.scalars(sa.select(Invitation)).one()


def test_invited_person_joins(
    app: Flask, client: FlaskClient, cast: Cast, session: Session, news: list[Event]
) -> None:
    cast.sign_in(client, cast.officer)
    invite(client, cast, cast.stranger.phone)
    invitation = only_invitation(cast)
    assert MemberInvited(cast.officer.organisation_id, invitation.id) in news
    assert invited_person(session, invitation.id) == cast.stranger.person_id
    other = app.test_client()
    cast.sign_in(other, cast.stranger)
    assert cast.officer.organisation.name_zh in other.get("/me").text
    other.post(f"/me/invitations/{invitation.public_id}/accept")
    session.commit()
    assert cast.stranger.actor.belongs_to(cast.officer.organisation_id)
    assert session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 0


def test_inviting_tells_nothing_about_who_has_an_account(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    page = invite(client, cast, cast.stranger.phone)
    assert cast.stranger.person.name not in page
    assert "137****2222" in invite(client, cast, "13700002222")


def test_only_the_invited_answer(app: Flask, client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    invite(client, cast, cast.stranger.phone)
    invitation = only_invitation(cast)
    other = app.test_client()
    cast.sign_in(other, cast.enterprise)
    answer = other.post(f"/me/invitations/{invitation.public_id}/accept")
    assert answer.status_code == 404


def test_unproven_number_answers_no_invitation(app: Flask, client: FlaskClient, cast: Cast) -> None:
    squatter = cast.make_player("冒名", VILLAGE, phone_confirmed=False)
    cast.sign_in(client, cast.officer)
    invite(client, cast, squatter.phone)
    invitation = only_invitation(cast)
    other = app.test_client()
    cast.sign_in(other, squatter)
    assert invitation.public_id not in other.get("/me").text
    assert other.post(f"/me/invitations/{invitation.public_id}/accept").status_code == 404


def test_last_manager_stays(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    person = cast.officer.person.public_id
    for act in (f"members/{person}/remove", f"members/{person}/role/member", "leave"):
        assert client.post(f"{address_of(cast)}/{act}").status_code == 409
    cast.session.commit()
    assert cast.officer.organisation_id in cast.officer.actor.manages


def test_manager_hands_over_and_leaves(client: FlaskClient, cast: Cast) -> None:
    next_one = cast.make_player("下任", VILLAGE, cast.officer.organisation, Role.MEMBER)
    cast.sign_in(client, cast.officer)
    client.post(f"{address_of(cast)}/members/{next_one.person.public_id}/role/manager")
    client.post(f"{address_of(cast)}/leave")
    cast.session.commit()
    assert not cast.officer.actor.belongs_to(next_one.organisation_id)
    assert managers_of(cast.session, next_one.organisation_id) == (next_one.person_id,)


def test_member_leaves_but_manages_nothing(client: FlaskClient, cast: Cast) -> None:
    member = cast.make_player("社员", VILLAGE, cast.officer.organisation)
    cast.sign_in(client, member)
    officer = cast.officer.person.public_id
    assert client.post(f"{address_of(cast)}/members/{officer}/remove").status_code == 403
    assert client.post(f"{address_of(cast)}/leave").location == "/me"
    cast.session.commit()
    assert member.person.acting_organisation_id is None


def test_others_read_labels_contacts_and_who_serves(
    cast: Cast, session: Session, house: House
) -> None:
    firm, own = cast.enterprise.organisation, cast.stranger.organisation
    firm.name_en = "Qianshan Cold Chain"
    assert organisation_label(firm, "en") == "Qianshan Cold Chain"
    assert organisation_label(firm, "zh") == firm.name_zh
    assert organisation_label(own, "zh") == "何**"
    assert full_label(own, "zh") == "何路"
    assert organisations_by_ids(session, [firm.id, 99_999]) == {firm.id: firm}
    assert brokers_serving(session, VILLAGE) == ()
    workers = (cast.broker.person_id, cast.supervisor.person_id)
    assert brokers_serving(session, VILLAGE) == workers
    assert brokers_serving(session, "110101") == ()
    contact = contact_of(session, house.secrets, cast.officer.person_id)
    assert contact is not None
    assert (contact.name, contact.phone) == (cast.officer.person.name, cast.officer.phone)


def test_kinds_cover_every_organisation_of_the_design() -> None:
    assert len(OrganisationKind) == 14


def test_the_last_manager_is_offered_no_way_out_that_is_refused(
    client: FlaskClient, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    page = client.get(f"{address_of(cast)}/members").text
    own = cast.officer.person.public_id
    assert "至少要留一位管理员" in page
    assert f"/members/{own}/" not in page


def test_what_cannot_be_done_now_has_a_page_with_a_way_back(
    client: FlaskClient, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    own = cast.officer.person.public_id
    before = f"{address_of(cast)}/members"
    for referrer, back in (
        (f"http://localhost{before}", before),
        ("https://elsewhere.example/members", None),
    ):
        answer = client.post(f"{before}/{own}/remove", headers={"Referer": referrer})
        assert answer.status_code == 409
        assert "现在还不能这样做" in answer.text
        assert "没有收全" not in answer.text
        assert (f'href="{before}">回去' in answer.text) is (back is not None)
        assert "elsewhere.example" not in answer.text


def test_leaving_takes_a_second_tap(client: FlaskClient, cast: Cast, session: Session) -> None:
    who = cast.stranger
    cast._join(who.person, cast.officer.organisation, Role.MEMBER)
    cast.sign_in(client, who)
    _, _, unfolded = client.get("/me").text.partition('<details class="more">')
    assert "确定退出" in unfolded
    assert f"{address_of(cast)}/leave" in unfolded


def test_errors_are_listed_in_the_order_of_the_page(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.stranger)
    page = client.post("/organisations/new", data=typed(name_zh="", division="")).text
    summary = page.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert summary.index("#name_zh") < summary.index("#division")
    assert "？：" not in summary
    assert 'id="division"' in page
