"""The form in which people choose what reaches them."""

from collections.abc import Collection, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from exchange.notifications.kinds import Channel, Kind, Rhythm
from exchange.notifications.labels import CHANNELS, RHYTHMS
from exchange.notifications.preferences.queries import Reach
from exchange.notifications.rules import MINUTES, Quiet, clock_text, minute_of, rhythm_for
from exchange.web.forms import HouseForm, options
from exchange.web.sentences import sentence

HALF_HOURS = [clock_text(minute) for minute in range(0, MINUTES, 30)]
CHOSEN_ABOUT = tuple(kind for kind in Kind if kind is not Kind.SECURITY)
RHYTHM_CHOICES = options(RHYTHMS)
HOURS = {text: text for text in HALF_HOURS}


def field_name(kind: Kind, channel: Channel) -> str:
    """The name of the field for a kind and a channel."""
    return f"{kind.value}_{channel.value}"


class MessagesForm(HouseForm):
    """How soon each kind comes by each channel, and the quiet hours."""

    has_quiet = BooleanField(_l("No messages in these hours"))
    quiet_from = SelectField(_l("From this hour"), choices=options(HOURS), validate_choice=True)
    quiet_until = SelectField(_l("Until this hour"), choices=options(HOURS), validate_choice=True)

    @property
    def quiet(self) -> Quiet:
        """The hours that were chosen; without the tick, none."""
        if not self.has_quiet.data:
            return Quiet(0, 0)
        return Quiet(minute_of(self.quiet_from.data), minute_of(self.quiet_until.data))

    def validate(self, extra_validators: Any = None) -> bool:
        """From an hour until the same would mean none, while the tick says otherwise."""
        fine = super().validate(extra_validators)
        if fine and self.has_quiet.data and self.quiet.is_never:
            self.quiet_until.errors = [sentence("quiet_hours_same")]
            return False
        return fine

    def choices(
        self, channels: Collection[Channel]
    ) -> Iterator[tuple[tuple[Kind, Channel], Rhythm]]:
        """What was chosen for the channels that were shown."""
        for kind in CHOSEN_ABOUT:
            for channel in channels:
                yield (kind, channel), Rhythm(self[field_name(kind, channel)].data)

    def show(self, reach: Reach, usual: Quiet) -> None:
        """Fill in what counts at present."""
        for kind in CHOSEN_ABOUT:
            for channel in Channel:
                rhythm = rhythm_for(kind, channel, reach.chosen, reach.channels)
                self[field_name(kind, channel)].data = rhythm.value
        shown = usual if reach.quiet.is_never else reach.quiet
        self.has_quiet.data = not reach.quiet.is_never
        for field, minute in ((self.quiet_from, shown.start), (self.quiet_until, shown.until)):
            field.data = clock_text(minute)
            if field.data not in HOURS:  # the site's own usual hours may lie between
                field.choices = [*field.choices, (field.data, field.data)]

    def fill_missing(self, reach: Reach) -> None:
        """What was not sent, since its channel was not shown, stays as it is."""
        for kind in CHOSEN_ABOUT:
            for channel in Channel:
                field = self[field_name(kind, channel)]
                if not field.raw_data:
                    field.data = rhythm_for(kind, channel, reach.chosen, reach.channels).value


for _kind in CHOSEN_ABOUT:
    for _channel in Channel:
        setattr(
            MessagesForm,
            field_name(_kind, _channel),
            SelectField(CHANNELS[_channel], choices=RHYTHM_CHOICES),
        )
