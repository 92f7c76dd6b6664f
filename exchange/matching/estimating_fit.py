"""Features of one listing with many, from columns: the same values as ``features`` computes.

Each is exact to four bytes a number as long as a listing's concepts have room in the columns (see
``traits``); a property test compares them. NaN says that nothing is known. What depends on the one
listing alone is made once, as tables over all concepts, and then looked up for the many.
"""

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from exchange.matching.columns import NEVER, Columns, Rows
from exchange.matching.concept_table import NO_CONCEPT, concept_table
from exchange.matching.direction import direction_fit
from exchange.matching.features import ENOUGH, EVERYBODY
from exchange.matching.traits import STANCES, stances_of
from exchange.matching.trust import FADING_DAYS, FRESH_DAYS
from exchange.search.reading.subjects import AKIN, ALIKE, OF_GOODS

Values = NDArray[np.float32]
UNKNOWN = np.float32(np.nan)
BLOCK = 2048


def fit_of_rows(columns: Columns, row: int, rows: Rows, today: date) -> dict[str, Values]:
    """By name of the feature its value with the listing of each of ``rows``, of the other side."""
    goods = goods_values(columns, row, rows)
    return {
        "direction": direction_values(columns, row, rows),
        "subject": subject_values(columns, row, rows),
        "goods": goods,
        "traded_goods": np.where(_is_trade(columns, row, rows), goods, UNKNOWN),
        "quantity": quantity_values(columns, row, rows),
        "beneficiaries": beneficiary_values(columns, row, rows),
        **_trust_values(columns, row, rows),
        "freshness": freshness_values(columns, row, rows, today),
    }


def direction_values(columns: Columns, row: int, rows: Rows) -> Values:
    """As ``features.direction``."""
    table = _directions(int(columns.stances[row]), bool(columns.is_need[row]))
    return table[columns.stances[rows]]


@cache
def _directions(mask: int, is_need: bool) -> Values:
    """For whatever the other wants to do."""
    own, found = stances_of(mask), np.empty(1 << len(STANCES), np.float32)
    for number in range(len(found)):
        others = stances_of(number)
        value, _ = direction_fit(*((own, others) if is_need else (others, own)))
        found[number] = np.nan if value is None else value
    return found


def subject_values(columns: Columns, row: int, rows: Rows) -> Values:
    """As ``features.subject``."""
    own = columns.subjects[row][columns.subjects[row] > 0]
    if not len(own):
        return np.full(len(rows), np.nan, np.float32)
    if columns.is_need[row]:
        found = _asked_by_one(columns, row, rows)
    else:
        found = _asked_by_many(columns, rows, concept_table().nearest(map(int, own)))
    found[columns.subjects[rows, 0] == 0] = np.nan
    return found


def _asked_by_one(columns: Columns, row: int, rows: Rows) -> Values:
    """The one speaks of each of its concepts; the nearest among those of each other counts."""
    table, is_used = concept_table(), columns.subjects[row] > 0
    own, weights = columns.subjects[row][is_used], columns.subject_weights[row][is_used]
    nearness = np.stack([table.nearness(int(number)) for number in own], axis=1)
    # Most concepts are near to none of these: all of them are looked up as one.
    is_near = nearness.any(axis=1)
    places = np.where(is_near, np.cumsum(is_near), 0)
    kept = np.concatenate([np.zeros((1, len(own)), np.float32), nearness[is_near]])
    found = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), BLOCK):
        part = slice(start, start + BLOCK)
        near = _nearest(kept, places[columns.subjects[rows[part]]])
        found[part] = near @ weights
    found /= weights.sum()
    return found


def _nearest(kept: Values, places: NDArray[np.intp]) -> Values:
    """``kept[places].max(axis=1)``, concept by concept, which is much faster."""
    found = kept[places[:, 0]]
    for at in range(1, places.shape[1]):
        np.maximum(found, kept[places[:, at]], out=found)
    return found


def _asked_by_many(columns: Columns, rows: Rows, nearest: Values) -> Values:
    """Each of the many speaks of its concepts; ``nearest`` says how near the one comes to each."""
    weights = columns.subject_weights[rows]
    whole = weights.sum(axis=1)
    met = np.einsum("ij,ij->i", weights, nearest[columns.subjects[rows]])
    return np.asarray(met / np.maximum(whole, np.finfo(np.float32).tiny), np.float32)


