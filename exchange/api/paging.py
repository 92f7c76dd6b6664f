"""Lists in pages: what every page of the API carries beside its items."""

from marshmallow import fields

from exchange.api.fields import ApiSchema, Text, between, length

MOST = 100
USUAL = 20


class PageQuery(ApiSchema):
    """Which part of a list."""

    limit = fields.Integer(
        load_default=USUAL,
        validate=between(1, MOST),
        metadata={"description": "How many items at most."},
    )
    cursor = Text(
        load_default=None,
        validate=length(0, 8000),
        metadata={"description": "next_cursor of the page before; leave it out for the first."},
    )


class PageSchema(ApiSchema):
    """One page of a list."""

    next_cursor = fields.String(
        allow_none=True,
        metadata={"description": "Send it as cursor for the next page; null at the end."},
    )
