"""The forms of undoing."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from exchange.brokering.forms import REQUIRED, PairForm
from exchange.brokering.kinds import CloseReason
from exchange.brokering.labels import CLOSE_REASONS, RELEASE_REASONS
from exchange.web.forms import HouseForm, options


def _reason(value: str) -> CloseReason | str:
    """The reason; "" while none is chosen."""
    return CloseReason(value) if value else ""


class ReleaseForm(HouseForm):
    """Why a pair that was taken up goes back to the queue."""

    reason = SelectField(
        _l("Why?"),
        choices=options(
            {reason: CLOSE_REASONS[reason] for reason in RELEASE_REASONS}, first=_l("Please choose")
        ),
        coerce=_reason,
        invalid_choice_message=REQUIRED,
        invalid_value_message=REQUIRED,
        validators=[InputRequired(REQUIRED)],
    )
    note = StringField(_l("In a few words"), validators=[Length(max=500)])


class RestoreForm(HouseForm):
    """Nothing to fill in."""


class TakeBackForm(HouseForm):
    """Whose answer is taken back."""

    side = HiddenField(validators=[InputRequired()])


class NextPairForm(PairForm):
    """The pair that is taken up in place of one that ended."""
