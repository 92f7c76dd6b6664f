"""Several matches at once for programs: each answers for itself."""

from datetime import date
from typing import Any

from marshmallow import fields

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, between, length
from exchange.brokering.board.bulk import MOST, BulkAct, Chosen, Done, Wish, carry_out
from exchange.brokering.board.postponing import LONGEST_NOTE
from exchange.brokering.centre.caseload_queries import workers
from exchange.brokering.centre.caseload_service import Receiver
from exchange.brokering.kinds import PostponeReason
from exchange.brokering.words import refuse_payments
from exchange.kernel.errors import Invalid
from exchange.web.access import BROKER, SUPERVISOR, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.sentences import sentence

blp = ApiBlueprint(
    "api_bulk",
    __name__,
    title="Several matches at once",
    description="Give to another worker, set aside until a day, take up again, remind. Each match "
    "is an act of its own; one that cannot be acted on keeps none of the others from it, and "
    "sending the same again does nothing more.",
)
Given = dict[str, Any]
EXAMPLE = [{"id": "7k2mq9xw4tzr", "version": 3}]


class ChosenSchema(ApiSchema):
    """A match; with the version that was read it is left out when it has moved on since."""

    id = Text(required=True, validate=length(1, 20))
    version = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=between(1, 10**9)
    )


class ManyBody(ApiSchema):
    """Which matches, each once."""

    matches = fields.List(
        fields.Nested(ChosenSchema), required=True, validate=length(1, MOST)
    )


class ManyAssignBody(ManyBody):
    """A worker, or a service point at which whoever has the fewest cases gets each."""

    worker = Text(load_default="", validate=length(0, 20))
    service_point = Text(load_default="", validate=length(0, 20))


class ManyPostponeBody(ManyBody):
    """Until which day, and why; the note is for social workers only."""

    day = fields.Date(required=True)
    reason = fields.Enum(PostponeReason, by_value=fields.String(), required=True)
    note = Text(load_default="", validate=length(0, LONGEST_NOTE))


class ItemSchema(ApiSchema):
    """What became of one match: ``done``, ``already`` so before, or ``left_out`` and why."""

    id = fields.String()
    result = fields.String(metadata={"enum": ["done", "already", "left_out"]})
    code = fields.String(allow_none=True)
    message = fields.String(allow_none=True)


class ManySchema(ApiSchema):
    """In the order that was sent; how many were done, were so already, were left out."""

    items = fields.List(fields.Nested(ItemSchema))
    done = fields.Integer()
    already = fields.Integer()
    left_out = fields.Integer()


@blp.post("/matches/bulk/assign")
@access(SUPERVISOR)
@blp.body(ManyAssignBody, {"matches": EXAMPLE, "worker": "m4v8c2hd7yqa"})
@blp.answers(200, ManySchema, "What became of each")
def assign(given: Given) -> Given:
    """Give live matches to a worker who serves their places."""
    if bool(given["worker"]) == bool(given["service_point"]):
        raise Invalid(fields={"worker": ["required"]})
    to = Receiver(worker=given["worker"], point=given["service_point"])
    some = workers(read_session()) if to.worker else []
    worker = next((one for one in some if one.public_id == to.worker), None)
    return _carry_out(Wish(BulkAct.ASSIGN, to=to, worker=worker), given)


@blp.post("/matches/bulk/postpone")
@access(BROKER)
@blp.body(ManyPostponeBody, {"matches": EXAMPLE, "day": "2026-12-07", "reason": "waits"})
@blp.answers(200, ManySchema, "What became of each")
def postpone(given: Given) -> Given:
    """Set live matches aside until a day; whatever a side does brings a match back at once."""
    refuse_payments(note=given["note"])
    wish = Wish(BulkAct.POSTPONE, given["day"], given["reason"], given["note"])
    return _carry_out(wish, given)


@blp.post("/matches/bulk/resume")
@access(BROKER)
@blp.body(ManyBody, {"matches": EXAMPLE})
@blp.answers(200, ManySchema, "What became of each")
def resume(given: Given) -> Given:
    """Take matches that were set aside up again before their day."""
    return _carry_out(Wish(BulkAct.RESUME), given)


@blp.post("/matches/bulk/remind")
@access(BROKER)
@blp.body(ManyBody, {"matches": EXAMPLE})
@blp.answers(200, ManySchema, "What became of each")
def remind(given: Given) -> Given:
    """Remind the sides of proposals that have not answered, each at most once in a day."""
    return _carry_out(Wish(BulkAct.REMIND), given)


def _carry_out(wish: Wish, given: Given) -> Given:
    chosen = {one["id"]: Chosen(one["id"], one["version"]) for one in given["matches"]}
    done = carry_out(read_session(), acting, current_actor(), wish, list(chosen.values()))
    items = [_item(one) for one in done]
    results = [one["result"] for one in items]
    return {
        "items": items,
        **{name: results.count(name) for name in ("done", "already", "left_out")},
    }


def _item(one: Done) -> Given:
    result = "left_out" if one.refusal else "done" if one.is_new else "already"
    params = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in one.params.items()
    }
    message = sentence(one.refusal, params) if one.refusal else None
    return {
        "id": one.chosen.public_id, "result": result, "code": one.refusal or None,
        "message": message,
    }  # fmt: skip
