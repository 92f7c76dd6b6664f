"""For programs: the figures of a centre or station, what rests there, and giving cases away."""

from typing import Any

from marshmallow import fields

from exchange.accounts.points.centre_queries import point_supervised
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, length
from exchange.brokering.centre.caseload_service import Receiver, assign_match, assign_need
from exchange.brokering.centre.overview_cuts import scope_of
from exchange.brokering.centre.overview_queries import Moment, overview
from exchange.brokering.centre.overview_values import Figures, WorkerFigures, middle
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Invalid
from exchange.web.access import BROKER, SUPERVISOR, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_service_points",
    __name__,
    title="Service points",
    description="What a centre sees of its stations, and who has which case.",
)
Given = dict[str, Any]


class FiguresSchema(ApiSchema):
    """What is on hand. Spans in days, of the last 90; null where there is nothing to measure."""

    open_needs = fields.Integer()
    unclaimed_needs = fields.Integer(metadata={"description": "Nobody has taken up a pair."})
    live_matches = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "By state."}
    )
    unanswered = fields.Integer(metadata={"description": "Asked, and one has not answered."})
    overdue = fields.Integer(metadata={"description": "Something was due and has not come."})
    resting = fields.Integer(metadata={"description": "Supervisors were told of these."})
    median_days_to_claim = fields.Float(allow_none=True)
    median_days_to_answer = fields.Float(allow_none=True)
    oldest_unclaimed_at = fields.AwareDateTime(allow_none=True)
    oldest_unanswered_at = fields.AwareDateTime(allow_none=True)
    completed_30_days = fields.Integer()
    completed_90_days = fields.Integer()
    people_30_days = fields.Integer()
    people_90_days = fields.Integer()


class WorkerFiguresSchema(ApiSchema):
    """What one worker has in hand here."""

    id = fields.String()
    name = fields.String()
    matches = fields.Integer()
    needs = fields.Integer()
    limit = fields.Integer()
    is_away = fields.Boolean()


class OverviewSchema(ApiSchema):
    """The figures of a service point."""

    figures = fields.Nested(FiguresSchema)
    workers = fields.List(fields.Nested(WorkerFiguresSchema))


class AssignBody(ApiSchema):
    """A worker, or a service point at which whoever has the fewest cases gets it."""

    worker = Text(load_default="", validate=length(0, 20))
    service_point = Text(load_default="", validate=length(0, 20))


class AssignedSchema(ApiSchema):
    """Who has it now."""

    worker = fields.String()
    name = fields.String()


@blp.get("/service-points/<public_id:public_id>/overview")
@access(SUPERVISOR)
@blp.answers(200, OverviewSchema, "The figures")
def show(public_id: str) -> Given:
    """The figures of a centre, or of a station, that you supervise."""
    session, actor, now = read_session(), current_actor(), house().clock.now()
    point = point_supervised(session, actor, public_id)
    scope = scope_of(point, actor.supervises)
    found = overview(session, scope, Moment(now, civil_date(now, house().settings.time_zone)))
    return {
        "figures": _figures(found.whole),
        "workers": [_worker(one) for one in found.workers],
    }


@blp.post("/matches/<public_id:public_id>/assign")
@access(SUPERVISOR)
@blp.body(AssignBody, {"worker": "7k2mq9xw4tzr"})
@blp.answers(200, AssignedSchema, "Given")
def give_match(given: Given, public_id: str) -> Given:
    """Give a live match to a worker who serves the need's place, or take it over yourself."""
    with acting() as act:
        broker = assign_match(act, public_id, _receiver(given)).broker
        return {"worker": broker.public_id, "name": broker.name}


@blp.post("/listings/<public_id:public_id>/assign")
@access(BROKER)
@blp.body(AssignBody, {"worker": "7k2mq9xw4tzr"})
@blp.answers(200, AssignedSchema, "Given")
def give_need(given: Given, public_id: str) -> Given:
    """Put a need that nobody has taken up into a worker's hands; a worker: into their own."""
    with acting() as act:
        person = assign_need(act, public_id, _receiver(given)).person
        return {"worker": person.public_id, "name": person.name}


def _receiver(given: Given) -> Receiver:
    if bool(given["worker"]) == bool(given["service_point"]):
        raise Invalid(fields={"worker": ["required"]})
    return Receiver(worker=given["worker"], point=given["service_point"])


def _figures(one: Figures) -> Given:
    return {
        "open_needs": one.open_needs,
        "unclaimed_needs": one.unclaimed,
        "live_matches": {state.value: count for state, count in one.states.items()},
        "unanswered": one.unanswered,
        "overdue": one.overdue,
        "resting": one.told,
        "median_days_to_claim": middle(one.claim_days),
        "median_days_to_answer": middle(one.answer_days),
        "oldest_unclaimed_at": one.oldest_unclaimed,
        "oldest_unanswered_at": one.oldest_unanswered,
        **{f"completed_{days}_days": count for days, count in one.completed.items()},
        **{f"people_{days}_days": count for days, count in one.people.items()},
    }


def _worker(one: WorkerFigures) -> Given:
    return {
        "id": one.public_id,
        "name": one.name,
        "matches": one.matches,
        "needs": one.needs,
        "limit": one.limit,
        "is_away": one.is_away,
    }
