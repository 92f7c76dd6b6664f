"""The verbs of the room against a database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House, open_act
from exchange.kernel.errors import Conflict, ExchangeError, Forbidden, Invalid
from exchange.kernel.events import Event
from exchange.listings.events import (
    ListingChanged,
    ListingCommitmentChanged,
    ListingEvent,
    ListingExpired,
    ListingExpiresSoon,
    ListingPublished,
    ListingReturned,
    ListingSubmitted,
)
from exchange.listings.kinds import Door, State, Visibility
from exchange.listings.models import Listing, ListingRevision
from exchange.listings.service import (
    announce_expiry,
    approve_listing,
    commit_quantity,
    edit_listing,
    expire_due,
    hold_listing,
    park_listing,
    post_again,
    release_quantity,
    resume_listing,
    return_listing,
    save_draft,
    submit_listing,
    upsert_listing,
    withdraw_listing,
)
from exchange.listings.values import ListingValues, values_of
from tests.cast import VILLAGE, Cast, Player
from tests.conftest import SettableClock
from tests.listings.making import a_need, an_offer, make_listing

ActAs = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def heard(house: House) -> list[Event]:
    """Everything that is told of listings."""
    events: list[Event] = []
    house.bus.listen(ListingEvent, lambda _act, event: events.append(event))
    return events


def post(act_as: ActAs, who: Player, values: ListingValues, door: Door = Door.HELP) -> Listing:
    actor = who.actor
    with act_as(actor) as act:
        return submit_listing(act, save_draft(act, door, values), values.visibility)


def kinds(heard: list[Event]) -> list[type[Event]]:
    return [type(event) for event in heard]


def test_a_verified_owner_is_published_at_once(
    act_as: ActAs, cast: Cast, heard: list[Event]
) -> None:
    listing = post(act_as, cast.officer, a_need())
    assert listing.state is State.PUBLISHED
    assert listing.published_at is not None
    assert kinds(heard) == [ListingPublished]


def test_a_station_reviews_what_others_post(act_as: ActAs, cast: Cast, heard: list[Event]) -> None:
    listing = post(act_as, cast.make_player("吴山", VILLAGE), a_need())
    with act_as(cast.broker.actor) as act:
        approve_listing(act, listing)
    assert listing.state is State.PUBLISHED
    assert listing.reviewed_by_id == cast.broker.person_id
    assert kinds(heard) == [ListingSubmitted, ListingPublished]


def test_a_returned_listing_is_a_draft_with_a_note_until_it_is_sent_again(
    act_as: ActAs, cast: Cast, heard: list[Event]
) -> None:
    who = cast.make_player("吴山", VILLAGE)
    listing = post(act_as, who, a_need())
    with act_as(cast.broker.actor) as act:
        return_listing(act, listing, "请写明是哪种烤房")
    assert (listing.state, listing.review_note) == (State.DRAFT, "请写明是哪种烤房")
    with act_as(who.actor) as act:
        submit_listing(act, listing)
    assert (listing.state, listing.review_note) == (State.SUBMITTED, "")
    assert kinds(heard) == [ListingSubmitted, ListingReturned, ListingSubmitted]


def test_a_note_is_needed_to_give_back(act_as: ActAs, cast: Cast) -> None:
    listing = post(act_as, cast.make_player("吴山", VILLAGE), a_need())
    with pytest.raises(Invalid), act_as(cast.broker.actor) as act:
        return_listing(act, listing, "  ")


@pytest.mark.parametrize("who", ["officer", "enterprise", "stranger"])
def test_only_brokers_of_the_place_review(act_as: ActAs, cast: Cast, who: str) -> None:
    listing = post(act_as, cast.make_player("吴山", VILLAGE), a_need())
    actor = getattr(cast, who).actor
    with pytest.raises(Forbidden), act_as(actor) as act:
        approve_listing(act, listing)


def test_a_broker_does_not_review_their_own(act_as: ActAs, cast: Cast, session: Session) -> None:
    listing = make_listing(session, cast.broker, state=State.SUBMITTED)
    with pytest.raises(Forbidden), act_as(cast.broker.actor) as act:
        approve_listing(act, listing)


def test_who_cannot_be_reached_cannot_submit(act_as: ActAs, cast: Cast) -> None:
    who = cast.make_player("石岩", VILLAGE, phone_confirmed=False)
    with pytest.raises(Forbidden) as refused:
        post(act_as, who, a_need())
    assert refused.value.code == "confirm_contact_first"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"category_code": None}, "category_code", "required"),
        ({"division_code": None}, "division_code", "required"),
        ({"division_code": "52"}, "division_code", "place_too_wide"),
        ({"text": ""}, "text", "required"),
        ({"unit": None}, "unit", "unit_required"),
        ({"coverage": ("5204",)}, "coverage", "coverage_only_offers"),
        ({"to_date": date(2026, 11, 1)}, "to_date", "date_past"),
        ({"public_division_code": "5205"}, "public_division_code", "place_not_coarser"),
        ({"category_code": "services.children", "visibility": Visibility.PUBLIC}, "visibility",
         "visibility_sensitive"),
        ({"text": "请打13912345678"}, "text", "contact_in_text"),
        ({"text": "收款码发您"}, "text", "payment_in_text"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_by_field(
    act_as: ActAs, cast: Cast, changes: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        post(act_as, cast.officer, a_need(**changes))
    assert code in refused.value.fields[field]


def test_a_change_keeps_the_former_values(
    act_as: ActAs, cast: Cast, session: Session, heard: list[Event]
) -> None:
    listing = post(act_as, cast.officer, a_need())
    with act_as(cast.officer.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), quantity_milli=3000), 1)
    revision = session.scalars(sa.select(ListingRevision)).one()
    assert revision.before == {"quantity_milli": 2000}
    assert (revision.version, listing.version) == (1, 2)
    assert kinds(heard)[-1] is ListingChanged


def test_a_change_of_an_older_version_is_refused(act_as: ActAs, cast: Cast) -> None:
    listing = post(act_as, cast.officer, a_need())
    with act_as(cast.officer.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), title="修三座烤房"), 1)
    with pytest.raises(Conflict) as refused, act_as(cast.officer.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), title="修一座"), 1)
    assert refused.value.code == "changed_meanwhile"


def test_nothing_changed_is_no_revision(act_as: ActAs, cast: Cast, session: Session) -> None:
    listing = post(act_as, cast.officer, a_need())
    with act_as(cast.officer.actor) as act:
        edit_listing(act, listing, values_of(listing), 1)
    assert listing.version == 1
    assert session.scalars(sa.select(ListingRevision)).all() == []


@pytest.mark.parametrize(
    ("changes", "state"),
    [({"text": "烤房坏了五座。"}, State.SUBMITTED), ({"urgency": "high"}, State.PUBLISHED)],
)
def test_only_a_change_of_substance_goes_back_to_review(
    act_as: ActAs, cast: Cast, session: Session, changes: dict[str, object], state: State
) -> None:
    who = cast.make_player("吴山", VILLAGE)
    listing = make_listing(session, who)
    with act_as(who.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), **changes))  # type: ignore[arg-type]  # by name
    assert listing.state is state


def test_a_stranger_changes_nothing(act_as: ActAs, cast: Cast) -> None:
    listing = post(act_as, cast.officer, a_need())
    for verb in (withdraw_listing, park_listing, post_again):
        with pytest.raises(Forbidden), act_as(cast.stranger.actor) as act:
            verb(act, listing)
    with pytest.raises(Forbidden), act_as(cast.stranger.actor) as act:
        edit_listing(act, listing, a_need(title="坏事"))


def test_parked_comes_back_and_withdrawn_is_only_copied(
    act_as: ActAs, cast: Cast, session: Session
) -> None:
    listing = post(act_as, cast.officer, a_need(to_date=date(2026, 12, 1)))
    actor = cast.officer.actor
    with act_as(actor) as act:
        park_listing(act, listing)
    with act_as(actor) as act:
        resume_listing(act, listing)
    assert listing.state is State.PUBLISHED
    with act_as(actor) as act:
        withdraw_listing(act, listing)
    with pytest.raises(Conflict), act_as(actor) as act:
        resume_listing(act, listing)
    with act_as(actor) as act:
        copy = post_again(act, listing)
    assert (copy.state, copy.text, copy.to_date) == (State.DRAFT, listing.text, None)
    assert copy.public_id != listing.public_id


def test_commitments_move_the_state_and_back(act_as: ActAs, cast: Cast, heard: list[Event]) -> None:
    listing = post(act_as, cast.enterprise, an_offer(), Door.OFFER)
    seen = []
    for amount in (1000, 2000):
        with act_as() as act:
            seen.append(commit_quantity(act, listing, amount).state)
    for amount in (2000, 1000):
        with act_as() as act:
            seen.append(release_quantity(act, listing, amount).state)
    assert seen == [
        State.PARTLY_MATCHED, State.FULFILLED, State.PARTLY_MATCHED, State.PUBLISHED,
    ]  # fmt: skip
    assert kinds(heard)[1:] == [ListingCommitmentChanged] * 4


def test_no_more_is_committed_than_there_is(act_as: ActAs, cast: Cast) -> None:
    listing = post(act_as, cast.enterprise, an_offer(), Door.OFFER)
    with act_as() as act:
        commit_quantity(act, listing, 2500)
    with pytest.raises(Conflict) as refused, act_as() as act:
        commit_quantity(act, listing, 501)
    assert (refused.value.code, refused.value.params["left"]) == ("not_enough_left", 500)
    with pytest.raises(Conflict), act_as() as act:
        release_quantity(act, listing, 2501)


def test_a_listing_without_a_quantity_serves_many(act_as: ActAs, cast: Cast) -> None:
    values = an_offer(quantity_milli=None, unit=None)
    listing = post(act_as, cast.enterprise, values, Door.OFFER)
    with act_as() as act:
        commit_quantity(act, listing, 10**9)
    assert listing.state is State.PUBLISHED


def test_a_withdrawn_listing_takes_no_commitment_but_gives_back(act_as: ActAs, cast: Cast) -> None:
    listing = post(act_as, cast.enterprise, an_offer(), Door.OFFER)
    with act_as() as act:
        commit_quantity(act, listing, 1000)
    with act_as(cast.enterprise.actor) as act:
        withdraw_listing(act, listing)
    with pytest.raises(Conflict) as refused, act_as() as act:
        commit_quantity(act, listing, 1)
    assert refused.value.code == "listing_not_open"
    with act_as() as act:
        release_quantity(act, listing, 1000)
    assert (listing.state, listing.committed_milli) == (State.WITHDRAWN, 0)


def test_less_than_is_committed_is_refused_in_a_change(act_as: ActAs, cast: Cast) -> None:
    listing = post(act_as, cast.enterprise, an_offer(), Door.OFFER)
    with act_as() as act:
        commit_quantity(act, listing, 2000)
    with pytest.raises(Invalid) as refused, act_as(cast.enterprise.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), quantity_milli=1999))
    assert "quantity_below_committed" in refused.value.fields["quantity_milli"]


def test_the_last_day_counts_and_then_it_expires(
    act_as: ActAs, cast: Cast, clock: SettableClock, heard: list[Event]
) -> None:
    listing = post(act_as, cast.officer, a_need(to_date=date(2026, 11, 23)))
    clock.forward(days=1)
    with act_as() as act:
        assert expire_due(act) == 0
    clock.forward(days=1)
    with act_as() as act:
        assert expire_due(act) == 1
    assert listing.state is State.EXPIRED
    assert kinds(heard)[-1] is ListingExpired


def test_what_no_station_has_seen_does_not_expire_into_the_open(
    act_as: ActAs, cast: Cast, clock: SettableClock
) -> None:
    who = cast.make_player("吴山", VILLAGE)
    listing = post(act_as, who, a_need(to_date=date(2026, 11, 23)))
    clock.forward(days=3)
    with act_as() as act:
        expire_due(act)
    assert listing.state is State.DRAFT


def test_the_owner_is_asked_once_a_week_and_once_a_day_before_the_last_day(
    act_as: ActAs, cast: Cast, clock: SettableClock, heard: list[Event]
) -> None:
    post(act_as, cast.officer, a_need(to_date=date(2026, 12, 1)))
    for _ in range(12):
        clock.forward(hours=20)
        with act_as() as act:
            announce_expiry(act)
    told = [event.days for event in heard if isinstance(event, ListingExpiresSoon)]
    assert told == [7, 1]


def test_an_expired_listing_opens_again_with_a_later_last_day(
    act_as: ActAs, cast: Cast, session: Session
) -> None:
    listing = make_listing(session, cast.officer, state=State.EXPIRED, to_date=date(2026, 11, 1))
    with act_as(cast.officer.actor) as act:
        edit_listing(act, listing, replace(values_of(listing), to_date=date(2026, 12, 1)))
    assert listing.state is State.PUBLISHED


def test_the_same_key_updates_instead_of_doubling(
    act_as: ActAs, cast: Cast, session: Session
) -> None:
    owner = cast.officer.organisation_id
    for text in ("烤房坏了两座。", "烤房坏了三座。"):
        with act_as(cast.officer.actor) as act:
            upsert_listing(act, owner, "N-1", Door.HELP, a_need(text=text))
    listing = session.scalars(sa.select(Listing)).one()
    assert (listing.text, listing.version) == ("烤房坏了三座。", 2)


def test_the_same_key_at_the_same_moment_makes_one_listing(
    app: Flask, house: House, cast: Cast, engine: sa.Engine
) -> None:
    actor, owner = cast.officer.actor, cast.officer.organisation_id
    failures: list[Exception] = []

    def run(number: int) -> None:
        try:
            with Session(engine) as own, open_act(house, lambda: own, actor) as act:
                upsert_listing(act, owner, "N-1", Door.HELP, a_need(title=f"第{number}个"))
        except (ExchangeError, sa.exc.SQLAlchemyError) as error:
            failures.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Session(engine) as own:
        assert own.scalar(sa.select(sa.func.count()).select_from(Listing)) == 1


def test_a_past_listing_is_taken_over_as_expired(act_as: ActAs, cast: Cast) -> None:
    values = an_offer(to_date=date(2026, 10, 1))
    with act_as() as act:
        owner = cast.enterprise.organisation_id
        listing = upsert_listing(act, owner, "O-1", Door.OFFER, values)
    assert listing.state is State.EXPIRED


def test_nobody_posts_in_the_name_of_others(act_as: ActAs, cast: Cast) -> None:
    owner = cast.officer.organisation_id
    with pytest.raises(Forbidden), act_as(cast.stranger.actor) as act:
        upsert_listing(act, owner, "N-1", Door.HELP, a_need())


def test_a_held_listing_is_hidden_by_its_supervisor_only(
    act_as: ActAs, cast: Cast, session: Session
) -> None:
    listing = make_listing(session, cast.officer)
    with pytest.raises(Forbidden), act_as(cast.broker.actor) as act:
        hold_listing(act, listing, held=True)
    with act_as(cast.supervisor.actor) as act:
        assert hold_listing(act, listing, held=True).held_at is not None
    with act_as(cast.supervisor.actor) as act:
        assert hold_listing(act, listing, held=False).held_at is None
