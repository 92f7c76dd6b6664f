"""Hiding what was reported for a case, and showing it again when no other case hides it."""

from collections.abc import Sequence
from dataclasses import replace

from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM
from exchange.moderation.kinds import StepKind
from exchange.moderation.models import CaseStep, ModerationCase
from exchange.moderation.things import Thing, end_hold, put_hold


def hold_for(act: Act, case: ModerationCase, things: Sequence[Thing]) -> None:
    """Hide these things, whose rows are locked, for the case."""
    for thing in things:
        put_hold(act, case, thing)


def hold_by_itself(act: Act, case: ModerationCase, things: Sequence[Thing]) -> None:
    """The same without anybody's decision: on the trail it is the system's, not a reporter's."""
    hold_for(replace(act, actor=SYSTEM), case, things)


def release_for(act: Act, case: ModerationCase, things: Sequence[Thing]) -> bool:
    """Show again what was hidden for the case; return whether anything was.

    The rows are locked. What another case hides, too, stays hidden.
    """
    released = [end_hold(act, case, thing) for thing in things]
    return any(released)


def note_step(
    act: Act, case: ModerationCase, kind: StepKind, note: str = "", said: str = "",
    *, alone: bool = False,
) -> None:  # fmt: skip
    """Write a line of the case's history; ``alone`` names nobody."""
    person_id = None if alone else act.actor.person_id
    act.session.add(
        CaseStep(case_id=case.id, kind=kind, at=act.now, person_id=person_id, note=note, said=said)
    )
