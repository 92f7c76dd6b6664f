"""Forms of saved searches."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from exchange.alerts.kinds import Rhythm
from exchange.alerts.labels import RHYTHMS
from exchange.alerts.rules import LONGEST_NAME
from exchange.web.forms import HouseForm, options


class SaveForm(HouseForm):
    """The question of a search page, and how often to tell."""

    question = StringField(_l("Search"))
    rhythm = SelectField(
        _l("How often do we tell you?"), choices=options(RHYTHMS), default=Rhythm.DAILY.value
    )


class ChangeForm(HouseForm):
    """The name of a saved search, and how often to tell."""

    name = StringField(
        _l("Name"), [InputRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)]
    )
    rhythm = RadioField(_l("How often do we tell you?"), choices=options(RHYTHMS))
