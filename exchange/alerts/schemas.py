"""Saved searches as programs read and write them."""

from marshmallow import fields

from exchange.alerts.kinds import Rhythm
from exchange.alerts.questions import LONGEST_QUESTION
from exchange.alerts.rules import LONGEST_NAME
from exchange.api.fields import ApiSchema, Text, YesNo, length
from exchange.api.paging import PageSchema

QUESTION = "The parameters of the search page, as they stand in its address."
EXAMPLE = {"question": "q=冷链车&side=offer&division=520422", "rhythm": "daily"}


class SavedSearchSchema(ApiSchema):
    """A search that the person follows."""

    id = fields.String()
    name = fields.String()
    question = fields.String(metadata={"description": QUESTION, "example": EXAMPLE["question"]})
    rhythm = fields.String(metadata={"enum": [one.value for one in Rhythm]})
    paused = fields.Boolean()
    created_at = fields.DateTime()
    last_told_at = fields.DateTime(allow_none=True)


class SavedSearchPage(PageSchema):
    """Searches that the person follows."""

    items = fields.List(fields.Nested(SavedSearchSchema))


class SavedSearchPost(ApiSchema):
    """A question to follow from now on."""

    question = Text(
        required=True,
        validate=length(1, LONGEST_QUESTION),
        metadata={"description": QUESTION, "example": EXAMPLE["question"]},
    )
    name = Text(
        load_default="",
        validate=length(0, LONGEST_NAME),
        metadata={"description": "Left out: made from the question."},
    )
    rhythm = fields.Enum(Rhythm, by_value=fields.String(), load_default=Rhythm.DAILY)


class SavedSearchPatch(ApiSchema):
    """What is to change; what is left out stays."""

    name = Text(validate=length(1, LONGEST_NAME))
    rhythm = fields.Enum(Rhythm, by_value=fields.String())
    paused = YesNo()
