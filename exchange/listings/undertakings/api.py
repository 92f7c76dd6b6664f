"""Undertakings for programs: several needs of one owner for one thing they want to do."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid, NotFound
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.undertakings.queries import (
    parts_by_undertaking,
    seen_undertaking,
    undertakings_of,
)
from exchange.listings.undertakings.schemas import (
    EXAMPLE,
    UndertakingAddBody,
    UndertakingPage,
    UndertakingPatch,
    UndertakingPost,
    UndertakingSchema,
    undertaking_item,
)
from exchange.listings.undertakings.service import (
    add_needs,
    change_undertaking,
    dissolve_undertaking,
    make_undertaking,
    remove_need,
)
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_undertakings",
    __name__,
    title="Undertakings",
    description="Several needs of one owner for one thing they want to do.",
)
Given = dict[str, Any]


@blp.get("/undertakings")
@access(SIGNED_IN)
@blp.answers(200, UndertakingPage, "Those of your organisations")
def index() -> Given:
    """The undertakings of your organisations, the one changed last first; never more than a page.

    progress tells here of matches only, not yet of suggestions.
    """
    session, actor = read_session(), current_actor()
    found = undertakings_of(session, actor.organisation_ids)
    parts = parts_by_undertaking(session, [one.id for one in found])
    items = [
        undertaking_item(session, house(), actor, one, parts[one.id], suggested=False)
        for one in found
    ]
    return {"items": items, "next_cursor": None}


@blp.post("/undertakings")
@access(SIGNED_IN)
@blp.body(UndertakingPost, EXAMPLE)
@blp.answers(201, UndertakingSchema, "Put together")
def create(given: Given) -> tuple[Given, int, dict[str, str]]:
    """Put needs of one owner together. Sent twice it is made once.

    For the owner's people, and for social workers who serve the places of all the needs.
    """
    with acting() as act:
        needs = _needs(act, given["needs"])
        public_id = make_undertaking(act, given["name"], given["note"], needs).public_id
    where = url_for("api_undertakings.show", public_id=public_id)
    return _read(public_id), 201, {"Location": where}


@blp.get("/undertakings/<public_id:public_id>")
@access(PUBLIC)
@blp.answers(200, UndertakingSchema, "The undertaking")
def show(public_id: str) -> Given:
    """One undertaking, as far as you may know it."""
    return _read(public_id)


@blp.patch("/undertakings/<public_id:public_id>")
@access(SIGNED_IN)
@blp.body(UndertakingPatch, {"name": "办一个茶叶加工坊", "version": 2})
@blp.answers(200, UndertakingSchema, "Changed")
def change(given: Given, public_id: str) -> Given:
    """Give it another name or note."""
    with acting() as act:
        change_undertaking(
            act, public_id, given.get("name"), given.get("note"), given.get("version")
        )
    return _read(public_id)


@blp.delete("/undertakings/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Dissolved")
def dissolve(public_id: str) -> None:
    """Take it apart; its needs stay as they are."""
    with acting() as act:
        dissolve_undertaking(act, public_id)


@blp.post("/undertakings/<public_id:public_id>/needs")
@access(SIGNED_IN)
@blp.body(UndertakingAddBody, {"needs": ["p5w9d3je8zrb"]})
@blp.answers(200, UndertakingSchema, "Put in")
def add(given: Given, public_id: str) -> Given:
    """Put further needs of the same owner in; what is in already stays."""
    with acting() as act:
        add_needs(act, public_id, _needs(act, given["needs"]))
    return _read(public_id)


@blp.delete("/undertakings/<public_id:public_id>/needs/<public_id:need_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Taken out")
def remove(public_id: str, need_id: str) -> None:
    """Let a need stand on its own again; the need itself stays as it is."""
    with acting() as act:
        remove_need(act, public_id, seen_listing(act.session, act.actor, need_id))


def _read(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    undertaking, parts = seen_undertaking(session, actor, public_id)
    return undertaking_item(session, house(), actor, undertaking, parts)


def _needs(act: Act, asked: Iterable[str]) -> list[Listing]:
    found = []
    for key in dict.fromkeys(asked):
        try:
            found.append(seen_listing(act.session, act.actor, key))
        except NotFound as error:
            raise Invalid(fields={"needs": ["unknown_reference"]}) from error
    return found
