"""Rounds open, remind and close by the clock; what villagers wrote goes at its time."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.projects.evaluation.due_queries import (
    projects_to_open,
    rounds_to_close,
    rounds_to_remind,
    rounds_with_unread_words,
    unplanned_projects,
)
from exchange.projects.evaluation.forgetting import BATCH as WORDS
from exchange.projects.evaluation.forgetting import forget_words
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.queries import round_with_id
from exchange.projects.evaluation.round_service import (
    close_round,
    open_due,
    plan_rounds,
    remind_round,
)
from exchange.projects.evaluation.telling import tell_of_words
from exchange.projects.models import Project
from exchange.projects.queries import project_with_id

BATCH = 50
Find = Callable[[Session, date, int], Sequence[int]]


@job("projects.evaluation", every_minutes=60)
def look_after_rounds(run: Run, _payloads: Sequence[Payload]) -> None:
    """Plan, open, remind and close, each in a short act of its own; a second run finds nothing."""
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    _projects(run, unplanned_projects(run.read(), BATCH * 10), plan_rounds)
    after = 0
    while due := projects_to_open(run.read(), today, after, BATCH):
        _projects(run, due, open_due)
        after = due[-1]
    _rounds(run, rounds_to_remind(run.read(), today, BATCH * 10), remind_round)
    _rounds(run, rounds_to_close(run.read(), today, BATCH * 10), close_round)
    after = 0
    while waiting := rounds_with_unread_words(run.read(), after, BATCH):
        _rounds(run, waiting, tell_of_words)
        after = waiting[-1]


@job("projects.forget_villagers_words", every_minutes=60)
def forget_villagers_words(run: Run, _payloads: Sequence[Payload]) -> None:
    """Delete what is kept no longer, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = forget_words(act) == WORDS


def _projects(run: Run, ids: Sequence[int], verb: Callable[[Act, Project], object]) -> None:
    for project_id in ids:
        with run.act() as act:
            project = project_with_id(act.session, project_id)
            if project is not None:
                verb(act, project)


def _rounds(run: Run, ids: Sequence[int], verb: Callable[[Act, EvaluationRound], None]) -> None:
    for round_id in ids:
        with run.act() as act:
            found = round_with_id(act.session, round_id)
            if found is not None:
                verb(act, found)
