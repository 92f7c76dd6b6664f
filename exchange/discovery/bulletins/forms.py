"""Forms of bulletins: an issue's own words, a note, and the settings of a place."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from exchange.accounts.place_forms import PlaceForm
from exchange.discovery.bulletins.kinds import Rhythm
from exchange.discovery.bulletins.labels import RHYTHMS, WEEKDAYS
from exchange.discovery.bulletins.models import BulletinPlace
from exchange.discovery.bulletins.place_service import PlaceSettings
from exchange.discovery.bulletins.rules import (
    LATEST_HOUR,
    LONGEST_HEADLINE,
    LONGEST_INTRODUCTION,
    LONGEST_NOTE,
    When,
)
from exchange.discovery.bulletins.service import Words
from exchange.web.forms import CountField, HouseForm, options

TOO_LONG = _l("This is too long.")
FILL_IN = _l("Please fill this in.")


class WordsForm(HouseForm):
    """What the editor says, and which version they have read."""

    headline_zh = StringField(
        _l("Headline"),
        [Length(max=LONGEST_HEADLINE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_HEADLINE},
    )
    introduction_zh = TextAreaField(
        _l("Introduction"),
        [Length(max=LONGEST_INTRODUCTION, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_INTRODUCTION, "rows": 4},
    )
    headline_en = StringField(
        _l("Headline in English"),
        [Length(max=LONGEST_HEADLINE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_HEADLINE},
    )
    introduction_en = TextAreaField(
        _l("Introduction in English"),
        [Length(max=LONGEST_INTRODUCTION, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_INTRODUCTION, "rows": 4},
    )
    version = HiddenField()

    @property
    def words(self) -> Words:
        """As the service takes them."""
        return Words(
            self.headline_zh.data or "",
            self.headline_en.data or "",
            self.introduction_zh.data or "",
            self.introduction_en.data or "",
        )


class MoreForm(HouseForm):
    """What is ticked stands beside the form; this says which version was read."""

    version = HiddenField()


class NoteForm(HouseForm):
    """Why it goes back."""

    note = TextAreaField(
        _l("What is to be changed?"),
        [InputRequired(FILL_IN), Length(max=LONGEST_NOTE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NOTE, "rows": 3},
    )
    version = HiddenField()


class SettingsForm(HouseForm):
    """On which day, at which hour, by whom."""

    rhythm = RadioField(_l("How often?"), choices=options(RHYTHMS), default=Rhythm.WEEKLY.value)
    weekday = SelectField(_l("Weekday, when weekly"), choices=options(WEEKDAYS), default="0")
    month_day = CountField(
        _l("Day of the month, when monthly"),
        [InputRequired(FILL_IN), NumberRange(1, 31, _l("Please choose a day from 1 to 31."))],
        default=1,
        render_kw={"min": 1, "max": 31},
    )
    hour = SelectField(
        _l("Composed from"),
        choices=options({hour: f"{hour}:00" for hour in range(LATEST_HOUR + 1)}),
        default="8",
    )
    editor = SelectField(_l("Who edits"), default="")
    needs_approval = BooleanField(_l("A supervisor approves it before it comes out"), default=True)
    is_on = BooleanField(_l("Comes out on its day"), default=True)
    version = HiddenField()

    def offer_editors(self, people: Sequence[tuple[str, str]]) -> None:
        """Who may be chosen, beside nobody in particular."""
        self.editor.choices = options(dict(people), first=_l("Nobody in particular"))

    @property
    def settings(self) -> PlaceSettings:
        """As the service takes them."""
        when = When(
            Rhythm(self.rhythm.data),
            int(self.weekday.data),
            self.month_day.data,
            int(self.hour.data),
        )
        return PlaceSettings(
            when, self.editor.data or "", self.needs_approval.data, self.is_on.data
        )

    def show(self, place: BulletinPlace) -> None:
        """Fill in what is set."""
        self.rhythm.data, self.weekday.data = place.rhythm.value, str(place.weekday)
        self.month_day.data, self.hour.data = place.month_day, str(place.hour)
        self.editor.data = place.editor.public_id if place.editor else ""
        self.needs_approval.data, self.is_on.data = place.needs_approval, place.is_on
        self.version.data = str(place.version)


class NewPlaceForm(PlaceForm, SettingsForm):
    """The same with the place itself: a service point, or a division."""

    point = SelectField(_l("For whom?"), default="")
    division = StringField(_l("County or township"))
    division_text = StringField(_l("County or township"))

    def offer_points(self, points: Sequence[tuple[str, str]]) -> None:
        """The service points that the actor looks after."""
        first = _l("A county or township, chosen below")
        self.point.choices = options(dict(points), first=first)

    def validate_division(self, field: StringField) -> None:
        """A place is asked for only where no service point is chosen."""
        if self.point.data:
            field.data = ""
            return
        super().validate_division(field)
