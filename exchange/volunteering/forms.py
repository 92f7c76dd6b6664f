"""Forms of activities and shifts: what is needed first, the rest under one tap."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from exchange.accounts.place_forms import PlaceForm
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.kinds import Circle, Repeat, Work
from exchange.volunteering.labels import (
    CIRCLE_LABELS,
    REPEAT_LABELS,
    SKILL_LABELS,
    WORK_LABELS,
)
from exchange.volunteering.models import Activity, Shift, VolunteerRole
from exchange.volunteering.rules import (
    ADULT,
    ADULTS_WITH_CHILDREN,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_ROLE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    SHIFT_FIELDS,
    USUAL_WARNING,
    ages_allowed,
    begin_allowed,
    numbers_allowed,
    span_allowed,
)
from exchange.volunteering.shifts.recurrence_rules import series_allowed
from exchange.volunteering.values import ActivityValues, ShiftValues, problems_of, values_of
from exchange.web.acting import house
from exchange.web.forms import CountField, HouseForm, options

NEEDED = InputRequired(_l("Please fill this in."))
TOO_LONG = _l("This is too long.")
HOURS = {"type": "time", "step": 300}


class ActivityForm(PlaceForm):
    """What an activity is."""

    title = StringField(
        _l("What is it?"),
        [NEEDED, Length(max=LONGEST_TITLE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_TITLE},
    )
    division = StringField(_l("In which place?"))
    place = StringField(
        _l("Where exactly"),
        [Length(max=LONGEST_PLACE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_PLACE},
    )
    text = TextAreaField(
        _l("More about it"),
        [Length(max=LONGEST_TEXT, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_TEXT, "rows": 4},
    )
    work = SelectField(_l("Kind of work"), choices=options(WORK_LABELS), default=Work.OTHER.value)
    meeting_point = StringField(
        _l("Meeting point"),
        [Length(max=LONGEST_PLACE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_PLACE},
    )
    safety_note = TextAreaField(
        _l("Safety note"),
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NOTE, "rows": 2},
    )
    skills = SelectMultipleField(_l("Skills that help"), choices=options(SKILL_LABELS))
    min_age = CountField(_l("Youngest age"), [Optional()], default=ADULT)
    max_age = CountField(_l("Oldest age"), [Optional()])
    guardian_needed = BooleanField(_l("Whoever is under 18 comes with a guardian"))
    with_children = BooleanField(_l("Children take part"))
    is_outdoor = BooleanField(_l("Outdoors"))
    circle = RadioField(
        _l("Who can sign up"), choices=options(CIRCLE_LABELS), default=Circle.PUBLIC.value
    )
    warning_days = CountField(
        _l("Tell us so many days before when people are missing"),
        [Optional()],
        default=USUAL_WARNING,
    )
    trainings = SelectMultipleField(_l("Trainings that have to be done first"), choices=[])
    version = HiddenField()

    MORE = (
        "text", "work", "meeting_point", "safety_note", "skills", "min_age", "max_age",
        "guardian_needed", "with_children", "is_outdoor", "circle", "warning_days",
    )  # fmt: skip
    FIELD_OF: dict[str, str] = {"division_code": "division"}  # noqa: RUF012 - read only

    @property
    def more_is_open(self) -> bool:
        """Whether one of the further fields wants another look."""
        return any(self[name].errors for name in (*self.MORE, "trainings"))

    def validate(self, extra_validators: Any = None) -> bool:
        """What the values say is told together with what each field misses."""
        is_valid = bool(super().validate(extra_validators))
        if not (self.work.errors or self.circle.errors):
            values = self.values.cleaned()
            ages = ages_allowed(values.min_age, values.max_age)
            for name, codes in problems_of(values).items():
                self.add_problem(self.FIELD_OF.get(name, name), codes[0], ages.params)
        return is_valid and not self.errors

    def offer_trainings(self, titles: Mapping[str, str]) -> None:
        """What this organisation's activities may ask for, by public id."""
        self.trainings.choices = options(titles)

    @property
    def values(self) -> ActivityValues:
        """What was said, in a form that was found valid."""
        least, warning = self.min_age.data, self.warning_days.data
        return ActivityValues(
            title=self.title.data or "",
            division_code=self.division.data or "",
            text=self.text.data or "",
            work=Work(self.work.data),
            place=self.place.data or "",
            meeting_point=self.meeting_point.data or "",
            safety_note=self.safety_note.data or "",
            skills=tuple(self.skills.data or ()),
            min_age=ADULT if least is None else least,
            max_age=self.max_age.data,
            guardian_needed=bool(self.guardian_needed.data),
            with_children=bool(self.with_children.data),
            is_outdoor=bool(self.is_outdoor.data),
            circle=Circle(self.circle.data),
            warning_days=USUAL_WARNING if warning is None else warning,
        )


