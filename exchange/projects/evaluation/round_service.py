"""The rounds of a project: planned by its dates, opened and closed by the day."""

from datetime import date, datetime

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.projects.evaluation.events import (
    EvaluationScheduled,
    RoundClosed,
    RoundOpened,
    RoundReminded,
    RoundTakenBack,
)
from exchange.projects.evaluation.kinds import RoundKind, RoundState
from exchange.projects.evaluation.models import (
    EvaluationAccount,
    EvaluationRound,
    SideStatement,
    SurveyAnswer,
    SurveyDevice,
    VillagerWords,
)
from exchange.projects.evaluation.permissions import may_schedule
from exchange.projects.evaluation.queries import may_evaluate, rounds_of, seen_round
from exchange.projects.evaluation.rules import (
    closes_after,
    first_day_allowed,
    is_due,
    last_day_allowed,
    usual_day,
)
from exchange.projects.events import ProjectStaged
from exchange.projects.kinds import Publication, Stage
from exchange.projects.locking import lock_project
from exchange.projects.models import Project
from exchange.projects.permissions import may_manage
from exchange.projects.queries import seen_project
from exchange.projects.rules import may_go

Wanted = tuple[RoundState, date | None, bool, date | None]  # state, day, set by hand, last day
ENDED_WELL = (Stage.COMPLETED, Stage.EVALUATED)


def plan_rounds(act: Act, project: Project) -> list[EvaluationRound]:
    """Give a project its rounds; days that nobody set follow its dates. Done twice it is the same.

    A half-way day that has passed when a project is first planned is left out.
    """
    lock_project(act, project)
    there = {one.kind: one for one in rounds_of(act.session, project.id)}
    if project.publication is Publication.DRAFT:
        return sorted(there.values(), key=lambda one: one.id)
    fresh = [kind for kind in RoundKind if kind not in there]
    for kind in RoundKind:
        day = usual_day(kind, project.from_date, project.to_date, _ended_on(act, project))
        if kind not in there:
            past = kind is RoundKind.HALFWAY and (
                project.stage in ENDED_WELL or (day is not None and day < act.today)
            )
            state = RoundState.LEFT_OUT if past else RoundState.PLANNED
            there[kind] = EvaluationRound(
                project_id=project.id, kind=kind, state=state, due_on=day
            )
            act.session.add(there[kind])
        elif there[kind].state is RoundState.PLANNED:
            _follow(project, there[kind], day)
    act.session.flush()
    if fresh:
        act.emit(EvaluationScheduled(project.id, project.organisation_id))
    return rounds_of(act.session, project.id)


def _follow(project: Project, found: EvaluationRound, day: date | None) -> None:
    """A day that nobody set moves; half-way is over when the project is."""
    if not found.is_set:
        found.due_on = day
    if found.kind is RoundKind.HALFWAY and project.stage in ENDED_WELL:
        found.state = RoundState.LEFT_OUT
        found.version += 1


def schedule_round(
    act: Act,
    public_id: str,
    kind: RoundKind,
    day: date | None,
    *,
    left_out: bool = False,
    version: int | None = None,
) -> EvaluationRound:
    """Set the day on which a planned round begins, or the last day of one that asks.

    ``day`` None lets it follow the project's dates again; ``left_out`` asks nobody. The final
    round is never left out. Raises NotFound, Forbidden, Invalid by field, or Conflict.
    """
    project = seen_project(act.session, act.actor, public_id)
    if not may_schedule(act.actor, project):
        raise Forbidden("evaluation_not_yours")
    plan_rounds(act, project)
    found = _locked(act, seen_round(act.session, act.actor, public_id, kind)[1])
    before = (found.state, found.due_on, found.is_set, found.closes_on)
    if found.state is RoundState.CLOSED:
        raise Conflict("evaluation_closed")
    wanted: Wanted
    if found.state is RoundState.OPEN:
        wanted = (found.state, found.due_on, found.is_set, day or found.closes_on)
    else:
        wanted = _planned(act, project, found, day, left_out=left_out)
    if wanted == before:
        return found
    if version is not None and version != found.version:
        raise Conflict("changed_meanwhile", version=found.version)
    if found.state is RoundState.OPEN and day is not None:
        _insist(last_day_allowed(found.opened_on, day, act.today))
    found.state, found.due_on, found.is_set, found.closes_on = wanted
    found.version += 1
    act.emit(EvaluationScheduled(project.id, project.organisation_id))
    return found


