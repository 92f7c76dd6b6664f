"""Columns say the same as values: gates pair by pair, places as ranges, rows that come and go."""

import os
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest

from exchange.kernel.actor import covers
from exchange.matching.amounts import amount_of, least_of
from exchange.matching.columns import Columns, Entry, hash_of, hashed_words, small
from exchange.matching.estimating import Estimator, cosines
from exchange.matching.gating import passing
from exchange.matching.places import place_number, place_ranges
from exchange.matching.recall import ALL_BELOW, Depth, choose
from exchange.matching.rules import may_match
from exchange.matching.scoring import shipped_weights
from exchange.matching.values import Reading
from tests.conftest import SEED_VARIABLE
from tests.matching.conftest import NEED, OFFER, TODAY

PLACES = ("52", "5204", "520422", "520422102", "520422102243", "520402", "13", "130102", "", "CN")
DIMENSIONS = 16


def draw_amounts(draw):
    """What is left, in some unit, and the least lot; with or without any of them."""
    left, unit = draw.choice((None, 0, 1, 400, 5000)), draw.choice(("斤", "公斤", "台", ""))
    lot, whole = draw.choice((None, 200, 1000, 9000)), draw.random() < 0.3
    return {
        "remaining_milli": left,
        "remaining": amount_of(left, unit),
        "least": least_of(left, unit, lot, whole=whole),
        "is_whole": whole,
    }


def draw_facts(draw, number):
    """A listing of either side that passes or fails by each of its values."""

    def day():
        return draw.choice((None, TODAY, TODAY + timedelta(days=draw.randint(-3, 3))))

    side = draw.choice(("need", "offer"))
    division = draw.choice(PLACES[:-1])
    covered = tuple(sorted(draw.sample(PLACES, draw.randint(0, 3)))) if side == "offer" else ()
    return replace(
        NEED if side == "need" else OFFER,
        id=number,
        public_id=f"p{number}",
        organisation_id=draw.randint(1, 4),
        division=division,
        reach=covered or ((division,) if division else ()),
        from_date=day(),
        to_date=day(),
        **draw_amounts(draw),
        category=draw.choice(("equipment.processing", "technology.processing", "funds.loan", "")),
        terms=draw.choice(("free", "subsidised", "paid")),
        point=draw.choice((None, (26_000_000, 105_000_000), (39_900_000, 116_400_000))),
    )


def entry(facts, draw, words=(("烤房", 1.0),), norm=1.0):
    vectors = np.random.default_rng(draw.randrange(2**32)).standard_normal((2, DIMENSIONS))
    title, text = (np.asarray(v / np.linalg.norm(v), np.float32) for v in vectors)
    reading = Reading(dict(words), norm, (), title, text)
    return Entry(facts, hashed_words(reading), title, text)


@pytest.fixture
def draw():
    return Random(int(os.environ[SEED_VARIABLE]))


def test_gates_over_columns_are_the_gates_of_each_pair(draw):
    everybody = {n: draw_facts(draw, n) for n in range(1, 161)}
    columns = Columns(DIMENSIONS)
    columns.put([entry(facts, draw) for facts in everybody.values()])
    bad = frozenset({draw.randint(1, 4)})
    passed = 0
    for own in everybody.values():
        rows = passing(columns, columns.row(own.id), TODAY, bad)
        found = {int(key) for key in columns.ids[rows]}
        judged = {
            key: replace(facts, in_good_standing=facts.organisation_id not in bad)
            for key, facts in everybody.items()
        }
        me = judged[own.id]
        expected = {
            key
            for key, other in judged.items()
            if may_match(*((me, other) if me.side == "need" else (other, me)), TODAY)
        }
        assert found == expected, own
        passed += len(found)
    assert passed > 50


def test_a_place_lies_in_the_ranges_of_the_prefixes_that_contain_it():
    for prefix in PLACES:
        for code in PLACES[:-2]:
            number = place_number(code)
            inside = any(low <= number < high for low, high in place_ranges(prefix))
            assert inside == covers(prefix, code), (prefix, code)


def test_rows_that_are_replaced_or_removed_leave_the_others_as_they_are(draw):
    entries = {n: entry(draw_facts(draw, n), draw) for n in range(1, 601)}
    columns = Columns(DIMENSIONS)
    columns.put(list(entries.values()))
    gone = draw.sample(sorted(entries), 200)
    columns.remove([*gone, 10_000])
    changed = next(key for key in entries if key not in gone)
    entries[changed] = entry(replace(entries[changed].facts, organisation_id=77), draw)
    columns.put([entries[changed]])
    left = sorted(set(entries) - set(gone))
    assert len(columns) == len(left) == 400
    assert sorted(columns.ids[: columns.size]) == left
    for key in left:
        row = columns.row(key)
        assert columns.owner[row] == entries[key].facts.organisation_id
        assert columns.text[row] @ entries[key].text * columns.text_scale[row] > 0.99
    assert list(columns.ids[columns.rows_of([f"p{left[0]}", f"p{gone[0]}"])]) == [left[0]]


