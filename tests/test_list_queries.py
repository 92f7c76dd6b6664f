"""Lists that no room tests by itself: twice the rows, the same number of queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.tokens.service import create_token
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.listings.kinds import Side
from exchange.listings.writing import edit_listing, values_of
from exchange.search.jobs import ensure_index
from tests.cast import FIRM_AREA, VILLAGE, Cast
from tests.conftest import Queries
from tests.factories import make_listing

ActAs = Callable[..., AbstractContextManager[Act]]
Catch = Callable[[], AbstractContextManager[Queries]]


class Place:
    """Where rows come from, and the addresses that list them."""

    def __init__(self, app: Flask, session: Session, act_as: ActAs) -> None:
        self.cast, self.act_as = Cast(app, session), act_as
        self.need = make_listing(app.extensions["exchange"], self.cast.officer, Side.NEED)
        self.app = app
        with app.app_context():
            ensure_index(app.extensions["exchange.jobs"])

    def more(self, number: int) -> None:
        """One more row of everything."""
        cast, officer = self.cast, self.cast.officer
        cast.make_player(f"成员{number}", VILLAGE, officer.organisation, Role.MEMBER)
        cast.make_organisation(OrganisationKind.COMPANY, f"公司{number}", FIRM_AREA, verified=True)
        person, owner = officer.person_id, officer.organisation_id
        with self.act_as() as act:
            create_token(act, person, owner, f"program {number}", may_write=False, days=30)
        listing = cast.session.get_one(type(self.need), self.need.id)
        with self.act_as(officer.actor) as act:
            values = values_of(listing)
            values = type(values)(**{**vars(values), "quantity_milli": (number + 2) * 1000})
            edit_listing(act, listing, values, listing.version)

    def addresses(self) -> dict[str, str]:
        owner, need = self.cast.officer.organisation.public_id, self.need.public_id
        return {
            "members": f"/organisations/{owner}/members",
            "tokens": "/me/tokens",
            "organisations": "/api/v1/organisations",
            "history": f"/listings/{need}/history",
        }


@pytest.fixture
def place(app: Flask, session: Session, act_as: ActAs) -> Place:
    return Place(app, session, act_as)


@pytest.mark.parametrize("name", ["members", "tokens", "organisations", "history"])
def test_twice_the_rows_take_the_same_number_of_queries(
    place: Place, client: FlaskClient, catch_queries: Catch, name: str
) -> None:
    def sent() -> tuple[int, int]:
        place.cast.sign_in(client, place.cast.officer)
        with catch_queries() as queries:
            answer = client.get(place.addresses()[name])
        assert answer.status_code == 200
        return queries.count, len(answer.data)

    place.more(1)
    place.more(2)
    client.get("/healthz")
    before, size = sent()
    for number in range(3, 7):
        place.more(number)
    after, larger = sent()
    assert larger > size
    assert after == before
