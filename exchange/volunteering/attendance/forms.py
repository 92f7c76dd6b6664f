"""Forms of hours and certificates."""

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from exchange.volunteering.attendance.certificate_rules import LONGEST_REASON
from exchange.volunteering.attendance.hours_rules import LONGEST_NOTE
from exchange.web.forms import HouseForm

REQUIRED = _l("Please fill this in.")
TOO_LONG = _l("This is too long.")


class DayField(DateField):  # type: ignore[misc]  # WTForms ships no types
    """A day of the calendar; what cannot be read is said in the reader's language."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            self.data = None
            raise ValueError(gettext("Please choose a day of the calendar.")) from error


class ObjectionForm(HouseForm):
    """What is wrong with the hours."""

    words = TextAreaField(
        _l("What is wrong?"),
        [InputRequired(REQUIRED), Length(max=LONGEST_NOTE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NOTE, "rows": 3},
    )


class NumberForm(HouseForm):
    """One's number in the national system."""

    number = StringField(
        _l("Volunteer number"),
        [InputRequired(REQUIRED), Length(max=60, message=TOO_LONG)],
        render_kw={"maxlength": 60, "autocomplete": "off"},
    )


class PeriodForm(HouseForm):
    """From a day to a day."""

    from_day = DayField(_l("From day"), [InputRequired(REQUIRED)])
    to_day = DayField(_l("To day"), [InputRequired(REQUIRED)])


class OwnCertificateForm(HouseForm):
    """A certificate of one's own hours with an organisation: of an activity, or of a period."""

    organisation = HiddenField(validators=[InputRequired(REQUIRED), Length(max=20)])
    activity = SelectField(_l("For which activity?"), validate_choice=False)
    from_day = DayField(_l("From day"), [Optional()])
    to_day = DayField(_l("To day"), [Optional()])


class CertificateForm(HouseForm):
    """A certificate of a volunteer's hours."""

    person = SelectField(
        _l("For whom?"), validate_choice=False, validators=[InputRequired(REQUIRED)]
    )
    activity = SelectField(_l("For which activity?"), validate_choice=False)
    from_day = DayField(_l("From day"), [Optional()])
    to_day = DayField(_l("To day"), [Optional()])


class RevokeForm(HouseForm):
    """Why a certificate holds no more."""

    reason = StringField(
        _l("Why?"),
        [InputRequired(REQUIRED), Length(max=LONGEST_REASON, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_REASON},
    )


class VerifyForm(HouseForm):
    """What stands on the paper."""

    code = StringField(
        _l("Verification code"),
        [InputRequired(REQUIRED), Length(max=40, message=TOO_LONG)],
        render_kw={"maxlength": 40, "autocomplete": "off", "autocapitalize": "off"},
    )
    name = StringField(
        _l("Name on the certificate"),
        [Length(max=80, message=TOO_LONG)],
        render_kw={"maxlength": 80, "autocomplete": "off"},
    )


def text_of(value: Any) -> str:
    """What was chosen, as a text that is not too long to look for."""
    return str(value or "")[:20]
