"""What the page of a project's evaluation shows, as far as the reader may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.accounts.queries import organisation_label
from exchange.kernel.act import House
from exchange.kernel.actor import VISITOR, Actor
from exchange.listings.cards import shown_title
from exchange.projects.evaluation.kinds import Mark, RoundState
from exchange.projects.evaluation.labels import (
    AGAIN,
    CHOICE_WORDS,
    LINES,
    MARKS,
    PERIODS,
    QUESTIONS,
    REACH,
    REACH_TONES,
    ROUNDS,
    SCALE,
    STATES,
    TONES,
    YUAN,
)
from exchange.projects.evaluation.models import EvaluationAccount, EvaluationRound, SideStatement
from exchange.projects.evaluation.outcomes import outcomes_of, summed
from exchange.projects.evaluation.permissions import (
    looks_after,
    may_account,
    may_follow,
    may_schedule,
    side_of,
)
from exchange.projects.evaluation.queries import (
    accounts_of,
    answers_counted,
    released_words,
    rounds_of,
    sides_of,
    statements_of,
    tallies_of,
    unread_words,
)
from exchange.projects.evaluation.rules import Tally, sides_are_shown, takes_answers
from exchange.projects.models import Project
from exchange.projects.permissions import readable_needs
from exchange.projects.queries import needs_of
from exchange.taxonomy.units import format_amount, format_quantity


@dataclass(frozen=True)
class SideLine:
    """One organisation: whether it has answered, and what, where the reader may know."""

    name: str
    answered: bool
    own: bool
    marks: tuple[tuple[str, int, str], ...] = ()
    again: str = ""
    note: str = ""


@dataclass(frozen=True)
class AnswerLine:
    """A question to villagers; of each answer the words, the share in whole per cent, the count."""

    question: str
    counted: int
    shares: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class ResultLine:
    """What was planned and what was reached."""

    kind: str
    label: str
    reach: str
    tone: str
    planned: str
    reached: str


@dataclass(frozen=True)
class ResultView:
    """What the project's people say."""

    lines: tuple[ResultLine, ...]
    people_planned: int | None
    people_reached: int | None
    went_well: str
    went_badly: str
    lessons: str
    released: bool


@dataclass(frozen=True)
class RoundView:
    """One round. What is empty is not for this reader, or is not there."""

    kind: str
    label: str
    state: RoundState
    state_label: str
    tone: str
    due_on: date | None
    opened_on: date | None
    closes_on: date | None
    version: int
    takes_answers: bool
    survey_code: str = ""
    results: ResultView | None = None
    answers: tuple[AnswerLine, ...] = ()
    words: tuple[str, ...] = ()
    sides: tuple[SideLine, ...] = ()
    sides_shown: bool = False
    answered: int | None = None
    unread: int = 0
    may_speak: bool = False
    has_spoken: bool = False


@dataclass(frozen=True)
class OutcomeView:
    """What came of the matches of the project's needs, and of which needs."""

    matches: int
    amounts: tuple[str, ...]
    people: int
    income: tuple[str, ...]
    saved: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class EvaluationView:
    """The whole page."""

    rounds: tuple[RoundView, ...]
    outcomes: OutcomeView | None
    follows: bool
    keeps: bool
    may_schedule: bool
    may_account: bool
    shown: tuple[RoundView, ...] = field(default=())


def evaluation_view(
    session: Session, house: House, actor: Actor, project: Project, locale: str, today: date
) -> EvaluationView:
    """Everything that this reader may know, who may know of the project."""
    rounds = rounds_of(session, project.id)
    follows = may_follow(actor, project)
    views = _round_views(session, actor, project, rounds, locale, today)
    return EvaluationView(
        rounds=views,
        outcomes=outcome_view(session, house, actor, project, locale),
        follows=follows,
        keeps=looks_after(actor, project),
        may_schedule=may_schedule(actor, project),
        may_account=may_account(actor, project),
        shown=tuple(one for one in views if one.results or one.state is RoundState.CLOSED),
    )


