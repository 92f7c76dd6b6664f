"""The columns follow the database, whoever writes it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from exchange.listings.service import edit_listing, hold_listing, withdraw_listing
from exchange.listings.values import values_of
from exchange.matching.models import Embedding
from exchange.matching.openings import MARGIN, Openings
from exchange.matching.readings import pack_words, unpack_words


@pytest.fixture
def openings(village, session):
    """Those of another process than the one whose worker runs."""
    other = Openings(village.cast.house)
    other.catch_up(session)
    return other


def look(openings, session):
    session.rollback()
    openings.catch_up(session)
    return sorted(int(key) for key in openings.columns.ids[: openings.columns.size])


def test_a_listing_is_there_once_its_vectors_are(village, run_jobs, session, openings):
    need = village.need()
    assert look(openings, session) == []
    run_jobs()
    assert look(openings, session) == [need.id]


def test_what_is_hidden_or_ends_goes_and_what_is_shown_again_comes_back(
    village, run_jobs, session, openings
):
    offer = village.offer()
    run_jobs()
    with village.act_as() as act:
        hold_listing(act, offer, held=True)
    assert look(openings, session) == []
    with village.act_as() as act:
        hold_listing(act, offer, held=False)
    assert look(openings, session) == [offer.id]
    with village.act_as(village.cast.enterprise.actor) as act:
        withdraw_listing(act, offer)
    assert look(openings, session) == []


def test_changed_words_wait_for_their_vectors_and_changed_places_do_not(
    village, run_jobs, session, openings
):
    village.cast.make_place("5205")
    offer = village.offer()
    run_jobs()
    look(openings, session)
    before = openings.columns.reach[openings.columns.row(offer.id)]
    with village.act_as(village.cast.enterprise.actor) as act:
        edit_listing(act, offer, replace(values_of(offer), coverage=("5205",)))
    assert look(openings, session) == [offer.id]
    assert openings.columns.reach[openings.columns.row(offer.id)] != before
    with village.act_as(village.cast.enterprise.actor) as act:
        edit_listing(act, offer, replace(values_of(offer), text="别的话"))
    assert look(openings, session) == []
    run_jobs()
    assert look(openings, session) == [offer.id]


def test_what_was_missed_is_found_when_everything_is_compared(
    village, run_jobs, session, openings
):
    need, offer = village.need(), village.offer()
    run_jobs()
    assert look(openings, session) == [need.id, offer.id]
    village.cast.house.clock.forward(seconds=3 * MARGIN.total_seconds())
    look(openings, session)
    session.execute(sa.update(type(need)).where(type(need).id == need.id).values(version=99))
    session.execute(sa.update(type(need)).where(type(need).id == offer.id).values(state="expired"))
    session.commit()
    assert look(openings, session) == [need.id, offer.id]
    assert openings.verify(session) == 2
    assert look(openings, session) == [need.id]
    assert openings.verify(session) == 0


def test_telling_words_are_kept_beside_the_vectors(village, run_jobs, session):
    need = village.need()
    run_jobs()
    session.rollback()
    kept = unpack_words(session.get_one(Embedding, need.id).terms)
    assert kept is not None
    numbers, weights = kept
    assert len(numbers) > 3
    assert 0 < weights[0] <= 1
    assert unpack_words(None) is None
    assert unpack_words(b"\0\0\0\0" + pack_words(kept)[4:]) is None
