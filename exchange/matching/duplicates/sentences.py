"""Why two needs may be one, as sentences in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.geography.queries import paths
from exchange.matching.duplicates.models import DuplicatePair
from exchange.matching.sentences import FULL_BAR, ReasonLine, concept_names
from exchange.search.reading.quantity import units
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.units import format_quantity
from exchange.web.acting import read_session
from exchange.web.locale import locale_code

AMOUNT_PARTS = 1000
# By code, as ``search.reading.duplicates`` gives them.
DUPLICATE_REASONS: dict[str, Any] = {
    "place_same": _l("The same place: %(place)s"),
    "place_within": _l("One place lies in the other: %(place)s"),
    "place_township": _l("Other places of one township: %(place)s"),
    "place_county": _l("Other places of one county: %(place)s"),
    "concepts_shared": _l("Both speak of: %(concepts)s"),
    "concepts_few": _l("They speak of different things"),
    "concept_goods": _l("Both are about: %(one_concepts)s"),
    "concept_goods_differ": _l(
        "They are about other goods: %(one_concepts)s and %(other_concepts)s"
    ),
    "title_goods_alone": _l("Only one title names: %(concepts)s"),
    "titles_differ": _l("Their titles name other things: %(one_concepts)s and %(other_concepts)s"),
    "subject_differs": _l("Much the same text under titles that name other things"),
    "category_same": _l("The same kind: %(category)s"),
    "category_near": _l("Kinds of one branch"),
    "category_other": _l("Different kinds of need"),
    "amount_same": _l("The same amount: %(one)s and %(other)s"),
    "amount_close": _l("Nearly the same amount: %(one)s and %(other)s"),
    "amount_number": _l("The same number: %(one)s and %(other)s"),
    "amount_other": _l("Amounts in unlike units: %(one)s and %(other)s"),
    "amount_differs": _l("Different amounts: %(one)s and %(other)s"),
    "amounts_named": _l("Both name: %(amounts)s"),
    "words_shared": _l("Both use the words: %(words)s"),
    "words_alike": _l("Their words are alike"),
    "words_copied": _l("One text is used in two places"),
    "words_few": _l("They use other words"),
    "meaning_near": _l("They mean much the same"),
    "meaning_far": _l("Their sentences mean different things"),
    "dates_together": _l("For the same time"),
    "dates_apart": _l("For different times"),
    "owner_same": _l("Posted by the same organisation"),
}


def duplicate_reasons(pairs: Sequence[DuplicatePair]) -> list[tuple[ReasonLine, ...]]:
    """The stored reasons of each pair as lines, in their order; at most one query for all."""
    known = [[item for item in pair.reasons if item["code"] in DUPLICATE_REASONS] for pair in pairs]
    codes = {code for some in known for item in some if (code := item["params"].get("division"))}
    lines = paths(read_session(), codes) if codes else {}
    places = {code: line[-1].label(locale_code()) for code, line in lines.items() if line}
    return [tuple(_line(item, places) for item in some) for some in known]


def _line(item: Mapping[str, Any], places: Mapping[str, str]) -> ReasonLine:
    params, code = item["params"], str(item["code"])
    facts = {name: _SPOKEN[name](value) for name, value in params.items() if name in _SPOKEN}
    division = params.get("division", "")
    facts["place"] = places.get(division, division)
    silent = code == "words_shared" and not params.get("words")
    weight = float(item["weight"])
    size = max(-1.0, min(1.0, weight / FULL_BAR))
    sentence = str(DUPLICATE_REASONS["words_alike" if silent else code]) % facts
    return ReasonLine(code, "+" if weight >= 0 else "-", size, sentence)


def _join(words: Sequence[str]) -> str:
    return ("、" if locale_code() == "zh" else ", ").join(words)


def _amount(pair: Sequence[Any]) -> str:
    return format_quantity(int(pair[0]), str(pair[1]), locale_code())


def _amounts(names: Sequence[str]) -> str:
    """Amounts as ``base_amounts`` names them, in words."""
    said = []
    for name in names:
        unit = next((u.base for u in units().values() if name.endswith(u.base)), "")
        number = float(name[1 : len(name) - len(unit)])
        said.append(format_quantity(round(number * AMOUNT_PARTS), unit, locale_code()))
    return _join(said)


def _category(code: str) -> str:
    return taxonomy().name(code, locale_code()) if code in taxonomy() else code


_SPOKEN: dict[str, Callable[[Any], str]] = {
    "concepts": concept_names,
    "one_concepts": concept_names,
    "other_concepts": concept_names,
    "category": _category,
    "one": _amount,
    "other": _amount,
    "amounts": _amounts,
    "words": _join,
}
