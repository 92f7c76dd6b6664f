"""What forms of this room share: refusals beside the fields that say them, versions as read."""

from collections.abc import Callable
from typing import Any

from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid
from exchange.web.forms import HouseForm, attempt


def attempt_named(form: HouseForm, work: Callable[[Act], Any]) -> Any:
    """Like ``attempt``; refusals for values stand beside the fields that say them."""

    def named(act: Act) -> Any:
        try:
            return work(act)
        except Invalid as error:
            names = getattr(form, "FIELD_OF", {})
            fields = {names.get(name, name): codes for name, codes in error.fields.items()}
            raise Invalid(error.code, fields=fields, **error.params) from error

    return attempt(form, named)


def number(text: Any) -> int:
    """The version that was read; 0, which none has, when the page said none."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
