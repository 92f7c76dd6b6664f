"""Volunteers' time and substitutes for programs."""

from typing import Any

from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.errors import Forbidden, NotFound
from exchange.volunteering.availability.finding import (
    SHOWN,
    candidates,
    count_fitting,
    own_requests,
    requests_of,
)
from exchange.volunteering.availability.permissions import may_ask, may_count
from exchange.volunteering.availability.queries import own_availability, sums_in
from exchange.volunteering.availability.rules import told_sum
from exchange.volunteering.availability.schemas import (
    EXAMPLE,
    AskSubstitutesBody,
    AvailabilityBody,
    AvailabilityPauseBody,
    AvailabilitySchema,
    SubstituteRequestPage,
    SubstitutesAskedAnswer,
    SubstitutesSchema,
    VolunteerSumsQuery,
    VolunteerSumsSchema,
    asked_item,
    availability_item,
    availability_values,
    candidate_item,
    request_item,
)
from exchange.volunteering.availability.service import (
    end_availability,
    pause_availability,
    resume_availability,
    save_availability,
)
from exchange.volunteering.availability.substitutes_service import ask_substitutes
from exchange.volunteering.availability.values import AvailabilityValues, values_of
from exchange.volunteering.queries import seen_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.rules import is_open
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_availability",
    __name__,
    title="Volunteers' time",
    description="What volunteers can do and when, and asking for substitutes.",
)
Given = dict[str, Any]


@blp.get("/me/availability")
@access(SIGNED_IN)
@blp.answers(200, AvailabilitySchema, "Yours")
def own() -> Given:
    """What you say of your time; 404 while you have said nothing."""
    return _own()


@blp.post("/me/availability")
@access(SIGNED_IN)
@blp.body(AvailabilityBody, EXAMPLE)
@blp.answers(200, AvailabilitySchema, "Kept, and offered to the station")
def save(given: Given) -> Given:
    """Say what you can do and when. An offer that only social workers see is kept in step."""
    with acting() as act:
        row = own_availability(act.session, act.actor.person_id)
        present = values_of(row) if row else AvailabilityValues()
        values = availability_values(given, present)
        save_availability(act, values, given["version"], again=given["again"])
    return _own()


@blp.delete("/me/availability")
@access(SIGNED_IN)
@blp.answers_nothing("Gone")
def end() -> None:
    """Take all of it away: the offer is withdrawn, what you said is deleted."""
    with acting() as act:
        end_availability(act)


@blp.post("/me/availability/pause")
@access(SIGNED_IN)
@blp.body(AvailabilityPauseBody, {"from_date": "2027-01-20", "until": "2027-02-20"})
@blp.answers(200, AvailabilitySchema, "Noted")
def pause(given: Given) -> Given:
    """Have no time for a while: nobody is introduced to you, nobody asks you."""
    with acting() as act:
        pause_availability(act, given["from_date"], given["until"], given["version"])
    return _own()


@blp.post("/me/availability/resume")
@access(SIGNED_IN)
@blp.answers(200, AvailabilitySchema, "Open again")
def resume() -> Given:
    """Have time again."""
    with acting() as act:
        resume_availability(act)
    return _own()


@blp.get("/me/substitute-requests")
@access(SIGNED_IN)
@blp.answers(200, SubstituteRequestPage, "Yours")
def requests() -> Given:
    """The shifts that you are asked to come to and have not answered. Join them, or decline."""
    who = reader()
    found = own_requests(read_session(), who.actor.person_id or 0, who.now)
    return {"items": [request_item(one) for one in found], "next_cursor": None}


@blp.get("/shifts/<public_id:public_id>/substitutes")
@access(SIGNED_IN)
@blp.answers(200, SubstitutesSchema, "Who would fit")
def substitutes(public_id: str) -> Given:
    """Who would fit a shift that lacks people, the best first, and who was asked.

    For those who look after the activity and social workers of the place; only a sum where the
    organisation is not verified, or the place is not its own.
    """
    session, who = read_session(), reader()
    shift = seen_shift(session, who.actor, public_id)
    activity = shift.activity
    if not may_count(who.actor, activity):
        raise Forbidden("activity_not_yours")
    free = bool(is_open(activity.state, shift.state, shift.starts_at, who.now)) and shift.free > 0
    asked = [asked_item(one) for one in requests_of(session, [shift.id])[shift.id]]
    if not may_ask(who.actor, activity):
        count = count_fitting(session, house(), shift, who.now) if free else 0
        return {"may_ask": False, "count": told_sum(count), "items": [], "asked": asked}
    found = candidates(session, house(), shift, who.now, but=who.actor.person_id) if free else []
    items = [candidate_item(one) for one in found[:SHOWN]]
    return {"may_ask": True, "count": len(found), "items": items, "asked": asked}


@blp.post("/shifts/<public_id:public_id>/substitutes")
@access(SIGNED_IN)
@blp.body(AskSubstitutesBody, {"people": ["7k2mq9xw4tzr"]})
@blp.answers(200, SubstitutesAskedAnswer, "What came of it")
def ask(given: Given, public_id: str) -> Given:
    """Ask people to come to a shift. Nobody is asked twice for one, nor more than three times a
    week by all together.
    """
    with acting() as act:
        asked = ask_substitutes(
            act, seen_shift(act.session, act.actor, public_id), given["people"]
        )
    return {"asked": asked.count, "left_out": asked.left_out}


@blp.get("/volunteers/sums")
@access(PUBLIC)
@blp.query(VolunteerSumsQuery)
@blp.answers(200, VolunteerSumsSchema, "Sums")
def sums(given: Given) -> Given:
    """How many volunteers have time for a province, city or county; never who they are."""
    division = given["division"]
    in_all, by_skill = sums_in(read_session(), division, reader().today)
    skills = {skill.value: told_sum(count) for skill, count in by_skill.items()}
    return {"division": division, "count": told_sum(in_all), "skills": skills}


def _own() -> Given:
    row = own_availability(read_session(), current_actor().person_id)
    if row is None:
        raise NotFound
    return availability_item(row)
