"""What is in a worker's hands, and handing it over, for programs."""

from typing import Any

import sqlalchemy as sa

from exchange.accounts.absence.service import may_set_absence
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.api.blueprint import ApiBlueprint
from exchange.brokering.centre.caseload_queries import cases_in_hand
from exchange.brokering.handover import schemas as shapes
from exchange.brokering.handover.open_cases import OpenCase, open_cases_of, receivers_for
from exchange.brokering.handover.queries import handover_seen, last_handover, load_cases
from exchange.brokering.handover.sentences import summary_of
from exchange.brokering.handover.service import Passing, hand_over, may_hand_over
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Invalid, NotFound
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.locale import locale_code

blp = ApiBlueprint(
    "api_handovers",
    __name__,
    title="Social workers",
    description="All cases of a worker pass to others in one act, each with a summary.",
)
Given = dict[str, Any]
WORKER = "/workers/<public_id:public_id>"


def cases_seen(public_id: str) -> tuple[Person, list[OpenCase]]:
    """A worker and what is in their hands, for themself and for who supervises them.

    Raises NotFound for anybody else.
    """
    session, actor = read_session(), current_actor()
    person = session.scalar(sa.select(Person).where(Person.public_id == public_id))
    cases = open_cases_of(session, person.id, house().clock.now()) if person else []
    if person is None or not may_hand_over(actor, person.id, cases):
        raise NotFound
    if not (cases or may_set_absence(actor, load_actor(session, person.id))):
        raise NotFound
    return person, cases


@blp.get(f"{WORKER}/handover")
@access(BROKER)
@blp.answers(200, shapes.HandoverPreviewSchema, "What would be handed over")
def preview(public_id: str) -> Given:
    """All open cases of a worker, who could take each, and words for a summary to begin with."""
    person, cases = cases_seen(public_id)
    session, actor = read_session(), current_actor()
    today = civil_date(house().clock.now(), house().settings.time_zone)
    receivers = receivers_for(session, cases, person.id)
    last = last_handover(session, actor, person.id)
    in_hand = cases_in_hand(session, [one.person_id for one in receivers])
    loaded = load_cases(session, cases)
    ended = sum(1 for one in loaded if one.has_ended)
    return {
        "person": {"id": person.public_id, "name": person.name},
        "receivers": [
            {"id": one.public_id, "name": one.name, "in_hand": in_hand.get(one.person_id, 0)}
            for one in receivers
        ],
        "cases": [
            {
                **shapes.loaded_item(actor, one),
                "summary": summary_of(one, locale_code(), today),
                "receivers": [
                    to.public_id for to in receivers if to.serves(one.case.division_code)
                ],
            }
            for one in loaded
        ],
        "open_count": len(loaded) - ended,
        "ended_count": ended,
        "last_handover": last[0].public_id if last else None,
    }


@blp.post(f"{WORKER}/handover")
@access(BROKER)
@blp.body(
    shapes.HandOverBody,
    {"cases": [{"key": "match-17", "to": "7k2mq9xw4tzr", "summary": "等企业回话"}]},
)
@blp.answers(201, shapes.HandoverSchema, "All of it has passed on")
def make(given: Given, public_id: str) -> tuple[Given, int, dict[str, str]]:
    """Hand every open case over, in one act: you, or who supervises all their places.

    What has ended meanwhile is left out. 409 handover_incomplete when a case has come in that is
    not among them: read the preview again. Doing it twice answers 409 handover_nothing:
    the preview names the last handover.
    """
    passings = {one["key"]: Passing(one["to"], one["summary"]) for one in given["cases"]}
    if len(passings) != len(given["cases"]):
        raise Invalid(fields={"cases": ["field_form"]})
    with acting() as act:
        made = hand_over(act, public_id, passings, given["note"]).public_id
    return _answer(made), 201, {"Location": f"/api/v1/handovers/{made}"}


@blp.get("/handovers/<public_id:public_id>")
@access(BROKER)
@blp.answers(200, shapes.HandoverSchema, "The handover")
def show(public_id: str) -> Given:
    """What was handed over to whom, with the summaries that you may read."""
    return _answer(public_id)


def _answer(public_id: str) -> Given:
    found, cases = handover_seen(read_session(), current_actor(), public_id)
    return shapes.handover_item(current_actor(), found, cases)
