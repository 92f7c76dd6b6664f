"""What is sent from the day: one tap each."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import AnyOf, InputRequired

from exchange.brokering.desk.aside_rules import Until
from exchange.brokering.forms import REQUIRED, PairForm
from exchange.web.forms import HouseForm, options

CLAIMED, DISMISSED, ASIDE = "claimed", "dismissed", "aside"
UNTIL = {
    Until.TOMORROW: _l("Until tomorrow"),
    Until.NEXT_WEEK: _l("Until next Monday"),
    Until.MONTH: _l("For a month"),
}


def _until(value: str) -> Until:
    return Until(value)


class AsideForm(PairForm):
    """Until when a pair is set aside."""

    until = SelectField(
        _l("Set it aside"),
        choices=options(UNTIL),
        coerce=_until,
        invalid_choice_message=REQUIRED,
        invalid_value_message=REQUIRED,
        validators=[InputRequired(REQUIRED)],
    )


class UndoForm(HouseForm):
    """Which act is taken back: of a match, or of a pair that was set aside."""

    act = HiddenField(validators=[InputRequired(), AnyOf((CLAIMED, DISMISSED, ASIDE))])
    match = HiddenField()
    need = HiddenField()
    offer = HiddenField()


class AskForm(HouseForm):
    """Whose owner is asked whether it is still needed."""

    listing = HiddenField(validators=[InputRequired()])
