"""What forms of this room share: refusals beside the fields that say them, versions as read, and
the waiting list where somebody is refused for it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid
from exchange.volunteering.locking import lock_shift
from exchange.volunteering.queries import seen_shift
from exchange.volunteering.signups.filling import fill_free_places
from exchange.web.acting import acting
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


@contextmanager
def waiting_first(shift: str) -> Iterator[None]:
    """Around an act that signs up: those who wait keep the place for which somebody was refused.

    The refusal has undone all that its act did, that they moved up, too.
    """
    try:
        yield
    except Conflict as error:
        if error.code == "shift_full":
            with acting() as act:
                found = seen_shift(act.session, act.actor, shift)
                fill_free_places(act, lock_shift(act, found.id))
        raise


def number(text: Any) -> int:
    """The version that was read; 0, which none has, when the page said none."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
