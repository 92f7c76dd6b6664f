"""Which rounds are overdue in the places that somebody serves."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from exchange.accounts.queries import organisation_label
from exchange.kernel.actor import Actor
from exchange.projects.evaluation.kinds import Late, RoundState
from exchange.projects.evaluation.labels import LATES, ROUNDS, STATES, TABS, TONES
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.queries import (
    accounts_of,
    rounds_in_reach,
    sides_of,
    statements_of,
)
from exchange.projects.evaluation.rules import RoundFacts, all_have_answered, lateness

__all__ = ["TABS", "OverviewLine", "overview_lines"]


@dataclass(frozen=True)
class OverviewLine:
    """One round of one project."""

    project_id: str
    title: str
    owner: str
    kind: str
    label: str
    state: RoundState
    state_label: str
    tone: str
    day: date | None
    late: Late | None
    late_label: str
    answered: int
    asked: int
    tabs: tuple[str, ...]


def overview_lines(
    session: Session, actor: Actor, locale: str, today: date
) -> list[OverviewLine]:
    """What is overdue first, then what asks now, then the rest by its day."""
    rounds = rounds_in_reach(session, actor)
    ids = [one.id for one in rounds]
    said = statements_of(session, ids)
    accounts = accounts_of(session, ids)
    lines = [
        _line(one, {row.organisation_id for row in said.get(one.id, ())}, one.id in accounts,
              locale, today)
        for one in rounds
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.late is None)


def _line(
    one: EvaluationRound, answered: set[int], has_account: bool, locale: str, today: date
) -> OverviewLine:
    project, sides = one.project, sides_of(one.project)
    facts = RoundFacts(
        kind=one.kind, state=one.state, stage=project.stage, due_on=one.due_on,
        opened_on=one.opened_on, last_planned=project.to_date,
        all_answered=all_have_answered(sides, answered) and has_account, has_account=has_account,
    )  # fmt: skip
    late = lateness(facts, today)
    tabs = ["all"]
    if late:
        tabs.append("late")
    if one.state is RoundState.OPEN:
        tabs.append("open")
    return OverviewLine(
        project_id=project.public_id,
        title=project.title,
        owner=organisation_label(project.organisation, locale),
        kind=one.kind.value,
        label=ROUNDS[one.kind],
        state=one.state,
        state_label=STATES[one.state],
        tone=TONES.get(one.state, ""),
        day=one.closes_on or one.due_on,
        late=late,
        late_label=LATES[late] if late else "",
        answered=len(answered & set(sides)),
        asked=len(sides),
        tabs=tuple(tabs),
    )
