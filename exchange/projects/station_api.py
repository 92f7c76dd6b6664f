"""What the station does with a project, and what else is done there, for programs."""

import sqlalchemy as sa

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid
from exchange.projects import schemas
from exchange.projects.api import ONE, Given, blp, done
from exchange.projects.changing import choose_worker, workers_for
from exchange.projects.models import Project
from exchange.projects.overlap_queries import Overlap, ground_of, overlap_with
from exchange.projects.permissions import may_supervise
from exchange.projects.publishing import hold_project
from exchange.projects.queries import seen_project
from exchange.projects.showing import looks_inside
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

ME = "me"


@blp.post(f"{ONE}/hold")
@access(SIGNED_IN)
@blp.body(schemas.ProjectHoldBody, {"held": True})
@blp.answers_nothing("Hidden, or shown again")
def hold(given: Given, public_id: str) -> None:
    """For supervisors of one of its places and operators: hide it while it is looked into.

    Its people and the social workers of its places see it meanwhile.
    """
    with acting() as act:
        project = seen_project(act.session, act.actor, public_id)
        hold_project(act, project, held=given["held"])


@blp.get(f"{ONE}/workers")
@access(BROKER)
@blp.answers(200, schemas.ProjectWorkersSchema, "Who may look after it")
def workers(public_id: str) -> Given:
    """For supervisors of one of its places: the social workers who serve its places."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    if not may_supervise(actor, project):
        raise Forbidden
    ids = sorted(workers_for(session, project))
    people = session.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id))
    return {"items": [schemas.worker_ref(one) for one in people]}


@blp.post(f"{ONE}/worker")
@access(BROKER)
@blp.body(schemas.ProjectWorkerBody, {"person": "7k2mq9xw4tzr"})
@blp.answers(200, schemas.ProjectSchema, "Looked after")
def choose(given: Given, public_id: str) -> Given:
    """Say who looks after it. Supervisors choose; a social worker of its places takes it where
    nobody does.
    """

    def work(act: Act, project: Project) -> None:
        choose_worker(act, project, _person(act, given["person"]))

    return done(public_id, work)


@blp.get(f"{ONE}/overlap")
@access(SIGNED_IN)
@blp.answers(200, schemas.ProjectOverlapSchema, "What else is done there")
def overlap(public_id: str) -> Given:
    """Projects, undertakings and needs that share a place and people with it. For its people, its
    social worker and those of its places; empty for others.
    """
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    inside = looks_inside(actor, project)
    found = overlap_with(session, actor, ground_of(project)) if inside else Overlap()
    return {"items": schemas.overlap_items(actor, found)}


def _person(act: Act, asked: str | None) -> int | None:
    if asked is None:
        return None
    if asked == ME:
        return act.actor.person_id
    found = act.session.scalar(sa.select(Person.id).where(Person.public_id == asked))
    if found is None:
        raise Invalid(fields={"person": ["unknown_reference"]})
    return found
