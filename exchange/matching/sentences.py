"""Reasons and gates as sentences in the reader's language, with their facts in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.geography.queries import PathPlace, paths
from exchange.geography.rules import COUNTY_DIGITS
from exchange.kernel.actor import WHOLE_COUNTRY
from exchange.matching.exposure_rules import Seen
from exchange.matching.values import Reason
from exchange.search.reading.concepts import dictionary
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.panels import BENEFICIARY_LABELS, TERMS_LABELS
from exchange.taxonomy.terms import Beneficiary, Terms
from exchange.taxonomy.units import format_quantity
from exchange.web.acting import read_session
from exchange.web.dates import day_here
from exchange.web.locale import locale_code

FULL_BAR = 1.5  # a contribution of this size to the logit fills the bar
AGAINST = "-"
HIDDEN = ("words_", "subject_", "goods_")  # reasons that quote a listing's words
Places = Mapping[str, tuple[PathPlace, ...]]

# By code; a code with "-" behind it is the sentence where the reason speaks against the pair.
REASONS: dict[str, Any] = {
    "words_shared": _l("They use the same words: %(words)s"),
    "words_shared-": _l("They have only these words in common: %(words)s"),
    "words_none": _l("Their words are much alike"),
    "words_none-": _l("They say it in other words"),
    "titles_alike": _l("The titles mean much the same"),
    "titles_alike-": _l("The titles speak of different things"),
    "texts_alike": _l("What one asks is what the other describes"),
    "texts_alike-": _l("The descriptions are about different things"),
    "category_same": _l("The same kind: %(need)s"),
    "category_answers": _l("%(offer)s can answer %(need)s"),
    "category_answers-": _l("%(offer)s answers %(need)s only now and then"),
    "category_near": _l("Related kinds: %(need)s and %(offer)s"),
    "category_near-": _l("Only related kinds: %(need)s and %(offer)s"),
    "category_apart": _l("Different kinds: %(need)s and %(offer)s"),
    "remote": _l("They serve %(place)s, and no road is needed"),
    "near": _l("They serve %(place)s, about %(km)s km away"),
    "near-": _l("They serve %(place)s, but it is about %(km)s km away"),
    "same_place": _l("They are in the same county and serve %(place)s"),
    "time": _l("The times fit: %(from)s to %(to)s"),
    "time-": _l("The times meet only from %(from)s to %(to)s"),
    "time_soon": _l("It presses, and the times fit: %(from)s to %(to)s"),
    "time_soon-": _l("It presses, and the times meet only from %(from)s to %(to)s"),
    "enough": _l("%(offered)s are there, enough for %(needed)s"),
    "partial": _l("%(offered)s are there, enough for %(percent)s%% of %(needed)s"),
    "partial-": _l("%(offered)s are there, only enough for %(percent)s%% of %(needed)s"),
    "terms_fit": _l("The terms fit: %(offer)s"),
    "terms_apart": _l("Hoped for: %(need)s. They offer: %(offer)s"),
    "asks_price": _l("This has a price, and free help was asked for"),
    "meant_for": _l("Meant for these people: %(groups)s"),
    "meant_for_others": _l("Meant for others: %(groups)s"),
    "subject_shared": _l("Both speak of: %(concepts)s"),
    "subject_shared-": _l("They have only this in common: %(concepts)s"),
    "subject_other": _l("They speak of different things"),
    "goods_same": _l("%(asked)s is asked for, %(given)s is there"),
    "goods_other": _l("%(asked)s is asked for, but they speak of %(given)s"),
    "goods_refused": _l("%(given)s is just what one of the two does not want"),
    "direction_fits": _l("One gives what the other takes"),
    "direction_clashes": _l("Both want the same thing"),
    "urgency_critical": _l("It is very urgent"),
    "urgency_high": _l("It is urgent"),
    "urgency_normal": _l("It is not marked as urgent"),
    "urgency_low": _l("It can wait"),
    "record_kept": _l("%(kept)s of %(ended)s agreements with them came to a good end"),
    "record_kept-": _l("Only %(kept)s of %(ended)s agreements with them came to a good end"),
    "record_answers": _l("They answered %(answered)s of %(proposals)s requests so far"),
    "record_answers-": _l("They answered only %(answered)s of %(proposals)s requests so far"),
    "behind_need": _l("Another partner fits this need better"),
    "behind_offer": _l("This offer fits another need better"),
    "too_little": _l("Too little speaks for it by itself"),
    "posted": _l("Posted not long ago"),
    "posted-": _l("Posted %(days)s days ago: ask whether it still holds"),
}
GATES: dict[str, Any] = {
    "same_side": _l("Both ask, or both offer."),
    "same_owner": _l("Both belong to the same organisation."),
    "not_open": _l("One of the two is not open any more."),
    "has_ended": _l("The last day of one of the two has passed."),
    "owner_not_in_standing": _l("One of the two organisations may not be introduced at present."),
    "nothing_left": _l("Nothing is left of one of the two."),
    "times_apart": _l("The two have no day in common."),
    "out_of_coverage": _l("The offer does not reach this place."),
    "categories_apart": _l("Help of this kind does not answer that need."),
    "lot_too_large": _l("The offer goes in larger lots than what is lacking."),
    "lot_too_small": _l("The need wants more from one partner than the offer has."),
}

# Why a pair stands higher than by its score.
SEEN: dict[Seen, Any] = {
    Seen.NEW: _l("New here, not introduced yet"),
    Seen.RARE: _l("Fits as well as others and was introduced less"),
}


@dataclass(frozen=True)
class ReasonLine:
    """A reason for the macro ``reasons``: ``contribution`` is drawn, -1 to 1."""

    code: str
    sign: str
    contribution: float
    sentence: str


def reason_lines(reasons: Sequence[Reason], *, detailed: bool = True) -> list[ReasonLine]:
    """The reasons in order. ``detailed`` False leaves out what would tell of hidden words.

    One query, and none where no place is named.
    """
    known = [item for item in reasons if item.code in REASONS]
    if not detailed:
        known = [item for item in known if not item.code.startswith(HIDDEN)]
    places = _places(known)
    return [_line(item, places, detailed=detailed) for item in known]


def is_shown(reason: Reason) -> bool:
    """Whether a page says it: that nothing presses weighs less, but speaks against nobody."""
    presses = reason.sign != AGAINST or not reason.code.startswith("urgency_")
    return presses and reason.code in REASONS


def page_lines(reasons: Sequence[Reason], *, detailed: bool = True) -> list[ReasonLine]:
    """Likewise, those that a page says."""
    return reason_lines([item for item in reasons if is_shown(item)], detailed=detailed)


def _line(reason: Reason, places: Places, *, detailed: bool) -> ReasonLine:
    against = f"{reason.code}-"
    code = against if reason.sign == AGAINST and against in REASONS else reason.code
    facts = _facts(reason.params, places, detailed=detailed)
    size = max(-1.0, min(1.0, reason.contribution / FULL_BAR))
    return ReasonLine(reason.code, reason.sign, size, str(REASONS[code]) % facts)


def _places(reasons: Iterable[Reason]) -> Places:
    codes = {code for item in reasons for code in _codes(item.params)}
    return paths(read_session(), codes) if codes else {}


def _codes(params: Mapping[str, Any]) -> set[str]:
    found = {str(params.get(name, ""))[:COUNTY_DIGITS] for name in ("division", "prefix")}
    return {code for code in found if code and code != WHOLE_COUNTRY}


def _facts(params: Mapping[str, Any], places: Places, *, detailed: bool) -> dict[str, Any]:
    """Codes as words; every sentence finds what it names."""
    facts = {name: _SPOKEN.get(name, _as_is)(value) for name, value in params.items()}
    if "division" in params:
        facts["place"] = _place(params, places, detailed=detailed)
    if "offered_milli" in params:
        facts["offered"] = _quantity(params["offered_milli"], params["offer_unit"])
        facts["needed"] = _quantity(params["needed_milli"], params["need_unit"])
    return facts


def _kind_or_terms(code: str) -> str:
    if code in taxonomy():
        return taxonomy().name(code, locale_code())
    return str(TERMS_LABELS[Terms(code)]) if code in set(Terms) else str(_l("Other"))


def _group(code: str) -> str:
    return str(BENEFICIARY_LABELS[Beneficiary(code)]) if code in set(Beneficiary) else code


def _comma() -> str:
    return "、" if locale_code() == "zh" else ", "


def _day(day: str) -> str:
    return day_here(date.fromisoformat(day))


def _list(codes: Sequence[str]) -> str:
    return _comma().join(_group(code) for code in codes)


def _as_is(value: Any) -> Any:
    return value


def _concept(key: str) -> str:
    known = dictionary().concepts.get(key)
    if known is None:
        return key
    own, other = known.chinese, known.english
    if locale_code() != "zh":
        own, other = other, own
    return (own or other)[0]


def concept_names(keys: Sequence[str]) -> str:
    """Concepts by their names in the reader's language, in their order."""
    return _comma().join(map(_concept, keys))


_SPOKEN: dict[str, Callable[[Any], Any]] = {
    "concepts": concept_names,
    "asked": _concept,
    "given": _concept,
    "need": _kind_or_terms,
    "offer": _kind_or_terms,
    "from": _day,
    "to": _day,
    "words": _list,
    "groups": _list,
}


def _place(params: Mapping[str, Any], places: Places, *, detailed: bool) -> str:
    """The need's county; for whoever may not know it, what the offer says it serves."""
    prefix = str(params.get("prefix", WHOLE_COUNTRY))
    code = str(params["division"]) if detailed else prefix
    line = places.get(code[:COUNTY_DIGITS], ())
    return line[-1].label(locale_code()) if line else str(_l("the whole country"))


def _quantity(milli: int, unit: str) -> str:
    return format_quantity(milli, unit, locale_code())
