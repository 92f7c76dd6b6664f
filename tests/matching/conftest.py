"""What matching's tests build pairs from: values that pass every gate, and a site with listings."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.listings.kinds import Door
from exchange.listings.models import Listing
from exchange.listings.values import ListingValues
from exchange.listings.writing import upsert_listing
from exchange.matching.values import ListingFacts, Portrait, Reading
from exchange.search.reading.concepts import dictionary
from exchange.search.reading.stances import read_stances
from exchange.search.reading.subjects import refused_by, subjects_of
from exchange.taxonomy.terms import Terms
from tests.cast import Cast, Player

TODAY = date(2026, 11, 22)
NEED = ListingFacts(
    id=1, side="need", title="修烤房", text="两座密集烤炉坏了", category="equipment.processing",
    division="520422102243", reach=("520422102243",), organisation_id=1,
)  # fmt: skip
OFFER = replace(
    NEED, id=2, side="offer", division="520402", reach=("5204",), organisation_id=2,
    text="检修队修烤房，修密集烤炉",
)  # fmt: skip


def portrait(facts: ListingFacts, **terms: float) -> Portrait:
    """A portrait with these weighted terms, and vectors that point the same way for all."""
    vector = np.array([1.0, 0.0], np.float32)
    norm = sum(weight**2 for weight in terms.values()) ** 0.5
    words = facts.title, facts.text
    reading = Reading(
        terms,
        norm,
        tuple(terms),
        vector,
        vector,
        subjects_of(dictionary(), *words),
        refused_by(dictionary(), *words),
        read_stances(facts.side, facts.category, *words),
    )
    return Portrait(facts, reading)


class Village:
    """Posts listings as the cast and looks at them again."""

    def __init__(
        self, cast: Cast, act_as: Callable[..., AbstractContextManager[Act]], session: Session
    ) -> None:
        self.cast, self.act_as, self.session = cast, act_as, session
        for player in (cast.officer, cast.enterprise, cast.broker, cast.stranger):
            assert player.person_id

    def post(self, who: Player, door: Door, key: str, **values: Any) -> Listing:
        """A published listing of the player's organisation."""
        given = {
            "title": "修两座烤房",
            "text": "村里两座密集烤房坏了，要人来修。",
            "category_code": "equipment.processing",
            "division_code": "520422102243",
            "terms": Terms.FREE,
        } | values
        organisation_id, actor = who.organisation_id, who.actor
        with self.act_as(actor) as act:
            made = upsert_listing(act, organisation_id, key, door, ListingValues(**given))
            listing_id = made.id
        return self.session.get_one(Listing, listing_id)

    def need(self, key: str = "N1", **values: Any) -> Listing:
        """The officer's need."""
        return self.post(self.cast.officer, Door.HELP, key, **values)

    def offer(self, key: str = "O1", **values: Any) -> Listing:
        """The firm's offer, which fits the need."""
        given = {
            "title": "烤房检修队",
            "text": "修密集烤房，自带配件，可下村。",
            "division_code": "520402",
            "coverage": ("5204",),
        } | values
        return self.post(self.cast.enterprise, Door.OFFER, key, **given)


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    """The cast on this application."""
    return Cast(app, session)


@pytest.fixture
def village(
    cast: Cast, act_as: Callable[..., AbstractContextManager[Act]], session: Session
) -> Village:
    """Posts listings."""
    return Village(cast, act_as, session)
