"""The named features of a pair, each a pure function of the two portraits and the day.

No feature knows who a person is, and no feature knows what other listings there are.
"""

import math
from datetime import date, timedelta
from functools import lru_cache

from exchange.geography.rules import haversine_km
from exchange.matching.categories import fit_of, is_remote
from exchange.matching.direction import direction_fit
from exchange.matching.trust import trust
from exchange.matching.values import Feature, ListingFacts, Portrait
from exchange.matching.words import shared_names
from exchange.search.reading.concepts import dictionary
from exchange.search.reading.subjects import OF_GOODS, is_refused, meeting, objects_meet

NEAR_KM = 150.0  # the distance at which nearness has fallen to 1/e
OPEN_WINDOW = timedelta(days=365)
SOON = timedelta(days=30)
DAYS_LATELY = 4_096  # windows of time that are remembered
ENOUGH = 0.6  # share of a quantity that counts as a full answer
EVERYBODY = "general"
# How well an offer's terms suit what the need can accept: 1 as asked or better, 0 hardly, and less
# where free help is asked for and the offer is a price list.
TERMS_FIT = {
    "free": {"free": 1.0, "subsidised": 0.5, "cooperation": 0.4, "paid": -1.0},
    "subsidised": {"free": 1.0, "subsidised": 1.0, "cooperation": 0.6, "paid": 0.4},
    "cooperation": {"free": 0.8, "subsidised": 0.8, "cooperation": 1.0, "paid": 0.6},
    "paid": {"free": 1.0, "subsidised": 1.0, "cooperation": 0.8, "paid": 1.0},
}


def features(need: Portrait, offer: Portrait, today: date) -> tuple[Feature, ...]:
    """All features, in a fixed order."""
    asked, given = need.facts, offer.facts
    return (
        words(need, offer),
        title_meaning(need, offer),
        text_meaning(need, offer),
        category(asked, given),
        nearness(asked, given),
        time(asked, given, today),
        quantity(asked, given),
        terms(asked, given),
        beneficiaries(asked, given),
        direction(need, offer),
        subject(need, offer),
        *goods(need, offer),
        *trust(asked, given, today),
    )


def words(need: Portrait, offer: Portrait) -> Feature:
    """How much of what the need says the offer says in the same or other words."""
    mine, theirs = need.reading.meanings, offer.reading.meanings
    value = None if mine is None or theirs is None else mine.said_by(theirs)
    shared = shared_names(need.reading, offer.reading)
    code = "words_shared" if shared else "words_none"
    return Feature("word_meanings", value, code, {"words": list(shared)})


def title_meaning(need: Portrait, offer: Portrait) -> Feature:
    """Cosine of the two titles' sentence vectors."""
    value = float(need.reading.title_vector @ offer.reading.title_vector)
    return Feature("title_meaning", value, "titles_alike", {"percent": _percent(value)})


def text_meaning(need: Portrait, offer: Portrait) -> Feature:
    """Cosine of the sentence vectors of title and text together."""
    value = float(need.reading.text_vector @ offer.reading.text_vector)
    return Feature("text_meaning", value, "texts_alike", {"percent": _percent(value)})


def category(need: ListingFacts, offer: ListingFacts) -> Feature:
    """1 the same, 0.6 often an answer by the table of ``categories``, 0.5 the same first level,
    0.4 sometimes an answer. Unknown where one has no category: the gate lets it pass.
    """
    if not need.category or not offer.category:
        return Feature("category", None)
    value, code = fit_of(need.category, offer.category)
    return Feature("category", value, code, {"need": need.category, "offer": offer.category})


def nearness(need: ListingFacts, offer: ListingFacts) -> Feature:
    """exp(-km / 150); help that travels by wire is near everywhere."""
    if is_remote(offer.category):
        return Feature("nearness", 1.0, "remote", {"division": need.division})
    if need.point is None or offer.point is None:
        return Feature("nearness", None)
    km = haversine_km(*need.point, *offer.point)
    place = {"division": need.division, "km": round(km), "prefix": _reaching(need, offer)}
    return Feature("nearness", math.exp(-km / NEAR_KM), "near" if km >= 1 else "same_place", place)


def _reaching(need: ListingFacts, offer: ListingFacts) -> str:
    fitting = [prefix for prefix in offer.reach if need.division.startswith(prefix)]
    return max(fitting, key=len, default="CN")


