"""Forms of intentions."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Invalid
from exchange.listings.amounts import amount_fault, plain_quantity, quantity_milli
from exchange.projects.intentions.kinds import DeclineReason, IntentionKind
from exchange.projects.intentions.labels import KIND_LABELS, REASON_LABELS
from exchange.projects.intentions.rules import (
    LONGEST_MESSAGE,
    LONGEST_WANTED,
    LONGEST_WORDS,
    MOST_WANTED,
)
from exchange.projects.intentions.values import IntentionValues, Problems, problems_of
from exchange.taxonomy.panels import TERMS_LABELS
from exchange.taxonomy.terms import Terms
from exchange.taxonomy.units import UNITS, unit_name
from exchange.web.acting import house
from exchange.web.forms import HouseForm, options

FILL_IN = _l("Please fill this in.")
CHOOSE = _l("Please choose one.")
TOO_LONG = _l("This is too long.")


def read_day(text: str, field: str) -> date | None:
    """A civil date as a browser sends it. Raises Invalid for anything else."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("intention_invalid", fields={field: ["date_unreadable"]}) from error


class IntentionForm(HouseForm):
    """What an organisation would bring."""

    kind = RadioField(
        _l("What would you bring?"), [InputRequired(CHOOSE)], choices=options(KIND_LABELS)
    )
    text = TextAreaField(
        _l("In your words"), [InputRequired(FILL_IN), Length(max=LONGEST_WORDS, message=TOO_LONG)],
        render_kw={"rows": 4, "maxlength": LONGEST_WORDS},
    )  # fmt: skip
    until = StringField(_l("By when? It holds until this day"), [InputRequired(FILL_IN)])
    need = SelectField(_l("For which need of the project?"), validate_choice=False)
    terms = RadioField(
        _l("On which terms?"), default=Terms.FREE.value, choices=options(TERMS_LABELS),
    )  # fmt: skip
    quantity = StringField(_l("How much?"), [Length(max=40, message=TOO_LONG)])
    unit = SelectField(_l("Unit"), validate_choice=False)
    risk_read = BooleanField(_l("I have read that investments carry risk"))
    version = HiddenField()

    def offer_choices(self, needs: list[tuple[str, str]], locale: str) -> None:
        """Fill the lists: the project's needs, and the units in the reader's language."""
        self.need.choices = [("", _l("For the project as a whole")), *needs]
        self.unit.choices = [("", "—"), *((u, unit_name(u, locale)) for u in UNITS)]
        if self.unit.data and self.unit.data not in UNITS:
            self.unit.choices.append((self.unit.data, self.unit.data))

    def show(self, values: IntentionValues) -> None:
        """Put values into the fields."""
        self.kind.data, self.text.data = values.kind.value, values.text
        self.until.data = values.until.isoformat() if values.until else ""
        self.need.data, self.terms.data = values.need, values.terms.value
        self.quantity.data = plain_quantity(values.quantity_milli)
        self.unit.data, self.risk_read.data = values.unit or "", values.risk_read

    def validate(self, extra_validators: Any = None) -> bool:
        """What the values say, such as a risk that nobody has read of, is told together with what
        each field misses.
        """
        is_valid = bool(super().validate(extra_validators))
        kept = house()
        today = civil_date(kept.clock.now(), kept.settings.time_zone)
        unreadable = self._unreadable()
        problems = {**problems_of(self._read(unreadable).cleaned(), today), **unreadable}
        if self.need.data:  # a bare amount is in the unit of the need
            problems.pop("unit", None)
        for name, codes in problems.items():
            self.add_problem(name, codes[0])
        return is_valid and not self.errors

    def values(self) -> IntentionValues:
        """What was typed. Raises Invalid for what cannot be read."""
        unreadable = self._unreadable()
        if unreadable:
            raise Invalid("intention_invalid", fields=unreadable)
        return self._read({})

    def _unreadable(self) -> Problems:
        found: Problems = {}
        fault = amount_fault(self.quantity.data) if self.quantity.data else None
        if fault:
            found["quantity"] = [fault]
        try:
            read_day(self.until.data or "", "until")
        except Invalid as error:
            found |= error.fields
        return found

    def _read(self, unreadable: Problems) -> IntentionValues:
        """What can be read; a kind that nobody chose carries no risk."""
        kind, terms = self.kind, self.terms
        until = None if "until" in unreadable else read_day(self.until.data or "", "until")
        return IntentionValues(
            kind=IntentionKind.TECHNOLOGY if kind.errors else IntentionKind(kind.data),
            text=self.text.data or "",
            until=until,
            quantity_milli=quantity_milli(self.quantity.data) if self.quantity.data else None,
            unit=self.unit.data or None,
            terms=Terms.FREE if terms.errors else Terms(terms.data),
            need=self.need.data or "",
            risk_read=bool(self.risk_read.data),
        )


