"""Forms of roadshows and visits."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from exchange.kernel.errors import Invalid
from exchange.projects.visits.announcing import VisitValues
from exchange.projects.visits.kinds import VisitKind
from exchange.projects.visits.labels import KIND_LABELS
from exchange.projects.visits.models import Visit
from exchange.projects.visits.rules import (
    LONGEST_LINK,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_PEOPLE,
)
from exchange.web.forms import CountField, HouseForm, options

FILL_IN = _l("Please fill this in.")
TOO_LONG = _l("This is too long.")
MOMENT = "%Y-%m-%dT%H:%M"


class VisitForm(HouseForm):
    """What is announced. Moments are those of the site's time zone."""

    kind = RadioField(
        _l("What is it?"), [InputRequired(_l("Please choose one."))], choices=options(KIND_LABELS),
        default=VisitKind.VISIT.value,
    )  # fmt: skip
    title = StringField(
        _l("Title"), [InputRequired(FILL_IN), Length(max=LONGEST_TITLE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_TITLE},
    )  # fmt: skip
    starts_at = StringField(_l("When does it begin?"), [InputRequired(FILL_IN)])
    ends_at = StringField(_l("When does it end?"))
    place = StringField(
        _l("Where do people meet?"), [Length(max=LONGEST_PLACE, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_PLACE},
    )  # fmt: skip
    link = StringField(
        _l("Link of the online meeting"), [Length(max=LONGEST_LINK, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST_LINK, "inputmode": "url"},
    )  # fmt: skip
    seats = CountField(_l("How many seats?"), [InputRequired(_l("Please enter a whole number."))])
    closes_at = StringField(_l("Sign up until"))
    text = TextAreaField(
        _l("More about it"), [Length(max=LONGEST_TEXT, message=TOO_LONG)],
        render_kw={"rows": 3, "maxlength": LONGEST_TEXT},
    )  # fmt: skip
    version = HiddenField()

    def show(self, visit: Visit, zone: str) -> None:
        """Put what is announced into the fields."""
        self.kind.data, self.title.data = visit.kind.value, visit.title
        self.place.data, self.link.data, self.text.data = visit.place, visit.link, visit.text
        self.seats.data, self.version.data = visit.seats, str(visit.version)
        for name in ("starts_at", "ends_at", "closes_at"):
            moment = getattr(visit, name)
            typed = f"{moment.astimezone(ZoneInfo(zone)):{MOMENT}}" if moment else ""
            getattr(self, name).data = typed

    def values(self, zone: str) -> VisitValues:
        """What was typed. Raises Invalid for what cannot be read."""
        moments = {
            name: read_moment(getattr(self, name).data or "", name, zone)
            for name in ("starts_at", "ends_at", "closes_at")
        }
        return VisitValues(
            kind=VisitKind(self.kind.data), title=self.title.data or "",
            seats=int(self.seats.data or 0), text=self.text.data or "",
            place=self.place.data or "", link=self.link.data or "", **moments,
        )  # fmt: skip


class SignUpForm(HouseForm):
    """How many come."""

    people = SelectField(
        _l("How many of you come?"),
        choices=options({number: str(number) for number in range(1, MOST_PEOPLE + 1)}),
        default="1",
    )  # fmt: skip

    def offer(self, room: int) -> None:
        """Offer only as many as there is room for, beside the number that stands in the field."""
        typed, known = self.people.data, self.people.choices
        self.people.choices = [
            one for one in known if int(one.value) <= room or one.value == typed
        ]


class CancelForm(HouseForm):
    """Why it is called off."""

    reason = TextAreaField(
        _l("Why? All who signed up read this."),
        [InputRequired(FILL_IN), Length(max=LONGEST_REASON, message=TOO_LONG)],
        render_kw={"rows": 2, "maxlength": LONGEST_REASON},
    )


def read_moment(text: str, field: str, zone: str) -> datetime | None:
    """A moment as a browser sends it. Raises Invalid for anything else."""
    plain = text.strip().replace(" ", "T")
    if not plain:
        return None
    try:
        found = datetime.fromisoformat(plain[:19])
    except ValueError as error:
        raise Invalid("visit_invalid", fields={field: ["visit_moment_unreadable"]}) from error
    if not 2000 <= found.year <= 2200:
        raise Invalid("visit_invalid", fields={field: ["visit_moment_unreadable"]})
    return found.replace(tzinfo=ZoneInfo(zone))
