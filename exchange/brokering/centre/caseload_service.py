"""Putting matches and needs into somebody's hands."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.accounts.absence.queries import stand_ins_of
from exchange.accounts.models import Assignment, ServicePoint
from exchange.accounts.permissions import can_supervise_point
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_queries import (
    Lock,
    cases_in_hand,
    has_live_match,
    is_open_need,
    person_called,
    worker_with_id,
    workers,
)
from exchange.brokering.centre.caseload_rules import (
    Worker,
    least_loaded,
    may_receive,
    may_take_more,
)
from exchange.brokering.centre.point_events import MatchAssigned, NeedAssigned, NeedAssignmentEnded
from exchange.brokering.centre.settings import centre_settings_for
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.matches import locked_match, note_step
from exchange.brokering.models import Match
from exchange.brokering.permissions import can_see
from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see as can_see_listing


@dataclass(frozen=True)
class Receiver:
    """Who is to get a case: a worker by public id, or whoever has the least at a point."""

    worker: str = ""
    point: str = ""


def assign_match(act: Act, public_id: str, to: Receiver, seen_owner: str | None = None) -> Match:
    """A supervisor gives a live match to another worker, or takes it over by naming themself.

    ``seen_owner`` is the public id of the owner that the supervisor saw. Who is away gets nothing:
    whoever stands in does. Raises NotFound for strangers, Forbidden outside of what the actor
    supervises, Conflict when it has ended or moved meanwhile, or when the receiver does not serve
    the need's place.
    """
    seen = act.session.scalar(sa.select(Match).where(Match.public_id == public_id))
    if seen is None or not can_see(act.actor, seen):
        raise NotFound
    receiver = find_receiver(act, to, seen.need.division_code)
    match = locked_match(act, public_id)
    if not act.actor.supervises_division(match.need.division_code):
        raise Forbidden("only_supervisors")
    if match.state not in LIVE_STATES:
        raise Conflict("case_ended")
    if seen_owner is not None and match.broker.public_id != seen_owner:
        raise Conflict("case_moved")
    return pass_match(act, match, receiver)


def pass_match(act: Act, match: Match, to: Worker, code: str = "assigned") -> Match:
    """Put a match into other hands. The caller holds its lock and has decided that this may be."""
    decision = may_receive(to, match.need.division_code)
    if not decision:
        raise Conflict(decision.code)
    point_id = to.point_for(match.need.division_code)
    before = match.broker_id
    if (before, match.service_point_id) == (to.person_id, point_id):
        return match
    names = f"{match.broker.name} → {to.name}"
    match.broker_id, match.service_point_id = to.person_id, point_id
    match.version += 1
    act.session.flush()
    act.session.refresh(match, ["broker"])
    note_step(act, match, code, names, from_id=before, to_id=to.person_id)
    act.emit(MatchAssigned(match.id, before, to.person_id, point_id))
    return match


def assign_need(
    act: Act, public_id: str, to: Receiver, seen_owner: str | None = None
) -> NeedAssignment:
    """Put an open need that nobody has taken up into a worker's hands.

    A supervisor does that for workers; a worker takes only what is in nobody's hands, and no more
    than the centre allows. While a need is being looked into nobody gets it who has it not.
    ``seen_owner`` as for a match; "" for nobody. Raises as ``assign_match`` does.
    """
    seen = act.session.scalar(sa.select(Listing).where(Listing.public_id == public_id))
    if seen is None or not can_see_listing(act.actor, seen):
        raise NotFound
    receiver = find_receiver(act, to, seen.division_code)
    need = _locked_need(act, public_id)
    kept = act.session.get(NeedAssignment, need.id, populate_existing=True)
    if kept is None and need.held_at is not None:
        raise Conflict("need_held")
    if not act.actor.supervises_division(need.division_code):
        _insist_on_free(act, need, kept, receiver)
    if seen_owner is not None and (kept.person.public_id if kept else "") != seen_owner:
        raise Conflict("case_moved")
    return pass_need(act, need, kept, receiver)


def pass_need(act: Act, need: Listing, kept: NeedAssignment | None, to: Worker) -> NeedAssignment:
    """Put a need into other hands. The caller holds its lock and has decided that this may be."""
    decision = may_receive(to, need.division_code)
    if not decision:
        raise Conflict(decision.code)
    before = kept.person_id if kept else None
    if kept is not None and before == to.person_id:
        return kept
    made = kept or NeedAssignment(need_id=need.id)
    made.person_id, made.assigned_at = to.person_id, act.now
    made.assigned_by_id = act.actor.person_id
    made.service_point_id = to.point_for(need.division_code)
    act.session.add(made)
    try:
        act.session.flush()
    except IntegrityError as error:
        raise Conflict("case_moved") from error
    act.session.refresh(made, ["person"])
    act.emit(NeedAssigned(need.id, before, to.person_id, made.service_point_id))
    return made


def release_need(act: Act, public_id: str) -> None:
    """Give a need back: it is in nobody's hands any more. For its worker and for supervisors."""
    need = _locked_need(act, public_id)
    kept = act.session.get(NeedAssignment, need.id, populate_existing=True)
    if kept is None:
        raise Conflict("case_moved")
    mine = act.actor.acts_for(kept.person_id)
    if not (mine or act.actor.supervises_division(need.division_code)):
        raise Forbidden("only_supervisors")
    person_id = kept.person_id
    act.session.delete(kept)
    act.session.flush()
    act.emit(NeedAssignmentEnded(need.id, person_id))


