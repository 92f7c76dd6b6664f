"""All forms of a match's page. Several stand on it at once: each has ids of its own.

Names stay as they are: a form is read the same wherever it stood.
"""

from typing import Any, TypeVar

from flask_babel import gettext as _

from exchange.brokering import forms
from exchange.brokering.match_panels import MatchView
from exchange.web.forms import HouseForm

F = TypeVar("F", bound=HouseForm)


def with_ids(form: F, prefix: str) -> F:
    """Put something of its own before the id of every field."""
    for field in form:
        field.id = f"{prefix}-{field.id}"
        field.label.field_id = field.id
    return form


def page_forms(view: MatchView, refused: HouseForm | None) -> dict[str, Any]:
    """The forms by what they do, and by side or commitment where there are several.

    ``refused`` takes the place of its like and keeps what was typed.
    """
    amounts = {"taken": view.suggested_taken, "covers": view.suggested_covers}
    message = {"message": _default_message()}
    sides = [side.side.value for side in view.sides]
    items = [item.public_id for item in view.commitments]
    return {
        "check": _one(forms.CheckForm, "check", refused),
        "propose": _one(forms.ProposeForm, "propose", refused, message),
        "answer": {
            key: _one(forms.AnswerForm, f"answer-{key}", refused, side=key) for key in sides
        },
        "commit": _one(forms.CommitForm, "commit", refused, amounts),
        "delivery": {
            key: _one(forms.DeliveryForm, f"delivery-{key}", refused, commitment=key)
            for key in items
        },
        "outcome": _one(forms.OutcomeForm, "outcome", refused),
        "confirm": {
            key: _one(forms.ConfirmForm, f"confirm-{key}", refused, side=key) for key in sides
        },
        "evaluate": _one(forms.EvaluateForm, "evaluate", refused),
        "close": _one(forms.CloseForm, "close", refused),
    }


def _one(
    kind: type[HouseForm],
    prefix: str,
    refused: HouseForm | None,
    values: dict[str, str] | None = None,
    **key: str,
) -> HouseForm:
    """A fresh form, or the refused one when it is of this kind and for this side or commitment."""
    if isinstance(refused, kind) and all(refused[name].data == key[name] for name in key):
        return with_ids(refused, prefix)
    return with_ids(kind(formdata=None, **(values or {})), prefix)


def _default_message() -> str:
    words = _(
        "Hello, I think the two of you could help each other. "
        "Please have a look and tell me yes or no."
    )
    return str(words)
