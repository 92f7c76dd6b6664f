"""The estimate over columns says what the features say, and so the best are among the chosen."""

import math
import os
from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest

from exchange.matching.columns import Columns, Entry, hashed_words
from exchange.matching.concept_table import concept_table
from exchange.matching.estimating import Estimator, cosines
from exchange.matching.estimating_fit import fit_of_rows
from exchange.matching.features import features
from exchange.matching.gating import passing
from exchange.matching.recall import REFRESH, choose
from exchange.matching.scoring import logit_of, shipped_weights
from exchange.matching.traits import SUBJECTS_KEPT, traits_of, unpack_traits
from exchange.matching.values import Amount, Portrait, Reading, Record, Subject
from exchange.search.reading.concepts import dictionary
from exchange.search.reading.stances import Stance, read_stances
from exchange.search.reading.subjects import nearness_of, refused_by, subjects_of
from tests.conftest import SEED_VARIABLE
from tests.matching.conftest import NEED, OFFER, TODAY

DIMENSIONS = 32
WORDS = (
    "柑橘", "黄牛", "烤房", "冷链车", "土豆", "大棚", "包装盒", "水泵", "电商培训", "果树修剪",
    "收购", "出售", "招工", "找活干", "出租", "不要生猪", "不要化肥", "猪", "化肥", "辣椒",
    "茶叶", "老人",
)  # fmt: skip
CATEGORIES = ("market.purchase", "equipment.processing", "technology.crop", "talent.jobs", "")
SINGLE_WORDS = "word_meanings"  # the one feature that columns only guess at
GROUPS = ("general", "elderly", "women", "youth")


@pytest.fixture
def draw():
    return Random(int(os.environ[SEED_VARIABLE]))


def draw_portrait(draw, number, sides=("need", "offer")):
    side = draw.choice(sides)
    title, text = ("，".join(draw.sample(WORDS, draw.randint(0, most))) for most in (2, 5))
    category = draw.choice(CATEGORIES)
    amount = Amount(draw.choice((0.0, 1.5, 4000.0)), draw.choice(("mass", "area")), "")
    facts = replace(
        NEED if side == "need" else OFFER,
        id=number, public_id=f"p{number}", organisation_id=number, title=title, text=text,
        category=category, remaining=draw.choice((None, amount)),
        terms=draw.choice(("free", "subsidised")), reach=("52",), division="520422",
        beneficiaries=tuple(draw.sample(GROUPS, draw.randint(0, 3))),
        urgency=draw.choice(("critical", "normal", "low")),
        published_on=draw.choice((None, TODAY - timedelta(days=draw.randint(0, 300)))),
        record=draw.choice((None, Record(9, draw.randint(0, 9), draw.randint(0, 9), 2))),
    )  # fmt: skip
    vectors = np.random.default_rng(draw.randrange(2**32)).standard_normal((2, DIMENSIONS))
    title_vector, text_vector = (np.asarray(v / np.linalg.norm(v), np.float32) for v in vectors)
    terms = {word: draw.random() for word in WORDS if word in f"{title}，{text}"}
    norm = math.sqrt(sum(weight**2 for weight in terms.values())) or 1.0
    known = dictionary()
    subjects, refused = subjects_of(known, title, text), refused_by(known, title, text)
    stances = read_stances(side, category, title, text)
    reading = Reading(terms, norm, (), title_vector, text_vector, subjects, refused, stances)
    return Portrait(facts, reading)


def columns_of(portraits):
    columns = Columns(DIMENSIONS)
    readings = ((one.facts, one.reading) for one in portraits)
    columns.put([
        Entry(facts, hashed_words(it), it.title_vector, it.text_vector, traits_of(it))
        for facts, it in readings
    ])  # fmt: skip
    return columns


def logit_without(name, need, offer):
    """The logit of a pair, and the weights it comes from, as if there were no such feature."""
    kept = [one for one in features(need, offer, TODAY) if one.name != name]
    return logit_of(kept, weights_without(name))


def weights_without(name):
    known = shipped_weights()
    return replace(known, features={k: w for k, w in known.features.items() if k != name})


def pair_of(one, other):
    return (one, other) if one.facts.side == "need" else (other, one)


