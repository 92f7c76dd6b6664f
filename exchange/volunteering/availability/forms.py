"""Forms of volunteers' time: one page for a thumb."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from exchange.accounts.place_forms import PlaceForm
from exchange.volunteering.attendance.forms import DayField
from exchange.volunteering.availability.kinds import Reach
from exchange.volunteering.availability.labels import (
    DAY_LABELS,
    PART_LABELS,
    REACH_LABELS,
    TONGUE_LABELS,
)
from exchange.volunteering.availability.models import Availability
from exchange.volunteering.availability.rules import LONGEST_DIALECT, LONGEST_WORDS
from exchange.volunteering.availability.time_rules import (
    CODES,
    DAYS,
    PARTS,
    code_of,
    codes_of,
    mask_of,
)
from exchange.volunteering.availability.values import AvailabilityValues
from exchange.volunteering.kinds import Skill
from exchange.volunteering.labels import SKILL_LABELS
from exchange.web.forms import HouseForm, options

TOO_LONG = _l("This is too long.")
MORE = ("from_date", "to_date", "tongues", "dialect", "has_transport", "is_remote")


class AvailabilityForm(PlaceForm):
    """What I can do, when, where."""

    skills = SelectMultipleField(_l("What can you do?"), choices=options(SKILL_LABELS))
    words = StringField(
        _l("In your own words"),
        [Length(max=LONGEST_WORDS, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_WORDS},
    )
    times = SelectMultipleField(
        _l("When do you have time?"), choices=options({one: one for one in CODES})
    )
    division = StringField(_l("Where do you live?"))
    reach = RadioField(
        _l("How far would you go?"), choices=options(REACH_LABELS), default=Reach.COUNTY.value
    )
    from_date = DayField(_l("From day"), [Optional()])
    to_date = DayField(_l("Until day"), [Optional()])
    tongues = SelectMultipleField(
        _l("Which languages do you speak?"), choices=options(TONGUE_LABELS)
    )
    dialect = StringField(
        _l("Another language or dialect"),
        [Length(max=LONGEST_DIALECT, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_DIALECT},
    )
    has_transport = BooleanField(_l("I can get there by my own means"))
    is_remote = BooleanField(_l("I can also help online"))
    may_be_asked = BooleanField(
        _l("Coordinators of verified organisations, and the station, may ask me to stand in")
    )
    is_adult = BooleanField(_l("I am 18 or older"))
    again = BooleanField(_l("Offer my time once more"))
    version = HiddenField()

    FIELD_OF: dict[str, str] = {"division_code": "division"}  # noqa: RUF012 - read only

    @property
    def more_is_open(self) -> bool:
        """Whether one of the further fields says something, or wants another look."""
        return any(self[name].errors or self[name].data for name in MORE)

    @property
    def grid(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        """The week, day by day, with a box for each part."""
        chosen = set(self.times.data or ())
        return [
            (
                DAY_LABELS[day],
                [
                    {"code": code_of(day, part), "label": PART_LABELS[part],
                     "checked": code_of(day, part) in chosen}
                    for part in PARTS
                ],
            )
            for day in range(DAYS)
        ]  # fmt: skip

    @property
    def values(self) -> AvailabilityValues:
        """What was said, in a form that was found valid."""
        return AvailabilityValues(
            skills=tuple(self.skills.data or ()),
            words=self.words.data or "",
            times=mask_of(self.times.data or ()),
            from_date=self.from_date.data,
            to_date=self.to_date.data,
            division_code=self.division.data or "",
            reach=Reach(self.reach.data),
            tongues=tuple(self.tongues.data or ()),
            dialect=self.dialect.data or "",
            has_transport=bool(self.has_transport.data),
            is_remote=bool(self.is_remote.data),
            may_be_asked=bool(self.may_be_asked.data),
            is_adult=bool(self.is_adult.data),
        )


class PauseForm(HouseForm):
    """No time from a day on, until a day or until further notice."""

    begins = DayField(_l("From day"), [InputRequired(_l("Please fill this in."))])
    until = DayField(_l("Until day"), [Optional()])
    version = HiddenField()


def data_of(row: Availability | None, home: str | None) -> dict[str, Any]:
    """What the form shows of what was said so far; for somebody new only their place."""
    if row is None:
        return {"division": home or "", "version": 0}
    shown: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("words", "from_date", "to_date", "dialect", "has_transport", "is_remote",
                     "may_be_asked", "version")
    }  # fmt: skip
    return {
        **shown,
        "skills": [code for code in row.skills if code in set(Skill)],
        "tongues": list(row.tongues),
        "times": list(codes_of(row.times)),
        "division": row.division_code,
        "reach": row.reach.value,
        "is_adult": True,
    }
