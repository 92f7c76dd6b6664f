"""Entries of the audit as programs read them."""

from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, length
from exchange.api.paging import PageQuery, PageSchema


class AuditQuery(PageQuery):
    """Which entries."""

    about = Text(
        load_default="",
        validate=length(0, 300),
        metadata={"description": "The id of a listing, a match, an organisation or a person."},
    )
    event = Text(
        load_default="",
        validate=length(0, 80),
        metadata={"description": "The name of an act.", "example": "MatchProposed"},
    )
    since = fields.Date(load_default=None, metadata={"description": "From this day on."})
    until = fields.Date(load_default=None, metadata={"description": "Up to this day."})


class AuditSubjectSchema(ApiSchema):
    """Whom and what an entry concerns; null where the reader may not know it."""

    listing = fields.String(allow_none=True, metadata={"description": "The listing's id."})
    match = fields.String(allow_none=True, metadata={"description": "The match's id."})
    organisation = fields.String(allow_none=True, metadata={"description": "The owner's id."})
    division = fields.String(metadata={"description": "Where it counts; empty when nowhere."})


class AuditEntrySchema(ApiSchema):
    """One act. Personal values are not given out here."""

    id = fields.String()
    at = fields.DateTime()
    event = fields.String(metadata={"example": "MatchProposed"})
    label = fields.String(metadata={"description": "The same in the reader's language."})
    role = fields.String(metadata={"description": "In which role somebody acted."})
    by = fields.String(metadata={"description": "Who, as far as the reader may know."})
    origin = fields.String(metadata={"description": "The address of the network, job or command."})
    concerns = fields.List(fields.Nested(AuditSubjectSchema))
    changed = fields.List(
        fields.String(), metadata={"description": "Columns that changed, as table.column."}
    )


class AuditPage(PageSchema):
    """Entries, the newest first."""

    items = fields.List(fields.Nested(AuditEntrySchema))


class OwnAuditEntrySchema(ApiSchema):
    """Something that was done with the reader's own data."""

    id = fields.String()
    at = fields.DateTime()
    event = fields.String()
    label = fields.String(metadata={"description": "The same in the reader's language."})
    by = fields.String(metadata={"description": "You, an organisation, or the exchange."})
    role = fields.String(metadata={"description": "In which role somebody else acted."})


class OwnAuditPage(PageSchema):
    """What was done with the reader's own data, the newest first."""

    items = fields.List(fields.Nested(OwnAuditEntrySchema))
