"""Bulletins for programs: read them; compose, edit and approve them; set their day."""

from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.discovery.bulletins.choosing import Question, choices, count_again, put_in
from exchange.discovery.bulletins.composing import compose_now
from exchange.discovery.bulletins.models import BulletinPlace
from exchange.discovery.bulletins.permissions import may_edit
from exchange.discovery.bulletins.place_service import (
    PlaceSettings,
    change_place,
    follow,
    open_place,
    unfollow,
)
from exchange.discovery.bulletins.queries import (
    managed_place,
    place_called,
    place_name,
    place_names,
    public_places,
    published,
    published_called,
    seen_bulletin,
)
from exchange.discovery.bulletins.rules import When
from exchange.discovery.bulletins.schemas import (
    PLACE_EXAMPLE,
    BulletinChoicePage,
    BulletinMoreQuery,
    BulletinPage,
    BulletinPatch,
    BulletinPlacePage,
    BulletinPlacePatch,
    BulletinPlacePost,
    BulletinPlaceSchema,
    BulletinPutIn,
    BulletinQuery,
    BulletinSchema,
    NoteBody,
    VersionBody,
    bulletin_item,
    choice_item,
    place_item,
)
from exchange.discovery.bulletins.service import (
    FIELDS,
    Order,
    Words,
    approve,
    arrange,
    drop,
    edit,
    send_back,
    submit,
)
from exchange.discovery.bulletins.showing import bulletin_view, bulletin_views
from exchange.kernel.errors import Invalid, NotFound
from exchange.web.access import BROKER, PUBLIC, SIGNED_IN, SUPERVISOR, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.locale import locale_code

blp = ApiBlueprint(
    "api_bulletins",
    __name__,
    title="Bulletins",
    description="The three lists of a place and a period, published on their day.",
)
Given = dict[str, Any]
USUAL = {"weekday": 0, "month_day": 1, "hour": 8, "editor": "", "needs_approval": True,
         "is_on": True}  # fmt: skip


@blp.get("/bulletins")
@access(PUBLIC)
@blp.query(BulletinQuery)
@blp.answers(200, BulletinPage, "What has come out")
def index(given: Given) -> Given:
    """What has come out, the newest first: of all places, of one, or of a division."""
    session, limit = read_session(), given["limit"]
    place = place_called(session, given["place"]) if given["place"] else None
    before = None
    if given["cursor"]:
        last = published_called(session, None, given["cursor"])
        if last is None or last.published_at is None:
            raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
        before = (last.published_at, last.id)
    found = published(
        session, place_id=place.id if place else None, prefix=given["division"], before=before,
        limit=limit + 1,
    )  # fmt: skip
    views = bulletin_views(session, house(), found[:limit], locale_code())
    return {
        "items": [
            bulletin_item(one, is_editor=may_edit(current_actor(), one.bulletin.place))
            for one in views
        ],
        "next_cursor": found[limit - 1].public_id if len(found) > limit else None,
    }


@blp.get("/bulletins/<public_id:public_id>")
@access(PUBLIC)
@blp.answers(200, BulletinSchema, "The issue")
def show(public_id: str) -> Given:
    """One issue; before it comes out, for those who edit it."""
    return _read(public_id)


@blp.patch("/bulletins/<public_id:public_id>")
@access(BROKER)
@blp.body(BulletinPatch, {"headline_zh": "春耕前还缺两台机器", "left_out": [3], "version": 1})
@blp.answers(200, BulletinSchema, "Changed")
def change(given: Given, public_id: str) -> Given:
    """Give an issue that waits other words, another order, or leave items out."""
    words = Words(**{name: given.get(name) for name in FIELDS})
    order = Order(given.get("order"), given.get("left_out"))
    with acting() as act:
        edit(act, public_id, words, given["version"], arrange(order))
    return _read(public_id)


@blp.get("/bulletins/<public_id:public_id>/more/<section>")
@access(BROKER)
@blp.query(BulletinMoreQuery)
@blp.answers(200, BulletinChoicePage, "What may be put in")
def more(given: Given, public_id: str, section: str) -> Given:
    """What else of its days belongs into a list of an issue and does not stand in it."""
    issue = seen_bulletin(read_session(), current_actor(), public_id)
    if not may_edit(current_actor(), issue.place):
        raise NotFound
    start, limit = _start(given["cursor"]), given["limit"]
    question = Question(section, given["q"], start, limit)
    found, follows = choices(read_session(), house(), issue, question, locale_code())
    return {
        "items": [choice_item(one) for one in found],
        "next_cursor": str(start + limit) if follows else None,
    }


