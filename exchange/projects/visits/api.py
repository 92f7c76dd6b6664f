"""Roadshows and visits for programs."""

from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.geography.rules import is_code
from exchange.kernel.errors import Invalid, NotFound
from exchange.projects.queries import seen_project
from exchange.projects.visits import announcing, signing_up
from exchange.projects.visits.list_queries import WantedVisits, coming_visits
from exchange.projects.visits.queries import seen_visit, visits_of
from exchange.projects.visits.schemas import (
    EXAMPLE,
    VisitCancelBody,
    VisitPage,
    VisitPost,
    VisitPut,
    VisitQuery,
    VisitSchema,
    VisitSignUpBody,
    given_values,
    visit_item,
)
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_visits",
    __name__,
    title="Roadshows and visits",
    description="Days on which a project is shown; organisations sign up, never too many.",
)
Given = dict[str, Any]


@blp.get("/projects/<public_id:public_id>/visits")
@access(PUBLIC)
@blp.answers(200, VisitPage, "Those of the project")
def index(public_id: str) -> Given:
    """The roadshows and visits of a project, the latest first; never more than a page."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    items = [visit_item(actor, one) for one in visits_of(session, project.id)]
    return {"items": items, "next_cursor": None}


@blp.post("/projects/<public_id:public_id>/visits")
@access(SIGNED_IN)
@blp.body(VisitPost, EXAMPLE)
@blp.answers(201, VisitSchema, "Announced")
def announce(given: Given, public_id: str) -> tuple[Given, int, dict[str, str]]:
    """Announce one for your project, or for one in the places that you serve."""
    with acting() as act:
        made = announcing.announce(act, public_id, given_values(given)).public_id
    return _read(made), 201, {"Location": url_for("api_visits.show", public_id=made)}


@blp.get("/visits")
@access(PUBLIC)
@blp.query(VisitQuery)
@blp.answers(200, VisitPage, "Those to come")
def coming(given: Given) -> Given:
    """Roadshows and visits to come of all projects that you may see, the next one first."""
    session, actor, limit = read_session(), current_actor(), given["limit"]
    if given["division"] and not is_code(given["division"]):
        raise Invalid(fields={"division": ["unknown_place"]})
    after = None
    if given["cursor"]:
        try:
            after = seen_visit(session, actor, given["cursor"])
        except NotFound as error:
            raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]}) from error
    wanted = WantedVisits(given["division"], given["day"], given["kind"], given["free"])
    now, zone = house().clock.now(), house().settings.time_zone
    found = coming_visits(session, actor, wanted, now, zone, limit + 1, after=after)
    more = found[limit - 1].public_id if len(found) > limit else None
    return {"items": [visit_item(actor, one) for one in found[:limit]], "next_cursor": more}


@blp.get("/visits/<public_id:public_id>")
@access(PUBLIC)
@blp.answers(200, VisitSchema, "The roadshow or visit")
def show(public_id: str) -> Given:
    """One of them."""
    return _read(public_id)


@blp.route("/visits/<public_id:public_id>", methods=["PUT"])
@access(SIGNED_IN)
@blp.body(VisitPut, {**EXAMPLE, "version": 1})
@blp.answers(200, VisitSchema, "Changed")
def change(given: Given, public_id: str) -> Given:
    """Say it differently; who signed up is told when it matters to them."""
    with acting() as act:
        announcing.change_visit(act, public_id, given_values(given), given.get("version"))
    return _read(public_id)


@blp.post("/visits/<public_id:public_id>/cancel")
@access(SIGNED_IN)
@blp.body(VisitCancelBody, {"reason": "大雪封路。"})
@blp.answers(200, VisitSchema, "Called off")
def cancel(given: Given, public_id: str) -> Given:
    """Call it off; all who signed up are told."""
    with acting() as act:
        announcing.cancel(act, public_id, given["reason"])
    return _read(public_id)


@blp.route("/visits/<public_id:public_id>/sign-up", methods=["PUT"])
@access(SIGNED_IN)
@blp.body(VisitSignUpBody, {"people": 2})
@blp.answers(200, VisitSchema, "Signed up, or waiting")
def sign_up(given: Given, public_id: str) -> Given:
    """So many of your organisation come: with a seat, or waiting. Sent twice it counts once."""
    with acting() as act:
        signing_up.sign_up(act, public_id, given["people"])
    return _read(public_id)


@blp.delete("/visits/<public_id:public_id>/sign-up")
@access(SIGNED_IN)
@blp.answers_nothing("Signed off")
def leave(public_id: str) -> None:
    """Nobody of your organisation comes; who waits moves up."""
    with acting() as act:
        signing_up.leave(act, public_id)


def _read(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    return visit_item(actor, seen_visit(session, actor, public_id))
