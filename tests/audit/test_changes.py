"""Entries hold what changed, whom it concerns, and personal values only as ciphertext."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.events import ProfileChanged
from exchange.accounts.kinds import MembershipState, OrganisationKind
from exchange.accounts.models import Membership, Person
from exchange.accounts.people_service import change_profile
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.audit.columns import AUDITED, NOT_AUDITED
from exchange.audit.data_keys import boxes_to_open, destroy_data_key, reseal
from exchange.audit.models import AuditConcern, AuditEntry, PersonDataKey
from exchange.audit.trail import NO_EVENT, sealed_place
from exchange.kernel.act import Act, House
from exchange.kernel.actor import Role
from exchange.kernel.database import Base
from exchange.kernel.secret_box import SecretBox, UnreadableSecret
from exchange.kernel.settings import decode_key, new_key
from exchange.listings.events import ListingHeld, ListingPublished
from exchange.listings.kinds import Side, State, Urgency
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.publishing import withdraw_listing
from tests.audit.chain import problems, seal
from tests.brokering.conftest import Scene
from tests.brokering.conftest import scene as scene  # noqa: PLC0414 - the fixture of a match
from tests.cast import ELSEWHERE, VILLAGE, Cast
from tests.factories import make_listing

OpenAct = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def last(session: Session, event: str) -> AuditEntry:
    """The newest entry of an event."""
    session.rollback()
    query = sa.select(AuditEntry).where(AuditEntry.event == event)
    return session.scalars(query.order_by(AuditEntry.id.desc())).first() or pytest.fail(event)


def of_person(entry: AuditEntry) -> dict[str, Any]:
    """What changed of the row of a person."""
    (change,) = [one for one in entry.changes if one["table"] == "person"]
    return change


def concerns(session: Session, entry: AuditEntry) -> list[AuditConcern]:
    query = sa.select(AuditConcern).where(AuditConcern.entry_id == entry.id)
    return list(session.scalars(query.order_by(AuditConcern.number)))


def place_of(change: dict[str, Any], column: str, entry: AuditEntry) -> str:
    return sealed_place(change["table"], column, change["row"], entry.public_id)


def opened(house: House, session: Session, entry: AuditEntry, change: dict[str, Any]) -> Any:
    """The clear values of a change: {column: [before, after]}."""
    box = boxes_to_open(session, house.secrets, [change["of"]])[change["of"]]
    return {
        column: [
            None if one is None else json.loads(
                box.open(one, f"{place_of(change, column, entry)}.{when}")
            )
            for when, one in zip(("before", "after"), pair, strict=True)
        ]
        for column, pair in change["sealed"].items()
    }  # fmt: skip


def test_every_column_is_classified_or_its_table_says_why_not() -> None:
    for table in Base.metadata.tables.values():
        assert (table.name in AUDITED) != (table.name in NOT_AUDITED), table.name
        if table.name in AUDITED:
            named = AUDITED[table.name].all
            assert sorted(named) == sorted(column.name for column in table.columns), table.name
            assert set(AUDITED[table.name].opened) <= set(AUDITED[table.name].personal.split())
            assert set(AUDITED[table.name].of.split()) <= set(named)
        else:
            assert NOT_AUDITED[table.name]
    assert set(AUDITED) | set(NOT_AUDITED) == set(Base.metadata.tables)


def test_an_entry_says_in_which_role_what_changed_and_whom_it_concerns(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    need = make_listing(house, cast.officer, Side.NEED)
    with act_as(cast.officer.actor) as act:
        withdraw_listing(act, act.session.get_one(Listing, need.id))
    entry = last(session, "ListingWithdrawn")
    assert (entry.role, entry.origin) == ("manager", "test")
    assert entry.person_id == cast.officer.person_id
    (change,) = [one for one in entry.changes if one["table"] == "listing"]
    assert (change["row"], change["kind"]) == (str(need.id), "changed")
    assert change["plain"]["state"] == ["published", "withdrawn"]
    (concern,) = concerns(session, entry)
    assert (concern.person_id, concern.listing_id) == (cast.officer.person_id, need.id)
    assert concern.organisation_id == cast.officer.organisation_id
    assert concern.division_code == VILLAGE


def test_a_name_stands_sealed_under_the_key_of_the_person(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    who = cast.officer
    with act_as(who.actor) as act:
        change_profile(act, "罗大满", "en")
    entry = last(session, "ProfileChanged")
    change = of_person(entry)
    assert change["plain"] == {"locale": ["zh", "en"]}
    assert change["of"] == who.person_id
    assert opened(house, session, entry, change)["name"] == ["罗小满", "罗大满"]
    assert "大满" not in json.dumps(entry.changes, ensure_ascii=False)
    moved = dict(change, table="organisation")
    with pytest.raises(UnreadableSecret):
        opened(house, session, entry, moved)
    other = AuditEntry(public_id="another")
    with pytest.raises(UnreadableSecret):
        opened(house, session, other, change)


def test_a_phone_is_opened_and_sealed_anew(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    who = cast.officer
    with act_as(who.actor) as act:
        person = act.session.get_one(Person, who.person_id)
        set_address(house.secrets, person, Address(AddressKind.PHONE, "13811112222"), None)
        act.emit(ProfileChanged(person_id=person.id))
    entry = last(session, "ProfileChanged")
    (change,) = entry.changes
    assert opened(house, session, entry, change)["phone_sealed"] == [who.phone, "13811112222"]
    assert change["plain"]["phone_confirmed_at"][1] is None
    assert who.phone not in json.dumps(entry.changes)


def test_what_changed_stands_with_the_event_that_is_about_it(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    one = make_listing(house, cast.officer, Side.NEED)
    other = make_listing(house, cast.enterprise, Side.OFFER)
    cast.make_place(ELSEWHERE)
    session.commit()
    with act_as() as act:
        first, second = (act.session.get_one(Listing, row.id) for row in (one, other))
        second.urgency = Urgency.HIGH
        first.state = State.PARKED
        act.emit(ListingHeld(listing_id=first.id))
        act.emit(ListingPublished(listing_id=second.id))
        first.state = State.PUBLISHED
    held, published = (last(session, name) for name in ("ListingHeld", "ListingPublished"))
    assert [change["row"] for change in held.changes] == [str(one.id)] * 2
    assert [change["plain"]["state"] for change in held.changes] == [
        ["published", "parked"],
        ["parked", "published"],
    ]
    assert [change["row"] for change in published.changes] == [str(other.id)]


def test_a_change_that_no_event_is_about_has_an_entry_of_its_own(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    one = make_listing(house, cast.officer, Side.NEED)
    stranger = cast.stranger.person_id
    with act_as() as act:
        act.session.get_one(Listing, one.id).state = State.PARKED
        act.emit(ProfileChanged(person_id=stranger))
    entry = last(session, NO_EVENT)
    assert entry.changes[0]["plain"] == {"state": ["published", "parked"]}
    assert [row.listing_id for row in concerns(session, entry)] == [one.id]
    assert last(session, "ProfileChanged").changes == []


def test_what_a_savepoint_undid_leaves_nothing(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    one = make_listing(house, cast.officer, Side.NEED)
    with act_as() as act:
        listing = act.session.get_one(Listing, one.id)
        savepoint = act.session.begin_nested()
        listing.state = State.PARKED
        act.session.flush()
        act.emit(ListingHeld(listing_id=one.id))
        savepoint.rollback()
        with act.session.begin_nested():
            listing.state = State.WITHDRAWN
            act.emit(ListingPublished(listing_id=one.id))
    session.rollback()
    events = session.scalars(sa.select(AuditEntry.event)).all()
    assert "ListingHeld" not in events
    (change,) = last(session, "ListingPublished").changes
    assert change["plain"]["state"][0] == "published"
    assert change["plain"]["state"][1] == "withdrawn"


def test_rows_that_come_and_go_are_kept_with_their_values(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    offer = make_listing(house, cast.enterprise, Side.OFFER, serves=("5204",))
    stranger = cast.stranger.person_id
    with act_as() as act:
        listing = act.session.get_one(Listing, offer.id)
        listing.coverage = [ListingCoverage(prefix="5205")]
        act.session.add(
            Membership(
                person_id=stranger, organisation_id=listing.organisation_id,
                role=Role.MEMBER, state=MembershipState.ACTIVE, created_at=act.now,
            )
        )  # fmt: skip
        act.emit(ListingPublished(listing_id=offer.id))
    changes = last(session, "ListingPublished").changes
    places = [one for one in changes if one["table"] == "listing_coverage"]
    coverage = {one["kind"]: one["plain"]["prefix"] for one in places}
    assert coverage == {"new": [None, "5205"], "gone": ["5204", None]}
    (joined,) = [one for one in changes if one["table"] == "membership"]
    assert joined["plain"]["person_id"] == [None, stranger]


def test_an_entry_about_a_match_concerns_both_sides(scene: Scene, session: Session) -> None:
    scene.proposed()
    found = concerns(session, last(session, "MatchProposed"))
    assert {row.listing_id for row in found} == {scene.need_id, scene.offer_id}
    assert len({row.match_id for row in found}) == 1
    changes = last(session, "MatchProposed").changes
    (match,) = [one for one in changes if one["table"] == "match"]
    assert match["plain"]["state"] == ["claimed", "proposed"]


def test_with_the_key_gone_values_are_gone_and_the_chain_verifies(
    app: Flask, cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    who = cast.officer
    with act_as(who.actor) as act:
        change_profile(act, "罗大满", "zh")
    seal(app)
    with act_as() as act:
        assert destroy_data_key(act, who.person_id)
        assert not destroy_data_key(act, who.person_id)
    entry = last(session, "ProfileChanged")
    assert boxes_to_open(session, house.secrets, [who.person_id]) == {}
    with act_as(who.actor) as act:
        change_profile(act, "罗中满", "zh")
    later = last(session, "ProfileChanged")
    change = of_person(later)
    assert (change["withheld"], "sealed" in change) == (["name"], False)
    assert later.id > entry.id
    seal(app)
    assert problems(app) == []
    events = session.scalars(sa.select(AuditEntry.event)).all()
    assert events.count("DataKeyDestroyed") == 1


def test_keys_follow_the_key_of_the_house(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    who = cast.officer
    with act_as(who.actor) as act:
        change_profile(act, "罗大满", "zh")
    entry = last(session, "ProfileChanged")
    change = of_person(entry)
    new = decode_key(new_key(), "new")
    both = SecretBox({"k2": new, **house.secrets.keys}, house.secrets.lookup_key)
    house.__dict__["secrets"] = both
    with act_as() as act:
        assert reseal(act) > 0
        assert reseal(act) == 0
    session.rollback()
    keys = session.scalars(sa.select(PersonDataKey.sealed_key)).all()
    assert all(key and key.startswith("k2.") for key in keys)
    house.__dict__["secrets"] = SecretBox({"k2": new}, house.secrets.lookup_key)
    assert opened(house, session, entry, change)["name"][1] == "罗大满"


def test_a_private_persons_organisation_is_sealed_under_their_key(
    cast: Cast, house: House, session: Session, act_as: OpenAct
) -> None:
    who = cast.stranger
    assert who.organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
    with act_as(cast.supervisor.actor) as act:
        row = act.session.get_one(type(who.organisation), who.organisation_id)
        row.profile = "家里有三口人"
    entry = last(session, NO_EVENT)
    (change,) = entry.changes
    assert change["of"] == who.person_id
    assert opened(house, session, entry, change) == {"profile": [None, "家里有三口人"]}
