"""The part of a form that asks about children on pictures."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from exchange.files.labels import STATEMENTS
from exchange.files.rules import ANSWERS
from exchange.web.forms import options


def children_field() -> RadioField:
    """Can a child be recognised? Nothing is chosen before; show it with ``forms.children``."""
    return RadioField(
        _l("Can a child be recognised on the pictures?"),
        choices=options({one.value: STATEMENTS[one] for one in ANSWERS}),
        validate_choice=False,
    )
