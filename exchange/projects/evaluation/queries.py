"""Reading rounds, what was said in them, and which are overdue."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.points.routing import in_any_division
from exchange.kernel.actor import Actor
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import NotFound
from exchange.projects.evaluation.kinds import Choice, Question, RoundKind, RoundState
from exchange.projects.evaluation.models import (
    EvaluationAccount,
    EvaluationRound,
    SideStatement,
    SurveyAnswer,
    SurveyPaper,
    VillagerWords,
)
from exchange.projects.evaluation.permissions import looks_after
from exchange.projects.evaluation.rules import Tally, may_be_evaluated, tally
from exchange.projects.kinds import Publication
from exchange.projects.models import Project, ProjectDivision, ProjectPartner
from exchange.projects.queries import seen_project

ORDER = {kind: place for place, kind in enumerate(RoundKind)}
PAGE, MOST_LATE = 50, 500


def whole() -> tuple[ORMOption, ...]:
    """A round with its project, in as many queries for many as for one."""
    path = selectinload(EvaluationRound.project)
    return (
        path.joinedload(Project.organisation),
        path.selectinload(Project.divisions),
        path.selectinload(Project.partners).joinedload(ProjectPartner.organisation),
    )


def rounds_of(session: Session, project_id: int) -> list[EvaluationRound]:
    """The rounds of a project, in their order."""
    query = sa.select(EvaluationRound).where(EvaluationRound.project_id == project_id)
    return sorted(session.scalars(query), key=lambda one: ORDER[one.kind])


def seen_round(
    session: Session, actor: Actor, public_id: str, kind: RoundKind
) -> tuple[Project, EvaluationRound]:
    """The project and one of its rounds. Raises NotFound where the actor may not know of it."""
    project = seen_project(session, actor, public_id)
    found = session.scalar(
        sa.select(EvaluationRound).where(
            EvaluationRound.project_id == project.id, EvaluationRound.kind == kind
        )
    )
    if found is None:
        raise NotFound
    return project, found


def round_by_code(session: Session, code: str) -> EvaluationRound | None:
    """The round behind a villagers' link."""
    if not code.isalnum() or not code.isascii():
        return None
    query = sa.select(EvaluationRound).where(EvaluationRound.survey_code == code)
    return session.scalars(query.options(*whole())).first()


def round_with_id(session: Session, round_id: int) -> EvaluationRound | None:
    """For jobs and listeners."""
    query = sa.select(EvaluationRound).where(EvaluationRound.id == round_id)
    return session.scalars(query.options(*whole())).first()


def may_evaluate(session: Session, project: Project) -> Decision:
    """Whether the project may go to the stage "evaluated": its final round is closed."""
    query = sa.select(EvaluationRound.state).where(
        EvaluationRound.project_id == project.id, EvaluationRound.kind == RoundKind.FINAL
    )
    return may_be_evaluated(session.scalar(query))


def sides_of(project: Project) -> list[int]:
    """The organisations that are asked: the leading one first."""
    return [project.organisation_id, *sorted(project.partner_ids)]


def statements_of(session: Session, round_ids: Iterable[int]) -> dict[int, list[SideStatement]]:
    """What the sides have said, by round."""
    query = (
        sa.select(SideStatement)
        .where(SideStatement.round_id.in_(sorted(round_ids)))
        .options(joinedload(SideStatement.organisation))
        .order_by(SideStatement.id)
    )
    found: dict[int, list[SideStatement]] = defaultdict(list)
    for one in session.scalars(query):
        found[one.round_id].append(one)
    return found


def accounts_of(session: Session, round_ids: Iterable[int]) -> dict[int, EvaluationAccount]:
    """What the project's people say was reached, by round."""
    query = (
        sa.select(EvaluationAccount)
        .where(EvaluationAccount.round_id.in_(sorted(round_ids)))
        .options(selectinload(EvaluationAccount.lines))
    )
    return {one.round_id: one for one in session.scalars(query)}


def answers_counted(session: Session, round_ids: Iterable[int]) -> dict[int, int]:
    """How many villagers have answered, by round."""
    query = (
        sa.select(SurveyAnswer.round_id, sa.func.count())
        .where(SurveyAnswer.round_id.in_(sorted(round_ids)))
        .group_by(SurveyAnswer.round_id)
    )
    return dict(session.execute(query).all())


