"""Forms of undertakings."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from exchange.listings.undertakings.rules import LONGEST_NAME, LONGEST_NOTE
from exchange.web.forms import HouseForm

NAME = _l("What do you want to do?")
NOTE = _l("More about it")


class NameForm(HouseForm):
    """What it is called, and a few words about it."""

    name = StringField(
        NAME,
        [
            InputRequired(_l("Please fill this in.")),
            Length(max=LONGEST_NAME, message=_l("A name has between 1 and 60 characters.")),
        ],
        render_kw={"maxlength": LONGEST_NAME},
    )
    note = TextAreaField(
        NOTE,
        [Length(max=LONGEST_NOTE, message=_l("This is too long."))],
        render_kw={"maxlength": LONGEST_NOTE, "rows": 3},
    )
    version = HiddenField()


class NewForm(NameForm):
    """The needs that are put together. ``need`` is where somebody came from."""

    needs = SelectMultipleField(_l("Which needs belong to it?"), validate_choice=False)
    need = HiddenField()