def time(need: ListingFacts, offer: ListingFacts, today: date) -> Feature:
    """The share of the need's days (from today, at most a year) on which the offer applies too."""
    return _time(need.from_date, need.to_date, offer.from_date, offer.to_date, today)


@lru_cache(maxsize=DAYS_LATELY)
def _time(
    asked_from: date | None,
    asked_to: date | None,
    given_from: date | None,
    given_to: date | None,
    today: date,
) -> Feature:
    start = max(today, asked_from or today)
    end = min(asked_to or start + OPEN_WINDOW, start + OPEN_WINDOW)
    first, last = max(start, given_from or start), min(end, given_to or end)
    share = max(0, (last - first).days + 1) / max(1, (end - start).days + 1)
    soon = asked_to is not None and asked_to - today <= SOON
    params = {"from": first.isoformat(), "to": last.isoformat(), "percent": _percent(share)}
    return Feature("time", min(1.0, share), "time_soon" if soon else "time", params)


def quantity(need: ListingFacts, offer: ListingFacts) -> Feature:
    """What is left of the offer as a share of what the need still lacks; 60 % and more is full."""
    if need.remaining is None or offer.remaining is None:
        return Feature("quantity", None)
    if not need.remaining.compares_with(offer.remaining) or need.remaining.value <= 0:
        return Feature("quantity", None)
    share = offer.remaining.value / need.remaining.value
    params = {
        "offered_milli": offer.remaining_milli,
        "offer_unit": offer.unit,
        "needed_milli": need.remaining_milli,
        "need_unit": need.unit,
        "percent": _percent(min(1.0, share)),
    }
    code = "enough" if share >= 1 else "partial"
    return Feature("quantity", min(1.0, share / ENOUGH), code, params)


def terms(need: ListingFacts, offer: ListingFacts) -> Feature:
    """From the table: what the village can accept against what is asked of it."""
    value = TERMS_FIT[need.terms][offer.terms]
    code = "terms_fit" if value >= 0.8 else "terms_apart" if value >= 0 else "asks_price"
    return Feature("terms", value, code, {"need": need.terms, "offer": offer.terms})


def beneficiaries(need: ListingFacts, offer: ListingFacts) -> Feature:
    """Whether the offer is meant for the people it would reach; open to all says nothing."""
    asked = set(need.beneficiaries) - {EVERYBODY}
    meant = set(offer.beneficiaries) - {EVERYBODY}
    if not meant:
        return Feature("beneficiaries", None)
    shared = sorted(asked & meant)
    if shared:
        return Feature("beneficiaries", 1.0, "meant_for", {"groups": shared})
    if EVERYBODY in offer.beneficiaries or not asked:
        return Feature("beneficiaries", None)
    return Feature("beneficiaries", 0.0, "meant_for_others", {"groups": sorted(meant)})


def direction(need: Portrait, offer: Portrait) -> Feature:
    """Whether one gives what the other takes; see ``direction``."""
    value, code = direction_fit(need.reading.stances, offer.reading.stances)
    return Feature("direction", value, code)


def subject(need: Portrait, offer: Portrait) -> Feature:
    """The share of what the need speaks of that the offer speaks of, too; see ``subjects``."""
    found = meeting(dictionary(), need.reading.subjects, offer.reading.subjects)
    if found is None:
        return Feature("subject", None)
    code = "subject_shared" if found.shared else "subject_other"
    return Feature("subject", found.share, code, {"concepts": list(found.shared)})


def goods(need: Portrait, offer: Portrait) -> tuple[Feature, Feature]:
    """1 where both name the same goods, animals or machines, 0 where they name different ones, or
    where one is about what the other does not want.

    Twice: for all pairs, and for those of one category in which other goods are no answer.
    """
    asked, given = need.reading, offer.reading
    found = objects_meet(dictionary(), asked.subjects, given.subjects)
    unwanted = is_refused(dictionary(), asked.refused, given.subjects) or is_refused(
        dictionary(), given.refused, asked.subjects
    )
    if unwanted:
        value, code, params = 0.0, "goods_refused", {"given": unwanted}
    elif found is None:
        return Feature("goods", None), Feature("traded_goods", None)
    else:
        value, code = float(found.is_same), "goods_same" if found.is_same else "goods_other"
        params = {"asked": found.asked, "given": found.given}
    category = need.facts.category
    is_trade = category == offer.facts.category and category.startswith(OF_GOODS)
    return (
        Feature("goods", value, code, params),
        Feature("traded_goods", value if is_trade else None, code, params),
    )


def _percent(value: float) -> int:
    return round(100 * max(0.0, value))
