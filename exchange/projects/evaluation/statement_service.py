"""What each organisation says about a round: the same short form for all sides."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.values import clean_text
from exchange.listings.wording import words_problem
from exchange.projects.evaluation.events import SideSpoke, SidesShown
from exchange.projects.evaluation.kinds import Again, Mark, RoundKind
from exchange.projects.evaluation.models import EvaluationRound, SideStatement
from exchange.projects.evaluation.permissions import side_of
from exchange.projects.evaluation.queries import seen_round, sides_of
from exchange.projects.evaluation.round_service import lock_round
from exchange.projects.evaluation.rules import (
    LONGEST_TEXT,
    all_have_answered,
    may_change_statement,
    sides_are_shown,
    takes_answers,
)
from exchange.projects.models import Project

MARKS = range(1, 6)


@dataclass(frozen=True)
class Said:
    """Marks from 1 to 5, whether they would do it again, and a few words."""

    marks: Mapping[Mark, int]
    again: Again
    note: str = ""


def speak(
    act: Act, public_id: str, kind: RoundKind, said: Said, version: int | None = None
) -> SideStatement:
    """Say it for the organisation that the actor stands for. The same again does no more.

    Raises NotFound, Forbidden, Invalid by field, or Conflict: the round takes no more answers, the
    others may have read it, or a colleague has said something else meanwhile.
    """
    project, one = seen_round(act.session, act.actor, public_id, kind)
    side = side_of(act.actor, project)
    if side is None:
        raise Forbidden("evaluation_not_yours")
    note = _checked(said)
    found = lock_round(act, one.id)
    decision = takes_answers(found.state, found.closes_on, act.today)
    if not decision:
        raise Conflict(decision.code)
    there = _statements(act, found)
    present = there.get(side)
    if present is not None and _says(present) == _values(said, note):
        return present
    if present is not None:
        _insist_may_change(project, found, present, version)
    made = present or SideStatement(round_id=found.id, organisation_id=side, version=0)
    for name, value in _values(said, note).items():
        setattr(made, name, value)
    made.said_by_id, made.said_at = act.actor.person_id, act.now
    made.version += 1
    _keep(act, made)
    act.emit(SideSpoke(project.id, project.organisation_id, found.id, side))
    if found.shown_at is None and all_have_answered(sides_of(project), {*there, side}):
        found.shown_at = act.now
        act.emit(SidesShown(project.id, project.organisation_id, found.id))
    return made


def _checked(said: Said) -> str:
    wrong = {
        mark.value: ["evaluation_mark"] for mark in Mark if said.marks.get(mark) not in MARKS
    }
    note = clean_text(said.note)
    if len(note) > LONGEST_TEXT:
        wrong["note"] = ["evaluation_too_long"]
    problem = words_problem(note)
    if problem:
        wrong["note"] = [problem]
    if wrong:
        raise Invalid(fields=wrong)
    return note


def _insist_may_change(
    project: Project, found: EvaluationRound, present: SideStatement, version: int | None
) -> None:
    shown = sides_are_shown(found.state, all_answered=found.shown_at is not None)
    decision = may_change_statement(sides_of(project), shown=shown)
    if not decision:
        raise Conflict(decision.code)
    if version is not None and version != present.version:
        raise Conflict("changed_meanwhile", version=present.version)


def _statements(act: Act, found: EvaluationRound) -> dict[int, SideStatement]:
    query = sa.select(SideStatement).where(SideStatement.round_id == found.id)
    rows = act.session.scalars(query.execution_options(populate_existing=True))
    return {row.organisation_id: row for row in rows}


def _values(said: Said, note: str) -> dict[str, object]:
    marks = {mark.value: said.marks[mark] for mark in Mark}
    return {**marks, "again": said.again, "note": note}


def _says(present: SideStatement) -> dict[str, object]:
    return {name: getattr(present, name) for name in (*Mark, "again", "note")}


def _keep(act: Act, made: SideStatement) -> None:
    act.session.add(made)
    try:
        act.session.flush()
    except IntegrityError as error:  # two of one organisation at once
        raise Conflict("changed_meanwhile") from error
