"""Activities and shifts for programs: finding, signing up, and looking after them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import url_for

from exchange.accounts.queries import members_of
from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.volunteering.attempting import waiting_first
from exchange.volunteering.calendar.service import renew_calendar
from exchange.volunteering.coordinating_service import (
    add_role,
    change_role,
    name_coordinator,
    release_coordinator,
    remove_role,
)
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import sees_people
from exchange.volunteering.queries import (
    own_signups,
    places_in_line,
    seen_activity,
    seen_shift,
    shifts_of,
    signups_by_shift,
)
from exchange.volunteering.readers import reader
from exchange.volunteering.schemas import (
    EXAMPLE,
    SHIFT_EXAMPLE,
    ActivityPageSchema,
    ActivityPatch,
    ActivityPost,
    ActivityQuery,
    ActivitySchema,
    AnswerPage,
    CalendarSchema,
    CoordinatorBody,
    DeclineBody,
    JoinBody,
    ReasonBody,
    RoleBody,
    RoleSchema,
    ShiftPage,
    ShiftPatch,
    ShiftPost,
    ShiftSchema,
    activity_item,
    activity_values,
    answer_item,
    brief_item,
    role_item,
    role_values,
    shift_item,
    shift_items,
    shift_values,
)
from exchange.volunteering.searching import PAGE, Wanted, open_activities
from exchange.volunteering.service import (
    cancel_activity,
    change_activity,
    discard_activity,
    make_activity,
    publish_activity,
)
from exchange.volunteering.shifts.service import (
    add_shifts,
    cancel_shift,
    change_shift,
    discard_shift,
)
from exchange.volunteering.showing import shift_line
from exchange.volunteering.signups.service import say_no, sign_up, still_come
from exchange.volunteering.values import ActivityValues, values_of
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session

blp = ApiBlueprint(
    "api_volunteering",
    __name__,
    title="Volunteering",
    description="Activities, their shifts, and who comes.",
)
Given = dict[str, Any]
LAST_PAGE = 10_000
FIELDS = {"division_code": "division", "day": "starts_at", "ends": "ends_at"}


@blp.get("/activities")
@access(PUBLIC)
@blp.query(ActivityQuery)
@blp.answers(200, ActivityPageSchema, "Those that are open")
def index(given: Given) -> Given:
    """Activities with shifts ahead, the next one first, in pages of at most twenty."""
    who = reader()
    wanted = Wanted(given["division"], given["day"], given["skill"], given["work"], given["free"])
    page = _page(given["cursor"])
    rows, more = open_activities(read_session(), who.actor, wanted, who.now, who.zone, page)
    items = [brief_item(who, one) for one in rows]
    return {"items": items, "next_cursor": str(page + 1) if more and len(rows) == PAGE else None}


def _page(cursor: str | None) -> int:
    if not cursor:
        return 1
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 6 and 0 < int(cursor) <= LAST_PAGE:
        return int(cursor)
    raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})


@blp.post("/activities")
@access(SIGNED_IN)
@blp.body(ActivityPost, EXAMPLE)
@blp.answers(201, ActivitySchema, "Made")
def create(given: Given) -> tuple[Given, int, dict[str, str]]:
    """Make an activity for your organisation, with a first shift or series; for its managers.

    Sent twice within minutes it is made once.
    """
    owner_id = current_actor().organisation_id
    if owner_id is None:
        raise Forbidden("activity_begun_by_managers")
    with acting() as act, _outer_names():
        made = make_activity(act, owner_id, activity_values(given, ActivityValues()))
        if given["shift"] is not None:
            _add(act, made, given["shift"])
        if given["publish"]:
            publish_activity(act, made)
        public_id = made.public_id
    where = url_for("api_volunteering.show", public_id=public_id)
    return _read(public_id), 201, {"Location": where}


@blp.get("/activities/<public_id:public_id>")
@access(PUBLIC)
@blp.answers(200, ActivitySchema, "The activity")
def show(public_id: str) -> Given:
    """One activity, as far as you may know it."""
    return _read(public_id)


@blp.patch("/activities/<public_id:public_id>")
@access(SIGNED_IN)
@blp.body(ActivityPatch, {"title": "周日陪孩子读书", "version": 2})
@blp.answers(200, ActivitySchema, "Changed")
def change(given: Given, public_id: str) -> Given:
    """Say something else of it."""
    with acting() as act, _outer_names():
        found = _activity(act, public_id)
        change_activity(act, found, activity_values(given, values_of(found)), given.get("version"))
    return _read(public_id)


@blp.delete("/activities/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Thrown away")
def discard(public_id: str) -> None:
    """Throw a draft away."""
    with acting() as act:
        discard_activity(act, _activity(act, public_id))


@blp.post("/activities/<public_id:public_id>/publish")
@access(SIGNED_IN)
@blp.answers(200, ActivitySchema, "Published")
def publish(public_id: str) -> Given:
    """Put a draft before people."""
    with acting() as act:
        publish_activity(act, _activity(act, public_id))
    return _read(public_id)


@blp.post("/activities/<public_id:public_id>/cancel")
@access(SIGNED_IN)
@blp.body(ReasonBody, {"reason": "大雨封路"})
@blp.answers(200, ActivitySchema, "Called off")
def cancel(given: Given, public_id: str) -> Given:
    """Call it off with all shifts ahead; everybody who signed up is told at once."""
    with acting() as act:
        cancel_activity(act, _activity(act, public_id), given["reason"])
    return _read(public_id)


@blp.get("/activities/<public_id:public_id>/people")
@access(SIGNED_IN)
@blp.answers(200, AnswerPage, "Who comes, waits, cannot come")
def people(public_id: str) -> Given:
    """Answers to the shifts that are not over, for those who look after the activity."""
    session, who = read_session(), reader()
    activity = seen_activity(session, who.actor, public_id)
    if not sees_people(who.actor, activity):
        raise Forbidden("activity_not_yours")
    shifts = shifts_of(session, [activity.id], who.now)[activity.id]
    answers = signups_by_shift(session, [one.id for one in shifts], tuple(SignupState))
    items = [answer_item(shift, one) for shift in shifts for one in answers.get(shift.id, ())]
    return {"items": items, "next_cursor": None}


@blp.post("/activities/<public_id:public_id>/coordinators")
@access(SIGNED_IN)
@blp.body(CoordinatorBody, {"person": "7k2mq9xw4tzrab"})
@blp.answers(200, ActivitySchema, "Named")
def add_coordinator(given: Given, public_id: str) -> Given:
    """Let a member of the organisation look after it."""
    with acting() as act:
        found = _activity(act, public_id)
        name_coordinator(act, found, _member(act, found, given["person"]))
    return _read(public_id)


@blp.delete("/activities/<public_id:public_id>/coordinators/<public_id:person>")
@access(SIGNED_IN)
@blp.answers_nothing("Released")
def remove_coordinator(public_id: str, person: str) -> None:
    """Somebody looks after it no longer."""
    with acting() as act:
        found = _activity(act, public_id)
        release_coordinator(act, found, _member(act, found, person))


@blp.post("/activities/<public_id:public_id>/roles")
@access(SIGNED_IN)
@blp.body(RoleBody, {"name": "朗读", "skills": ["tutoring"]})
@blp.answers(201, RoleSchema, "Added")
def new_role(given: Given, public_id: str) -> tuple[Given, int]:
    """Add a role. One of that name is there once."""
    with acting() as act:
        return role_item(add_role(act, _activity(act, public_id), role_values(given))), 201


@blp.patch("/activities/<public_id:public_id>/roles/<public_id:role>")
@access(SIGNED_IN)
@blp.body(RoleBody, {"name": "带读"})
@blp.answers(200, RoleSchema, "Changed")
def edit_role(given: Given, public_id: str, role: str) -> Given:
    """Say something else of a role."""
    with acting() as act:
        return role_item(change_role(act, _activity(act, public_id), role, role_values(given)))


@blp.delete("/activities/<public_id:public_id>/roles/<public_id:role>")
@access(SIGNED_IN)
@blp.answers_nothing("Removed")
def drop_role(public_id: str, role: str) -> None:
    """Take a role away that no shift has."""
    with acting() as act:
        remove_role(act, _activity(act, public_id), role)


@blp.post("/activities/<public_id:public_id>/shifts")
@access(SIGNED_IN)
@blp.body(ShiftPost, SHIFT_EXAMPLE)
@blp.answers(201, ShiftPage, "Added")
def new_shifts(given: Given, public_id: str) -> tuple[Given, int]:
    """Add a shift, or a series with repeat and until. The same shift is there once."""
    with acting() as act, _outer_names():
        made = _add(act, _activity(act, public_id), given)
        ids = [one.public_id for one in made]
    who = reader()
    found = [seen_shift(read_session(), who.actor, one) for one in ids]
    return {"items": shift_items(read_session(), who, found), "next_cursor": None}, 201


@blp.patch("/shifts/<public_id:public_id>")
@access(SIGNED_IN)
@blp.body(ShiftPatch, {**SHIFT_EXAMPLE, "version": 1})
@blp.answers(200, ShiftSchema, "Changed")
def edit_shift(given: Given, public_id: str) -> Given:
    """Change a shift; at another time or place whoever has a place is asked again."""
    with acting() as act, _outer_names():
        change_shift(
            act, _shift(act, public_id), shift_values(given), given.get("version"),
            following=given["following"],
        )  # fmt: skip
    return _read_shift(public_id)


@blp.post("/shifts/<public_id:public_id>/cancel")
@access(SIGNED_IN)
@blp.body(ReasonBody, {"reason": "大雨封路"})
@blp.answers(200, ShiftSchema, "Called off")
def call_off(given: Given, public_id: str) -> Given:
    """Call a shift off; everybody who signed up is told at once."""
    with acting() as act:
        cancel_shift(act, _shift(act, public_id), given["reason"], following=given["following"])
    return _read_shift(public_id)


@blp.delete("/shifts/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Removed")
def drop_shift(public_id: str) -> None:
    """Take a shift away that nobody has answered to."""
    with acting() as act:
        discard_shift(act, _shift(act, public_id))


@blp.post("/shifts/<public_id:public_id>/join")
@access(SIGNED_IN)
@blp.body(JoinBody, {"wait": True})
@blp.answers(200, ShiftSchema, "Signed up, or waiting: see my_answer and my_position")
def join(given: Given, public_id: str) -> Given:
    """Sign up. Sent twice it is done once. At the time of another shift of yours it answers 409."""
    with waiting_first(public_id), acting() as act:
        sign_up(act, _shift(act, public_id), given["note"], wait=given["wait"])
    return _read_shift(public_id)


@blp.post("/shifts/<public_id:public_id>/decline")
@access(SIGNED_IN)
@blp.body(DeclineBody, {"note": "要值班"})
@blp.answers(200, ShiftSchema, "Noted")
def decline(given: Given, public_id: str) -> Given:
    """Say that you do not come; the first of the waiting list moves up at once."""
    with acting() as act:
        say_no(act, _shift(act, public_id), given["note"])
    return _read_shift(public_id)


@blp.post("/shifts/<public_id:public_id>/confirm")
@access(SIGNED_IN)
@blp.answers(200, ShiftSchema, "Confirmed")
def confirm(public_id: str) -> Given:
    """Say that you still come after a change."""
    with acting() as act:
        still_come(act, _shift(act, public_id))
    return _read_shift(public_id)


@blp.get("/me/shifts")
@access(SIGNED_IN)
@blp.answers(200, ShiftPage, "Yours")
def mine() -> Given:
    """The shifts ahead that you have answered to, the next first."""
    session, who = read_session(), reader()
    signups = own_signups(session, who.actor.person_id or 0, who.now, tuple(SignupState))
    positions = places_in_line(session, signups)
    items = [
        shift_item(shift_line(who, one.shift.activity, one.shift, one, positions, {}))
        for one in signups
    ]
    return {"items": items, "next_cursor": None}


@blp.post("/me/calendar")
@access(SIGNED_IN)
@blp.answers(200, CalendarSchema, "The new address")
def calendar() -> Given:
    """Give the calendar of your shifts an address, or a new one; a former one shows nothing."""
    with acting() as act:
        token = renew_calendar(act)
    return {"url": url_for("calendars.own", token=token, _external=True)}


@contextmanager
def _outer_names() -> Iterator[None]:
    """Refusals under the names that programs use."""
    try:
        yield
    except Invalid as error:
        fields = {FIELDS.get(name, name): codes for name, codes in error.fields.items()}
        raise Invalid(error.code, fields=fields, **error.params) from error


def _activity(act: Act, public_id: str) -> Activity:
    return seen_activity(act.session, act.actor, public_id)


def _shift(act: Act, public_id: str) -> Shift:
    return seen_shift(act.session, act.actor, public_id)


def _add(act: Act, activity: Activity, given: Given) -> list[Shift]:
    return add_shifts(act, activity, shift_values(given), given["repeat"], given["until"])


def _member(act: Act, activity: Activity, public_id: str) -> int:
    people = [one.person for one in members_of(act.session, activity.organisation_id)]
    people += [one.person for one in activity.coordinators]
    found = next((one.id for one in people if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def _read(public_id: str) -> Given:
    session, who = read_session(), reader()
    return activity_item(session, who, seen_activity(session, who.actor, public_id))


def _read_shift(public_id: str) -> Given:
    session, who = read_session(), reader()
    (item,) = shift_items(session, who, [seen_shift(session, who.actor, public_id)])
    return item
