"""The base of all schemas and the fields that the marshmallow ones do not give.

Refusals are codes, never sentences; the answer turns them into the reader's language.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from exchange.kernel.clock import is_sound

LARGEST_MILLI = 10**15
THOUSAND = 1000
CODES = {
    "required": "required",
    "null": "field_null",
    "validator_failed": "field_form",
    "too_large": "field_range",
    "unknown": "field_choice",
    "special": "field_range",
}
NOT_TEXT = ("Cc", "Cs", "Co", "Cn")


def coded(field: fields.Field[Any]) -> None:
    """Let a field, and what stands inside of it, refuse with codes."""
    field.error_messages = {key: CODES.get(key, "field_type") for key in field.error_messages}
    for name in ("inner", "field"):
        inside = getattr(field, name, None)
        if isinstance(inside, fields.Field):
            coded(inside)


class ApiSchema(Schema):
    """A schema whose errors are codes. A body with an unknown field is refused."""

    error_messages = {  # noqa: RUF012 - marshmallow's own way to say it
        "unknown": "field_unknown",
        "type": "field_type",
    }

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Called for each field of a new schema."""
        super().on_bind_field(field_name, field_obj)
        coded(field_obj)
        if isinstance(field_obj, fields.Date | fields.DateTime):
            field_obj.validators = [*field_obj.validators, sound_day]


class YesNo(fields.Boolean):
    """JSON's true or false and nothing that merely equals them: 1 is no answer."""

    def _deserialize(self, value: Any, *rest: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, *rest, **options)


def sound_day(day: date) -> None:
    """The validator of a day or a moment: what is reckoned from others would fail."""
    if not is_sound(day):
        raise ValidationError("field_day")


def length(least: int, most: int) -> validate.Length:
    """The validator of a text's or a list's length."""
    return validate.Length(min=least, max=most, error="field_length")


def between(least: int, most: int) -> validate.Range:
    """The validator of a whole number."""
    return validate.Range(min=least, max=most, error="field_range")


def clean_text(text: str) -> str:
    """The text without control characters, lone surrogates and blanks at its ends."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in unified if c in "\n\t" or unicodedata.category(c) not in NOT_TEXT)
    return "".join(kept).strip()


class Text(fields.String):
    """Text that any database can keep."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        return clean_text(super()._deserialize(value, attr, data, **kwargs))


class Quantity(fields.Field[int]):
    """An amount: a JSON number or a decimal text outside, an integer in thousandths inside.

    What is finer than a thousandth is refused, never rounded. Amounts have at most 16 digits, so
    that the JSON number of an answer says exactly what is kept. ``zero`` lets nothing at all be
    an amount: a figure that was not reached.
    """

    def __init__(self, *, zero: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.zero = zero

    def _deserialize(
        self,
        value: Any,
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        data: Mapping[str, Any] | None,  # noqa: ARG002 - marshmallow's signature
        **kwargs: Any,  # noqa: ARG002 - marshmallow's signature
    ) -> int:
        number = _decimal(value)
        if number is None or not number.is_finite():
            raise ValidationError("quantity_unreadable")
        if number < 0 and self.zero:
            raise ValidationError("quantity_negative")
        if number <= 0 and not self.zero:
            raise ValidationError("quantity_not_positive")
        if number.adjusted() > 12 or number > LARGEST_MILLI // THOUSAND:
            raise ValidationError("quantity_too_large")
        milli = number * THOUSAND
        if milli != milli.to_integral_value():
            raise ValidationError("quantity_too_fine")
        return int(milli)

    def _serialize(
        self,
        value: int | None,
        attr: str | None,  # noqa: ARG002 - marshmallow's signature
        obj: Any,  # noqa: ARG002 - marshmallow's signature
        **kwargs: Any,  # noqa: ARG002 - marshmallow's signature
    ) -> int | float | None:
        if value is None:
            return None
        return value // THOUSAND if value % THOUSAND == 0 else value / THOUSAND


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    text = str(value).strip() if isinstance(value, str) else value
    if isinstance(text, str) and len(text) > 40:
        return None
    try:
        return Decimal(text)
    except (InvalidOperation, ValueError):
        return None
