"""What reaches one, how and when, for programs."""

from typing import Any

from marshmallow import fields, validate

from exchange.accounts.me_views import own_row
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, length
from exchange.kernel.errors import Invalid
from exchange.notifications.channels import channels_of
from exchange.notifications.kinds import Channel, Kind, Rhythm
from exchange.notifications.preferences.queries import reach_of
from exchange.notifications.preferences.service import choose_messages
from exchange.notifications.rules import Quiet, clock_text, minute_of, rhythm_for
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, house, read_session

blp = ApiBlueprint(
    "api_preferences",
    __name__,
    title="Your account",
    description="What reaches you, how and when.",
)
Given = dict[str, Any]
CHOSEN_ABOUT = tuple(kind for kind in Kind if kind is not Kind.SECURITY)
CLOCK = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", error="hours_form")


class MessageChoiceSchema(ApiSchema):
    """How soon one kind comes by one channel."""

    kind = fields.Enum(
        Kind,
        by_value=fields.String(),
        required=True,
        metadata={"description": "Security cannot be chosen about: it comes at once."},
    )
    channel = fields.Enum(Channel, by_value=fields.String(), required=True)
    rhythm = fields.Enum(Rhythm, by_value=fields.String(), required=True)


class QuietHoursSchema(ApiSchema):
    """Hours without messages, by the clock in China; over midnight where until is earlier."""

    start = Text(required=True, validate=CLOCK, metadata={"example": "21:00"})
    until = Text(required=True, validate=CLOCK, metadata={"example": "07:30"})


class MessageChoicesSchema(ApiSchema):
    """What counts at present."""

    channels = fields.List(
        fields.String(metadata={"enum": [one.value for one in Channel]}),
        metadata={"description": "By which you can be reached now."},
    )
    choices = fields.List(fields.Nested(MessageChoiceSchema))
    quiet = fields.Nested(QuietHoursSchema, allow_none=True)


class MessageChoicesBody(ApiSchema):
    """What changes; what is left out stays."""

    choices = fields.List(
        fields.Nested(MessageChoiceSchema), load_default=list, validate=length(0, 30)
    )
    quiet = fields.Nested(
        QuietHoursSchema, allow_none=True, metadata={"description": "Null: at any hour."}
    )


@blp.get("/me/messages")
@access(SIGNED_IN)
@blp.answers(200, MessageChoicesSchema, "What counts")
def show() -> Given:
    """How soon each kind of news comes by each channel, and your quiet hours."""
    return _present()


@blp.patch("/me/messages")
@access(SIGNED_IN)
@blp.body(
    MessageChoicesBody, {"choices": [{"kind": "matches", "channel": "email", "rhythm": "daily"}]}
)
@blp.answers(200, MessageChoicesSchema, "Changed")
def change(given: Given) -> Given:
    """Choose anew. It counts for what is told from now on."""
    if any(one["kind"] is Kind.SECURITY for one in given["choices"]):
        raise Invalid(fields={"choices": ["field_choice"]})
    choices = {(one["kind"], one["channel"]): one["rhythm"] for one in given["choices"]}
    with acting() as act:
        choose_messages(act, choices, _quiet(given))
    return _present()


def _quiet(given: Given) -> Quiet | None:
    """None: left out, so that it stays."""
    if "quiet" not in given:
        return None
    wanted = given["quiet"]
    if wanted is None:
        return Quiet(0, 0)
    quiet = Quiet(minute_of(wanted["start"]), minute_of(wanted["until"]))
    if quiet.is_never:
        raise Invalid(fields={"quiet": ["quiet_hours_same"]})
    return quiet


def _present() -> Given:
    person, settings = own_row(), house().settings
    reach = reach_of(read_session(), settings, channels_of(settings), [person])[person.id]
    quiet = None
    if not reach.quiet.is_never:
        start, until = clock_text(reach.quiet.start), clock_text(reach.quiet.until)
        quiet = {"start": start, "until": until}
    return {
        "channels": sorted(one.value for one in reach.channels),
        "choices": [
            {
                "kind": kind,
                "channel": channel,
                "rhythm": rhythm_for(kind, channel, reach.chosen, reach.channels),
            }
            for kind in CHOSEN_ABOUT
            for channel in Channel
        ],
        "quiet": quiet,
    }
