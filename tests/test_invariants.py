"""The check of the invariants finds what is broken, and nothing in what is sound."""

from flask import Flask
from sqlalchemy.orm import Session

from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match, MatchSide, TimelineEntry
from exchange.kernel.act import House
from exchange.listings.kinds import Side
from exchange.search.jobs import ensure_index
from exchange.search.wiring import search_index
from tests.cast import Cast
from tests.factories import make_listing
from tests.invariants import broken, broken_index


def test_amounts_without_commitments_and_matches_without_a_past_are_found(
    app: Flask, house: House, session: Session
) -> None:
    cast = Cast(app, session)
    need = make_listing(house, cast.officer, Side.NEED)
    offer = make_listing(house, cast.enterprise, Side.OFFER)
    assert broken(session) == []
    offer.committed_milli = 5_000
    now = house.clock.now()
    match = Match(
        need_id=need.id, offer_id=offer.id, state=MatchState.INTRODUCED,
        broker_id=cast.broker.person_id, created_at=now, updated_at=now,
        sides=[
            MatchSide(side=Side.NEED, organisation_id=need.organisation_id),
            MatchSide(side=Side.OFFER, organisation_id=offer.organisation_id),
        ],
    )  # fmt: skip
    session.add(match)
    session.flush()
    session.add(TimelineEntry(match_id=match.id, at=now, code="claimed", params={}))
    offer_id, match_id = offer.id, match.id
    session.commit()
    assert broken(session) == [
        f"listing {offer_id} counts 5000, its commitments 0",
        f"match {match_id} is introduced without ['introduced', 'proposed'] on its timeline",
    ]


def test_a_listing_missing_from_the_index_is_found(
    app: Flask, house: House, session: Session
) -> None:
    cast = Cast(app, session)
    first = make_listing(house, cast.officer, Side.NEED)
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    assert broken_index(session, search_index(house)) == []
    second = make_listing(house, cast.officer, Side.NEED)
    key, former = f"listing:{second.public_id}", f"listing:{first.public_id}"
    session.delete(first)
    session.commit()
    assert broken_index(session, search_index(house)) == [
        f"{key} is not in the index",
        f"{former} should not be in the index",
    ]
