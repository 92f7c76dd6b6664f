"""An undertaking as programs send and read it."""

from collections.abc import Sequence
from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Text, between, length
from exchange.api.paging import PageSchema
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.kinds import State
from exchange.listings.models import Listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.permissions import is_inside, shown_parts
from exchange.listings.undertakings.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_PARTS,
    PartState,
    progress,
)
from exchange.listings.undertakings.states import part_states

EXAMPLE = {"name": "办一个茶叶加工坊", "needs": ["7k2mq9xw4tzr", "m4v8c2hd7yqa"]}
NEEDS = {"description": "Ids of needs of one owner that are in no undertaking yet."}
VERSION = {"description": "The version you have read; another one answers 409."}


class UndertakingPost(ApiSchema):
    """Needs to put together."""

    name = Text(required=True, validate=length(1, LONGEST_NAME))
    note = Text(load_default="", validate=length(0, LONGEST_NOTE))
    needs = fields.List(
        Text(validate=length(1, 20)),
        required=True,
        validate=length(1, MOST_PARTS),
        metadata=NEEDS,
    )


class UndertakingPatch(ApiSchema):
    """What is to change; what is left out stays."""

    name = Text(validate=length(1, LONGEST_NAME))
    note = Text(validate=length(0, LONGEST_NOTE))
    version = fields.Integer(strict=True, validate=between(0, 2**31), metadata=VERSION)


class UndertakingAddBody(ApiSchema):
    """Needs that come in."""

    needs = fields.List(
        Text(validate=length(1, 20)),
        required=True,
        validate=length(1, MOST_PARTS),
        metadata=NEEDS,
    )


class UndertakingPartSchema(ApiSchema):
    """One need of an undertaking."""

    need = fields.Nested(ListingRef)
    state = fields.String(metadata={"enum": [state.value for state in State]})
    progress = fields.String(
        allow_none=True,
        metadata={
            "enum": [*(state.value for state in PartState), None],
            "description": "How far it is; null for who does not look after the undertaking.",
        },
    )


class UndertakingSchema(ApiSchema):
    """An undertaking as this reader may know it. Needs they may not read in full are left out."""

    id = fields.String()
    name = fields.String()
    note = fields.String()
    organisation = fields.Nested(OrganisationRef)
    parts = fields.List(fields.Nested(UndertakingPartSchema))
    with_partner = fields.Integer(
        allow_none=True,
        metadata={
            "description": "How many needs have a partner or are met, and not only in part."
        },
    )
    counted = fields.Integer(
        allow_none=True, metadata={"description": "Of how many: those that have not ended unmet."}
    )
    version = fields.Integer(allow_none=True, metadata={"description": "Null for outsiders."})
    created_at = fields.DateTime()
    url = fields.String(metadata={"description": "The page of it on this site."})


class UndertakingPage(PageSchema):
    """Undertakings of the token's organisations."""

    items = fields.List(fields.Nested(UndertakingSchema))


def undertaking_item(
    session: Session,
    house: House,
    actor: Actor,
    undertaking: Undertaking,
    parts: Sequence[Listing],
    *,
    suggested: bool = True,
) -> dict[str, Any]:
    """An undertaking for this reader, who may know of it."""
    shown = shown_parts(actor, parts)
    inside = is_inside(actor, undertaking, parts)
    states = (
        part_states(session, house, actor, shown, suggested=suggested) if inside else {}
    )
    met, counted = progress(states.values())
    return {
        "id": undertaking.public_id,
        "name": undertaking.name,
        "note": undertaking.note,
        "organisation": organisation_ref(actor, undertaking.organisation),
        "parts": [
            {
                "need": listing_ref(actor, part),
                "state": part.state.value,
                "progress": states[part.id].value if part.id in states else None,
            }
            for part in shown
        ],
        "with_partner": met if inside else None,
        "counted": counted if inside else None,
        "version": undertaking.version if inside else None,
        "created_at": undertaking.created_at,
        "url": f"/undertakings/{undertaking.public_id}",
    }
