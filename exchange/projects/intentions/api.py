"""Cooperation intentions for programs."""

from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.errors import Invalid
from exchange.projects.intentions import answering, declaring
from exchange.projects.intentions.kinds import DeclineReason, IntentionKind
from exchange.projects.intentions.outcomes import outcomes_of
from exchange.projects.intentions.queries import (
    intentions_of,
    messages_of,
    own_intentions,
    seen_intention,
    to_answer,
    wanted_of,
)
from exchange.projects.intentions.schemas import (
    EXAMPLE,
    IntentionAnswerBody,
    IntentionMessageBody,
    IntentionNeedBody,
    IntentionOutcomeBody,
    IntentionPage,
    IntentionPost,
    IntentionPut,
    IntentionSchema,
    ProjectWantedBody,
    ProjectWantedSchema,
    given_values,
    intention_item,
)
from exchange.projects.intentions.wanting import state_wanted
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_intentions",
    __name__,
    title="Cooperation intentions",
    description="What organisations outside would bring to a project. Never public.",
)
Given = dict[str, Any]


@blp.get("/intentions")
@access(SIGNED_IN)
@blp.answers(200, IntentionPage, "Those your organisations declared")
def index() -> Given:
    """What your organisations have declared: what waits first; never more than a page."""
    return _list(own_intentions(read_session(), current_actor()))


@blp.get("/intentions/to-answer")
@access(SIGNED_IN)
@blp.answers(200, IntentionPage, "Those that wait for an answer")
def waiting() -> Given:
    """What waits for an answer in projects that you lead or look after; never more than a page."""
    return _list(to_answer(read_session(), current_actor()))


@blp.get("/projects/<public_id:public_id>/intentions")
@access(SIGNED_IN)
@blp.answers(200, IntentionPage, "Those that you may know of")
def of_project(public_id: str) -> Given:
    """The intentions of a project that you may know of: all for its lead and its station."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    return _list(intentions_of(session, actor, project.id))


@blp.post("/projects/<public_id:public_id>/intentions")
@access(SIGNED_IN)
@blp.body(IntentionPost, EXAMPLE)
@blp.answers(201, IntentionSchema, "Declared")
def declare(given: Given, public_id: str) -> tuple[Given, int, dict[str, str]]:
    """Declare what your organisation would bring. Sent twice it is declared once."""
    with acting() as act:
        made = declaring.declare(act, public_id, given_values(given)).public_id
    return _read(made), 201, {"Location": url_for("api_intentions.show", public_id=made)}


@blp.get("/intentions/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers(200, IntentionSchema, "The intention")
def show(public_id: str) -> Given:
    """One intention with its talk."""
    return _read(public_id)


@blp.route("/intentions/<public_id:public_id>", methods=["PUT"])
@access(SIGNED_IN)
@blp.body(IntentionPut, {**EXAMPLE, "version": 1})
@blp.answers(200, IntentionSchema, "Changed")
def change(given: Given, public_id: str) -> Given:
    """Say it differently while it has no answer."""
    with acting() as act:
        declaring.change_intention(act, public_id, given_values(given), given.get("version"))
    return _read(public_id)


@blp.delete("/intentions/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Taken back")
def withdraw(public_id: str) -> None:
    """Take it back while it has no answer."""
    with acting() as act:
        declaring.withdraw(act, public_id)


@blp.post("/intentions/<public_id:public_id>/messages")
@access(SIGNED_IN)
@blp.body(IntentionMessageBody, {"text": "冷库打算建多大？"})
@blp.answers(200, IntentionSchema, "Passed on")
def talk(given: Given, public_id: str) -> Given:
    """Write to the other side; contact data is refused."""
    with acting() as act:
        answering.talk(act, public_id, given["text"])
    return _read(public_id)


@blp.post("/intentions/<public_id:public_id>/answer")
@access(SIGNED_IN)
@blp.body(IntentionAnswerBody, {"answer": "accept", "text": "太好了，谢谢！", "version": 1})
@blp.answers(200, IntentionSchema, "Answered")
def answer(given: Given, public_id: str) -> Given:
    """Answer for the project: accept, decline with a reason, or ask for more.

    Of two answers at once one counts; the other gets 409 with the code of what happened.
    """
    version, text = given["version"], given["text"]
    if given["answer"] == "decline" and given["reason"] is None:
        raise Invalid("intention_invalid", fields={"reason": ["required"]})
    with acting() as act:
        if given["answer"] == "accept":
            answering.accept(
                act, public_id, version, text=text, follow_up_on=given["follow_up_on"]
            )
        elif given["answer"] == "decline":
            answering.decline(act, public_id, DeclineReason(given["reason"]), text, version)
        else:
            answering.ask_for_more(act, public_id, text, version)
    return _read(public_id)


@blp.post("/intentions/<public_id:public_id>/need")
@access(SIGNED_IN)
@blp.body(IntentionNeedBody, {"need": "7k2mq9xw4tzr"})
@blp.answers(200, IntentionSchema, "Put to the need")
def attach(given: Given, public_id: str) -> Given:
    """Put an accepted intention to one of the project's open needs."""
    with acting() as act:
        answering.attach_need(act, public_id, given["need"])
    return _read(public_id)


@blp.post("/intentions/<public_id:public_id>/outcome")
@access(SIGNED_IN)
@blp.body(IntentionOutcomeBody, {"came_about": True, "note": "培训办了两期。"})
@blp.answers(200, IntentionSchema, "Written down")
def settle(given: Given, public_id: str) -> Given:
    """Write down what came of an accepted intention."""
    with acting() as act:
        answering.settle(act, public_id, came_about=given["came_about"], note=given["note"])
    return _read(public_id)


@blp.get("/projects/<public_id:public_id>/wanted")
@access(PUBLIC)
@blp.answers(200, ProjectWantedSchema, "What it wishes for")
def wanted(public_id: str) -> Given:
    """Which cooperation a project wishes for."""
    project = seen_project(read_session(), current_actor(), public_id)
    rows = wanted_of(read_session(), project.id)
    return {"wanted": [{"kind": row.kind.value, "words": row.words} for row in rows]}


@blp.route("/projects/<public_id:public_id>/wanted", methods=["PUT"])
@access(SIGNED_IN)
@blp.body(ProjectWantedBody, {"wanted": [{"kind": "technology", "words": "冷库设计"}]})
@blp.answers(200, ProjectWantedSchema, "Saved")
def put_wanted(given: Given, public_id: str) -> Given:
    """Say which cooperation your project wishes for, in at most five lines."""
    lines = [(IntentionKind(one["kind"]), one["words"]) for one in given["wanted"]]
    with acting() as act:
        state_wanted(act, public_id, lines)
    rows = wanted_of(read_session(), seen_project(read_session(), current_actor(), public_id).id)
    return {"wanted": [{"kind": row.kind.value, "words": row.words} for row in rows]}


def _read(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    found = seen_intention(session, actor, public_id)
    reached = outcomes_of(house(), session, actor, [found.id])
    messages = tuple(messages_of(session, found.id))
    return intention_item(actor, found, reached.get(found.id), messages)


def _list(found: Any) -> Given:
    session, actor = read_session(), current_actor()
    reached = outcomes_of(house(), session, actor, [one.id for one in found])
    items = [intention_item(actor, one, reached.get(one.id)) for one in found]
    return {"items": items, "next_cursor": None}