def test_what_is_estimated_of_columns_is_what_the_features_say(draw):
    portraits = [draw_portrait(draw, number) for number in range(1, 121)]
    columns, unlike, met = columns_of(portraits), [], set()
    for row, own in enumerate(portraits):
        rows = np.array([n for n, o in enumerate(portraits) if o.facts.side != own.facts.side])
        found = fit_of_rows(columns, row, rows, TODAY)
        for place, other in enumerate(rows):
            exact = {one.name: one for one in features(*pair_of(own, portraits[other]), TODAY)}
            for name, values in found.items():
                value = float("nan") if exact[name].value is None else exact[name].value
                met.add((name, exact[name].code))
                if values[place] != pytest.approx(value, abs=1e-5, nan_ok=True):
                    unlike.append((name, exact[name], float(values[place])))
    assert not unlike
    # Every kind of answer came about.
    assert {code for _, code in met} >= {
        "", "direction_fits", "direction_clashes", "subject_shared", "goods_same", "goods_other",
        "goods_refused", "enough", "partial", "meant_for", "meant_for_others", "posted",
        "record_kept", "record_answers", "urgency_low",
    }  # fmt: skip


def test_the_estimate_comes_near_to_the_logit(draw):
    portraits = [draw_portrait(draw, number) for number in range(1, 121)]
    columns = columns_of(portraits)
    estimator = Estimator(columns, weights_without(SINGLE_WORDS))
    for row, own in enumerate(portraits[:20]):
        rows = np.array([n for n, o in enumerate(portraits) if o.facts.side != own.facts.side])
        near = cosines(columns, rows, np.array([row]))[:, 0]
        found = estimator.estimate(row, rows, near, TODAY).logit
        exact = [logit_without(SINGLE_WORDS, *pair_of(own, portraits[other])) for other in rows]
        assert np.allclose(found, exact, atol=0.15), own


def test_of_a_crowd_the_best_twenty_are_among_the_chosen(draw):
    needs = [draw_portrait(draw, number, ("need",)) for number in range(1, 13)]
    offers = [draw_portrait(draw, number, ("offer",)) for number in range(101, 701)]
    columns = columns_of([*needs, *offers])
    estimator = Estimator(columns, weights_without(SINGLE_WORDS))
    ids = [one.facts.id for one in needs]
    chosen = choose(columns, estimator, ids, TODAY, (), REFRESH, {})
    hits = wanted = 0
    for own in needs:
        row = columns.row(own.facts.id)
        passed = set(map(int, columns.ids[passing(columns, row, TODAY)]))
        scores = {
            one.facts.id: logit_without(SINGLE_WORDS, own, one)
            for one in offers
            if one.facts.id in passed
        }
        best = sorted(scores, key=scores.__getitem__)[-20:]
        hits += len(set(best) & set(chosen[own.facts.id].ids))
        wanted += len(best)
    assert any(chosen[key].passing > 3 * len(chosen[key].ids) for key in ids)
    assert hits >= 0.99 * wanted > 100


def test_a_row_of_the_table_is_the_nearness_of_each_pair(draw):
    known, table = dictionary(), concept_table()
    ids = list(known.concepts)
    for one in draw.sample(ids, 8):
        row = table.nearness(table.number(one))
        exact = [nearness_of(known, one, other) for other in ids]
        assert np.allclose(row[[table.number(other) for other in ids]], exact)
        below = table.contained([table.number(one)])
        above = table.containing([table.number(one)])
        assert {key for key in ids if below[table.number(key)]} == {
            key for key in ids if one in known.wider(key)
        }
        assert {key for key in ids if above[table.number(key)]} == set(known.wider(one))
    assert not table.nearness(0).any()
    assert table.number("no such concept") == 0


def test_of_many_concepts_the_weightiest_are_kept():
    ids = list(dictionary().concepts)[: SUBJECTS_KEPT + 30]
    subjects = tuple(Subject(key, float(place)) for place, key in enumerate(ids))
    nothing = np.zeros(1, np.float32)
    stances = frozenset({Stance.LETS})
    reading = Reading({}, 1.0, (), nothing, nothing, subjects, frozenset(), stances)
    traits = traits_of(reading)
    assert traits.subject_weights[0] == len(ids) - 1
    assert traits.subject_weights.min() == 30
    again = unpack_traits(traits.pack())
    assert again.pack() == traits.pack()
    with pytest.raises(ValueError, match="size"):
        unpack_traits(traits.pack()[:-1])
