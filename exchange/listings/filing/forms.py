"""The forms of filing for somebody."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from exchange.files.pictures import Picture
from exchange.files.uploading import taken_picture
from exchange.kernel.errors import Invalid
from exchange.listings.filing.kinds import FilingConsent
from exchange.listings.filing.labels import CONSENTS, FILED_DOORS
from exchange.listings.filing.paper import MOST_FORMS
from exchange.listings.filing.private import Villager
from exchange.listings.filing.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_REACH,
    LONGEST_WORDS,
    MOST_PICTURES,
    ConsentGiven,
)
from exchange.listings.kinds import Door
from exchange.web.forms import CountField, HouseForm, options
from exchange.web.sentences import sentence

REQUIRED = _l("Please fill this in.")
CHOOSE = _l("Please choose one of the two.")
NOT_YET = {"": _l("Not yet")}


def _filled(most: int) -> dict[str, Any]:
    return {"maxlength": most, "required": True}


class ConsentForm(HouseForm):
    """How the person agreed, and to what."""

    consent = RadioField(
        _l("How did the person agree?"),
        choices=options({**NOT_YET, **CONSENTS}),
        default="",
        validators=[Optional()],
    )
    consent_on = DateField(_l("On which day did they agree?"), validators=[Optional()])
    heard_by = StringField(
        _l("Who heard it, or took the paper?"), render_kw={"maxlength": LONGEST_NAME}
    )
    read_back = BooleanField(_l("What is written here was read back to them, and they said yes"))
    to_publish = BooleanField(_l("It may be posted, without their name"))
    to_introduce = BooleanField(
        _l("Their name and how to reach them may be given to the other side, once both have agreed")
    )
    consent_note = TextAreaField(
        _l("More about the consent"), render_kw={"rows": 2, "maxlength": LONGEST_NOTE}
    )
    photos = MultipleFileField(_l("Photo of the signed form"))

    def __init__(self, *given: Any, **values: Any) -> None:
        super().__init__(*given, **values)
        self.pictures: list[Picture] = []
        self.lost_pictures = False
        for name in ("consent_on", "heard_by", "read_back", "to_publish", "to_introduce"):
            self[name].flags.unmarked = True

    @property
    def given(self) -> ConsentGiven:
        """The consent as it was entered."""
        chosen = FilingConsent(self.consent.data) if self.consent.data else None
        return ConsentGiven(
            chosen,
            self.consent_on.data,
            self.heard_by.data or "",
            bool(self.read_back.data),
            bool(self.to_publish.data),
            bool(self.to_introduce.data),
            self.consent_note.data or "",
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; pictures are read only where all the rest is right."""
        sent = [one for one in request.files.getlist("photos") if one.filename]
        self.lost_pictures = bool(sent)
        if not super().validate(extra_validators):
            return False
        for upload in sent[: MOST_PICTURES + 1]:
            try:
                self.pictures.append(taken_picture(upload.read()))
            except Invalid as error:
                words = sentence(error.code, error.params)
                self.photos.errors = [*self.photos.errors, words]
        return not self.photos.errors


class FilingForm(ConsentForm):
    """For whom, what they say, and how they agreed."""

    number = StringField(
        _l("Number of the paper form"), render_kw={"maxlength": 20, "inputmode": "numeric"}
    )
    door = RadioField(
        _l("What is it about?"),
        choices=options(FILED_DOORS),
        validators=[InputRequired(CHOOSE)],
    )
    words = TextAreaField(
        _l("What do they say? In their own words"),
        [InputRequired(REQUIRED)],
        render_kw={"rows": 4, "maxlength": LONGEST_WORDS},
    )
    name = StringField(
        _l("Name of the person"), [InputRequired(REQUIRED)], render_kw=_filled(LONGEST_NAME)
    )
    reach = TextAreaField(
        _l("How can they be reached?"),
        [InputRequired(REQUIRED)],
        render_kw={"rows": 2, "maxlength": LONGEST_REACH},
    )

    @property
    def chosen_door(self) -> Door:
        return Door(self.door.data)

    @property
    def villager(self) -> Villager:
        """For whom, as it was entered."""
        return Villager(
            self.name.data or "", self.reach.data or "", self.words.data or "",
            self.consent_note.data or "",
        )  # fmt: skip


class RightForm(HouseForm):
    """Who it is for, put right."""

    name = StringField(
        _l("Name of the person"), [InputRequired(REQUIRED)], render_kw=_filled(LONGEST_NAME)
    )
    reach = TextAreaField(
        _l("How can they be reached?"),
        [InputRequired(REQUIRED)],
        render_kw={"rows": 2, "maxlength": LONGEST_REACH},
    )


class PaperForm(HouseForm):
    """How many forms to print."""

    count = CountField(
        _l("How many forms?"),
        default=5,
        validators=[
            InputRequired(REQUIRED),
            NumberRange(1, MOST_FORMS, _l("Between 1 and 50 forms at a time.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
