"""Attendance and hours for programs."""

from typing import Any

from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.volunteering.attendance.codes import is_good_code
from exchange.volunteering.attendance.hours_service import (
    Chosen,
    Proposal,
    approve_hours,
    object_to_hours,
    propose_hours,
)
from exchange.volunteering.attendance.kinds import MarkKind
from exchange.volunteering.attendance.queries import (
    latest_steps,
    own_record,
    shift_by_public_id,
    shift_for_list,
    shift_to_mark,
)
from exchange.volunteering.attendance.schemas import (
    ApprovalAnswer,
    ApprovalBody,
    AttendanceList,
    CheckInBody,
    ObjectionBody,
    OwnHoursPage,
    ProposalsBody,
    TicksAnswer,
    TicksBody,
    attendance_item,
    own_items,
)
from exchange.volunteering.attendance.service import Tick, mark_by_code, mark_by_list
from exchange.volunteering.attendance.showing import list_rows, own_lines
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.sentences import sentence

blp = ApiBlueprint(
    "api_attendance",
    __name__,
    title="Attendance and hours",
    description="Who came to a shift, for how long, and who stands by it.",
)
Given = dict[str, Any]
TICK = {"ticks": [{"client_id": "3f2a-9c01", "signup": "7k2mq9xw4tzr", "kind": "came"}]}
HOURS = {"hours": [{"signup": "7k2mq9xw4tzr", "minutes": 150, "travel_minutes": 40, "seen": 0}]}


@blp.get("/shifts/<public_id:public_id>/attendance")
@access(SIGNED_IN)
@blp.answers(200, AttendanceList, "Everybody with a place, by name")
def attendance(public_id: str) -> Given:
    """Who came. For those who look after the activity, and social workers of the place."""
    return _list(public_id)


@blp.post("/shifts/<public_id:public_id>/attendance")
@access(SIGNED_IN)
@blp.body(TicksBody, TICK)
@blp.answers(200, TicksAnswer, "What became of each tick")
def tick(given: Given, public_id: str) -> Given:
    """Tick the list, now or later. Each tick counts once; of two about one person the later wins.

    For those who look after the activity.
    """
    ticks = [
        Tick(one["client_id"], one["signup"], MarkKind(one["kind"]), one["age_seconds"])
        for one in given["ticks"]
    ]
    with acting() as act:
        taken = mark_by_list(act, shift_to_mark(act.session, act.actor, public_id), ticks)
    return {
        "kept": taken.kept,
        "refused": {key: sentence(code) for key, code in taken.refused.items()},
    }


@blp.post("/shifts/<public_id:public_id>/check-in")
@access(SIGNED_IN)
@blp.body(CheckInBody, {"code": "0a1b2c3d4e5f60718293", "kind": "came"})
@blp.answers_nothing("Checked in or out")
def check_in(given: Given, public_id: str) -> None:
    """Check in or out with the code that the coordinator's phone shows now.

    Only for those with a place in the shift. Sent twice it counts once.
    """
    with acting() as act:
        shift = shift_by_public_id(act.session, public_id)
        if shift is None or not is_good_code(act.house.secrets, shift, given["code"], act.now):
            raise Conflict("attend_code_over")
        mark_by_code(act, shift, MarkKind(given["kind"]), act.now)


@blp.post("/shifts/<public_id:public_id>/hours")
@access(SIGNED_IN)
@blp.body(ProposalsBody, HOURS)
@blp.answers(200, AttendanceList, "The list as it is now")
def propose(given: Given, public_id: str) -> Given:
    """Say how long people were there, once the shift is over. What is said already stays.

    For those who look after the activity.
    """
    proposals = [
        Proposal(one["signup"], one["minutes"], one["travel_minutes"], one["note"], one["seen"])
        for one in given["hours"]
    ]
    with acting() as act:
        propose_hours(act, shift_to_mark(act.session, act.actor, public_id), proposals)
    return _list(public_id)


@blp.post("/shifts/<public_id:public_id>/hours/approval")
@access(SIGNED_IN)
@blp.body(ApprovalBody, {"hours": [{"signup": "7k2mq9xw4tzr", "seen": 1}]})
@blp.answers(200, ApprovalAnswer, "How many were approved")
def approve(given: Given, public_id: str) -> Given:
    """Stand by hours. For managers of the organisation that ran the activity.

    Nobody approves their own while another manager could.
    """
    chosen = [Chosen(one["signup"], one["seen"]) for one in given["hours"]]
    with acting() as act:
        shift = shift_for_list(act.session, act.actor, public_id)
        done = approve_hours(act, shift, chosen, given["note"])
    return {"approved": done.count, "own_left": done.own_left}


@blp.get("/me/hours")
@access(SIGNED_IN)
@blp.answers(200, OwnHoursPage, "Your shifts, the latest first")
def own() -> Given:
    """Your own shifts that have begun, with their hours; never more than a page."""
    session, actor, now = read_session(), current_actor(), house().clock.now()
    if actor.person_id is None:
        raise Forbidden
    lines = own_lines(session, own_record(session, actor.person_id, now), now)
    return {"items": own_items(actor, lines), "next_cursor": None}


@blp.post("/shifts/<public_id:public_id>/hours/objection")
@access(SIGNED_IN)
@blp.body(ObjectionBody, {"words": "我是 8 点到的，不是 9 点。"})
@blp.answers_nothing("Said")
def objection(given: Given, public_id: str) -> None:
    """Say what is wrong with your own hours, within 14 days after their approval."""
    with acting() as act:
        shift = shift_by_public_id(act.session, public_id)
        if shift is None:
            raise NotFound
        object_to_hours(act, shift, given["words"])


def _list(public_id: str) -> Given:
    session, actor = read_session(), current_actor()
    shift = shift_for_list(session, actor, public_id)
    latest = latest_steps(session, [shift.id])
    rows = list_rows(session, shift)
    return {"items": [attendance_item(row, latest.get((shift.id, row.person_id))) for row in rows]}
