"""Signing up for a visit, saying another number, and not coming after all."""

from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision, refuse
from exchange.kernel.errors import Conflict, Invalid, SignInNeeded
from exchange.projects.visits.announcing import locked_visit
from exchange.projects.visits.events import VisitLeft, VisitSignedUp
from exchange.projects.visits.kinds import SignUpState
from exchange.projects.visits.models import Visit, VisitSignUp
from exchange.projects.visits.rules import (
    fits,
    may_change,
    may_sign_up,
    people_allowed,
    room_allowed,
)
from exchange.projects.visits.seats import fill_seats


def sign_up(act: Act, public_id: str, people: int) -> VisitSignUp:
    """So many people of the actor's organisation come: with a seat, or waiting for one.

    More than are left is refused while any seat is left, more than all seats at any time; one waits
    where all are taken. Said again with another number it is changed: a seat is never lost by it.
    Sent twice it counts once. Raises NotFound, SignInNeeded, Invalid, or Conflict after the last
    moment.
    """
    if act.actor.organisation_id is None:
        raise SignInNeeded
    visit = locked_visit(act, public_id)
    for decision in (may_sign_up(visit.state, visit.closes_at, act.now), people_allowed(people)):
        if not decision and decision.code == "visit_people":
            raise _beside_the_number(decision)
        if not decision:
            raise Conflict(decision.code)
    row = _row(visit, act.actor.organisation_id)
    if row is None or row.state is SignUpState.LEFT:
        row = _begin(act, visit, row, people)
    elif row.people == people:
        return row
    else:
        _change(act, visit, row, people)
    ids = (visit.id, visit.project_id, visit.project.organisation_id, row.organisation_id)
    act.emit(VisitSignedUp(*ids, waits=row.state is SignUpState.WAITING))
    fill_seats(act, visit)
    return row


def leave(act: Act, public_id: str) -> None:
    """Nobody of the actor's organisation comes; who waits moves up. Said twice it is done once.

    Raises NotFound, SignInNeeded, or Conflict once it has begun or was cancelled.
    """
    if act.actor.organisation_id is None:
        raise SignInNeeded
    visit = locked_visit(act, public_id)
    decision = may_change(visit.state, visit.starts_at, act.now)
    if not decision:
        raise Conflict(decision.code)
    row = _row(visit, act.actor.organisation_id)
    if row is not None and row.state is not SignUpState.LEFT:
        take_out(act, visit, row)
        fill_seats(act, visit)


def take_out(act: Act, visit: Visit, row: VisitSignUp) -> None:
    """Free what a sign-up holds. The caller holds the visit's lock."""
    if row.state is SignUpState.SIGNED:
        visit.taken -= row.people
    row.state = SignUpState.LEFT
    act.session.flush()
    ids = (visit.id, visit.project_id, visit.project.organisation_id, row.organisation_id)
    act.emit(VisitLeft(*ids))


def _row(visit: Visit, organisation_id: int) -> VisitSignUp | None:
    return next((r for r in visit.sign_ups if r.organisation_id == organisation_id), None)


def _beside_the_number(decision: Decision) -> Invalid:
    return Invalid("visit_invalid", fields={"people": [decision.code]}, **decision.params)


def _insist_on_room(visit: Visit, people: int) -> None:
    decision = room_allowed(visit.seats, visit.taken, people)
    if not decision:
        raise _beside_the_number(decision)


def _begin(act: Act, visit: Visit, row: VisitSignUp | None, people: int) -> VisitSignUp:
    _insist_on_room(visit, people)
    seated = fits(visit.seats, visit.taken, people)
    if row is None:
        row = VisitSignUp(organisation_id=act.actor.organisation_id)
        visit.sign_ups.append(row)
    row.person_id, row.people, row.queued_at = act.actor.person_id, people, act.now
    row.state = SignUpState.SIGNED if seated else SignUpState.WAITING
    visit.taken += people if seated else 0
    act.session.flush()
    return row


def _change(act: Act, visit: Visit, row: VisitSignUp, people: int) -> None:
    if row.state is SignUpState.SIGNED:
        if not fits(visit.seats, visit.taken - row.people, people):
            left = visit.seats - visit.taken
            raise _beside_the_number(refuse("visit_no_room", left=left, people=row.people))
        visit.taken += people - row.people
    else:
        _insist_on_room(visit, people)
        if fits(visit.seats, visit.taken, people):
            row.state = SignUpState.SIGNED
            visit.taken += people
    row.people, row.person_id = people, act.actor.person_id
    act.session.flush()
