"""No field that others read takes what has no place on the site, and what is promised stays so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Door, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.rules import tells_more_of_place, unit_allowed, widens
from exchange.listings.service import (
    commit_quantity,
    edit_listing,
    save_draft,
    submit_listing,
    upsert_listing,
)
from exchange.listings.values import values_of
from tests.cast import VILLAGE, Cast
from tests.listings.making import a_need, an_offer, make_listing

ActAs = Callable[..., AbstractContextManager[Act]]
CARD = "工行 6222021209001234562"


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.mark.parametrize("unit", ["吨", "车次/天", "人次", "kg", "m²", "truck trips", "", None])
def test_a_unit_is_a_word(unit: str | None) -> None:
    assert unit_allowed(unit)


@pytest.mark.parametrize(
    "unit", ["13912345678", "袋 139", "①③⑨", "微信:abc", "a@b", "<b>", "吨/", "１３９"]
)
def test_what_could_be_written_or_called_is_no_unit(unit: str) -> None:
    assert unit_allowed(unit).code == "unit_form"


def test_a_place_tells_more_when_it_is_finer_or_another() -> None:
    assert tells_more_of_place("520422", "520422102")
    assert tells_more_of_place("520422", "520402")
    assert not tells_more_of_place("520422102", "520422")
    assert not tells_more_of_place("520422", "520422")


def test_a_circle_is_wider_than_those_within() -> None:
    ways = [Visibility.BROKERS, Visibility.VERIFIED, Visibility.PUBLIC]
    assert [[widens(a, b) for b in ways] for a in ways] == [
        [False, True, True], [False, False, True], [False, False, False],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"unit": "13912345678"}, "unit", "contact_in_text"),
        ({"licence": f"许可证，{CARD}"}, "licence", "payment_in_text"),
        ({"licence": "电话 13912345678"}, "licence", "contact_in_text"),
        ({"public_title": "给老王家儿子筹手术费"}, "text", "money_for_person"),
    ],
)
def test_every_field_that_others_read_is_checked(
    act_as: ActAs, cast: Cast, changes: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused, act_as(cast.officer.actor) as act:
        submit_listing(act, save_draft(act, Door.HELP, a_need(**changes)))
    assert code in refused.value.fields[field]


def test_the_public_title_counts_for_who_may_see_it(act_as: ActAs, cast: Cast) -> None:
    said = a_need(beneficiaries=("low_income_households",), public_title="帮帮老王家")
    with act_as(cast.officer.actor) as act:
        listing = submit_listing(act, save_draft(act, Door.HELP, said))
    assert listing.visibility.value == "brokers"


def test_a_usual_licence_may_stand(act_as: ActAs, cast: Cast) -> None:
    said = an_offer(category_code="funds.loan", licence="金融许可证 B0001H152010001")
    with act_as(cast.enterprise.actor) as act:
        assert submit_listing(act, save_draft(act, Door.OFFER, said)).state is State.PUBLISHED


def test_the_unit_of_what_is_promised_stays(act_as: ActAs, cast: Cast, session: Session) -> None:
    listing = make_listing(
        session, cast.enterprise, door=Door.OFFER, external_id="O1", quantity_milli=100_000,
        unit="台", coverage=("52",),
    )  # fmt: skip
    with act_as() as act:
        commit_quantity(act, listing, 60_000)
    in_tonnes = replace(values_of(listing), unit="吨")
    actor, owner = cast.enterprise.actor, cast.enterprise.organisation_id
    with pytest.raises(Invalid) as edited, act_as(actor) as act:
        edit_listing(act, listing, in_tonnes)
    with pytest.raises(Invalid) as taken_over, act_as(actor) as act:
        upsert_listing(act, owner, "O1", Door.OFFER, in_tonnes)
    assert edited.value.fields == taken_over.value.fields == {"unit": ["unit_promised"]}
    listing.state = State.DRAFT  # the station has given it back
    session.commit()
    with pytest.raises(Invalid), act_as(actor) as act:
        save_draft(act, Door.OFFER, in_tonnes, listing)
    session.rollback()
    assert session.get_one(Listing, listing.id).unit == "台"


def test_the_refused_unit_is_said_beside_its_field(
    client: FlaskClient, act_as: ActAs, cast: Cast, session: Session
) -> None:
    listing = make_listing(session, cast.officer, quantity_milli=5000, unit="座")
    with act_as() as act:
        commit_quantity(act, listing, 2000)
    cast.sign_in(client, cast.officer)
    sent = {
        "text": listing.text, "title": listing.title, "category": listing.category_code,
        "terms": "free", "visibility": "public", "division": VILLAGE, "quantity": "5",
        "unit": "吨", "version": "1",
    }  # fmt: skip
    answer = client.post(f"/listings/{listing.public_id}/edit", data=sent)
    assert answer.status_code == 422
    assert "单位不能再改" in answer.text


def test_a_draft_that_was_changed_is_another_version(act_as: ActAs, cast: Cast) -> None:
    actor = cast.officer.actor
    seen = []
    with act_as(actor) as act:
        draft = save_draft(act, Door.HELP, a_need())
        seen.append(draft.version)
    for text in ("改了一次。", "改了一次。", "改了两次。"):
        with act_as(actor) as act:
            save_draft(act, Door.HELP, a_need(text=text), draft)
            seen.append(draft.version)
    assert seen == [1, 2, 2, 3]
