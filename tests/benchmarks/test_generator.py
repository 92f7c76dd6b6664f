"""Generated sites: the same for a seed, as the services would write them, fit to be posted."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import islice

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.documents import documents, fill_index
from benchmarks.filling import NotEmpty, fill_database
from benchmarks.generator import Generated, Generator
from benchmarks.meanings import DrawnMeanings
from benchmarks.places import some_places
from benchmarks.questions import questions
from exchange.accounts.models import Organisation
from exchange.discovery.rules import Known, read_asked
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.listings.checking import problems_of
from exchange.listings.indexing import TABLE, build_documents
from exchange.listings.kinds import ENDED_STATES, OPEN_STATES, Side, State, Urgency, Visibility
from exchange.listings.models import Listing, ListingCoverage
from exchange.listings.rules import language_of, visibility_allowed
from exchange.listings.values import values_of
from exchange.listings.wording import remark_on
from exchange.search.backends.memory import MemoryIndex
from exchange.search.encoder import HashEncoder
from exchange.search.port import Query
from exchange.search.wiring import shared_analyzer
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Beneficiary, Terms
from tests.conftest import PROVINCE
from tests.invariants import broken

ActAs = Callable[[], AbstractContextManager[Act]]
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PLACES = some_places((PROVINCE,))


def site(listings: int, seed: int = 7) -> Generator:
    return Generator(listings, seed, NOW, PLACES)


@pytest.fixture(scope="module")
def sample() -> list[Generated]:
    return list(site(4_000))


def test_a_seed_names_a_site() -> None:
    first, again, other = site(60), site(60), site(60, seed=8)
    assert list(first) == list(first) == list(again)
    assert [one.row for one in first.owners] == [one.row for one in again.owners]
    assert list(first) != list(other)


def test_listings_of_a_larger_site_come_one_at_a_time() -> None:
    endless = Generator(10**9, 7, NOW, PLACES)
    assert [one.row["id"] for one in islice(endless, 3)] == [1, 2, 3]
    assert len(endless.owners) == 20_000


def test_lengths_are_those_of_what_people_write(sample: list[Generated]) -> None:
    titles = [len(one.row["title"]) for one in sample]
    texts = [len(one.row["text"]) for one in sample]
    assert 6 <= min(titles) <= max(titles) <= 24
    assert 20 <= min(texts) <= max(texts) <= 220
    assert max(texts) - min(texts) > 180
    assert len({one.row["text"] for one in sample}) > 0.99 * len(sample)


def test_no_sentence_is_said_twice(sample: list[Generated]) -> None:
    for one in sample:
        said = [part for part in re.split(r"。|\. ", one.row["text"]) if part]
        assert len(said) == len(set(said)), one.row["text"]


def test_shares_are_as_told(sample: list[Generated]) -> None:
    counts = Counter(value for one in sample for value in (one.row["side"], one.row["lang"]))
    hidden = sum(one.row["visibility"] is not Visibility.PUBLIC for one in sample)
    assert counts[Side.NEED] / len(sample) == pytest.approx(0.45, abs=0.03)
    assert counts["zh"] / len(sample) == pytest.approx(0.85, abs=0.03)
    assert counts["en"] > counts["mixed"] > 0
    assert hidden / len(sample) == pytest.approx(0.04, abs=0.01)


def test_everything_that_can_be_said_is_said(sample: list[Generated]) -> None:
    more = [*sample, *site(8_000, seed=9)]
    assert {one.row["category_code"] for one in more} == set(taxonomy().categories)
    assert {one.row["terms"] for one in sample} == set(Terms)
    assert {one.row["urgency"] for one in sample} == set(Urgency)
    assert {one.row["visibility"] for one in sample} == set(Visibility)
    assert {group for one in sample for group in one.row["beneficiaries"]} == set(Beneficiary)
    assert {len(prefix) for one in sample for prefix in one.coverage} == {2, 4, 6}
    assert any(one.coverage == ("CN",) for one in sample)
    assert all(bool(one.coverage) is (one.row["side"] is Side.OFFER) for one in sample)


def test_some_goods_are_asked_for_much_more_often_than_others(sample: list[Generated]) -> None:
    often = [count for _, count in Counter(one.row["title"][-6:] for one in sample).most_common()]
    assert often[0] > 10 * often[len(often) // 2]


def test_nothing_that_is_said_gives_contact_or_payment(sample: list[Generated]) -> None:
    remarks = [remark_on(f"{one.row['title']}\n{one.row['text']}") for one in sample]
    assert [remark for remark in remarks if remark] == []


def test_who_may_see_it_is_what_the_rules_allow(sample: list[Generated]) -> None:
    for one in sample:
        row = one.row
        words = "\n".join((row["title"], row["text"], row["public_title"] or ""))
        assert visibility_allowed(
            row["visibility"], row["side"], row["category_code"], row["beneficiaries"], words,
            row["public_title"],
        ), row  # fmt: skip


def test_states_and_moments_fit(sample: list[Generated]) -> None:
    today = civil_date(NOW)
    for one in sample:
        row, state = one.row, one.row["state"]
        assert row["created_at"] <= row["updated_at"] <= NOW
        assert (row["published_at"] is None) is (state in (State.DRAFT, State.SUBMITTED))
        assert (row["ended_at"] is not None) is (state in ENDED_STATES)
        assert not (row["from_date"] and row["to_date"]) or row["from_date"] <= row["to_date"]
        if state in OPEN_STATES:
            assert row["to_date"] is None or row["to_date"] >= today
        if state is State.EXPIRED:
            assert row["to_date"] < today
        assert row["lang"] == language_of(f"{row['title']} {row['text']}")


def test_the_database_holds_what_the_services_would_have_written(
    engine: sa.Engine, session: Session
) -> None:
    made = site(300)
    assert fill_database(engine, made) == 300
    assert broken(session) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == len(made.owners)
    coverage = sum(len(one.coverage) for one in made)
    assert session.scalar(sa.select(sa.func.count()).select_from(ListingCoverage)) == coverage


def test_what_is_loaded_could_have_been_posted(engine: sa.Engine, act_as: ActAs) -> None:
    fill_database(engine, site(300))
    with act_as() as act:
        for listing in act.session.scalars(sa.select(Listing)):
            opens = listing.state in OPEN_STATES
            found = problems_of(act, listing.side, values_of(listing), open_now=opens)
            assert found == {}, (listing.title, listing.text)


def test_documents_are_those_of_the_listings_room(engine: sa.Engine, session: Session) -> None:
    made = site(400)
    fill_database(engine, made)
    ids = list(session.scalars(sa.select(Listing.id)))
    assert list(documents(made, PLACES)) == build_documents(session, ids)


def test_an_index_filled_without_the_database_fits_it(
    engine: sa.Engine, session: Session
) -> None:
    made, index = site(50), MemoryIndex(shared_analyzer())
    meanings = DrawnMeanings(HashEncoder(16), 7)
    fill_database(engine, made)
    expected = TABLE.census(session)
    assert fill_index(index, made, PLACES, meanings) == expected.documents == index.count()
    assert index.high_water() == expected.high_water
    assert index.search(Query(audience=frozenset({"all"}))).total < expected.documents


def test_meanings_of_the_same_goods_are_near_each_other(sample: list[Generated]) -> None:
    goods = [sample[0].goods, sample[0].goods, *(one.goods for one in sample[:40])]
    rows = DrawnMeanings(HashEncoder(256), 7).vectors(goods)
    assert np.array_equal(rows, DrawnMeanings(HashEncoder(256), 7).vectors(goods))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    same, others = float(rows[0] @ rows[1]), rows[3:] @ rows[0]
    assert 0.4 < same < 0.8
    assert np.median(others) < same - 0.2


def test_new_rows_are_numbered_behind_the_loaded_ones(engine: sa.Engine, session: Session) -> None:
    made = site(20)
    fill_database(engine, made)
    row = {**next(iter(made.owners)).row, "public_id": "another", "external_id": "another"}
    del row["id"]
    fresh = Organisation(**row)
    session.add(fresh)
    session.flush()
    assert fresh.id > len(made.owners)


def test_a_site_of_somebody_is_left_alone(engine: sa.Engine) -> None:
    fill_database(engine, site(20))
    with pytest.raises(NotEmpty):
        fill_database(engine, site(20))


def test_questions_are_of_all_sorts_and_the_page_understands_them() -> None:
    owners = list(site(100).owners)
    asked = list(islice(questions(7, owners, PLACES), 600))
    assert asked == list(islice(questions(7, owners, PLACES), 600))
    sorts = Counter(one.sort for one in asked)
    assert set(sorts) == {"words", "place", "phrase", "question", "english", "owner", "misspelt"}
    assert sorts["misspelt"] / 600 == pytest.approx(0.05, abs=0.03)
    filtered = sum(one.asked.filters > 0 or one.asked.side != "" for one in asked)
    assert 0.4 < filtered / 600 < 0.6
    categories = frozenset(taxonomy().categories)
    known = Known(frozenset(Side), categories, frozenset(Terms), frozenset(Beneficiary))
    for one in asked:
        values = {k: [v] if isinstance(v, str) else list(v) for k, v in vars(one.asked).items()}
        assert read_asked(values, known) == (one.asked, ())
