"""A draft that is thrown away leaves nothing behind, and what is on record stays."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.brokering.kinds import MatchState
from exchange.brokering.life.claiming import claim
from exchange.brokering.models import Match
from exchange.files.models import StoredFile
from exchange.kernel.act import Act, House
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing, ListingPhoto, ListingRevision
from exchange.listings.service import discard_draft
from tests import factories
from tests.cast import Cast
from tests.listings.making import NOW, make_listing

ActAs = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def picture_of(session: Session, *listings: Listing) -> None:
    """One stored picture that the listings show."""
    file = StoredFile(
        public_id="picture1", owner_kind="listing", owner_id=listings[0].id,
        media_type="image/webp", width=1, height=1, size_bytes=1, sha256="0", created_at=NOW,
    )  # fmt: skip
    session.add(file)
    session.flush()
    for one in listings:
        session.add(ListingPhoto(listing_id=one.id, file_id=file.id))
    session.commit()


def test_a_returned_draft_goes_with_its_history_and_pictures(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    draft = make_listing(session, cast.officer, state=State.DRAFT, published_at=None)
    draft_id, url = draft.id, f"/listings/{draft.public_id}/discard"
    session.add(ListingRevision(listing_id=draft_id, version=1, person_id=None, at=NOW, before={}))
    picture_of(session, draft)
    cast.sign_in(client, cast.officer)
    assert client.post(url).status_code == 302
    session.expire_all()
    session.rollback()
    for table in (Listing, ListingRevision, ListingPhoto, StoredFile):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    events = session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id.desc()))
    assert next(iter(events)) == "ListingDiscarded"


def test_a_picture_that_another_listing_shows_stays(
    act_as: ActAs, session: Session, cast: Cast
) -> None:
    kept = make_listing(session, cast.officer)
    draft = make_listing(session, cast.officer, state=State.DRAFT, published_at=None)
    picture_of(session, draft, kept)
    with act_as(cast.officer.actor) as act:
        assert discard_draft(act, draft)
    assert session.query(StoredFile).count() == 1


def test_a_draft_that_a_match_tells_of_is_withdrawn(
    client: FlaskClient, house: House, act_as: ActAs, session: Session, cast: Cast
) -> None:
    need = factories.make_listing(house, cast.officer, Side.NEED)
    offer = factories.make_listing(house, cast.enterprise, Side.OFFER)
    need_id, url = need.id, f"/listings/{need.public_id}/discard"
    with act_as(cast.broker.actor) as act:
        claim(act, need_id, offer.id)
    session.query(Match).one().state = MatchState.DISMISSED
    need.state, need.published_at = State.DRAFT, None
    session.commit()
    cast.sign_in(client, cast.officer)
    assert client.post(url).status_code == 302
    session.rollback()
    assert session.get_one(Listing, need_id).state is State.WITHDRAWN


@pytest.mark.parametrize("state", [State.SUBMITTED, State.PUBLISHED])
def test_what_is_no_draft_any_more_is_not_thrown_away(
    act_as: ActAs, session: Session, cast: Cast, state: State
) -> None:
    listing = make_listing(session, cast.officer, state=state)
    with pytest.raises(Conflict), act_as(cast.officer.actor) as act:
        discard_draft(act, listing)
    assert session.get_one(Listing, listing.id).state is state
