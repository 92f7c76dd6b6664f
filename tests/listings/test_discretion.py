"""Where the author gave a coarser account, nothing beside it tells what it hides."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.kernel.actor import Duty
from exchange.listings.indexing import build_documents
from exchange.listings.kinds import Door, Visibility
from exchange.listings.models import Listing, ListingRevision
from tests.cast import ELSEWHERE, VILLAGE, Cast
from tests.listings.making import NOW, make_listing

COUNTY = "520422"


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def coarse(session: Session, cast: Cast) -> Listing:
    """A village's need whose owner names the county only."""
    return make_listing(
        session, cast.officer, public_title="需要陪伴服务", public_division_code=COUNTY,
        beneficiaries=["disabled"], external_id="duobei-17",
    )  # fmt: skip


def test_the_owner_of_a_coarse_place_is_told_by_kind(
    client: FlaskClient, cast: Cast, coarse: Listing
) -> None:
    for address in (f"/listings/{coarse.public_id}", "/"):
        page = client.get(address).text
        assert "普定县的一个村委会" in page
        assert "朵贝村" not in page
    cast.sign_in(client, cast.broker)
    assert "朵贝村村民委员会" in client.get(f"/listings/{coarse.public_id}").text


def test_an_owner_from_elsewhere_tells_no_place(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(
        session, cast.enterprise, division_code=VILLAGE, public_division_code=COUNTY
    )
    assert "黔山冷链有限公司" in client.get(f"/listings/{listing.public_id}").text


def test_the_owners_page_does_not_list_what_hides_its_owner(
    client: FlaskClient, cast: Cast, coarse: Listing
) -> None:
    address = f"/organisations/{cast.officer.organisation.public_id}"
    assert "需要陪伴服务" not in client.get(address).text
    cast.sign_in(client, cast.officer)
    assert coarse.title in client.get(address).text


def test_programs_read_no_more_than_people(
    client: FlaskClient, cast: Cast, coarse: Listing
) -> None:
    item = client.get(f"/api/v1/listings/{coarse.public_id}").get_json()
    assert (item["beneficiaries"], item["external_id"]) == ([], None)
    owner = item["organisation"]
    assert (owner["id"], owner["external_id"], owner["name"]) == (None, None, "村委会")


def test_a_key_that_hides_nothing_is_told(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer, external_id="N1", beneficiaries=["elderly"])
    item = client.get(f"/api/v1/listings/{listing.public_id}").get_json()
    assert (item["external_id"], item["beneficiaries"]) == ("N1", ["elderly"])


def test_the_index_knows_neither_groups_nor_key_nor_owner_of_what_is_coarse(
    session: Session, coarse: Listing
) -> None:
    document = build_documents(session, [coarse.id])[0]
    assert (document.names, document.beneficiaries, document.external_ids) == ((), (), ())
    assert document.divisions[-1] == COUNTY
    coarse.visibility = Visibility.BROKERS
    session.flush()
    document = build_documents(session, [coarse.id])[0]
    assert document.names == ("朵贝村村民委员会",)


def test_the_history_masks_a_private_person_for_a_station_elsewhere(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    who = cast.make_player("吴小山", VILLAGE)
    listing = make_listing(session, who, door=Door.OFFER, coverage=("CN",))
    session.add(
        ListingRevision(
            listing_id=listing.id, version=1, person_id=who.person_id, at=NOW,
            before={"terms": "free", "to_date": "2026-11-30"},
        )
    )  # fmt: skip
    session.commit()
    url = f"/listings/{listing.public_id}/history"
    far = cast.make_worker("远方", "毕节站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    cast.sign_in(client, far)
    page = client.get(url)
    assert page.status_code == 200
    assert "吴小山" not in page.text
    assert "吴**" in page.text
    cast.sign_in(client, cast.broker)
    near = client.get(url).text
    assert "吴小山" in near
    assert "11\N{NO-BREAK SPACE}月\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}日" in near
    assert "免费" in near
