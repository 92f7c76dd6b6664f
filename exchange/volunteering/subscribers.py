"""Who is told of what happens to an activity and its shifts, and what follows when people leave."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.events import MemberRemoved, PasswordChanged
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.volunteering import events
from exchange.volunteering.calendar.models import CalendarFeed
from exchange.volunteering.calendar.service import close_calendar, renew_for
from exchange.volunteering.coordinating_service import drop_coordinator
from exchange.volunteering.kinds import (
    LIVE_STATES,
    ActivityState,
    Circle,
    ShiftState,
    SignupState,
)
from exchange.volunteering.locking import lock_activity
from exchange.volunteering.models import Activity, ActivityCoordinator, Shift, Signup
from exchange.volunteering.queries import coordinators_of
from exchange.volunteering.service import call_off, discard_activity
from exchange.volunteering.signups.reminder_rules import DAY_HOURS
from exchange.volunteering.signups.service import leave_shifts
from exchange.volunteering.telling import place_for_people, when_words

MINE = "/my/volunteering"


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(events.ActivityCancelled, _activity_cancelled)
    bus.listen(events.ActivityHeld, _activity_held)
    bus.listen(events.ShiftCancelled, _shift_cancelled)
    bus.listen(events.ShiftMoved, _shift_moved)
    bus.listen(events.ComingAsked, _coming_asked)
    bus.listen(events.MovedUp, _moved_up)
    bus.listen(events.ShiftReminded, _reminded)
    bus.listen(events.ShiftShort, _short)
    bus.listen(events.PlaceGivenBack, _given_back)
    bus.listen(events.CoordinatorNamed, _coordinator_named)
    bus.listen(AccountClosed, _account_closed)
    bus.listen(MemberRemoved, _member_removed)
    bus.listen(PasswordChanged, _renew_calendar)


def _shift(act: Act, event: events.ShiftEvent) -> Shift:
    query = sa.select(Shift).where(Shift.id == event.shift_id).options(joinedload(Shift.activity))
    return act.session.scalars(query).one()


def _words(act: Act, shift: Shift) -> dict[str, Any]:
    return {
        "title": shift.activity.title,
        "when": when_words(act, shift),
        "place": place_for_people(shift),
    }


def _page(activity: Activity) -> str:
    return f"/activities/{activity.public_id}"


def _team_page(activity: Activity) -> str:
    return f"/activities/{activity.public_id}/people"


def _people(act: Act, shift_id: int, *states: SignupState) -> set[int]:
    query = sa.select(Signup.person_id).where(Signup.shift_id == shift_id, Signup.state.in_(states))
    return set(act.session.scalars(query))


def _activity_cancelled(act: Act, event: events.ActivityCancelled) -> None:
    """Everybody who had a place or waited for one in what was still ahead, each once."""
    activity = act.session.get_one(Activity, event.activity_id)
    people = _all_ahead(act, activity)
    values = {"title": activity.title, "reason": activity.cancel_reason}
    code = "activity_cancelled" if activity.cancel_reason else "activity_cancelled_left"
    notify(act, people, code, values, _page(activity))


def _activity_held(act: Act, event: events.ActivityHeld) -> None:
    """Whoever wanted to come knows that somebody looks into it, or that it goes on."""
    activity = act.session.get_one(Activity, event.activity_id)
    code = "activity_held" if activity.held_at is not None else "activity_goes_on"
    notify(act, _all_ahead(act, activity), code, {"title": activity.title}, _page(activity))


def _all_ahead(act: Act, activity: Activity) -> set[int]:
    query = (
        sa.select(Signup.person_id)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Shift.activity_id == activity.id,
            Signup.state.in_(LIVE_STATES),
            Shift.starts_at > act.now,
        )
    )
    return set(act.session.scalars(query))


def _shift_cancelled(act: Act, event: events.ShiftCancelled) -> None:
    if event.with_activity:
        return  # told once, for the activity
    shift = _shift(act, event)
    values = {**_words(act, shift), "reason": shift.cancel_reason}
    people = _people(act, shift.id, *LIVE_STATES)
    notify(act, people, "shift_cancelled", values, _page(shift.activity))


def _shift_moved(act: Act, event: events.ShiftMoved) -> None:
    shift = _shift(act, event)
    people = _people(act, shift.id, SignupState.WAITING)
    notify(act, people, "shift_moved_waiting", _words(act, shift), MINE)


def _coming_asked(act: Act, event: events.ComingAsked) -> None:
    shift = _shift(act, event)
    notify(act, {event.person_id}, "shift_moved_ask", _words(act, shift), MINE)


def _moved_up(act: Act, event: events.MovedUp) -> None:
    shift = _shift(act, event)
    # Also when they have just left another shift at that time: they did not ask for this one now.
    notify(act, {event.person_id}, "shift_moved_up", _words(act, shift), MINE, also_actor=True)


def _reminded(act: Act, event: events.ShiftReminded) -> None:
    shift = _shift(act, event)
    code = "shift_tomorrow" if event.hours == DAY_HOURS else "shift_soon"
    code = "shift_tomorrow_ask" if event.asks else code
    notify(act, {event.person_id}, code, _words(act, shift), MINE)


def _short(act: Act, event: events.ShiftShort) -> None:
    shift = _shift(act, event)
    values = {**_words(act, shift), "missing": event.missing}
    people = coordinators_of(act.session, shift.activity)
    notify(act, people, "shift_short", values, _team_page(shift.activity))


def _given_back(act: Act, event: events.PlaceGivenBack) -> None:
    shift = _shift(act, event)
    people = coordinators_of(act.session, shift.activity)
    notify(act, people, "shift_given_back", _words(act, shift), _team_page(shift.activity))


def _coordinator_named(act: Act, event: events.CoordinatorNamed) -> None:
    activity = act.session.get_one(Activity, event.activity_id)
    values = {"title": activity.title}
    notify(act, {event.person_id}, "activity_coordinator", values, _team_page(activity))


def _account_closed(act: Act, event: AccountClosed) -> None:
    """Places go back, words are forgotten, and what nobody runs any more is called off."""
    for owner_id in event.emptied:
        query = sa.select(Activity).where(Activity.organisation_id == owner_id)
        for activity in act.session.scalars(query.order_by(Activity.id)).all():
            _close_down(act, activity)
    _drop_from(act, event.person_id, None)
    leave_shifts(act, event.person_id, _ahead(act, event.person_id))
    forget = sa.update(Signup).where(Signup.person_id == event.person_id)
    act.session.execute(forget.values(note=""))
    close_calendar(act, event.person_id)


def _renew_calendar(act: Act, event: PasswordChanged) -> None:
    """Whoever had learnt the old password may have read the address."""
    if act.session.get(CalendarFeed, event.person_id) is not None:
        renew_for(act, event.person_id)


def _close_down(act: Act, activity: Activity) -> None:
    if activity.state is ActivityState.DRAFT and activity.published_at is None:
        discard_activity(act, activity)
    elif activity.state is ActivityState.PUBLISHED:
        call_off(act, lock_activity(act, activity.id), "")


def _member_removed(act: Act, event: MemberRemoved) -> None:
    """Who is no member looks after nothing there, and comes to nothing that is for members only."""
    _drop_from(act, event.person_id, event.organisation_id)
    inside = sa.and_(
        Activity.organisation_id == event.organisation_id, Activity.circle == Circle.MEMBERS
    )
    leave_shifts(act, event.person_id, _ahead(act, event.person_id, inside))


def _drop_from(act: Act, person_id: int, organisation_id: int | None) -> None:
    query = (
        sa.select(Activity.id)
        .join(ActivityCoordinator, ActivityCoordinator.activity_id == Activity.id)
        .where(ActivityCoordinator.person_id == person_id)
    )
    if organisation_id is not None:
        query = query.where(Activity.organisation_id == organisation_id)
    for activity_id in act.session.scalars(query.order_by(Activity.id)).all():
        drop_coordinator(act, lock_activity(act, activity_id), person_id)


def _ahead(act: Act, person_id: int, *conditions: Any) -> list[int]:
    """The shifts ahead in which a person has a place or waits for one."""
    query = (
        sa.select(Shift.id)
        .join(Signup, Signup.shift_id == Shift.id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Signup.person_id == person_id,
            Signup.state.in_(LIVE_STATES),
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > act.now,
            *conditions,
        )
    )
    return list(act.session.scalars(query))