def goods_values(columns: Columns, row: int, rows: Rows) -> Values:
    """As ``features.goods``: 1 the same, 0 others or unwanted ones, NaN where one names none and
    where they may do for each other.
    """
    table, subjects = concept_table(), columns.subjects
    main, theirs = columns.goods[row], columns.goods[rows]
    if columns.is_need[row]:
        is_alike = (table.nearest(map(int, main)) >= ALIKE) & table.objects
        is_same = is_alike[subjects[rows]].any(axis=1)
    else:
        objects = subjects[row][table.objects[subjects[row]]]
        is_same = (table.nearest(map(int, objects)) >= ALIKE)[theirs].any(axis=1)
    values = np.where(is_same, np.float32(1), _rivalry(main, theirs))
    return np.where(_is_unwanted(columns, row, rows), np.float32(0), values)


def _rivalry(main: NDArray[np.int16], theirs: NDArray[np.int16]) -> Values:
    """0 where the goods that two are about rule each other out, NaN where they do not: only living
    ones are compared with living ones, and among other things those that are akin do no harm.
    """
    table, main = concept_table(), main[main > 0]
    living, others = (main[table.living[main] == which] for which in (True, False))
    nearest = np.where(
        table.living, table.nearest(map(int, living)), table.nearest(map(int, others))
    )
    is_rival = np.where(table.living, len(living) > 0, len(others) > 0)
    is_rival[NO_CONCEPT] = False
    is_living = (is_rival & table.living)[theirs].any(axis=1)
    is_akin = (nearest >= AKIN)[theirs].any(axis=1)
    rules_out = is_rival[theirs].any(axis=1) & (is_living | ~is_akin)
    return np.where(rules_out, np.float32(0), UNKNOWN)


def _is_unwanted(columns: Columns, row: int, rows: Rows) -> NDArray[np.bool_]:
    """Whether one of the two is about what the other does not want."""
    table = concept_table()
    found = table.containing(map(int, columns.goods[row]))[columns.refused[rows]].any(axis=1)
    refused = columns.refused[row]
    if refused.any():
        found |= table.contained(map(int, refused))[columns.goods[rows]].any(axis=1)
    return np.asarray(found, np.bool_)


def _is_trade(columns: Columns, row: int, rows: Rows) -> NDArray[np.bool_]:
    own = int(columns.category[row])
    if not columns.categories.all[own].startswith(OF_GOODS):
        return np.zeros(len(rows), np.bool_)
    return np.asarray(columns.category[rows] == own, np.bool_)


def quantity_values(columns: Columns, row: int, rows: Rows) -> Values:
    """As ``features.quantity``."""
    own, others = np.full(len(rows), columns.amount[row]), columns.amount[rows]
    need, offer = (own, others) if columns.is_need[row] else (others, own)
    is_known = (columns.measure[rows] == columns.measure[row]) & (need > 0) & ~np.isnan(offer)
    share = np.divide(offer, need * ENOUGH, out=np.full(len(rows), np.nan), where=is_known)
    return np.asarray(np.minimum(1, share), np.float32)


def beneficiary_values(columns: Columns, row: int, rows: Rows) -> Values:
    """As ``features.beneficiaries``."""
    everybody = np.int64(1 << columns.people.number(EVERYBODY))
    own, others = np.full(len(rows), columns.groups[row]), columns.groups[rows]
    need, offer = (own, others) if columns.is_need[row] else (others, own)
    asked, meant = need & ~everybody, offer & ~everybody
    values: Values = np.zeros(len(rows), np.float32)
    values[((offer & everybody) > 0) | (asked == 0) | (meant == 0)] = np.nan
    values[(asked & meant) > 0] = 1
    return values


def _trust_values(columns: Columns, row: int, rows: Rows) -> dict[str, Values]:
    """Urgency of the need, and what the record of the giver says, as in ``trust``."""
    own = np.full(len(rows), row)
    needs, offers = (own, rows) if columns.is_need[row] else (rows, own)
    return {
        "urgency": columns.urgency[needs],
        "reliability": columns.reliability[offers],
        "answer_rate": columns.answer_rate[offers],
    }


def freshness_values(columns: Columns, row: int, rows: Rows, today: date) -> Values:
    """As ``trust.freshness``."""
    older = np.minimum(columns.published[rows], columns.published[row])
    days = np.maximum(0, today.toordinal() - older.astype(np.int64) - FRESH_DAYS)
    values = np.exp(-days / FADING_DAYS)
    return np.where(older == NEVER, UNKNOWN, values.astype(np.float32))