class TalkForm(HouseForm):
    """A message to the other side."""

    text = TextAreaField(
        _l("Message"), [InputRequired(FILL_IN), Length(max=LONGEST_MESSAGE, message=TOO_LONG)],
        render_kw={"rows": 2, "maxlength": LONGEST_MESSAGE},
    )  # fmt: skip


class AskForm(HouseForm):
    """What the project's side wants to know."""

    question = TextAreaField(
        _l("What do you want to know?"),
        [InputRequired(FILL_IN), Length(max=LONGEST_MESSAGE, message=TOO_LONG)],
        render_kw={"rows": 2, "maxlength": LONGEST_MESSAGE},
    )
    version = HiddenField()


class AcceptForm(HouseForm):
    """A yes, with a few words, and the day of the follow-up where it is for no need."""

    text = TextAreaField(
        _l("A few words with it"), [Length(max=LONGEST_MESSAGE, message=TOO_LONG)],
        id="accept-text", render_kw={"rows": 2, "maxlength": LONGEST_MESSAGE},
    )  # fmt: skip
    follow_up_on = StringField(_l("When do we ask how it goes?"))
    version = HiddenField()


class DeclineForm(HouseForm):
    """A no with its reason."""

    reason = RadioField(_l("Why not?"), [InputRequired(CHOOSE)], choices=options(REASON_LABELS))
    note = TextAreaField(
        _l("A few words with it"), [Length(max=LONGEST_MESSAGE, message=TOO_LONG)],
        render_kw={"rows": 2, "maxlength": LONGEST_MESSAGE},
    )  # fmt: skip
    version = HiddenField()

    def chosen(self) -> DeclineReason:
        """The reason."""
        return DeclineReason(self.reason.data)


class AttachForm(HouseForm):
    """The need an accepted intention is for."""

    need = SelectField(
        _l("For which need of the project?"), [InputRequired(CHOOSE)], validate_choice=False
    )


class SettleForm(HouseForm):
    """What came of it."""

    outcome = RadioField(
        _l("What came of it?"), [InputRequired(CHOOSE)],
        choices=options({"yes": _l("It came about"), "no": _l("It came to nothing")}),
    )  # fmt: skip
    note = TextAreaField(
        _l("A few words about it"), [Length(max=LONGEST_MESSAGE, message=TOO_LONG)],
        render_kw={"rows": 2, "maxlength": LONGEST_MESSAGE},
    )  # fmt: skip


def typed(form: HouseForm) -> str:
    """The words that were written into a form."""
    return "\n".join(one.data for one in form if isinstance(one, TextAreaField) and one.data)


class WantedForm(HouseForm):
    """Five lines, each with a kind and words."""

    version = HiddenField()


for _number in range(1, MOST_WANTED + 1):
    _kind = SelectField(
        _l("Kind %(number)s", number=_number), choices=options(KIND_LABELS),
        default=IntentionKind.TECHNOLOGY.value,
    )  # fmt: skip
    _words = StringField(
        _l("Line %(number)s", number=_number), [Length(max=LONGEST_WANTED, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_WANTED},
    )  # fmt: skip
    setattr(WantedForm, f"kind{_number}", _kind)
    setattr(WantedForm, f"words{_number}", _words)


def wanted_lines(form: WantedForm) -> tuple[list[tuple[IntentionKind, str]], list[int]]:
    """The lines that say something, and the numbers of their fields."""
    fields: dict[str, Any] = form._fields
    numbers = [n for n in range(1, MOST_WANTED + 1) if fields[f"words{n}"].data]
    lines = [(IntentionKind(fields[f"kind{n}"].data), fields[f"words{n}"].data) for n in numbers]
    return lines, numbers
