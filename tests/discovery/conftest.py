"""Listings that the cast has published, without the forms that lead there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.listings.events import ListingChanged, ListingPublished, ListingWithdrawn
from exchange.listings.kinds import Door, Side, State
from exchange.listings.models import Listing, ListingCoverage
from exchange.search.jobs import ensure_index
from tests.cast import Cast, Player
from tests.conftest import SettableClock
from tests.discovery.bulletin_scene import Desk


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    """The people of the play."""
    return Cast(app, session)


class Stage(Protocol):
    """Puts listings on the stage and changes them, with the news that goes with it."""

    def publish(self, who: Player, title: str, **values: Any) -> str: ...

    def withdraw(self, public_id: str) -> None: ...

    def change(self, public_id: str, **values: Any) -> None: ...


class DirectStage:
    """See ``Stage``. The worker's turn comes with ``run_jobs``, or at once with ``jobs``."""

    def __init__(
        self, act_as: Callable[..., AbstractContextManager[Act]], jobs: Callable[[], int]
    ) -> None:
        self.act_as = act_as
        self.jobs = jobs

    def publish(self, who: Player, title: str, **values: Any) -> str:
        organisation = who.organisation
        place = values.pop("division_code", organisation.division_code)
        side = values.pop("side", Side.NEED)
        serves = values.pop("serves", ())
        owner_id = organisation.id
        with self.act_as() as act:
            listing = Listing(
                organisation_id=owner_id,
                door=Door.HELP if side is Side.NEED else Door.OFFER,
                side=side,
                title=title,
                division_code=place,
                created_at=act.now,
                updated_at=act.now,
                published_at=act.now,
                **{"state": State.PUBLISHED, **values},
            )
            listing.coverage = [ListingCoverage(prefix=prefix) for prefix in serves]
            act.session.add(listing)
            act.session.flush()
            public_id = listing.public_id
            act.emit(ListingPublished(listing.id))
        self.jobs()
        return public_id

    def withdraw(self, public_id: str) -> None:
        with self.act_as() as act:
            listing = self._load(act, public_id)
            listing.state = State.WITHDRAWN
            listing.updated_at = act.now
            act.emit(ListingWithdrawn(listing.id))
        self.jobs()

    def change(self, public_id: str, **values: Any) -> None:
        with self.act_as() as act:
            listing = self._load(act, public_id)
            for name, value in {"updated_at": act.now, **values}.items():
                setattr(listing, name, value)
            act.emit(ListingChanged(listing.id))
        self.jobs()

    @staticmethod
    def _load(act: Act, public_id: str) -> Listing:
        return act.session.query(Listing).filter_by(public_id=public_id).one()


@pytest.fixture
def stage(
    app: Flask, act_as: Callable[..., AbstractContextManager[Act]], run_jobs: Callable[[], int]
) -> DirectStage:
    """Publishes, withdraws and changes listings; the jobs run at once."""
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    return DirectStage(act_as, run_jobs)


@pytest.fixture
def desk(
    app: Flask,
    cast: Cast,
    clock: SettableClock,
    act_as: Callable[..., AbstractContextManager[Act]],
    run_jobs: Callable[[], int],
) -> Desk:
    """A centre that sets up bulletins."""
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    for who in (cast.officer, cast.enterprise, cast.broker, cast.supervisor, cast.stranger):
        assert who.person_id
    return Desk(cast, app.extensions["exchange"], clock, act_as, run_jobs)
