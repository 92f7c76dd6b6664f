"""Projects for programs: list, read, begin, change, and take through their life."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import url_for

from exchange.accounts.queries import organisation_by_public_id
from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.projects import schemas
from exchange.projects.asking import FILTERS, read_asked
from exchange.projects.budget import add_budget_line, change_budget_line, remove_budget_line
from exchange.projects.changing import change_project, go_to_stage
from exchange.projects.list_queries import listed_projects
from exchange.projects.making import Beginning, discard_project, make_project
from exchange.projects.milestones import (
    Step,
    add_milestone,
    change_milestone,
    reach_milestone,
    remove_milestone,
)
from exchange.projects.models import Project
from exchange.projects.needs import add_needs, remove_need
from exchange.projects.origins import Origin, match_reader
from exchange.projects.partnering import (
    answer_invitation,
    invite_partner,
    invited_project,
    leave_project,
    remove_partner,
)
from exchange.projects.publishing import (
    approve_project,
    return_project,
    submit_project,
    withdraw_project,
)
from exchange.projects.queries import needs_of, seen_project
from exchange.projects.templates import outline_of
from exchange.projects.values import ProjectValues, values_of
from exchange.web.access import BROKER, PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.locale import locale_code

blp = ApiBlueprint(
    "api_projects",
    __name__,
    title="Projects",
    description="Longer undertakings with a plan, partners, a budget and the needs they take.",
)
Given = dict[str, Any]
ONE = "/projects/<public_id:public_id>"


@blp.get("/projects")
@access(PUBLIC)
@blp.query(schemas.ProjectQuery)
@blp.answers(200, schemas.ProjectPage, "Published projects, the newest first")
def index(given: Given) -> Given:
    """Projects that stand before others and that you may see."""
    session, actor, limit = read_session(), current_actor(), given["limit"]
    asked, ignored = read_asked({name: [given[name]] for name in FILTERS})
    if ignored:
        raise Invalid(fields={name: ["field_choice"] for name in ignored})
    after = None
    if given["cursor"]:
        try:
            after = seen_project(session, actor, given["cursor"])
        except NotFound as error:
            raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]}) from error
    found = listed_projects(session, actor, asked, limit + 1, after)
    needs = needs_of(session, [one.id for one in found[:limit]]) if found else {}
    more = found[limit - 1].public_id if len(found) > limit else None
    items = [schemas.project_item(actor, one, needs.get(one.id, ())) for one in found[:limit]]
    return {"items": items, "next_cursor": more}


@blp.post("/projects")
@access(SIGNED_IN)
@blp.body(schemas.ProjectPost, schemas.EXAMPLE)
@blp.answers(201, schemas.ProjectSchema, "Begun")
def create(given: Given) -> tuple[Given, int, dict[str, str]]:
    """Begin a project of your organisation, or from a match: a draft. Sent twice it is made once.

    From a match on which both sides know each other: for either side, which leads, or its social
    worker, who writes it for the need's side. The other side is asked to take part.
    """
    with acting() as act, _outer_names():
        origin = _origin(act, given["match"])
        leader = origin.leader_id if origin else act.actor.organisation_id
        if leader is None:
            raise Forbidden
        outline = outline_of(given["template"], locale_code()) if given["outline"] else None
        own = origin.needs if origin else ()
        beginning = Beginning(
            given["template"], outline,
            needs=tuple(dict.fromkeys((*own, *_needs(act, given["needs"])))),
            met=origin.met if origin else (),
            partners=origin.partners if origin else (),
            by_worker=origin.by_worker if origin else False,
        )  # fmt: skip
        values = schemas.values_from(given, _first_values(origin))
        public_id = make_project(act, leader, values, beginning).public_id
    where = url_for("api_projects.show", public_id=public_id)
    return item_of(public_id), 201, {"Location": where}


@blp.get(ONE)
@access(PUBLIC)
@blp.answers(200, schemas.ProjectSchema, "The project")
def show(public_id: str) -> Given:
    """One project, as far as you may know it."""
    return item_of(public_id)


@blp.patch(ONE)
@access(SIGNED_IN)
@blp.body(schemas.ProjectPatch, {"aim": "带动 80 户。", "version": 3})
@blp.answers(200, schemas.ProjectSchema, "Changed")
def change(given: Given, public_id: str) -> Given:
    """Change what it says. Other words of an organisation that is not verified are reviewed."""

    def work(act: Act, project: Project) -> None:
        values = schemas.values_from(given, values_of(project))
        change_project(act, project, values, given.get("version"))

    return done(public_id, work)


@blp.delete(ONE)
@access(SIGNED_IN)
@blp.answers_nothing("Thrown away")
def discard(public_id: str) -> None:
    """Throw a draft away that was never shown; its needs stay."""
    with acting() as act:
        discard_project(act, seen_project(act.session, act.actor, public_id))


@blp.post(f"{ONE}/submit")
@access(SIGNED_IN)
@blp.body(schemas.ProjectVersionBody, {"version": 2})
@blp.answers(200, schemas.ProjectSchema, "Published, or waiting for review")
def submit(given: Given, public_id: str) -> Given:
    """Ask for it to be shown: at once for verified organisations unless the site reviews them."""
    return done(public_id, lambda act, one: submit_project(act, one, given.get("version")))


@blp.post(f"{ONE}/withdraw")
@access(SIGNED_IN)
@blp.answers(200, schemas.ProjectSchema, "Taken back")
def withdraw(public_id: str) -> Given:
    """Take it back; it can be submitted again."""
    return done(public_id, withdraw_project)


@blp.post(f"{ONE}/approve")
@access(BROKER)
@blp.body(schemas.ProjectVersionBody, {"version": 2})
@blp.answers(200, schemas.ProjectSchema, "Published")
def approve(given: Given, public_id: str) -> Given:
    """For social workers who serve one of its places: show it to others."""
    return done(public_id, lambda act, one: approve_project(act, one, given.get("version")))


@blp.post(f"{ONE}/return")
@access(BROKER)
@blp.body(schemas.ProjectReturnBody, {"note": "请写清楚在哪个村。", "version": 2})
@blp.answers(200, schemas.ProjectSchema, "Given back")
def give_back(given: Given, public_id: str) -> Given:
    """For social workers who serve one of its places: give it back with a note."""
    return done(
        public_id,
        lambda act, one: return_project(act, one, given["note"], given.get("version")),
    )


@blp.post(f"{ONE}/stage")
@access(SIGNED_IN)
@blp.body(schemas.ProjectStageBody, {"stage": "running"})
@blp.answers(200, schemas.ProjectSchema, "At that stage")
def stage(given: Given, public_id: str) -> Given:
    """Take it to another stage. Stopping needs a reason; evaluating is an act of its own."""
    return done(
        public_id,
        lambda act, one: go_to_stage(
            act, one, given["stage"], given["reason"], given.get("version")
        ),
    )


@blp.post(f"{ONE}/partners")
@access(SIGNED_IN)
@blp.body(schemas.ProjectPartnerBody, {"organisation": "7k2mq9xw4tzr", "role": "partner"})
@blp.answers(200, schemas.ProjectSchema, "Asked")
def invite(given: Given, public_id: str) -> Given:
    """Ask an organisation to take part. Others read of it only after a yes."""

    def work(act: Act, project: Project) -> None:
        organisation = organisation_by_public_id(act.session, given["organisation"])
        if organisation is None:
            raise Invalid(fields={"organisation": ["unknown_reference"]})
        invite_partner(act, project, organisation, given["role"])

    return done(public_id, work)


@blp.delete(f"{ONE}/partners/<public_id:organisation_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Takes part no longer")
def remove_one(public_id: str, organisation_id: str) -> None:
    """Take an invitation back, or part with a partner."""
    with acting() as act:
        project = seen_project(act.session, act.actor, public_id)
        organisation = organisation_by_public_id(act.session, organisation_id)
        if organisation is None:
            raise NotFound
        remove_partner(act, project, organisation.id)


@blp.post(f"{ONE}/invitation")
@access(SIGNED_IN)
@blp.body(schemas.ProjectAnswerBody, {"accept": True})
@blp.answers_nothing("Answered")
def answer(given: Given, public_id: str) -> None:
    """Your organisation was asked to take part: say yes or no."""
    with acting() as act:
        project, organisation_id = invited_project(act.session, act.actor, public_id)
        answer_invitation(act, project, organisation_id, yes=given["accept"])


@blp.post(f"{ONE}/leave")
@access(SIGNED_IN)
@blp.answers_nothing("Left")
def leave(public_id: str) -> None:
    """Your organisation takes part no longer."""
    with acting() as act:
        project, organisation_id = invited_project(act.session, act.actor, public_id)
        leave_project(act, project, organisation_id)


@blp.post(f"{ONE}/milestones")
@access(SIGNED_IN)
@blp.body(schemas.ProjectMilestoneBody, {"title": "第一批上市", "due_on": "2027-05-01"})
@blp.answers(200, schemas.ProjectSchema, "Put into the plan")
def put_milestone(given: Given, public_id: str) -> Given:
    """Put a step into the plan; the same sent twice stands there once."""
    step = Step(given["title"], given["due_on"])
    return done(public_id, lambda act, one: add_milestone(act, one, step))


@blp.patch(f"{ONE}/milestones/<public_id:milestone_id>")
@access(SIGNED_IN)
@blp.body(schemas.ProjectMilestonePatch, {"done_on": "2027-04-28"})
@blp.answers(200, schemas.ProjectSchema, "Changed")
def patch_milestone(given: Given, public_id: str, milestone_id: str) -> Given:
    """Say a step otherwise, or that it was reached on a day."""

    def work(act: Act, project: Project) -> None:
        kept = next((one for one in project.milestones if one.public_id == milestone_id), None)
        if kept is None:
            raise NotFound
        step = Step(given.get("title", kept.title), given.get("due_on", kept.due_on))
        change_milestone(act, project, milestone_id, step, given.get("version"))
        if "done_on" in given:
            reach_milestone(act, project, milestone_id, given["done_on"])

    return done(public_id, work)


@blp.delete(f"{ONE}/milestones/<public_id:milestone_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Taken out")
def drop_milestone(public_id: str, milestone_id: str) -> None:
    """Take a step out of the plan."""
    done(public_id, lambda act, one: remove_milestone(act, one, milestone_id))


@blp.post(f"{ONE}/budget")
@access(SIGNED_IN)
@blp.body(schemas.ProjectBudgetBody, {"purpose": "包装设计", "planned_fen": 3_000_000})
@blp.answers(200, schemas.ProjectSchema, "Put into the budget")
def put_budget(given: Given, public_id: str) -> Given:
    """Plan a sum; the same sent twice stands there once."""
    return done(
        public_id,
        lambda act, one: add_budget_line(act, one, given["purpose"], given["planned_fen"]),
    )


@blp.patch(f"{ONE}/budget/<public_id:line_id>")
@access(SIGNED_IN)
@blp.body(schemas.ProjectBudgetPatch, {"planned_fen": 3_500_000})
@blp.answers(200, schemas.ProjectSchema, "Changed")
def patch_budget(given: Given, public_id: str, line_id: str) -> Given:
    """Plan another sum, or say the purpose otherwise."""

    def work(act: Act, project: Project) -> None:
        kept = next((one for one in project.budget if one.public_id == line_id), None)
        if kept is None:
            raise NotFound
        purpose = given.get("purpose", kept.purpose)
        planned = given.get("planned_fen", kept.planned_fen)
        change_budget_line(act, project, line_id, purpose, planned, given.get("version"))

    return done(public_id, work)


@blp.delete(f"{ONE}/budget/<public_id:line_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Taken out")
def drop_budget(public_id: str, line_id: str) -> None:
    """Plan nothing for it any more."""
    done(public_id, lambda act, one: remove_budget_line(act, one, line_id))


@blp.post(f"{ONE}/needs")
@access(SIGNED_IN)
@blp.body(schemas.ProjectNeedsBody, {"needs": ["p5w9d3je8zrb"]})
@blp.answers(200, schemas.ProjectSchema, "Put in")
def put_needs(given: Given, public_id: str) -> Given:
    """Put open needs of those who take part into the project."""
    return done(public_id, lambda act, one: add_needs(act, one, _needs(act, given["needs"])))


@blp.delete(f"{ONE}/needs/<public_id:need_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Taken out")
def drop_need(public_id: str, need_id: str) -> None:
    """Let a need stand on its own again; the need itself stays as it is."""
    done(
        public_id,
        lambda act, one: remove_need(act, one, seen_listing(act.session, act.actor, need_id)),
    )


def done(public_id: str, work: Callable[[Act, Project], Any]) -> Given:
    """Do one act with the project, and read it anew."""
    with acting() as act, _outer_names():
        work(act, seen_project(act.session, act.actor, public_id))
    return item_of(public_id)


def item_of(public_id: str) -> Given:
    """The project as the caller may know it."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    needs = needs_of(session, [project.id]).get(project.id, [])
    return schemas.project_item(actor, project, needs)


def _origin(act: Act, asked: str) -> Origin | None:
    if not asked:
        return None
    read, refusal = match_reader(act.house), Invalid(fields={"match": ["unknown_reference"]})
    if read is None:
        raise refusal
    try:
        return read(act.session, act.actor, asked)
    except NotFound as error:
        raise refusal from error


def _first_values(origin: Origin | None) -> ProjectValues:
    """What stands in it where the body says nothing."""
    if origin is None:
        return ProjectValues()
    return ProjectValues(
        category_code=origin.category_code, beneficiaries=origin.groups, places=origin.places
    )


def _needs(act: Act, asked: Iterable[str]) -> list[Listing]:
    found = []
    for key in dict.fromkeys(asked):
        try:
            found.append(seen_listing(act.session, act.actor, key))
        except NotFound as error:
            raise Invalid(fields={"needs": ["unknown_reference"]}) from error
    return found


@contextmanager
def _outer_names() -> Iterator[None]:
    """Name refused fields as the caller knows them."""
    try:
        yield
    except Invalid as error:
        fields = {schemas.OUTSIDE.get(name, name): codes for name, codes in error.fields.items()}
        raise Invalid(error.code, fields=fields, **error.params) from error
