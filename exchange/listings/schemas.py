"""A listing as programs send and read it. The fields are those of the exchange format."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields

from exchange.accounts.labels import KINDS
from exchange.accounts.schemas import OrganisationRef, organisation_ref
from exchange.api.fields import ApiSchema, Quantity, Text, YesNo, between, length
from exchange.kernel.actor import Actor
from exchange.listings.cards import (
    listing_url,
    shown_groups,
    shown_place,
    shown_text,
    shown_title,
)
from exchange.listings.kinds import Form, Side, State, Urgency, Visibility
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details, sees_owner
from exchange.listings.values import ListingValues
from exchange.taxonomy.terms import Terms

# Where the outer name differs from the one inside.
INSIDE = {
    "category": "category_code",
    "division": "division_code",
    "public_division": "public_division_code",
    "quantity": "quantity_milli",
    "lot": "lot_milli",
    "whole": "is_whole",
    "serves": "coverage",
}
OUTSIDE = {inner: outer for outer, inner in INSIDE.items()}
DEFAULTS = ListingValues()
EXAMPLE = {
    "side": "need",
    "title": "刺梨鲜果要冷链车",
    "text": "九月中旬起每天两吨鲜果，要冷链车送到贵阳。",
    "category": "logistics.coldchain",
    "division": "520422102243",
    "quantity": 30,
    "unit": "车次",
    "terms": "subsidised",
    "to_date": "2027-09-30",
    "beneficiaries": ["general"],
    "external_id": "need-17",
}


class ListingContent(ApiSchema):
    """What an author may say. Null, like leaving out at first posting, means the usual."""

    title = Text(
        allow_none=True,
        validate=length(0, 1000),
        metadata={"description": "At most 120 characters; made from the text if left out."},
    )
    text = Text(
        allow_none=True,
        validate=length(0, 20_000),
        metadata={"description": "At most 5,000 characters, without contact or payment data."},
    )
    category = Text(
        allow_none=True, validate=length(0, 40), metadata={"description": "See /categories."}
    )
    division = Text(
        allow_none=True,
        validate=length(0, 12),
        metadata={"description": "Official code, 6, 9 or 12 digits. See /divisions."},
    )
    quantity = Quantity(
        allow_none=True,
        metadata={"description": "A number, or a decimal text; at most three decimals."},
    )
    unit = Text(allow_none=True, validate=length(0, 40))
    lot = Quantity(
        allow_none=True,
        metadata={"description": "The least that one partner takes or gives, in the same unit."},
    )
    whole = YesNo(
        allow_none=True, metadata={"description": "One partner takes or gives all of it."}
    )
    terms = fields.Enum(Terms, by_value=fields.String(), allow_none=True)
    serves = fields.List(
        Text(validate=length(0, 12)),
        allow_none=True,
        validate=length(0, 100),
        metadata={"description": "Of an offer: prefixes of divisions it reaches, or CN."},
    )
    from_date = fields.Date(allow_none=True)
    to_date = fields.Date(allow_none=True, metadata={"description": "The last day, inclusive."})
    urgency = fields.Enum(Urgency, by_value=fields.String(), allow_none=True)
    beneficiaries = fields.List(
        Text(validate=length(0, 40)), allow_none=True, validate=length(0, 20)
    )
    visibility = fields.Enum(
        Visibility,
        by_value=fields.String(),
        allow_none=True,
        metadata={"description": "Left out: what the rules say by default."},
    )
    licence = Text(allow_none=True, validate=length(0, 1000))
    public_title = Text(
        allow_none=True,
        validate=length(0, 1000),
        metadata={"description": "What others read instead of title and text."},
    )
    public_division = Text(
        allow_none=True,
        validate=length(0, 12),
        metadata={"description": "What others read instead of division: one that contains it."},
    )


class ListingPost(ListingContent):
    """A listing to post, or to change where the external id is known already."""

    side = fields.Enum(Side, by_value=fields.String(), required=True)
    external_id = Text(
        allow_none=True,
        validate=length(0, 200),
        metadata={"description": "Your own key: the same one again changes instead of doubling."},
    )
    organisation = Text(
        allow_none=True,
        validate=length(0, 80),
        metadata={"description": "Id or external id of one of yours; left out: the token's."},
    )
    id = Text(
        allow_none=True,
        validate=length(0, 200),
        metadata={"description": "As in a row of a file: the external id, where that is missing."},
    )
    lang = fields.Raw(
        allow_none=True, metadata={"description": "Accepted and not used: the text tells."}
    )


class ListingPatch(ListingContent):
    """The fields to change; the others stay."""

    version = fields.Integer(
        strict=True,
        validate=between(0, 2**31),
        metadata={"description": "The version you have read; another one answers 409."},
    )


class ListingRef(ApiSchema):
    """A listing in short."""

    id = fields.String(metadata={"example": "7k2mq9xw4tzr"})
    external_id = fields.String(
        allow_none=True,
        metadata={
            "description": "Null where you read a public title or place only.",
            "example": "need-17",
        },
    )
    title = fields.String()
    side = fields.String(metadata={"enum": [side.value for side in Side]})
    form = fields.String(
        metadata={
            "enum": [form.value for form in Form],
            "description": "availability: a volunteer's time, kept in step with what they say.",
        }
    )


class MergeBody(ApiSchema):
    """Which need is kept, and the versions that were read."""

    into = Text(
        required=True,
        validate=length(1, 20),
        metadata={"description": "Id of the need that is kept and stands for both."},
    )
    version = fields.Integer(strict=True, validate=between(0, 2**31))
    into_version = fields.Integer(strict=True, validate=between(0, 2**31))


class UnmergeBody(ApiSchema):
    """The version of the merged need that was read."""

    version = fields.Integer(strict=True, validate=between(0, 2**31))


class ListingSchema(ListingRef):
    """A listing as this reader may know it."""

    state = fields.String(metadata={"enum": [state.value for state in State]})
    text = fields.String(metadata={"description": "Empty where only a public title is shown."})
    category = fields.String(allow_none=True)
    division = fields.String(allow_none=True)
    quantity = Quantity(allow_none=True)
    remaining = Quantity(
        allow_none=True, metadata={"description": "What no match has taken; null without quantity."}
    )
    unit = fields.String(allow_none=True)
    lot = Quantity(allow_none=True)
    whole = fields.Boolean()
    terms = fields.String(metadata={"enum": [terms.value for terms in Terms]})
    serves = fields.List(fields.String())
    from_date = fields.Date(allow_none=True)
    to_date = fields.Date(allow_none=True)
    urgency = fields.String(metadata={"enum": [urgency.value for urgency in Urgency]})
    beneficiaries = fields.List(
        fields.String(), metadata={"description": "In general terms where details are hidden."}
    )
    visibility = fields.String(metadata={"enum": [one.value for one in Visibility]})
    organisation = fields.Nested(
        OrganisationRef,
        metadata={"description": "Its kind alone where its name would tell a hidden place."},
    )
    licence = fields.String(allow_none=True, metadata={"description": "For the owner."})
    public_title = fields.String(allow_none=True, metadata={"description": "For the owner."})
    public_division = fields.String(allow_none=True, metadata={"description": "For the owner."})
    parked_until = fields.Date(
        allow_none=True, metadata={"description": "When it comes back by itself; to its owner."}
    )
    review_note = fields.String(
        allow_none=True, metadata={"description": "For the owner: why the station gave it back."}
    )
    version = fields.Integer()
    created_at = fields.DateTime()
    updated_at = fields.DateTime()
    published_at = fields.DateTime(allow_none=True)
    url = fields.String(metadata={"description": "The page of it on this site."})
    merged_into = fields.Nested(
        ListingRef,
        metadata={"description": "Only of a merged need, where you may see the one that was kept."},
    )


class PostedSchema(ListingSchema):
    """A listing as it was posted, and needs that may be the same."""

    similar = fields.List(
        fields.Nested(ListingRef),
        metadata={
            "description": "Open needs nearby that seem to ask for the same. It was posted all the "
            "same; withdraw it if it is one of these."
        },
    )


def values_from(given: Mapping[str, Any], present: ListingValues = DEFAULTS) -> ListingValues:
    """The present values with what was sent in their place; null means the usual."""
    changes: dict[str, Any] = {}
    for outer in ListingContent._declared_fields:
        if outer in given:
            name, value = INSIDE.get(outer, outer), given[outer]
            kept = getattr(DEFAULTS, name) if value is None else value
            changes[name] = tuple(kept) if isinstance(kept, list) else kept
    return replace(present, **changes)


def listing_ref(actor: Actor, listing: Listing) -> dict[str, Any]:
    """A listing in short, as this reader may know it."""
    return {
        "id": listing.public_id,
        "external_id": listing.external_id if sees_details(actor, listing) else None,
        "title": shown_title(actor, listing),
        "side": listing.side.value,
        "form": listing.form.value,
    }


def listing_item(actor: Actor, listing: Listing) -> dict[str, Any]:
    """A listing as this reader may know it. The caller has made sure that they may see it."""
    return {
        **listing_ref(actor, listing),
        **_content(actor, listing),
        **_owners_own(actor, listing),
        "state": listing.state.value,
        "organisation": _owner(actor, listing),
        "version": listing.version,
        "created_at": listing.created_at,
        "updated_at": listing.updated_at,
        "published_at": listing.published_at,
        "url": listing_url(listing),
    }


def _owner(actor: Actor, listing: Listing) -> dict[str, Any]:
    """Whose it is; the kind alone where the name would tell a place that others shall not read."""
    owner = listing.organisation
    ref = organisation_ref(actor, owner)
    if sees_owner(actor, listing):
        return ref
    return {**ref, "id": None, "external_id": None, "name": str(KINDS[owner.kind])}


def _content(actor: Actor, listing: Listing) -> dict[str, Any]:
    return {
        "text": shown_text(actor, listing),
        "category": listing.category_code,
        "division": shown_place(actor, listing),
        "quantity": listing.quantity_milli,
        "remaining": listing.remaining_milli,
        "unit": listing.unit,
        "lot": listing.lot_milli,
        "whole": listing.is_whole,
        "terms": listing.terms.value,
        "serves": list(listing.serves),
        "from_date": listing.from_date,
        "to_date": listing.to_date,
        "urgency": listing.urgency.value,
        "beneficiaries": list(shown_groups(actor, listing)),
        "visibility": listing.visibility.value,
    }


def _owners_own(actor: Actor, listing: Listing) -> dict[str, Any]:
    own = actor.belongs_to(listing.organisation_id)
    return {
        "licence": listing.licence if own else None,
        "public_title": listing.public_title if own else None,
        "public_division": listing.public_division_code if own else None,
        "review_note": listing.review_note if own else None,
        "parked_until": listing.parked_until if own else None,
    }
