"""One permission in three forms: on values, as SQL, as tokens of the index. They agree."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Door, State, Visibility
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.permissions import (
    audience_of,
    audience_tokens,
    can_review,
    can_see,
    details_shown_to,
    reviewable_by,
    sees_details,
    visible_to,
)
from tests.cast import Cast
from tests.listings.making import NOW, make_listing

PLACES = ("52", "5204", "520422", "520422102", "520422102243", "520402", "5205", "520502", "51")
REACHES = (*PLACES, "CN")


@pytest.fixture
def owners(app: Flask, session: Session) -> Iterator[list[int]]:
    cast = Cast(app, session)
    made = [
        cast.make_organisation(OrganisationKind.COOPERATIVE, f"合作社{number}", "520422").id
        for number in range(3)
    ]
    yield made
    session.rollback()


def listings(owners: list[int]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "owner": st.sampled_from(owners),
            "door": st.sampled_from(Door),
            "state": st.sampled_from(State),
            "visibility": st.sampled_from(Visibility),
            "division_code": st.sampled_from([*PLACES, None]),
            "coverage": st.lists(st.sampled_from(REACHES), max_size=3, unique=True),
            "held_at": st.sampled_from([None, None, NOW]),
            "public_title": st.sampled_from([None, "一户人家要帮忙"]),
            "public_division_code": st.sampled_from([None, "520422"]),
        }
    )


def actors(owners: list[int]) -> st.SearchStrategy[Actor]:
    return st.builds(
        Actor,
        person_id=st.sampled_from([None, 7]),
        organisation_ids=st.frozensets(st.sampled_from(owners), max_size=2),
        organisation_verified=st.booleans(),
        serves=st.lists(st.sampled_from(REACHES), max_size=2, unique=True).map(tuple),
        is_system=st.sampled_from([False, False, False, True]),
    )


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_three_forms_of_seeing_agree(
    data: st.DataObject, session: Session, owners: list[int]
) -> None:
    session.execute(sa.delete(ListingCoverage))
    session.execute(sa.delete(Listing))
    session.expunge_all()
    for said in data.draw(st.lists(listings(owners), min_size=1, max_size=6)):
        owner = said.pop("owner")
        assert isinstance(owner, int)
        if said["door"] is not Door.OFFER:
            said["coverage"] = []
        make_listing(session, owner, **said)
    everything = session.scalars(sa.select(Listing)).all()
    for actor in data.draw(st.lists(actors(owners), min_size=1, max_size=4)):
        by_values = {one.id for one in everything if can_see(actor, one)}
        by_sql = set(session.scalars(sa.select(Listing.id).where(visible_to(actor))))
        tokens = audience_tokens(actor)
        by_tokens = {one.id for one in everything if tokens is None or tokens & audience_of(one)}
        assert by_values == by_sql == by_tokens
        in_full = {one.id for one in everything if sees_details(actor, one)}
        assert in_full == set(
            session.scalars(sa.select(Listing.id).where(details_shown_to(actor)))
        )
        reviews = {one.id for one in everything if can_review(actor, one)}
        assert reviews == set(session.scalars(sa.select(Listing.id).where(reviewable_by(actor))))
