"""What the project's people say was reached against what was planned, and what they learned."""

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.kinds import Visibility
from exchange.listings.values import clean_text, one_line
from exchange.listings.wording import words_problem
from exchange.projects.checking import visibility_allowed
from exchange.projects.evaluation.events import ResultsReleased, ResultsWritten
from exchange.projects.evaluation.kinds import LineKind, Reach, RoundKind, RoundState
from exchange.projects.evaluation.models import EvaluationAccount, EvaluationLine
from exchange.projects.evaluation.permissions import may_account
from exchange.projects.evaluation.queries import seen_round
from exchange.projects.evaluation.round_service import lock_round
from exchange.projects.evaluation.rules import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    LONGEST_UNIT,
    MOST_FIGURES,
    MOST_PEOPLE,
)
from exchange.projects.models import Project
from exchange.projects.rules import MOST_MILESTONES

MOST_LINES = 1 + MOST_MILESTONES + MOST_FIGURES
TEXTS = ("went_well", "went_badly", "lessons")
LARGEST_MILLI = 10**15


@dataclass(frozen=True)
class Line:
    """An aim, a step or a figure; amounts in thousandths of the unit."""

    kind: LineKind
    label: str
    reach: Reach | None = None
    planned_milli: int | None = None
    reached_milli: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Account:
    """All that the project's people say. ``released`` puts it before everybody."""

    lines: Sequence[Line] = ()
    people_planned: int | None = None
    people_reached: int | None = None
    went_well: str = ""
    went_badly: str = ""
    lessons: str = ""
    released: bool = False


def write_account(
    act: Act, public_id: str, kind: RoundKind, given: Account, version: int | None = None
) -> EvaluationAccount:
    """Write it down, or change it, while the round is open and afterwards. The same again does no
    more. Raises NotFound, Forbidden, Invalid by field, or Conflict.
    """
    project, one = seen_round(act.session, act.actor, public_id, kind)
    if not may_account(act.actor, project):
        raise Forbidden("evaluation_not_yours")
    told = _cleaned(given)
    _check(project, told)
    found = lock_round(act, one.id)
    if found.state not in (RoundState.OPEN, RoundState.CLOSED):
        raise Conflict("evaluation_not_open")
    present = act.session.get(EvaluationAccount, found.id, populate_existing=True)
    if present is not None and _says(present) == told:
        return present
    if version is not None and version != (present.version if present else 0):
        raise Conflict("changed_meanwhile", version=present.version if present else 0)
    made = present or EvaluationAccount(round_id=found.id, version=0)
    was_released = made.released_at is not None
    _put(act, made, told)
    act.emit(ResultsWritten(project.id, project.organisation_id, found.id))
    if was_released != told.released:
        made.released_at = act.now if told.released else None
        made.released_by_id = act.actor.person_id if told.released else None
        act.emit(ResultsReleased(project.id, project.organisation_id, found.id))
    return made


def _put(act: Act, made: EvaluationAccount, told: Account) -> None:
    made.people_planned, made.people_reached = told.people_planned, told.people_reached
    for name in TEXTS:
        setattr(made, name, getattr(told, name))
    made.written_by_id, made.written_at = act.actor.person_id, act.now
    made.version += 1
    act.session.add(made)
    made.lines = [
        EvaluationLine(
            round_id=made.round_id, position=place, kind=line.kind, label=line.label,
            reach=line.reach, planned_milli=line.planned_milli,
            reached_milli=line.reached_milli, unit=line.unit,
        )
        for place, line in enumerate(told.lines)
    ]  # fmt: skip
    act.session.flush()


def _cleaned(given: Account) -> Account:
    lines = tuple(
        Line(
            line.kind, one_line(line.label), line.reach, line.planned_milli, line.reached_milli,
            one_line(line.unit),
        )
        for line in given.lines
        if one_line(line.label)
    )  # fmt: skip
    return Account(
        lines, given.people_planned, given.people_reached, clean_text(given.went_well),
        clean_text(given.went_badly), clean_text(given.lessons), given.released,
    )  # fmt: skip


def _says(present: EvaluationAccount) -> Account:
    lines = tuple(
        Line(row.kind, row.label, row.reach, row.planned_milli, row.reached_milli, row.unit)
        for row in present.lines
    )
    return Account(
        lines, present.people_planned, present.people_reached, present.went_well,
        present.went_badly, present.lessons, present.released_at is not None,
    )  # fmt: skip


def _check(project: Project, told: Account) -> None:
    wrong = _text_problems(told) | _count_problems(told)
    problem = _lines_problem(told.lines)
    if problem:
        wrong["lines"] = [problem]
    if not (told.lines or told.went_well or told.went_badly or told.lessons) and not wrong:
        wrong["went_well"] = ["evaluation_says_nothing"]
    words = "\n".join([*(getattr(told, name) for name in TEXTS), *(x.label for x in told.lines)])
    if told.released and not visibility_allowed(Visibility.PUBLIC, project.beneficiaries, words):
        wrong["released"] = ["evaluation_names_person"]
    if wrong:
        raise Invalid(fields=wrong)


def _text_problems(told: Account) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for name in TEXTS:
        text = getattr(told, name)
        problem = "evaluation_too_long" if len(text) > LONGEST_TEXT else words_problem(text)
        if problem:
            wrong[name] = [problem]
    return wrong


def _count_problems(told: Account) -> dict[str, list[str]]:
    return {
        name: ["evaluation_people"]
        for name in ("people_planned", "people_reached")
        if getattr(told, name) is not None and not 0 <= getattr(told, name) <= MOST_PEOPLE
    }


def _lines_problem(lines: Sequence[Line]) -> str | None:
    if len(lines) > MOST_LINES:
        return "evaluation_too_many_lines"
    for line in lines:
        if len(line.label) > LONGEST_LABEL or len(line.unit) > LONGEST_UNIT:
            return "evaluation_too_long"
        if any(
            not 0 <= milli <= LARGEST_MILLI
            for milli in (line.planned_milli, line.reached_milli)
            if milli is not None
        ):
            return "evaluation_figure"
        problem = words_problem(line.label)
        if problem:
            return problem
    return None
