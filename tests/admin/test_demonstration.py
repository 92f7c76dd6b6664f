"""The demonstration city loads once, through the verbs, and shows every state of a match."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.absence.models import Absence
from exchange.accounts.models import Person, VerificationRequest
from exchange.admin.city import City
from exchange.admin.loading import UNFINISHED, load_city, sign_ins
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_rules import Cause
from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match
from exchange.geography.loading import load_divisions
from exchange.kernel.act import House
from exchange.kernel.errors import ConfigurationError
from exchange.listings.kinds import State, Visibility
from exchange.listings.models import Listing
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.moderation.kinds import CaseState
from exchange.moderation.models import ModerationCase
from exchange.projects.kinds import Publication
from exchange.projects.models import Project
from exchange.projects.visits.models import Visit
from exchange.volunteering.kinds import SHOWN_STATES
from exchange.volunteering.models import Activity
from tests.conftest import SettableClock

PROVINCES = ("11", "13", "31", "33", "44", "50", "52")


def load(app: Flask, house: House) -> None:
    with app.app_context():
        load_city(house, lambda _done, _total: None)


class Stopped(Exception):
    """As by Ctrl-C."""


def stop(_done: int, _total: int) -> None:
    raise Stopped


def test_a_city_that_came_in_in_part_is_not_taken_for_whole(
    app: Flask, house: House, engine: sa.Engine
) -> None:
    with engine.begin() as connection:
        load_divisions(connection, only_prefixes=PROVINCES)
    with app.app_context(), pytest.raises(Stopped):
        load_city(house, stop)
    with app.app_context(), pytest.raises(ConfigurationError, match="start again"):
        load_city(house, stop)


def every_public_page_opens(client: FlaskClient, session: Session) -> None:
    """Projects and activities with all that hangs on them, and every tenth listing."""
    projects = session.scalars(
        sa.select(Project.public_id).where(
            Project.publication == Publication.PUBLISHED, Project.visibility == Visibility.PUBLIC
        )
    )
    more = ("", "/news", "/accounts", "/evaluation", "/intentions", "/visits")
    pages = [f"/projects/{one}{part}" for one in projects for part in more]
    visits = session.scalars(sa.select(Visit.public_id))
    activities = session.scalars(
        sa.select(Activity.public_id).where(Activity.state.in_(SHOWN_STATES))
    )
    listings = session.scalars(
        sa.select(Listing.public_id)
        .where(Listing.state == State.PUBLISHED, Listing.visibility == Visibility.PUBLIC)
        .order_by(Listing.id)
    ).all()
    pages += [f"/visits/{one}" for one in visits]
    pages += [f"/activities/{one}" for one in activities]
    pages += [f"/listings/{one}" for one in listings[::10]]
    assert len(pages) > 40
    assert {page: code for page in pages if (code := client.get(page).status_code) != 200} == {}


@pytest.mark.slow
def test_city_shows_every_state_of_a_match_and_loads_once(
    app: Flask, house: House, session: Session, clock: SettableClock, engine: sa.Engine,
    client: FlaskClient,
) -> None:  # fmt: skip
    clock.forward(days=400)
    with engine.begin() as connection:
        load_divisions(connection, only_prefixes=PROVINCES)
    load(app, house)
    assert not (house.settings.data_dir / UNFINISHED).exists()
    states = set(session.scalars(sa.select(Match.state)))
    assert states == set(MatchState)
    assert session.scalar(sa.select(sa.func.count(VerificationRequest.id))) == 1
    waiting = session.scalars(sa.select(Listing.state).where(Listing.state == State.SUBMITTED))
    assert len(waiting.all()) == 1
    last_days = session.scalars(
        sa.select(Listing.to_date).where(
            Listing.state == State.PUBLISHED, Listing.to_date.is_not(None)
        )
    ).all()
    assert max(last_days) > clock.now().date() + timedelta(days=300)
    plans = City(clock.now().date()).story["undertakings"]
    names = session.scalars(sa.select(Undertaking.name).order_by(Undertaking.id)).all()
    assert names == [*(one["name"] for one in plans), "朵贝贡茶：一村一品"]  # the last of a project
    parts = session.scalar(sa.select(sa.func.count(UndertakingPart.listing_id)))
    assert parts == sum(len(one["needs"]) for one in plans) + 3
    assert session.scalars(sa.select(ModerationCase.state)).all() == [CaseState.OPEN]
    told = session.scalars(sa.select(Escalation).where(Escalation.told_at.is_not(None))).all()
    assert [one.cause for one in told] == [Cause.CLAIMED]
    assert session.scalars(sa.select(Absence.begun_at)).all() == [None]
    every_public_page_opens(client, session)
    people = session.scalar(sa.select(sa.func.count(Person.id)))
    session.rollback()
    load(app, house)
    assert session.scalar(sa.select(sa.func.count(Person.id))) == people
    assert len(sign_ins(house)) == len(City(clock.now().date()).story["players"]) + 2
