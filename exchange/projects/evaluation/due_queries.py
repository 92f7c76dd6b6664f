"""What the clock has to do: which projects and rounds wait for it."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.projects.evaluation.kinds import RoundKind, RoundState
from exchange.projects.evaluation.models import EvaluationRound, VillagerWords
from exchange.projects.evaluation.rules import REMIND_BEFORE
from exchange.projects.kinds import Publication, Stage
from exchange.projects.models import Project

BEGUN = (Stage.PLANNED, Stage.RUNNING, Stage.PAUSED, Stage.COMPLETED)


def unplanned_projects(session: Session, limit: int) -> Sequence[int]:
    """Ids of shown projects that have begun and lack a round."""
    there = (
        sa.select(sa.func.count())
        .where(EvaluationRound.project_id == Project.id)
        .scalar_subquery()
    )
    query = sa.select(Project.id).where(
        Project.publication == Publication.PUBLISHED,
        Project.stage.in_(BEGUN),
        there < len(RoundKind),
    )
    return session.scalars(query.order_by(Project.id).limit(limit)).all()


def projects_to_open(session: Session, today: date, after: int, limit: int) -> Sequence[int]:
    """Ids of shown projects with a planned round whose day may have come, in their order."""
    due = sa.or_(
        EvaluationRound.due_on <= today,
        sa.and_(EvaluationRound.kind == RoundKind.FINAL, EvaluationRound.due_on.is_(None)),
    )
    query = (
        sa.select(Project.id)
        .join(EvaluationRound, EvaluationRound.project_id == Project.id)
        .where(
            Project.publication == Publication.PUBLISHED,
            Project.held_at.is_(None),
            Project.stage.in_((*BEGUN, Stage.EVALUATED)),
            Project.id > after,
            EvaluationRound.state == RoundState.PLANNED,
            due,
        )
        .distinct()
        .order_by(Project.id)
    )
    return session.scalars(query.limit(limit)).all()


def rounds_to_remind(session: Session, today: date, limit: int) -> Sequence[int]:
    """Ids of rounds that close soon and whose people were not reminded yet."""
    query = sa.select(EvaluationRound.id).where(
        EvaluationRound.state == RoundState.OPEN,
        EvaluationRound.reminded_at.is_(None),
        EvaluationRound.closes_on <= today + timedelta(days=REMIND_BEFORE),
        EvaluationRound.closes_on >= today,
    )
    return session.scalars(query.order_by(EvaluationRound.id).limit(limit)).all()


def rounds_to_close(session: Session, today: date, limit: int) -> Sequence[int]:
    """Ids of rounds whose last day is over."""
    query = sa.select(EvaluationRound.id).where(
        EvaluationRound.state == RoundState.OPEN, EvaluationRound.closes_on < today
    )
    return session.scalars(query.order_by(EvaluationRound.id).limit(limit)).all()


def rounds_with_unread_words(session: Session, after: int, limit: int) -> Sequence[int]:
    """Ids of rounds with words of villagers that nobody has looked at, in their order."""
    query = (
        sa.select(VillagerWords.round_id)
        .where(VillagerWords.is_read.is_(False), VillagerWords.round_id > after)
        .distinct()
        .order_by(VillagerWords.round_id)
    )
    return session.scalars(query.limit(limit)).all()
