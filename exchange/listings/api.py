"""Posting, changing, reading and withdrawing listings for programs. Searching is discovery's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import request, url_for

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.organisations.directory import own_organisation
from exchange.api.blueprint import ApiBlueprint
from exchange.api.problems import PreconditionFailed
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Forbidden, Invalid
from exchange.listings.direct_posting import change_listing, post_listing
from exchange.listings.importing import door_of
from exchange.listings.merging.queries import kept_need
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.listings.queries import listing_by_external_id, seen_listing
from exchange.listings.schemas import (
    EXAMPLE,
    OUTSIDE,
    ListingPatch,
    ListingPost,
    ListingSchema,
    MergeBody,
    PostedSchema,
    UnmergeBody,
    listing_item,
    listing_ref,
    values_from,
)
from exchange.listings.service import (
    merge_needs,
    submit_listing,
    undo_merge,
    upsert_listing,
    withdraw_listing,
)
from exchange.listings.similar import similar_needs
from exchange.listings.values import values_of
from exchange.web.access import BROKER, PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_listings", __name__, title="Listings", description="Needs and offers, and their life."
)
Answer = tuple[dict[str, Any], int, dict[str, str]]


@blp.post("/listings")
@access(SIGNED_IN)
@blp.body(ListingPost, EXAMPLE)
@blp.answers(201, PostedSchema, "Posted")
@blp.also_answers(200, PostedSchema, "Changed: the external id was known")
def post(given: dict[str, Any]) -> Answer:
    """Post a need or an offer, or change the one with the same external id.

    A verified organisation's listing is published at once, another's waits for its station's
    review; see state. Posting the same again changes nothing. In similar stand needs of others that
    may be the same.
    """
    actor = _actor_for(given.get("organisation"))
    key = given.get("external_id") or given.get("id")
    with acting(actor) as act:
        before = listing_by_external_id(act.session, _organisation_id(act), key) if key else None
        with _outer_names():
            listing = _post(act, given, key)
        is_new = before is None and listing.created_at == act.now
        public_id = listing.public_id
    item, status, headers = answer_with(public_id, 201 if is_new else 200, actor)
    return {**item, "similar": _similar(actor, public_id)}, status, headers


@blp.get("/listings/<public_id:public_id>")
@access(PUBLIC)
@blp.answers(200, ListingSchema, "The listing")
def show(public_id: str) -> Answer:
    """One listing, as far as you may know it. ETag is its version."""
    return answer_with(public_id, 200, current_actor())


@blp.patch("/listings/<public_id:public_id>")
@access(SIGNED_IN)
@blp.body(ListingPatch, {"quantity": 24.5, "version": 3})
@blp.answers(200, ListingSchema, "Changed")
def change(given: dict[str, Any], public_id: str) -> Answer:
    """Change some fields of your own listing.

    Send If-Match with the ETag you have read (another version answers 412), or version in the body
    (409), so that nobody's change is lost.
    """
    with acting() as act:
        listing = seen_listing(act.session, act.actor, public_id, lock=True)
        if request.if_match and not request.if_match.contains(str(listing.version)):
            raise PreconditionFailed
        values = values_from(given, values_of(listing))
        if "visibility" not in given:
            values = replace(values, visibility=None)
        with _outer_names():
            change_listing(act, listing, values, given.get("version"))
    return answer_with(public_id, 200, current_actor())


@blp.post("/listings/<public_id:public_id>/submit")
@access(SIGNED_IN)
@blp.answers(200, ListingSchema, "Published, or waiting for review")
def submit(public_id: str) -> Answer:
    """Ask once more for publication, after the station gave the listing back."""
    with acting() as act:
        listing = seen_listing(act.session, act.actor, public_id)
        with _outer_names():
            submit_listing(act, listing, listing.visibility)
    return answer_with(public_id, 200, current_actor())


@blp.post("/listings/<public_id:public_id>/withdraw")
@access(SIGNED_IN)
@blp.answers(200, ListingSchema, "Withdrawn")
def withdraw(public_id: str) -> Answer:
    """Take your own listing back for good."""
    with acting() as act:
        withdraw_listing(act, seen_listing(act.session, act.actor, public_id))
    return answer_with(public_id, 200, current_actor())


@blp.post("/listings/<public_id:public_id>/merge")
@access(BROKER)
@blp.body(MergeBody, {"into": "7k2mq9xw4tzr", "version": 3, "into_version": 1})
@blp.answers(200, ListingSchema, "Merged; the answer is the merged need")
def merge(given: dict[str, Any], public_id: str) -> Answer:
    """Join a need with another one that asks for the same; that one is kept.

    For social workers who serve both places. The merged one leads to the kept one from now on, its
    owner is told, and it can be undone. It is refused (409) while a match goes on with it.
    """
    with acting() as act:
        merged = seen_listing(act.session, act.actor, public_id)
        kept = seen_listing(act.session, act.actor, given["into"])
        merge_needs(act, merged, kept, given.get("version"), given.get("into_version"))
    return answer_with(public_id, 200, current_actor())


@blp.post("/listings/<public_id:public_id>/unmerge")
@access(BROKER)
@blp.body(UnmergeBody, {"version": 4})
@blp.answers(200, ListingSchema, "It stands on its own again")
def unmerge(given: dict[str, Any], public_id: str) -> Answer:
    """Undo a merge: the need is again as it was before. The pair is not proposed again."""
    with acting() as act:
        merged = seen_listing(act.session, act.actor, public_id)
        undo_merge(act, merged, given.get("version"))
    return answer_with(public_id, 200, current_actor())


def _similar(actor: Actor, public_id: str) -> list[dict[str, Any]]:
    session = read_session()
    listing = seen_listing(session, actor, public_id)
    found = similar_needs(
        session, actor, listing.side, values_of(listing), listing.id, listing.organisation_id
    )
    return [listing_ref(actor, one) for one in found]


def _actor_for(organisation: str | None) -> Actor:
    """The actor for the organisation that the body names. Raises Invalid unless it is theirs."""
    actor = current_actor()
    if not organisation:
        return actor
    found = own_organisation(read_session(), actor.organisation_ids, organisation)
    if found is None or actor.person_id is None:
        raise Invalid(fields={"organisation": ["not_your_organisation"]})
    return replace(load_actor(read_session(), actor.person_id, found.id), scopes=actor.scopes)


def _organisation_id(act: Act) -> int:
    if act.actor.organisation_id is None:
        raise Forbidden
    return act.actor.organisation_id


def _post(act: Act, given: dict[str, Any], key: str | None) -> Listing:
    door, values = door_of(given), values_from(given)
    if key:
        return upsert_listing(act, _organisation_id(act), key, door, values)
    return post_listing(act, door, values)


@contextmanager
def _outer_names() -> Iterator[None]:
    """Name refused fields as the caller knows them."""
    try:
        yield
    except Invalid as error:
        fields = {OUTSIDE.get(name, name): codes for name, codes in error.fields.items()}
        raise Invalid(error.code, fields=fields, **error.params) from error


def answer_with(public_id: str, status: int, actor: Actor) -> Answer:
    """The listing as this reader may know it, with its version."""
    listing = seen_listing(read_session(), actor, public_id)
    headers = {"ETag": f'"{listing.version}"'}
    if status == 201:
        headers["Location"] = url_for("api_listings.show", public_id=public_id)
    kept = kept_need(read_session(), listing)
    item = listing_item(actor, listing)
    if kept is not None and can_see(actor, kept):
        item["merged_into"] = listing_ref(actor, kept)
    return item, status, headers