def find_receiver(act: Act, to: Receiver, division_code: str | None) -> Worker:
    """Who gets the case; their duty does not end before the act does.

    Raises Conflict for somebody who does not serve the place, or a point where nobody does.
    """
    if to.point:
        return _least_loaded_at(act, to.point, division_code)
    person = person_called(act.session, to.worker)
    if person is None:
        raise Conflict("worker_elsewhere")
    there = stand_ins_of(act.session, (person.id,)).get(person.id, person.id)
    lock = Lock.ALONE if there == act.actor.person_id else Lock.SHARED
    found = worker_with_id(act.session, there, lock=lock)
    decision = may_receive(found, division_code)
    if found is None or not decision:
        raise Conflict(decision.code)
    return found


def least_loaded_at(act: Act, point_id: int, division_code: str | None) -> Worker | None:
    """Of those at a point who serve the place and are there, the one with the fewest cases."""
    found = workers(act.session, Assignment.service_point_id == point_id, lock=Lock.SHARED)
    away = stand_ins_of(act.session, [one.person_id for one in found])
    able = [one for one in found if one.person_id not in away and one.serves(division_code)]
    return least_loaded(able, cases_in_hand(act.session, [one.person_id for one in able]))


def _least_loaded_at(act: Act, public_id: str, division_code: str | None) -> Worker:
    point = act.session.scalar(
        sa.select(ServicePoint).where(
            ServicePoint.public_id == public_id, ServicePoint.closed_at.is_(None)
        )
    )
    if point is None or not can_supervise_point(act.actor, point):
        raise NotFound
    found = least_loaded_at(act, point.id, division_code)
    if found is None:
        raise Conflict("point_without_workers")
    return found


def room_for_more(act: Act, person_id: int, need: Listing) -> Decision:
    """What the centre says to the need, or a pair of it, in somebody's hands; a need that is there
    already counts once.
    """
    settings = centre_settings_for(act.session, need.division_code)
    others = cases_in_hand(act.session, (person_id,), but_need=need.id)
    in_hand = others.get(person_id, 0)
    return may_take_more(in_hand, settings.caseload_limit, blocks=settings.caseload_blocks)


def hold_duties(act: Act) -> Worker | None:
    """The actor as a worker; their duties do not end before the act does, and no other act of
    theirs takes a case meanwhile. None for who has none.

    Asked before any listing is locked, as by everybody who ends duties: nobody waits in a circle.
    """
    if act.actor.person_id is None:
        return None
    return worker_with_id(act.session, act.actor.person_id, lock=Lock.ALONE)


def insist_on_free_hands(act: Act, need: Listing, worker: Worker | None) -> int:
    """Before a pair of the need is claimed: at which of their points the actor serves it.

    ``worker`` is the actor, with duties that are held. Raises Forbidden when the duty has ended a
    moment ago, Conflict when the need is in somebody else's hands, or when the actor has as many
    cases as the centre allows.
    """
    assert act.actor.person_id is not None  # noqa: S101 - the caller has seen a broker
    point_id = worker.point_for(need.division_code) if worker else None
    if point_id is None:
        raise Forbidden("match_not_your_division")
    kept = act.session.get(NeedAssignment, need.id, populate_existing=True)
    others = kept is not None and not act.actor.acts_for(kept.person_id)
    if kept and others and not act.actor.supervises_division(need.division_code):
        raise Conflict("need_in_other_hands", name=kept.person.name)
    decision = room_for_more(act, act.actor.person_id, need)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    return point_id


def _insist_on_free(
    act: Act, need: Listing, kept: NeedAssignment | None, receiver: Worker
) -> None:
    if receiver.person_id != act.actor.person_id:
        raise Forbidden("only_supervisors")
    if kept is not None and kept.person_id != receiver.person_id:
        raise Conflict("need_in_other_hands", name=kept.person.name)
    decision = room_for_more(act, receiver.person_id, need)
    if not decision:
        raise Conflict(decision.code, **decision.params)


def _locked_need(act: Act, public_id: str) -> Listing:
    need = act.session.scalar(
        sa.select(Listing)
        .where(Listing.public_id == public_id)
        .with_for_update(of=Listing)
        .execution_options(populate_existing=True)
    )
    if need is None or not can_see_listing(act.actor, need):
        raise NotFound
    if not act.actor.serves_division(need.division_code):
        raise Forbidden("match_not_your_division")
    query = sa.select(Listing.id).where(Listing.id == need.id, is_open_need())
    if act.session.scalar(query) is None:
        raise Conflict("case_ended")
    if act.session.scalar(query.where(has_live_match())) is not None:
        raise Conflict("need_taken_up")
    return need
