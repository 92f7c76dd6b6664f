"""Renewing, setting aside and bringing back, for programs."""

from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema
from exchange.listings.api import Answer, answer_with
from exchange.listings.models import Listing
from exchange.listings.publishing import park_listing, resume_listing
from exchange.listings.queries import seen_listing
from exchange.listings.renewal.renewing import renew_listing
from exchange.listings.schemas import ListingSchema
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor

blp = ApiBlueprint(
    "api_listing_renewal",
    __name__,
    title="Renewal of listings",
    description="Your own listings last longer, are set aside for a season, and come back.",
)
ONE = "/listings/<public_id:public_id>"


class ParkBody(ApiSchema):
    """Until when it is set aside."""

    until = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "It comes back by itself on this day; empty: it does not."},
    )


@blp.post(f"{ONE}/renew")
@access(SIGNED_IN)
@blp.answers(200, ListingSchema, "It lasts longer")
def renew(public_id: str) -> Answer:
    """Say that it is still needed: near its last day, or up to 60 days after it."""
    with acting() as act:
        renew_listing(act, seen_listing(act.session, act.actor, public_id))
    return answer_with(public_id, 200, current_actor())


@blp.post(f"{ONE}/park")
@access(SIGNED_IN)
@blp.body(ParkBody, {"until": "2027-03-01"})
@blp.answers(200, ListingSchema, "Set aside")
def park(given: dict[str, Any], public_id: str) -> Answer:
    """Set your own listing aside, for a season where you say until when."""
    with acting() as act:
        park_listing(act, seen_listing(act.session, act.actor, public_id), given["until"])
    return answer_with(public_id, 200, current_actor())


@blp.post(f"{ONE}/resume")
@access(SIGNED_IN)
@blp.answers(200, ListingSchema, "Back, or waiting for review")
def resume(public_id: str) -> Answer:
    """Bring back what was set aside."""
    with acting() as act:
        listing: Listing = seen_listing(act.session, act.actor, public_id)
        resume_listing(act, listing)
    return answer_with(public_id, 200, current_actor())
