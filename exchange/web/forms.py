"""What all forms share: a refusal lands beside its field, and nothing typed is lost."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import FileField, IntegerField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from exchange.kernel.act import Act
from exchange.kernel.clock import is_sound
from exchange.kernel.errors import Conflict, Invalid
from exchange.web.acting import acting
from exchange.web.sentences import sentence

T = TypeVar("T")
LONGEST_COUNT = 12
LONGEST_COMPARED = 40


class HouseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form with room for a refusal that belongs to no single field."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # likewise
        """Reads what was sent as fields expect it: text for text, files for files."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """The sent values: no NULs, blanks alone are nothing, files only where files belong."""
            sent = super().wrap_formdata(form, formdata)
            if not sent:
                return sent
            files = {name for name, field in form._fields.items() if isinstance(field, FileField)}
            return MultiDict(
                (name, _clean(value) if isinstance(value, str) else value)
                for name, value in sent.items(multi=True)
                if isinstance(value, str) or name in files
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuses days that nobody can mean: what is reckoned from them would fail."""
        is_valid = bool(super().validate(extra_validators))
        for field in self._fields.values():
            if isinstance(field.data, date) and not is_sound(field.data):
                field.errors = [*field.errors, gettext("This day cannot be right.")]
                is_valid = False
        return is_valid

    def take_refusal(self, error: Invalid | Conflict) -> None:
        """Put the sentences of a named error beside their fields, the rest above the form."""
        fields = error.fields if isinstance(error, Invalid) else {}
        for name, codes in fields.items():
            words = [sentence(code, error.params) for code in codes]
            field = self._fields.get(name)
            if field is None:
                self.form_errors.extend(words)
            else:
                field.errors = [*field.errors, *words]
        if not fields:
            self.form_errors.append(sentence(error.code, error.params))

    def add_problem(
        self, name: str, code: str, params: Mapping[str, Any] | None = None
    ) -> None:
        """Put a sentence beside a field that has none yet: what the values say together is told
        with what each field misses, not after the next send.
        """
        field = self._fields.get(name)
        if field is not None and not field.errors:
            field.errors = [sentence(code, params)]

    def first_error(self) -> str:
        """One sentence, for a page that has no room for the form."""
        wrong = [error for errors in self.errors.values() for error in errors]
        return str(wrong[0]) if wrong else sentence("invalid")


def _clean(value: str) -> str:
    """Nobody types NULs, and no database stores them."""
    cleaned = value.replace("\0", "")
    return cleaned if cleaned.strip() else ""


class CountField(IntegerField):  # type: ignore[misc]  # WTForms ships no types
    """A whole number of up to twelve digits; more is no count of anything.

    Where a field has its own most, what is longer is compared with that, and its sentence says it.
    """

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        longest = LONGEST_COMPARED if self._has_most else LONGEST_COUNT
        if valuelist and len(valuelist[0].strip()) > longest:
            self.data = None
            raise ValueError(gettext("This number cannot be right: at most twelve digits, please."))
        super().process_formdata(valuelist)

    @property
    def _has_most(self) -> bool:
        return any(isinstance(one, NumberRange) and one.max is not None for one in self.validators)


def options(words: Mapping[Any, Any], *, first: Any = None) -> list[SelectChoice]:
    """Choices of a field from values and their labels; ``first`` labels an empty choice before."""
    empty = [SelectChoice("", first)] if first is not None else []
    return empty + [SelectChoice(str(value), label) for value, label in words.items()]


def attempt(form: HouseForm, work: Callable[[Act], T]) -> T | None:
    """Validate and do the work in one act; None when either refused, with the form saying why."""
    if not form.validate_on_submit():
        return None
    try:
        with acting() as act:
            return work(act)
    except (Invalid, Conflict) as error:
        form.take_refusal(error)
        return None