class ShiftFields:
    """The time, how many, and whether it repeats."""

    day = DateField(_l("Which day?"), [NEEDED], render_kw={"type": "date"})
    starts = TimeField(_l("Begins at"), [NEEDED], render_kw=HOURS)
    ends = TimeField(_l("Ends at"), [NEEDED], render_kw=HOURS)
    maximum = CountField(
        _l("How many volunteers at most?"), [NEEDED], render_kw={"inputmode": "numeric"}
    )
    minimum = CountField(
        _l("How many are needed at least?"), [Optional()], render_kw={"inputmode": "numeric"}
    )
    repeat = SelectField(
        _l("Does it repeat?"), choices=options(REPEAT_LABELS, first=_l("Only once")), default=""
    )
    until = DateField(_l("Until which day?"), [Optional()], render_kw={"type": "date"})

    def shift_problems(self, zone: str, now: datetime) -> list[Decision]:
        """All that stands against what can be read of the shift."""
        found: list[Decision] = []
        day = None if self.day.errors else self.day.data
        begins, ends = self.starts.data, self.ends.data
        if begins and ends:
            any_day = day or now.date()
            found.append(
                span_allowed(_moment(any_day, begins, zone), _moment(any_day, ends, zone))
            )
        if day and begins:
            found.append(begin_allowed(_moment(day, begins, zone), now))
        if self.maximum.data is not None and not self.minimum.errors:
            found.append(
                numbers_allowed(
                    self._least, self.maximum.data, with_children=self._is_with_children
                )
            )
        return found

    def series_problem(self) -> Decision:
        """What stands against the series, where it repeats and its days can be read."""
        if self.repeat.errors or not self.repeat.data:
            return allow()
        if self.until.errors or self.day.errors or self.day.data is None:
            return allow()
        if self.until.data is None:
            return refuse("series_needs_until")
        return series_allowed(Repeat(self.repeat.data), self.day.data, self.until.data)

    @property
    def _least(self) -> int:
        """How many are needed: with children two adults, where nothing was said."""
        if self.minimum.data is not None:
            return int(self.minimum.data)
        usual = ADULTS_WITH_CHILDREN if self._is_with_children else 1
        return min(usual, int(self.maximum.data))

    @property
    def _is_with_children(self) -> bool:
        """Only the form of a new activity asks."""
        field = getattr(self, "with_children", None)
        return field is not None and bool(field.data)

    def shift_values(self, zone: str, *, place: str = "", role: str = "") -> ShiftValues:
        """What was said of the shift, in a form that was found valid."""
        day = self.day.data
        return ShiftValues(
            starts_at=_moment(day, self.starts.data, zone),
            ends_at=_moment(day, self.ends.data, zone),
            minimum=self._least,
            maximum=self.maximum.data,
            place=place,
            role=role,
        )

    @property
    def repeats(self) -> tuple[Repeat | None, date | None]:
        """By which rule, until when; no rule for a single shift."""
        rule = Repeat(self.repeat.data) if self.repeat.data else None
        return rule, self.until.data if rule else None


class NewActivityForm(ActivityForm, ShiftFields):
    """An activity with its first shift, or its first series."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Likewise, with what the times and numbers say."""
        is_valid = super().validate(extra_validators)
        kept = house()
        problems = self.shift_problems(kept.settings.time_zone, kept.clock.now())
        for one in problems:
            if not one:
                self.add_problem(SHIFT_FIELDS[one.code], one.code, one.params)
        series = self.series_problem()
        if not series:
            self.add_problem("until", series.code, series.params)
        return is_valid and not self.errors

    @property
    def more_is_open(self) -> bool:
        """Likewise, with what belongs to the shift."""
        return super().more_is_open or any(self[name].errors for name in ("minimum", "until"))


class ShiftForm(HouseForm, ShiftFields):
    """One more shift, or a change of one."""

    place = StringField(
        _l("Another place than usual"),
        [Length(max=LONGEST_PLACE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_PLACE},
    )
    role = SelectField(_l("Role"), choices=[], default="")
    following = BooleanField(_l("Also all later ones of this series"))
    version = HiddenField()

    def offer(self, roles: Sequence[VolunteerRole]) -> None:
        """The roles of the activity."""
        names = {one.public_id: one.name for one in roles}
        self.role.choices = options(names, first=_l("No role in particular"))


class RoleForm(HouseForm):
    """What somebody does at an activity."""

    name = StringField(
        _l("Role"),
        [NEEDED, Length(max=LONGEST_ROLE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_ROLE},
    )
    note = StringField(
        _l("What one does there"),
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NOTE},
    )
    skills = SelectMultipleField(_l("Skills that help"), choices=options(SKILL_LABELS))


class ReasonForm(HouseForm):
    """Why something is called off."""

    reason = StringField(
        _l("Why?"),
        description=_l("Everybody who signed up reads it. Example: heavy rain, the road is closed"),
        validators=[NEEDED, Length(max=LONGEST_NOTE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_NOTE},
    )
    following = BooleanField(_l("Also all later ones of this series"))


def activity_data(activity: Activity) -> dict[str, Any]:
    """What the form shows of an activity."""
    values = values_of(activity)
    shown = {name: getattr(values, name) for name in ActivityForm.MORE}
    return {
        **shown,
        "title": values.title,
        "division": values.division_code,
        "place": values.place,
        "work": values.work.value,
        "circle": values.circle.value,
        "skills": list(values.skills),
        "version": activity.version,
    }


def shift_data(shift: Shift, zone: str) -> dict[str, Any]:
    """What the form shows of a shift."""
    here = ZoneInfo(zone)
    first, last = shift.starts_at.astimezone(here), shift.ends_at.astimezone(here)
    return {
        "day": first.date(),
        "starts": first.time(),
        "ends": last.time(),
        "minimum": shift.minimum,
        "maximum": shift.maximum,
        "place": shift.place,
        "role": shift.role.public_id if shift.role else "",
        "version": shift.version,
    }


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone))
