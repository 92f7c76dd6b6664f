"""Which rounds are overdue in the places that somebody serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from exchange.accounts.queries import organisation_label
from exchange.kernel.actor import Actor
from exchange.projects.evaluation.kinds import Late, RoundState
from exchange.projects.evaluation.labels import LATES, ROUNDS, STATES, TABS, TONES
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.queries import (
    PAGE,
    accounts_of,
    count_in_reach,
    rounds_in_reach,
    sides_of,
    statements_of,
)
from exchange.projects.evaluation.rules import RoundFacts, all_have_answered, lateness

__all__ = ["TABS", "Overview", "OverviewLine", "overview"]


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


@dataclass(frozen=True)
class Overview:
    """One tab, and how many each tab holds."""

    lines: list[OverviewLine]
    counts: dict[str, int]
    more: bool


def overview(
    session: Session, actor: Actor, tab: str, locale: str, today: date, page: int = 1
) -> Overview:
    """The rounds of a tab by their day; of the overdue ones, only those that really are."""
    candidates = _lines(session, rounds_in_reach(session, actor, "late", today), locale, today)
    late = [line for line in candidates if line.late]
    counts = {
        "late": len(late),
        "open": count_in_reach(session, actor, "open", today),
        "all": count_in_reach(session, actor, "all", today),
    }
    if tab == "late":
        first = (page - 1) * PAGE
        return Overview(late[first : first + PAGE], counts, len(late) > first + PAGE)
    found = rounds_in_reach(session, actor, tab, today, page)
    return Overview(_lines(session, found[:PAGE], locale, today), counts, len(found) > PAGE)


def _lines(
    session: Session, rounds: Sequence[EvaluationRound], locale: str, today: date
) -> list[OverviewLine]:
    ids = [one.id for one in rounds]
    said, accounts = statements_of(session, ids), accounts_of(session, ids)
    return [
        _line(
            one, {row.organisation_id for row in said.get(one.id, ())}, locale, today,
            has_account=one.id in accounts,
        )
        for one in rounds
    ]  # fmt: skip


def _line(
    one: EvaluationRound, answered: set[int], locale: str, today: date, *, has_account: bool
) -> OverviewLine:
    project, sides = one.project, sides_of(one.project)
    facts = RoundFacts(
        kind=one.kind, state=one.state, stage=project.stage, due_on=one.due_on,
        opened_on=one.opened_on, last_planned=project.to_date,
        all_answered=all_have_answered(sides, answered) and has_account, has_account=has_account,
    )  # fmt: skip
    late = lateness(facts, today)
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
    )
