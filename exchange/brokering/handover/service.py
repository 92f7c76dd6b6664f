"""Handing over: all open cases of a worker pass to others in one act, each with a summary."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from exchange.accounts.models import Assignment, Person
from exchange.brokering.centre.caseload_queries import Lock, person_called, workers
from exchange.brokering.centre.caseload_rules import Worker, may_receive
from exchange.brokering.centre.point_events import QUIET, HandedOver
from exchange.brokering.handover.models import Handover, HandoverCase
from exchange.brokering.handover.open_cases import SOURCES, OpenCase, lock_cases, open_cases_of
from exchange.brokering.matches import note_step
from exchange.brokering.models import Match
from exchange.brokering.words import refuse_payments
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Invalid, NotFound

LONGEST = 2000


@dataclass(frozen=True)
class Passing:
    """To whom a case goes (the public id of a worker), and where it stands."""

    to: str
    summary: str


def may_hand_over(actor: Actor, person_id: int, cases: Sequence[OpenCase]) -> bool:
    """The worker themself, or who supervises the places of all their cases."""
    if actor.is_broker and actor.person_id == person_id:
        return True
    return bool(actor.supervises) and all(
        actor.supervises_division(case.division_code) for case in cases
    )


def hand_over(
    act: Act, person_public_id: str, passings: Mapping[str, Passing], note: str = ""
) -> Handover:
    """Pass every open case of a worker on, by its key; nothing stays behind.

    What has ended meanwhile is left out. Raises NotFound for those who may not, Conflict
    "handover_incomplete" when a case has come in that is not among them, "handover_nothing" when
    none is left, Invalid by ``to-KEY`` or ``summary-KEY``.
    """
    person = person_called(act.session, person_public_id)
    if person is None:
        raise NotFound
    receivers = _receivers(act, passings)
    lock_cases(act, open_cases_of(act.session, person.id, act.now))
    cases = open_cases_of(act.session, person.id, act.now)
    if not may_hand_over(act.actor, person.id, cases):
        raise NotFound
    if not cases:
        raise Conflict("handover_nothing")
    if any(case.key not in passings for case in cases):
        raise Conflict("handover_incomplete")
    _insist_on(person.id, cases, passings, receivers)
    refuse_payments(note=note, **{f"summary-{c.key}": passings[c.key].summary for c in cases})
    assert act.actor.person_id is not None  # noqa: S101 - a worker or a supervisor
    made = Handover(
        from_person_id=person.id, made_by_id=act.actor.person_id, made_at=act.now,
        note=note.strip()[:LONGEST],
    )  # fmt: skip
    act.session.add(made)
    act.session.flush()
    act.session.info[QUIET] = True
    try:
        counts = Counter(
            _pass_on(act, made, case, receivers[passings[case.key].to], passings[case.key].summary)
            for case in cases
        )
    finally:
        act.session.info.pop(QUIET, None)
    act.emit(
        HandedOver(made.id, made.public_id, person.id, len(cases), tuple(sorted(counts.items())))
    )
    return made


def _pass_on(act: Act, made: Handover, case: OpenCase, to: Worker, summary: str) -> int:
    """One case; the id of who has it now."""
    SOURCES[case.kind].pass_on(act, case, to, "handed_over")
    words = summary.strip()[:LONGEST]
    if case.match_id is not None and words:
        match = act.session.get_one(Match, case.match_id)
        note_step(act, match, "handover_summary", words, internal=True)
    act.session.add(
        HandoverCase(
            handover_id=made.id, to_person_id=to.person_id, kind=case.kind,
            subject_id=case.subject_id, match_id=case.match_id, need_id=case.need_id,
            summary=words,
        )
    )  # fmt: skip
    act.session.flush()
    return to.person_id


def _receivers(act: Act, passings: Mapping[str, Passing]) -> dict[str, Worker]:
    """Those named, by public id; their duties do not end before the act does."""
    names = sorted({one.to for one in passings.values()})
    ids = sa.select(Person.id).where(Person.public_id.in_(names))
    found = workers(act.session, Assignment.person_id.in_(ids), lock=Lock.SHARED)
    return {one.public_id: one for one in found}


def _insist_on(
    person_id: int,
    cases: Sequence[OpenCase],
    passings: Mapping[str, Passing],
    receivers: Mapping[str, Worker],
) -> None:
    wrong = {}
    for case in cases:
        to = receivers.get(passings[case.key].to)
        if to is None or to.person_id == person_id or not may_receive(to, case.division_code):
            wrong[f"to-{case.key}"] = ["handover_receiver"]
    if wrong:
        raise Invalid(fields=wrong)
