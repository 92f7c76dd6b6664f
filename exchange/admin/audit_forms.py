"""The filters of the audit."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from exchange.admin.audit_labels import EVENTS
from exchange.admin.audit_queries import Asked, find_about
from exchange.kernel.errors import Invalid
from exchange.web.acting import house, read_session
from exchange.web.forms import HouseForm, options


class DayField(DateField):  # type: ignore[misc]  # WTForms ships no types
    """A day of the calendar; what cannot be read is said in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("We cannot read this day.")) from None


class AuditFilter(HouseForm):
    """Who or what, which act, and from when to when."""

    class Meta(HouseForm.Meta):
        """A form that only asks carries no token."""

        csrf = False

    about = StringField(
        _l("Whom or what it is about"),
        description=_l(
            "The address of a page, or the end of it: a listing, a match, an organisation, a person"
        ),
        validators=[Optional(), Length(max=300, message=_l("This is too long."))],
    )
    event = SelectField(_l("What was done"), validate_choice=False, validators=[Optional()])
    since = DayField(_l("From"), validators=[Optional()])
    until = DayField(_l("Until"), validators=[Optional()])

    def offer_events(self) -> None:
        """Fill the choice of acts, in the order of their words."""
        words = sorted(EVENTS.items(), key=lambda pair: str(pair[1]))
        self.event.choices = options(dict(words), first=_l("Any act"))

    def asked(self) -> Asked | None:
        """What is asked for; None with errors beside the fields when it cannot be read."""
        if not self.validate():
            return None
        event = self.event.data or ""
        try:
            _insist_on_event(event)
            text = (self.about.data or "").strip()
            about = find_about(read_session(), text) if text else None
        except Invalid as error:
            self.take_refusal(error)
            return None
        return Asked(about, event, *span_of(self.since.data, self.until.data))


def _insist_on_event(event: str) -> None:
    if event and event not in EVENTS:
        raise Invalid("audit_event_unknown", fields={"event": ["audit_event_unknown"]})


def span_of(since: date | None, until: date | None) -> tuple[datetime | None, datetime | None]:
    """The first moment of a civil day, and the end of another; None where the calendar ends."""
    zone = ZoneInfo(house().settings.time_zone)

    def start(day: date | None, more: int) -> datetime | None:
        if day is None:
            return None
        try:
            moment = datetime.combine(day, time.min, zone) + timedelta(days=more)
            return moment.astimezone(UTC)
        except OverflowError:
            return None

    return start(since, 0), start(until, 1)
