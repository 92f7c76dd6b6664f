"""The least that one partner takes, what goes only as a whole, and what is counted whole."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid
from exchange.listings.importing import values_of_row
from exchange.listings.kinds import Door
from exchange.listings.models import Listing
from exchange.listings.service import edit_listing, upsert_listing
from exchange.listings.values import ListingValues, values_of
from exchange.taxonomy.units import step_milli
from tests.cast import VILLAGE, Cast
from tests.listings.making import an_offer

ActAs = Callable[..., AbstractContextManager[Act]]
RICE = {"quantity_milli": 2_000_000, "unit": "斤", "category_code": "equipment.machinery"}


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def posted(act_as: ActAs, cast: Cast, **values: object) -> int:
    owner = cast.enterprise
    with act_as(owner.actor) as act:
        given = an_offer(**{**RICE, **values})
        return upsert_listing(act, owner.organisation_id, "O1", Door.OFFER, given).id


@pytest.mark.parametrize(
    ("unit", "step"),
    [("台", 1000), ("头", 1000), ("人", 1000), ("期", 1000), ("斤", 1), ("车", 1), ("人/天", 1),
     ("筐", 1)],
)  # fmt: skip
def test_what_is_counted_has_no_fractions(unit: str, step: int) -> None:
    assert step_milli(unit) == step


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"lot_milli": 2_000_001}, "lot_milli", "lot_exceeds_quantity"),
        ({"lot_milli": 5, "quantity_milli": None}, "lot_milli", "lot_needs_quantity"),
        ({"is_whole": True, "quantity_milli": None}, "is_whole", "lot_needs_quantity"),
        ({"quantity_milli": 2500, "unit": "台"}, "quantity_milli", "only_whole_units"),
        ({"quantity_milli": 2000, "unit": "台", "lot_milli": 1500}, "lot_milli",
         "only_whole_units"),
        ({"lot_milli": 0}, "lot_milli", "quantity_not_positive"),
        ({"lot_milli": -5}, "lot_milli", "quantity_not_positive"),
        ({"lot_milli": 10**16}, "lot_milli", "quantity_too_large"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_by_field(
    act_as: ActAs, cast: Cast, values: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        posted(act_as, cast, **values)
    assert code in refused.value.fields[field]


def test_a_lot_is_kept_changed_and_remembered(
    act_as: ActAs, cast: Cast, session: Session, client: FlaskClient
) -> None:
    listing_id = posted(act_as, cast, lot_milli=500_000)
    with act_as(cast.enterprise.actor) as act:
        listing = act.session.get_one(Listing, listing_id)
        assert listing.lot_milli == 500_000
        changed = ListingValues(**{**vars(values_of(listing)), "is_whole": True})
        edit_listing(act, listing, changed)
    listing = session.get_one(Listing, listing_id, populate_existing=True)
    assert (listing.is_whole, listing.lot_milli) == (True, None)
    cast.sign_in(client, cast.enterprise)
    client.get("/locale/en")
    history = client.get(f"/listings/{listing.public_id}/history").text
    assert "Least for one partner" in history
    assert "500" in history
    assert "only all of it together" in client.get(f"/listings/{listing.public_id}").text


def test_the_form_takes_a_lot_and_gives_it_back(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    cast.sign_in(client, cast.enterprise)
    client.get("/locale/en")
    sent = {
        "text": "我们有大米两千斤，可以捐给村里。", "understood": "1", "terms": "free",
        "category": "equipment.machinery", "division": VILLAGE, "quantity": "2000", "unit": "斤",
        "lot": "很多", "coverage": ["5204"],
    }  # fmt: skip
    refused = client.post("/post/offer", data=sent)
    assert refused.status_code == 422
    assert 'id="lot-error"' in refused.text
    assert 'value="很多"' in refused.text
    assert client.post("/post/offer", data={**sent, "lot": "五百"}).status_code in (302, 303)
    listing = session.scalars(sa.select(Listing).where(Listing.lot_milli.is_not(None))).one()
    assert (listing.lot_milli, listing.is_whole) == (500_000, False)
    shown = client.get(f"/listings/{listing.public_id}").text
    assert "at least 500 jin for each partner" in shown
    edit = client.get(f"/listings/{listing.public_id}/edit").text
    assert 'name="lot"' in edit
    assert 'value="500"' in edit


def test_a_village_that_asks_for_help_is_asked_for_one_partner_only(client: FlaskClient) -> None:
    page = client.get("/post/help").text
    assert 'name="whole"' in page
    assert 'name="lot"' not in page


def test_rows_of_a_file_carry_them() -> None:
    row = {"quantity": 2000, "unit": "斤", "lot": "500", "whole": False}
    assert values_of_row(row).lot_milli == 500_000
    assert values_of_row({**row, "whole": "true"}).is_whole
    for name, value in (("lot", []), ("whole", "perhaps"), ("whole", [])):
        with pytest.raises(Invalid) as refused:
            values_of_row({**row, name: value})
        assert name in refused.value.fields