def test_a_vector_in_bytes_keeps_its_direction(draw):
    vectors = np.random.default_rng(1).standard_normal((50, DIMENSIONS)).astype(np.float32)
    vectors[7] = 0
    numbers, scales = small(vectors)
    again = numbers * scales[:, None]
    lengths = np.linalg.norm(again, axis=1)
    assert np.allclose(np.delete(lengths, 7), 1, atol=1e-5)
    assert lengths[7] == 0
    cosine = (again * vectors).sum(axis=1)[:7] / np.linalg.norm(vectors[:7], axis=1)
    assert (cosine > 0.999).all()


def test_only_the_most_telling_words_are_kept_and_count_as_parts_of_the_whole():
    terms = {f"w{n}": float(n) for n in range(1, 101)}
    reading = Reading(terms, 10.0, (), np.ones(1, np.float32), np.ones(1, np.float32))
    numbers, weights = hashed_words(reading)
    assert numbers[0] == hash_of("w100")
    assert weights[0] == pytest.approx(10.0)
    assert len(numbers) == len(weights) < 100


@pytest.fixture
def crowd(draw):
    """One need, and many offers that all pass; of one of them each way of looking knows."""
    columns = Columns(DIMENSIONS)
    need = replace(NEED, id=1, public_id="need")
    entries = [entry(need, draw, words=(("冷链车", 3.0), ("保鲜", 4.0)), norm=5.0)]
    for n in range(2, 2 * ALL_BELOW + 2):
        facts = replace(OFFER, id=n, public_id=f"o{n}", category="funds.loan")
        entries.append(entry(facts, draw, words=((f"别的{n}", 1.0),)))
    columns.put(entries)
    return columns, entries


ONE_EACH = Depth(estimated=1, meaning=1, words=1, structure=1, index=1)


def chosen_of(columns, found=()):
    estimator = Estimator(columns, shipped_weights())
    return choose(columns, estimator, [1], TODAY, (), ONE_EACH, {1: found})[1]


def test_of_many_each_way_of_looking_brings_its_own(crowd, draw):
    columns, entries = crowd
    by_words, by_kind, by_meaning = entries[5].facts, entries[6].facts, entries[7].facts
    columns.put(
        [
            entry(by_words, draw, words=(("冷链车", 3.0),), norm=3.0),
            entry(replace(by_kind, category=NEED.category), draw, words=(("无", 1.0),)),
            replace(entries[7], title=entries[0].title, text=entries[0].text),
        ]
    )
    chosen = chosen_of(columns, ("o20", "nobody"))
    assert {by_words.id, by_kind.id, by_meaning.id, 20} <= set(chosen.ids)
    assert len(chosen.ids) <= 5
    assert chosen.passing == 2 * ALL_BELOW


def test_what_the_index_finds_is_not_looked_at_behind_a_closed_gate(crowd, draw):
    columns, entries = crowd
    closed = replace(entries[20].facts, reach=("13",))
    columns.put([replace(entries[20], facts=closed)])
    assert closed.id not in chosen_of(columns, (closed.public_id,)).ids


def test_few_are_all_taken(crowd):
    columns, _ = crowd
    columns.remove(range(ALL_BELOW + 2, 2 * ALL_BELOW + 2))
    chosen = chosen_of(columns)
    assert chosen.ids == tuple(range(2, ALL_BELOW + 2))


def test_listings_that_are_chosen_for_together_get_what_each_gets_alone(crowd, draw):
    columns, _ = crowd
    needs = [
        replace(NEED, id=n, public_id=f"n{n}", terms=t) for n, t in ((901, "free"), (902, "paid"))
    ]
    columns.put([entry(facts, draw, words=(("保鲜", 1.0),)) for facts in needs])
    estimator = Estimator(columns, shipped_weights())
    wide = Depth(20, 20, 5, 5, 0)
    both = choose(columns, estimator, [901, 902], TODAY, (), wide, {})
    for key in (901, 902):
        assert both[key] == choose(columns, estimator, [key], TODAY, (), wide, {})[key]


def test_cosines_come_in_the_order_of_the_rows(crowd):
    columns, entries = crowd
    rows, own = np.array([9, 3, 90]), np.array([0])
    found = cosines(columns, rows, own)
    assert found.shape == (2, 1, 3)
    for place, row in enumerate(rows):
        exact = float(entries[row].text @ entries[0].text)
        assert found[1, 0, place] == pytest.approx(exact, abs=0.02)
