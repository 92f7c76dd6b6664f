"""Forms of ages, consents and checks."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from exchange.files.pictures import Picture
from exchange.files.uploading import taken_picture
from exchange.kernel.errors import Invalid
from exchange.volunteering.attendance.forms import DayField
from exchange.volunteering.safeguarding.consent_service import ConsentValues
from exchange.volunteering.safeguarding.kinds import ConsentWay
from exchange.volunteering.safeguarding.labels import WAY_LABELS
from exchange.volunteering.safeguarding.rules import (
    LONGEST_NAME,
    LONGEST_REACH,
    MOST_PICTURES,
)
from exchange.volunteering.safeguarding.sealing import Guardian
from exchange.web.forms import CountField, HouseForm, options
from exchange.web.sentences import sentence

REQUIRED = _l("Please fill this in.")
TOO_LONG = _l("This is too long.")


class AgeForm(HouseForm):
    """When somebody under 18 was born."""

    birth_year = CountField(
        _l("Year of birth"),
        [InputRequired(REQUIRED)],
        render_kw={"inputmode": "numeric", "maxlength": 4, "autocomplete": "off"},
    )
    birth_month = SelectField(
        _l("Month of birth"),
        choices=options({str(month): str(month) for month in range(1, 13)}),
        validators=[InputRequired(REQUIRED)],
    )


class GuardianForm(HouseForm):
    """Whom to ask for consent."""

    guardian_name = StringField(
        _l("Name of your guardian"),
        [InputRequired(REQUIRED), Length(max=LONGEST_NAME, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    guardian_reach = StringField(
        _l("Your guardian's phone"),
        [InputRequired(REQUIRED), Length(max=LONGEST_REACH, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_REACH, "inputmode": "tel", "autocomplete": "off"},
    )

    @property
    def guardian(self) -> Guardian:
        """As it was entered."""
        return Guardian(self.guardian_name.data or "", self.guardian_reach.data or "")


class ConsentForm(HouseForm):
    """A guardian's consent."""

    way = RadioField(
        _l("How does the guardian agree?"),
        choices=options(WAY_LABELS),
        default=ConsentWay.SPOKEN.value,
        validators=[InputRequired(REQUIRED)],
    )
    guardian_name = StringField(
        _l("Name of the guardian"),
        [InputRequired(REQUIRED), Length(max=LONGEST_NAME, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"},
    )
    guardian_reach = StringField(
        _l("Phone or e-mail address of the guardian"),
        [InputRequired(REQUIRED), Length(max=LONGEST_REACH, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_REACH, "autocomplete": "off"},
    )
    consent_on = DayField(_l("On which day did they agree?"), [Optional()])
    valid_until = DayField(_l("Good until which day?"), [Optional()])
    scope = RadioField(_l("For what?"), default="", validators=[Optional()], choices=[])
    activity = HiddenField()
    photos = MultipleFileField(_l("Photo of the signed form"))

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.pictures: list[Picture] = []
        self.consent_on.flags.unmarked = True

    def offer(self, organisation: str, activity: str) -> None:
        """For all of the organisation, or for one activity where the page is about one."""
        words = {"": _l("All activities of “%(name)s”", name=organisation)}
        if activity:
            words["one"] = _l("Only “%(name)s”", name=activity)
        self.scope.choices = options(words)

    @property
    def values(self) -> ConsentValues:
        """What was entered, in a form that was found valid."""
        return ConsentValues(
            ConsentWay(self.way.data),
            Guardian(self.guardian_name.data or "", self.guardian_reach.data or ""),
            self.consent_on.data,
            self.valid_until.data,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; pictures are read only where all the rest is right."""
        sent = [one for one in request.files.getlist("photos") if one.filename]
        if not super().validate(extra_validators):
            return False
        for upload in sent[: MOST_PICTURES + 1]:
            try:
                self.pictures.append(taken_picture(upload.read()))
            except Invalid as error:
                words = sentence(error.code, error.params)
                self.photos.errors = [*self.photos.errors, words]
        return not self.photos.errors


class CheckForm(HouseForm):
    """That somebody was checked: when, by whom. There is no field for what it said."""

    checked_on = DayField(_l("On which day was it made?"), [InputRequired(REQUIRED)])
    checked_by = SelectField(
        _l("Which organisation made it?"), choices=[], validators=[InputRequired(REQUIRED)]
    )