def _planned(
    act: Act, project: Project, found: EvaluationRound, day: date | None, *, left_out: bool
) -> Wanted:
    if left_out:
        if found.kind is RoundKind.FINAL:
            raise Invalid(fields={"left_out": ["evaluation_final_stays"]})
        return RoundState.LEFT_OUT, found.due_on, found.is_set, None
    if day is None:
        usual = usual_day(found.kind, project.from_date, project.to_date, _ended_on(act, project))
        return RoundState.PLANNED, usual, False, None
    if day != found.due_on:
        _insist(first_day_allowed(day, act.today))
    return RoundState.PLANNED, day, found.is_set or day != found.due_on, None


def open_due(act: Act, project: Project) -> list[EvaluationRound]:
    """Open the rounds of a project whose day has come; nothing of one that is not shown."""
    opened = []
    rounds = plan_rounds(act, project)
    if project.publication is not Publication.PUBLISHED or project.held_at is not None:
        return []
    for one in rounds:
        found = _locked(act, one)
        if is_due(found.kind, found.state, project.stage, found.due_on, act.today):
            found.state, found.opened_on = RoundState.OPEN, act.today
            found.closes_on = closes_after(act.today)
            found.version += 1
            opened.append(found)
            act.emit(RoundOpened(project.id, project.organisation_id, found.id))
    return opened


def take_back_final(act: Act, project: Project) -> None:
    """The project goes on after all: its final round asks no more, if nobody has answered yet."""
    for one in rounds_of(act.session, project.id):
        found = _locked(act, one)
        is_final = found.kind is RoundKind.FINAL and found.state is RoundState.OPEN
        if not is_final or _has_answers(act, found):
            continue
        found.state, found.opened_on, found.closes_on = RoundState.PLANNED, None, None
        found.reminded_at = None
        found.version += 1
        act.emit(RoundTakenBack(project.id, project.organisation_id, found.id))


def remind_round(act: Act, one: EvaluationRound) -> None:
    """Remind those who have not answered, once."""
    found = _locked(act, one)
    if found.state is RoundState.OPEN and found.reminded_at is None:
        found.reminded_at = act.now
        act.emit(RoundReminded(found.project_id, found.project.organisation_id, found.id))


def close_round(act: Act, one: EvaluationRound) -> None:
    """Close a round whose last day is over, for good. Which devices answered is forgotten."""
    found = _locked(act, one)
    over = found.closes_on is not None and found.closes_on < act.today
    if found.state is not RoundState.OPEN or not over:
        return
    found.state, found.closed_at = RoundState.CLOSED, act.now
    found.version += 1
    gone = sa.delete(SurveyDevice).where(SurveyDevice.round_id == found.id)
    act.session.execute(gone)
    act.emit(RoundClosed(found.project_id, found.project.organisation_id, found.id))


def conclude(act: Act, public_id: str) -> Project:
    """Call a completed project evaluated; its final round is closed. Done twice it is done once.

    Raises NotFound, Forbidden, or Conflict where it is not as far.
    """
    project = seen_project(act.session, act.actor, public_id)
    if not may_manage(act.actor, project):
        raise Forbidden("evaluation_not_yours")
    lock_project(act, project)
    if project.stage is Stage.EVALUATED:
        return project
    for decision in (may_go(project.stage, Stage.EVALUATED), may_evaluate(act.session, project)):
        if not decision:
            raise Conflict(decision.code, **decision.params)
    project.stage, project.updated_at = Stage.EVALUATED, act.now
    project.version += 1
    act.emit(ProjectStaged(project.id, project.organisation_id))
    return project


def _locked(act: Act, one: EvaluationRound) -> EvaluationRound:
    return lock_round(act, one.id)


def lock_round(act: Act, round_id: int) -> EvaluationRound:
    """The round, locked and read afresh. Raises NotFound when it is gone."""
    act.session.flush()
    query = sa.select(EvaluationRound).where(EvaluationRound.id == round_id)
    found = act.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def _insist(decision: Decision) -> None:
    if not decision:
        raise Invalid(fields={"day": [decision.code]}, **decision.params)


def _ended_on(act: Act, project: Project) -> date | None:
    ended: datetime | None = project.ended_at
    if ended is None or project.stage not in ENDED_WELL:
        return None
    return civil_date(ended, act.house.settings.time_zone)


def _has_answers(act: Act, found: EvaluationRound) -> bool:
    return any(
        act.session.execute(
            sa.select(sa.literal(1)).where(model.round_id == found.id).limit(1)
        ).first()
        for model in (SideStatement, EvaluationAccount, SurveyAnswer, VillagerWords)
    )
