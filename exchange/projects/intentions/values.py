"""What an organisation says in an intention, as one immutable value, checked before it is kept."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from exchange.kernel.errors import Invalid
from exchange.listings.amounts import milli_fault
from exchange.listings.rules import dates_allowed, unit_allowed, whole_units
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem
from exchange.projects.intentions.kinds import IntentionKind
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.rules import LONGEST_UNIT, LONGEST_WORDS, carries_risk
from exchange.taxonomy.terms import Terms
from exchange.taxonomy.units import step_milli

Problems = dict[str, list[str]]


@dataclass(frozen=True)
class IntentionValues:
    """All that the declaring organisation may set. ``need`` is a public id, or empty."""

    kind: IntentionKind
    text: str
    until: date | None
    quantity_milli: int | None = None
    unit: str | None = None
    terms: Terms = Terms.FREE
    need: str = ""
    risk_read: bool = False

    def cleaned(self) -> "IntentionValues":
        """The same without characters that no text has."""
        unit = one_line(self.unit or "") or None
        kept = unit if self.quantity_milli is not None else None
        return replace(self, text=clean_text(self.text), unit=kept, need=self.need.strip())


def values_of(intention: Intention) -> IntentionValues:
    """What was said so far."""
    return IntentionValues(
        kind=intention.kind,
        text=intention.text,
        until=intention.until,
        quantity_milli=intention.quantity_milli,
        unit=intention.unit,
        terms=intention.terms,
        need=intention.need.public_id if intention.need else "",
        risk_read=carries_risk(intention.kind),
    )


def in_unit_of(values: IntentionValues, need_unit: str | None) -> IntentionValues:
    """The same; an amount without a unit is in that of the need it is for."""
    if values.quantity_milli is None or values.unit or not need_unit:
        return values
    return replace(values, unit=need_unit)


def insist(values: IntentionValues, today: date) -> date:
    """Raise Invalid with the fields when anything stands against it; return the last day."""
    problems = problems_of(values, today)
    if problems or values.until is None:
        raise Invalid("intention_invalid", fields=problems)
    return values.until


def problems_of(values: IntentionValues, today: date) -> Problems:
    """Everything that stands against the values, as codes by field."""
    found: Problems = defaultdict(list)
    for name, code in _word_problems(values):
        found[name].append(code)
    if values.until is None:
        found["until"].append("required")
    else:
        dates = dates_allowed(None, values.until, today)
        if not dates:
            found["until"].append(dates.code)
    for name, code in _amount_problems(values):
        found[name].append(code)
    if carries_risk(values.kind) and not values.risk_read:
        found["risk_read"].append("intention_risk_unread")
    return dict(found)


def _word_problems(values: IntentionValues) -> list[tuple[str, str]]:
    found = []
    if not values.text:
        found.append(("text", "required"))
    if len(values.text) > LONGEST_WORDS:
        found.append(("text", "too_long"))
    problem = words_problem(values.text)
    if problem:
        found.append(("text", f"intention_{problem}"))
    return found


def _amount_problems(values: IntentionValues) -> list[tuple[str, str]]:
    milli, unit = values.quantity_milli, values.unit or ""
    if milli is None:
        return []
    fault = milli_fault(milli)
    if fault:
        return [("quantity", fault)]
    if not unit:
        return [("unit", "unit_required")]
    if len(unit) > LONGEST_UNIT:
        return [("unit", "too_long")]
    if not unit_allowed(unit):
        return [("unit", "unit_form")]
    whole = whole_units(milli, step_milli(unit))
    return [] if whole else [("quantity", whole.code)]
