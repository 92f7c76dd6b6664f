"""A social worker's day for programs: the same groups as on the page, and setting pairs aside."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema
from exchange.brokering.api import pair_ids
from exchange.brokering.desk.aside_rules import Until
from exchange.brokering.desk.aside_service import bring_back, set_aside
from exchange.brokering.desk.loading import ALL, FIRST, Area, Cases, load_area, load_cases
from exchange.brokering.desk.queries import Day
from exchange.brokering.desk.rules import OF_MATCHES, Group, Place, Wait
from exchange.brokering.models import Match
from exchange.brokering.schemas import MatchSummary, PairBody, match_summary
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing
from exchange.listings.schemas import ListingRef, listing_ref
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_desk",
    __name__,
    title="The day of a social worker",
    description="What waits for you today, and suggestions that you set aside for a while.",
)
Given = dict[str, Any]
OF_API = (*OF_MATCHES, Group.NEEDS, Group.EXPIRING, Group.WAITING)


class DeskItemSchema(ApiSchema):
    """One thing to do: of a match, or of a listing."""

    wait = fields.String(
        allow_none=True,
        metadata={"enum": [*(one.value for one in Wait), None], "description": "What for."},
    )
    since = fields.DateTime(allow_none=True)
    due_on = fields.Date(allow_none=True)
    rested_days = fields.Integer(metadata={"description": "0 where it has not rested for long."})
    silent_sides = fields.List(fields.String(), metadata={"description": "Who is to be called."})
    match = fields.Nested(MatchSummary, allow_none=True)
    listing = fields.Nested(ListingRef, allow_none=True)


class DeskGroupSchema(ApiSchema):
    """A group, its first items, and how many there are."""

    code = fields.String(metadata={"enum": [one.value for one in OF_API]})
    count = fields.Integer()
    items = fields.List(fields.Nested(DeskItemSchema))


class DeskSchema(ApiSchema):
    """The day, the most pressing group first; groups without anything are left out."""

    count = fields.Integer(metadata={"description": "How many things there are for you to do."})
    groups = fields.List(fields.Nested(DeskGroupSchema))


class DeskQuery(ApiSchema):
    """How much of it."""

    group = fields.Enum(
        Group, by_value=fields.String(), load_default=None,
        metadata={"description": f"One group of matches or needs, up to {ALL} of it."},
    )  # fmt: skip


class AsideBody(PairBody):
    """Until when."""

    until = fields.Enum(Until, by_value=fields.String(), load_default=Until.TOMORROW)


class AsideSchema(ApiSchema):
    """On which day the pair comes back by itself; null where it is not set aside."""

    until = fields.Date(allow_none=True)


@blp.get("/desk")
@access(BROKER)
@blp.query(DeskQuery)
@blp.answers(200, DeskSchema, "Your day")
def desk(asked: Given) -> Given:
    """What waits for you today, with those you stand in for. Suggestions stand elsewhere."""
    session, actor, only = read_session(), current_actor(), asked["group"]
    day = Day(house().clock.now(), house().settings.time_zone)
    cases = load_cases(session, actor, day, only)
    groups = _of_cases(actor, cases)
    if only is None:
        groups += _of_area(actor, load_area(session, house(), actor, day))
    wanted = [one for one in groups if only is None or one["code"] == only.value]
    return {"count": cases.count, "groups": wanted}


@blp.post("/desk/aside")
@access(BROKER)
@blp.body(AsideBody, {"need": "7k2mq9xw4tzr", "offer": "m4v8c2hd7yqa", "until": "next_week"})
@blp.answers(200, AsideSchema, "Set aside")
def aside(given: Given) -> Given:
    """Set a suggested pair aside, for yourself alone, until a day."""
    with acting() as act:
        return {"until": set_aside(act, *pair_ids(act, given), given["until"])}


@blp.post("/desk/aside/undo")
@access(BROKER)
@blp.body(PairBody, {"need": "7k2mq9xw4tzr", "offer": "m4v8c2hd7yqa"})
@blp.answers(200, AsideSchema, "It stands on your desk again")
def undo_aside(given: Given) -> Given:
    """Bring a pair back before its day."""
    with acting() as act:
        bring_back(act, *pair_ids(act, given))
    return {"until": None}


def _of_cases(actor: Actor, cases: Cases) -> list[Given]:
    groups = [
        _group(
            group,
            len(found),
            [
                _of_match(actor, one, cases.matches[one.match_id])
                for one in found
                if one.match_id in cases.matches
            ],
        )
        for group, found in cases.places.items()
    ]
    if cases.needs:
        needs = [_of_listing(actor, one.need) for one in cases.needs[:ALL]]
        groups.append(_group(Group.NEEDS, len(cases.needs), needs))
    return groups


def _of_area(actor: Actor, area: Area) -> list[Given]:
    groups = (
        _group(Group.EXPIRING, area.ending.count, _listings(actor, area.ending.listings)),
        _group(Group.WAITING, area.waiting.count, _listings(actor, area.waiting.listings)),
    )
    return [one for one in groups if one["count"]]


def _group(group: Group, count: int, items: Sequence[Mapping[str, Any]]) -> Given:
    return {"code": group.value, "count": count, "items": items}


def _listings(actor: Actor, listings: Sequence[Listing]) -> list[Given]:
    return [_of_listing(actor, one) for one in listings[:FIRST]]


def _of_match(actor: Actor, one: Place, match: Match) -> Given:
    return {
        "wait": one.wait.value,
        "since": one.since,
        "due_on": one.due_on,
        "rested_days": one.days,
        "silent_sides": [side.value for side in one.sides],
        "match": match_summary(actor, match),
        "listing": None,
    }


def _of_listing(actor: Actor, listing: Listing) -> Given:
    return {
        "wait": None,
        "since": listing.published_at,
        "due_on": listing.to_date,
        "rested_days": 0,
        "silent_sides": [],
        "match": None,
        "listing": listing_ref(actor, listing),
    }