def tallies_of(
    session: Session, rounds: Collection[EvaluationRound]
) -> dict[int, tuple[Tally, ...]]:
    """What villagers said, summed up, by round; of closed rounds alone."""
    closed = {one.id: one.state for one in rounds if one.state is RoundState.CLOSED}
    answers: dict[int, list[Mapping[Question, Choice]]] = {key: [] for key in closed}
    query = sa.select(SurveyAnswer).where(SurveyAnswer.round_id.in_(sorted(closed)))
    for one in session.scalars(query) if closed else ():
        given = {question: getattr(one, question.value) for question in Question}
        answers[one.round_id].append({key: said for key, said in given.items() if said})
    return {key: tally(answers[key], state) for key, state in closed.items()}


def words_of(session: Session, round_id: int) -> Sequence[VillagerWords]:
    """Villagers' free words, in the order of their random keys."""
    query = sa.select(VillagerWords).where(VillagerWords.round_id == round_id)
    return session.scalars(query.order_by(VillagerWords.public_id)).all()


def released_words(session: Session, round_ids: Iterable[int]) -> dict[int, list[str]]:
    """What workers have made of villagers' words for everybody, by round."""
    query = (
        sa.select(VillagerWords.round_id, VillagerWords.released_text)
        .where(
            VillagerWords.round_id.in_(sorted(round_ids)),
            VillagerWords.released_text.is_not(None),
        )
        .order_by(VillagerWords.public_id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for round_id, text in session.execute(query):
        found[round_id].append(str(text))
    return found


def unread_words(session: Session, round_ids: Iterable[int]) -> dict[int, int]:
    """How many of villagers' words nobody has looked at, by round."""
    query = (
        sa.select(VillagerWords.round_id, sa.func.count())
        .where(VillagerWords.round_id.in_(sorted(round_ids)), VillagerWords.is_read.is_(False))
        .group_by(VillagerWords.round_id)
    )
    return dict(session.execute(query).all())


def papers_of(session: Session, round_id: int, batch: str) -> Sequence[SurveyPaper]:
    """The numbers of one print."""
    if not (batch.isascii() and batch.isalnum()):
        return []
    query = sa.select(SurveyPaper).where(
        SurveyPaper.round_id == round_id, SurveyPaper.batch == batch
    )
    return session.scalars(query.order_by(SurveyPaper.id)).all()


def paper_for(session: Session, actor: Actor, paper_id: int) -> tuple[SurveyPaper, EvaluationRound]:
    """A paper sheet and its round. Raises NotFound where it is not the actor's to enter."""
    paper = session.get(SurveyPaper, paper_id)
    found = round_with_id(session, paper.round_id) if paper else None
    if paper is None or found is None or not looks_after(actor, found.project):
        raise NotFound
    return paper, found


def rounds_in_reach(
    session: Session, actor: Actor, tab: str, today: date, page: int = 1
) -> list[EvaluationRound]:
    """The rounds of shown projects in the places that the actor's point serves.

    ``late`` finds those that may be overdue, ``open`` those that ask now, ``all`` every one, by
    their day. One more than a page holds says that there is more.
    """
    day = sa.func.coalesce(EvaluationRound.closes_on, EvaluationRound.due_on)
    query = (
        sa.select(EvaluationRound)
        .where(_in_reach(actor), _of_tab(tab, today))
        .options(*whole())
        .order_by(day.is_(None), day, EvaluationRound.id)
        .offset((page - 1) * PAGE)
        .limit(MOST_LATE if tab == "late" else PAGE + 1)
    )
    return list(session.scalars(query))


def count_in_reach(session: Session, actor: Actor, tab: str, today: date) -> int:
    """How many these are."""
    query = sa.select(sa.func.count(EvaluationRound.id)).where(
        _in_reach(actor), _of_tab(tab, today)
    )
    return session.scalar(query) or 0


def _in_reach(actor: Actor) -> ColumnElement[bool]:
    place = in_any_division(ProjectDivision.division_code, actor.serves)
    shown = Project.publication == Publication.PUBLISHED
    inside = sa.exists().where(ProjectDivision.project_id == Project.id, place)
    project = sa.exists().where(Project.id == EvaluationRound.project_id, shown, inside)
    return sa.and_(EvaluationRound.state != RoundState.LEFT_OUT, project)


def _of_tab(tab: str, today: date) -> ColumnElement[bool]:
    if tab == "open":
        return EvaluationRound.state == RoundState.OPEN
    if tab != "late":
        return sa.true()
    told = sa.exists().where(EvaluationAccount.round_id == EvaluationRound.id)
    return sa.or_(
        EvaluationRound.state == RoundState.OPEN,
        sa.and_(EvaluationRound.state == RoundState.CLOSED, sa.not_(told)),
        sa.and_(EvaluationRound.state == RoundState.PLANNED, EvaluationRound.due_on < today),
    )
