"""The forms by which an account is closed."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField, TextAreaField

from exchange.accounts.forms import NEEDED, AddressField, short
from exchange.web.forms import HouseForm


class CloseForm(HouseForm):
    """The password, so that nobody does it who has merely found the phone."""

    password = PasswordField(
        _l("Your password"), [NEEDED], render_kw={"autocomplete": "current-password"}
    )


class CloseForForm(HouseForm):
    """Who has asked in writing, and what was asked and how."""

    address = AddressField()
    name = StringField(_l("Their name"), [NEEDED, short(80)])
    reason = TextAreaField(
        _l("What was asked, when and how"), [NEEDED, short(500)], render_kw={"rows": 3}
    )
