"""Absences with a stand-in, for programs: one's own, or those of whom one supervises."""

from typing import Any

from marshmallow import fields

from exchange.accounts.absence.models import Absence
from exchange.accounts.absence.queries import absences_of, colleagues_of
from exchange.accounts.absence.service import come_back, set_absence
from exchange.accounts.absence.views import worker_seen
from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Text, length
from exchange.kernel.clock import civil_date
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, house, read_session

blp = ApiBlueprint(
    "api_absences",
    __name__,
    title="Social workers",
    description="When a worker is away and who stands in; what is in their hands.",
)
Given = dict[str, Any]
WORKER = "/workers/<public_id:public_id>"


class WorkerRef(ApiSchema):
    """A social worker."""

    id = fields.String()
    name = fields.String()


class AbsenceSchema(ApiSchema):
    """From one day to another, both inclusive."""

    id = fields.String()
    stand_in = fields.Nested(WorkerRef)
    from_on = fields.Date()
    to_on = fields.Date()
    is_now = fields.Boolean(metadata={"description": "Whether the stand-in acts already."})


class AbsencesSchema(ApiSchema):
    """What has not ended, and who could stand in."""

    items = fields.List(fields.Nested(AbsenceSchema))
    colleagues = fields.List(
        fields.Nested(WorkerRef),
        metadata={"description": "Whoever serves the same points, or those above."},
    )


class AbsenceBody(ApiSchema):
    """Who acts meanwhile, and when."""

    stand_in = Text(required=True, validate=length(1, 20))
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)


@blp.get(f"{WORKER}/absences")
@access(BROKER)
@blp.answers(200, AbsencesSchema, "The absences")
def index(public_id: str) -> Given:
    """When a worker is away or will be: you, or somebody whom you supervise."""
    return _answer(public_id)


@blp.post(f"{WORKER}/absences")
@access(BROKER)
@blp.body(
    AbsenceBody, {"stand_in": "7k2mq9xw4tzr", "from_on": "2026-12-01", "to_on": "2026-12-05"}
)
@blp.answers(201, AbsencesSchema, "On record; whoever stands in is told")
def put(given: Given, public_id: str) -> Given:
    """Say when a worker is away. It begins at once where the first day has come.

    Days that overlap with an absence on record answer 422, so that sending it twice does no harm.
    """
    with acting() as act:
        set_absence(act, public_id, given["stand_in"], given["from_on"], given["to_on"])
    return _answer(public_id)


@blp.post(f"{WORKER}/absences/<public_id:absence_id>/end")
@access(BROKER)
@blp.answers(200, AbsencesSchema, "The worker is back, or does not go")
def end(public_id: str, absence_id: str) -> Given:
    """End an absence before its last day, or take one back."""
    worker_seen(public_id)
    with acting() as act:
        come_back(act, absence_id)
    return _answer(public_id)


def _answer(public_id: str) -> Given:
    person, session = worker_seen(public_id), read_session()
    today = civil_date(house().clock.now(), house().settings.time_zone)
    return {
        "items": [_told(one) for one in absences_of(session, [person.id], today)],
        "colleagues": [
            {"id": one.public_id, "name": one.name} for one in colleagues_of(session, person.id)
        ],
    }


def _told(one: Absence) -> Given:
    return {
        "id": one.public_id,
        "stand_in": {"id": one.stand_in.public_id, "name": one.stand_in.name},
        "from_on": one.from_on,
        "to_on": one.to_on,
        "is_now": one.begun_at is not None,
    }