def _round_views(
    session: Session,
    actor: Actor,
    project: Project,
    rounds: Sequence[EvaluationRound],
    locale: str,
    today: date,
) -> tuple[RoundView, ...]:
    ids = [one.id for one in rounds]
    follows, keeps = may_follow(actor, project), looks_after(actor, project)
    tallies = tallies_of(session, rounds)
    accounts = accounts_of(session, ids)
    closed = [one.id for one in rounds if one.state is RoundState.CLOSED]
    words = released_words(session, closed)
    said = statements_of(session, ids) if follows else {}
    counted = answers_counted(session, ids) if follows else {}
    unread = unread_words(session, ids) if keeps else {}
    side = side_of(actor, project)
    found = []
    for one in rounds:
        takes = bool(takes_answers(one.state, one.closes_on, today))
        account = accounts.get(one.id)
        mine = _may_read(account, follows=follows)
        found.append(
            RoundView(
                kind=one.kind.value,
                label=ROUNDS[one.kind],
                state=one.state,
                state_label=STATES[one.state],
                tone=TONES.get(one.state, ""),
                due_on=one.due_on, opened_on=one.opened_on, closes_on=one.closes_on,
                version=one.version,
                takes_answers=takes,
                survey_code=one.survey_code if follows and takes else "",
                results=result_view(account, locale) if account and mine else None,
                answers=answer_lines(tallies.get(one.id, ())),
                words=tuple(words.get(one.id, ())),
                sides=_sides(project, one, said.get(one.id, ()), side, locale) if follows else (),
                sides_shown=_shown(one),
                answered=counted.get(one.id, 0) if follows else None,
                unread=unread.get(one.id, 0),
                may_speak=takes and side is not None,
                has_spoken=side in {row.organisation_id for row in said.get(one.id, ())},
            )
        )  # fmt: skip
    return tuple(found)


def _may_read(account: EvaluationAccount | None, *, follows: bool) -> bool:
    return account is not None and (follows or account.released_at is not None)


def _shown(one: EvaluationRound) -> bool:
    return sides_are_shown(one.state, all_answered=one.shown_at is not None)


def _sides(
    project: Project,
    one: EvaluationRound,
    said: Sequence[SideStatement],
    own_side: int | None,
    locale: str,
) -> tuple[SideLine, ...]:
    by_side = {row.organisation_id: row for row in said}
    known: dict[int, Organisation] = {project.organisation_id: project.organisation}
    known |= {row.organisation_id: row.organisation for row in project.partners}
    known |= {row.organisation_id: row.organisation for row in said}
    asked = sides_of(project)
    order = [*asked, *(side for side in by_side if side not in asked)]
    lines = []
    for side in order:
        statement, own = by_side.get(side), side == own_side
        name = organisation_label(known[side], locale)
        if statement is None or not (own or _shown(one)):
            lines.append(SideLine(name, statement is not None, own))
        else:
            lines.append(_side_line(name, statement, own=own))
    return tuple(lines)


def _side_line(name: str, said: SideStatement, *, own: bool) -> SideLine:
    marks = tuple(
        (MARKS[mark], getattr(said, mark.value), SCALE[getattr(said, mark.value)]) for mark in Mark
    )
    return SideLine(name, True, own, marks, AGAIN[said.again], said.note)


def answer_lines(tallies: Sequence[Tally]) -> tuple[AnswerLine, ...]:
    """What villagers said, in words."""
    return tuple(
        AnswerLine(
            QUESTIONS[one.question],
            one.counted,
            tuple(
                (CHOICE_WORDS[choice], share, times)
                for (choice, share), (_choice, times) in zip(one.shares, one.times, strict=True)
            ),
        )
        for one in tallies
    )


def result_view(account: EvaluationAccount, locale: str) -> ResultView:
    """What the project's people say, in words."""
    lines = tuple(
        ResultLine(
            kind=LINES[row.kind],
            label=row.label,
            reach=REACH[row.reach] if row.reach else "",
            tone=REACH_TONES[row.reach] if row.reach else "",
            planned=format_quantity(row.planned_milli, row.unit, locale),
            reached=format_quantity(row.reached_milli, row.unit, locale),
        )
        for row in account.lines
    )
    return ResultView(
        lines, account.people_planned, account.people_reached, account.went_well,
        account.went_badly, account.lessons, account.released_at is not None,
    )  # fmt: skip


def outcome_view(
    session: Session, house: House, actor: Actor, project: Project, locale: str
) -> OutcomeView | None:
    """The outcomes of the needs that everybody may read; for those who follow the project, of
    all its needs. What fewer than five people earn is told to nobody here.
    """
    every = needs_of(session, [project.id]).get(project.id, [])
    counted = every if may_follow(actor, project) else readable_needs(VISITOR, every)
    needs = {one.id: one for one in counted}
    sums = summed(outcomes_of(session, house, needs))
    if not sums.matches:
        return None
    return OutcomeView(
        matches=sums.matches,
        amounts=tuple(format_quantity(milli, unit, locale) for unit, milli in sums.by_unit),
        people=sums.people,
        income=_money(dict(sums.income)),
        saved=_money(dict(sums.saved)),
        needs=tuple(
            (shown_title(actor, need), need.public_id)
            for need in readable_needs(actor, counted)
            if need.id in sums.needs
        ),
    )


def _money(by_period: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        f"{format_amount(fen * 10)} {YUAN} {PERIODS.get(period, '')}".strip()
        for period, fen in by_period.items()
    )