def _start(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    return int(cursor)


@blp.post("/bulletins/<public_id:public_id>/items")
@access(BROKER)
@blp.body(BulletinPutIn, {"section": "needs", "keys": ["4k"], "version": 1})
@blp.answers(200, BulletinSchema, "They stand in it")
def put_more_in(given: Given, public_id: str) -> Given:
    """Put more of its days into a list, at its end; the figures are counted once more."""
    with acting() as act:
        put_in(act, public_id, given["section"], given["keys"], given["version"])
    return _read(public_id)


@blp.post("/bulletins/<public_id:public_id>/count")
@access(BROKER)
@blp.body(VersionBody, {"version": 2})
@blp.answers(200, BulletinSchema, "Counted")
def count(given: Given, public_id: str) -> Given:
    """Bring the figures up to this moment, as it also happens when the issue comes out."""
    with acting() as act:
        count_again(act, public_id, given["version"])
    return _read(public_id)


@blp.post("/bulletins/<public_id:public_id>/submit")
@access(BROKER)
@blp.body(VersionBody, {"version": 2})
@blp.answers(200, BulletinSchema, "Waits for approval")
def hand_in(given: Given, public_id: str) -> Given:
    """Hand an issue to those who approve it."""
    with acting() as act:
        submit(act, public_id, given["version"])
    return _read(public_id)


@blp.post("/bulletins/<public_id:public_id>/approve")
@access(SUPERVISOR)
@blp.body(VersionBody, {"version": 3})
@blp.answers(200, BulletinSchema, "It has come out")
def let_out(given: Given, public_id: str) -> Given:
    """Approve an issue: it comes out at once. Sent twice it comes out once."""
    with acting() as act:
        approve(act, public_id, given["version"])
    return _read(public_id)


@blp.post("/bulletins/<public_id:public_id>/send-back")
@access(SUPERVISOR)
@blp.body(NoteBody, {"note": "请把第三条去掉", "version": 3})
@blp.answers(200, BulletinSchema, "Back with its editor")
def give_back(given: Given, public_id: str) -> Given:
    """Send an issue back to its editor; one that has come out is taken down."""
    with acting() as act:
        send_back(act, public_id, given["note"], given["version"])
    return _read(public_id)


@blp.post("/bulletins/<public_id:public_id>/drop")
@access(SUPERVISOR)
@blp.body(VersionBody, {"version": 3})
@blp.answers(200, BulletinSchema, "It will not come out")
def let_go(given: Given, public_id: str) -> Given:
    """Drop an issue: what is new in it stands in the next one."""
    with acting() as act:
        drop(act, public_id, given["version"])
    return _read(public_id)


@blp.get("/bulletin-places")
@access(PUBLIC)
@blp.answers(200, BulletinPlacePage, "Places that have a bulletin")
def places() -> Given:
    """All places that have a bulletin, with their feeds; never more than one page."""
    session, actor = read_session(), current_actor()
    found = public_places(session)
    names = place_names(session, found, locale_code())
    items = [place_item(one, names[one.id], is_editor=may_edit(actor, one)) for one in found]
    return {"items": items, "next_cursor": None}


@blp.post("/bulletin-places")
@access(SUPERVISOR)
@blp.body(BulletinPlacePost, PLACE_EXAMPLE)
@blp.answers(201, BulletinPlaceSchema, "It has a bulletin from now on")
def open_one(given: Given) -> tuple[Given, int, dict[str, str]]:
    """Let a county, a township or a service point that you supervise have a bulletin."""
    with acting() as act:
        public_id = open_place(
            act, _settings({**USUAL, **given}), division_code=given["division_code"],
            point=given["service_point"],
        ).public_id  # fmt: skip
    return _place(public_id), 201, {"Location": url_for(".place", public_id=public_id)}


@blp.get("/bulletin-places/<public_id:public_id>")
@access(PUBLIC)
@blp.answers(200, BulletinPlaceSchema, "The place")
def place(public_id: str) -> Given:
    """One place that has a bulletin."""
    return _place(public_id)


@blp.patch("/bulletin-places/<public_id:public_id>")
@access(SUPERVISOR)
@blp.body(BulletinPlacePatch, {"weekday": 2, "version": 1})
@blp.answers(200, BulletinPlaceSchema, "Changed")
def change_one(given: Given, public_id: str) -> Given:
    """Give its bulletin another day, hour or editor; let it rest or go on."""
    with acting() as act:
        present = managed_place(act.session, act.actor, public_id, lock=True)
        kept = {name: getattr(present, name) for name in (*USUAL, "rhythm") if name != "editor"}
        kept["editor"] = present.editor.public_id if present.editor else ""
        change_place(act, public_id, _settings({**kept, **given}), given.get("version"))
    return _place(public_id)


@blp.post("/bulletin-places/<public_id:public_id>/compose")
@access(SUPERVISOR)
@blp.answers(201, BulletinSchema, "Composed")
def compose(public_id: str) -> tuple[Given, int, dict[str, str]]:
    """Compose an issue at once; asked again on the same day it is the same issue."""
    with acting() as act:
        made = compose_now(act, public_id).public_id
    return _read(made), 201, {"Location": url_for(".show", public_id=made)}


@blp.post("/bulletin-places/<public_id:public_id>/follow")
@access(SIGNED_IN)
@blp.answers_nothing("Followed")
def follow_one(public_id: str) -> None:
    """Be told when an issue comes out."""
    with acting() as act:
        follow(act, public_id)


@blp.delete("/bulletin-places/<public_id:public_id>/follow")
@access(SIGNED_IN)
@blp.answers_nothing("Followed no more")
def unfollow_one(public_id: str) -> None:
    """Be told no more."""
    with acting() as act:
        unfollow(act, public_id)


def _settings(given: Given) -> PlaceSettings:
    when = When(given["rhythm"], given["weekday"], given["month_day"], given["hour"])
    return PlaceSettings(when, given["editor"], given["needs_approval"], given["is_on"])


def _read(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    issue = seen_bulletin(session, actor, public_id)
    is_editor = may_edit(actor, issue.place)
    view = bulletin_view(session, house(), issue, locale_code(), all_items=is_editor)
    return bulletin_item(view, is_editor=is_editor)


def _place(public_id: str) -> Given:
    session = read_session()
    found: BulletinPlace = place_called(session, public_id)
    name = place_name(session, found, locale_code())
    return place_item(found, name, is_editor=may_edit(current_actor(), found))
