"""The forms of setting aside and of the page behind a renewal link."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField
from wtforms.validators import AnyOf, InputRequired, Optional

from exchange.web.forms import HouseForm


class ParkForm(HouseForm):
    """Until when it is set aside; empty: until its owner brings it back."""

    until = DateField(_l("It comes back by itself on"), validators=[Optional()])


class LinkRenewForm(HouseForm):
    """Still needed or not. The token in the address stands for the site's own check."""

    class Meta:
        """No session, no check that rests on one."""

        csrf = False

    needed = HiddenField(validators=[InputRequired(), AnyOf(("yes", "no"))])
