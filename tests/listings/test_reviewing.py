"""先审后发: what is published is what the station has read, and what widens it is read again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Door, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.service import (
    approve_listing,
    edit_listing,
    return_listing,
    submit_listing,
    upsert_listing,
)
from exchange.listings.values import values_of
from exchange.notifications.models import Notice
from tests.cast import VILLAGE, Cast, Player
from tests.listings.making import a_need, an_offer, make_listing

ActAs = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def villager(cast: Cast) -> Player:
    """Somebody whose posts a station reads first."""
    return cast.make_player("吴山", VILLAGE)


@pytest.mark.parametrize("answer", ["approve", "return"])
def test_words_that_were_replaced_meanwhile_are_shown_again_first(
    client: FlaskClient, act_as: ActAs, session: Session, cast: Cast, villager: Player, answer: str
) -> None:
    listing = make_listing(session, villager, state=State.SUBMITTED)
    url = f"/listings/{listing.public_id}"
    cast.sign_in(client, cast.broker)
    page = client.get("/review").text
    assert '<input type="hidden" name="version" value="1">' in page
    with act_as(villager.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), text="换成了别的话。"))
    sent = {"version": 1, "note": "请写清楚"}
    late = client.post(f"/review/{listing.public_id}/{answer}", data=sent, follow_redirects=True)
    session.rollback()
    assert "请再看一遍" in late.text
    assert session.get_one(Listing, listing.id).state is State.SUBMITTED
    version = session.get_one(Listing, listing.id).version
    client.post(f"/review/{listing.public_id}/{answer}", data={**sent, "version": version})
    session.rollback()
    assert session.get_one(Listing, listing.id).state is not State.SUBMITTED
    assert "换成了别的话" in client.get(url).text or answer == "return"


def test_a_click_that_names_no_version_publishes_nothing(
    client: FlaskClient, session: Session, cast: Cast, villager: Player
) -> None:
    listing = make_listing(session, villager, state=State.SUBMITTED)
    cast.sign_in(client, cast.broker)
    client.post(f"/review/{listing.public_id}/approve")
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.SUBMITTED


def test_the_queue_shows_all_that_is_published_by_a_tap(
    client: FlaskClient, session: Session, cast: Cast, villager: Player
) -> None:
    said = {"text": "长" * 600 + "末尾", "public_title": "给外人看的"}
    make_listing(session, villager, state=State.SUBMITTED, **said)
    cast.sign_in(client, cast.broker)
    page = client.get("/review").text
    assert "长末尾" in page
    assert "给外人看的" in page


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ({}, {"public_title": "另一个题目"}, State.SUBMITTED),
        ({"public_title": "题目"}, {"public_title": None}, State.SUBMITTED),
        ({}, {"licence": "黔金许可 12 号"}, State.SUBMITTED),
        ({}, {"unit": "间"}, State.SUBMITTED),
        ({"visibility": Visibility.BROKERS}, {"visibility": Visibility.VERIFIED}, State.SUBMITTED),
        ({"visibility": Visibility.VERIFIED}, {"visibility": Visibility.PUBLIC}, State.SUBMITTED),
        ({"visibility": Visibility.PUBLIC}, {"visibility": Visibility.BROKERS}, State.PUBLISHED),
        ({"public_division_code": "520422"}, {"public_division_code": None}, State.SUBMITTED),
        ({"public_division_code": "520422"}, {"public_division_code": "520422102"},
         State.SUBMITTED),
        ({}, {"public_division_code": "520422"}, State.PUBLISHED),
    ],
)  # fmt: skip
def test_what_shows_more_or_to_more_people_is_read_again(
    act_as: ActAs,
    session: Session,
    villager: Player,
    before: dict[str, object],
    after: dict[str, object],
    state: State,
) -> None:
    listing = make_listing(session, villager, quantity_milli=2000, unit="座", **before)
    with act_as(villager.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), **after))  # type: ignore[arg-type]  # by name
    assert listing.state is state


def test_a_change_under_the_owners_key_is_read_again_too(
    act_as: ActAs, session: Session, villager: Player
) -> None:
    listing = make_listing(
        session, villager, external_id="N1", visibility=Visibility.VERIFIED, quantity_milli=2000,
        unit="座",
    )  # fmt: skip
    with act_as(villager.actor) as act:
        wider = replace(values_of(listing), visibility=Visibility.PUBLIC)
        upsert_listing(act, villager.organisation_id, "N1", Door.HELP, wider)
    assert listing.state is State.SUBMITTED


def test_the_station_is_told_each_time_it_is_sent(
    act_as: ActAs, session: Session, cast: Cast, villager: Player
) -> None:
    broker = cast.broker
    listing = make_listing(session, villager, state=State.DRAFT, published_at=None)
    listing.quantity_milli, listing.unit = 2000, "座"
    session.commit()
    for _ in range(2):
        with act_as(villager.actor) as act:
            submit_listing(act, listing, Visibility.PUBLIC)
        with act_as(broker.actor) as act:
            return_listing(act, listing, "请写清楚", listing.version)
    told = session.query(Notice).filter_by(person_id=broker.person_id, code="listing_submitted")
    assert told.count() == 2


def test_the_verb_refuses_a_version_that_nobody_sees_any_more(
    act_as: ActAs, session: Session, cast: Cast, villager: Player
) -> None:
    listing = make_listing(session, villager, state=State.SUBMITTED, version=3)
    with pytest.raises(Conflict) as refused, act_as(cast.broker.actor) as act:
        approve_listing(act, listing, 2)
    assert refused.value.code == "changed_meanwhile"


def test_a_need_and_an_offer_that_stay_as_they_are_stay_published(
    act_as: ActAs, session: Session, villager: Player
) -> None:
    for values, door in ((a_need(), Door.HELP), (an_offer(), Door.OFFER)):
        listing = make_listing(session, villager, door=door, title=values.title, text=values.text)
        with act_as(villager.actor) as act:
            edit_listing(act, listing, values_of(listing))
        assert listing.state is State.PUBLISHED
