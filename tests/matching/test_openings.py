"""The columns follow the database, whoever writes it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from exchange.listings.service import edit_listing, hold_listing, withdraw_listing
from exchange.listings.values import values_of
from exchange.matching.facts import centroids_of, load_with_ids
from exchange.matching.models import Embedding
from exchange.matching.openings import EVER, MARGIN, Openings
from exchange.matching.reading_packing import MARK, mark_of, unpack_reading, unpack_sketch
from exchange.matching.readings import MEMORY, known_vectors, portrait, read
from exchange.matching.traits import traits_of
from exchange.search.reading.stances import Stance
from exchange.search.wiring import shared_analyzer


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


def kept_of(village, session, listing_id):
    """The facts of a listing, its row of meanings, and its vectors as a new process finds them."""
    session.rollback()
    house = village.cast.house
    facts = load_with_ids(session, centroids_of(house, session), [listing_id], EVER).facts
    house.resources.pop(MEMORY, None)
    vectors = known_vectors(house, session, facts)
    return facts[listing_id], session.get_one(Embedding, listing_id), vectors[listing_id]


def test_what_was_read_is_kept_beside_the_vectors_to_the_last_bit(village, run_jobs, session):
    need = village.need(text="两座密集烤房坏了，要人来修，不要化肥。柑橘 3 吨也要冷链车。")
    run_jobs()
    facts, row, pair = kept_of(village, session, need.id)
    expected = read(shared_analyzer(), facts, pair)
    found = unpack_reading(facts, row.reading, (pair.title, pair.text))
    assert list(found.terms.items()) == list(expected.terms.items())
    assert (found.norm, found.names) == (expected.norm, expected.names)
    assert (found.subjects, found.refused) == (expected.subjects, expected.refused)
    assert found.stances == expected.stances
    assert found.refused
    words, traits = unpack_sketch(facts, row.terms)
    assert len(words[0]) > 3
    assert 0 < words[1][0] <= 1
    assert traits.pack() == traits_of(expected).pack()


def test_what_was_read_otherwise_is_not_used(village, run_jobs, session):
    need = village.need()
    run_jobs()
    facts, row, pair = kept_of(village, session, need.id)
    vectors = pair.title, pair.text
    other = b"\0" * MARK
    assert unpack_sketch(facts, None) is None
    assert unpack_reading(facts, None, vectors) is None
    assert unpack_sketch(facts, other + row.terms[MARK:]) is None
    assert unpack_reading(facts, other + row.reading[MARK:], vectors) is None
    moved = replace(facts, category="market.purchase")
    assert unpack_reading(moved, row.reading, vectors) is None
    assert portrait(village.cast.house, moved, pair).reading.stances == {Stance.SELLS}


def test_another_category_has_what_was_read_written_anew(village, run_jobs, session):
    need = village.need()
    run_jobs()
    before = bytes(kept_of(village, session, need.id)[1].title_vector)
    changed = replace(values_of(need), category_code="market.purchase")
    with village.act_as(village.cast.officer.actor) as act:
        edit_listing(act, need, changed)
    run_jobs()
    facts, row, _ = kept_of(village, session, need.id)
    assert facts.category == "market.purchase"
    assert row.reading[:MARK] == row.terms[:MARK] == mark_of(facts)
    assert row.title_vector == before
