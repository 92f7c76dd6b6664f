"""The saved searches of a token's person.

Addresses of feeds are no part of it: they outlive a token, and a token makes no other token.
"""

from typing import Any

from exchange.alerts.models import SavedSearch
from exchange.alerts.queries import own_search, searches_of
from exchange.alerts.questions import read_question
from exchange.alerts.schemas import (
    EXAMPLE,
    SavedSearchPage,
    SavedSearchPatch,
    SavedSearchPost,
    SavedSearchSchema,
)
from exchange.alerts.service import change_search, delete_search, pause_search
from exchange.alerts.views import follow
from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.errors import Invalid
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_saved_searches",
    __name__,
    title="Saved searches",
    description="Questions that the person follows, and how often they are told of what is new.",
)


@blp.get("/saved-searches")
@access(SIGNED_IN)
@blp.answers(200, SavedSearchPage, "The person's saved searches")
def index() -> dict[str, Any]:
    """The searches you follow, the newest first; there are never more than one page."""
    found = searches_of(read_session(), current_actor().person_id or 0)
    return {"items": [_item(one) for one in found], "next_cursor": None}


@blp.post("/saved-searches")
@access(SIGNED_IN)
@blp.body(SavedSearchPost, EXAMPLE)
@blp.answers(201, SavedSearchSchema, "Followed from now on")
@blp.also_answers(200, SavedSearchSchema, "The question was followed already; nothing changed")
def create(given: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Follow a question from now on. What answers it already is not told."""
    asked = read_question(given["question"])
    if asked is None:
        raise Invalid("search_unreadable", fields={"question": ["search_unreadable"]})
    public_id, is_new = follow(asked, given["name"], given["rhythm"])
    return _read(public_id), 201 if is_new else 200


@blp.patch("/saved-searches/<public_id:public_id>")
@access(SIGNED_IN)
@blp.body(SavedSearchPatch, {"rhythm": "weekly"})
@blp.answers(200, SavedSearchSchema, "Changed")
def change(given: dict[str, Any], public_id: str) -> dict[str, Any]:
    """Give it another name or rhythm, pause it, or let it go on."""
    with acting() as act:
        change_search(act, public_id, given.get("name"), given.get("rhythm"))
        if "paused" in given:
            pause_search(act, public_id, paused=given["paused"])
    return _read(public_id)


@blp.delete("/saved-searches/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Followed no more")
def delete(public_id: str) -> None:
    """Follow it no more."""
    with acting() as act:
        delete_search(act, public_id)


def _read(public_id: str) -> dict[str, Any]:
    return _item(own_search(read_session(), current_actor().person_id, public_id))


def _item(search: SavedSearch) -> dict[str, Any]:
    return {
        "id": search.public_id,
        "name": search.name,
        "question": search.question,
        "rhythm": search.rhythm.value,
        "paused": search.paused_at is not None,
        "created_at": search.created_at,
        "last_told_at": search.last_told_at,
    }
