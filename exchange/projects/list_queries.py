"""The list of projects: which fit a question, and how many there would be otherwise."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import Actor, ancestors
from exchange.listings.kinds import OPEN_STATES, Visibility
from exchange.listings.models import Listing
from exchange.projects.asking import Asked
from exchange.projects.kinds import Publication
from exchange.projects.models import BudgetLine, Project, ProjectDivision, ProjectNeed
from exchange.projects.permissions import need_readable_by, visible_to
from exchange.projects.queries import loaded
from exchange.projects.rules import LARGE_FEN, SMALL_FEN, Scale
from exchange.taxonomy.categories import taxonomy

PAGE = 20
Counts = dict[str, int]


@dataclass(frozen=True)
class Found:
    """One page of the answer, whether more follow, and counts of what each filter would find."""

    projects: tuple[Project, ...]
    total: int
    more: bool
    counts: dict[str, Counts] = field(default_factory=dict)


def find_projects(session: Session, actor: Actor, asked: Asked, page: int) -> Found:
    """Projects that stand before others and fit, those with the latest news first."""
    fitting = sa.and_(*_conditions(actor, asked))
    total = session.scalar(sa.select(sa.func.count()).select_from(Project).where(fitting)) or 0
    start = (page - 1) * PAGE
    query = sa.select(Project).where(fitting).options(*loaded())
    rows = session.scalars(query.order_by(*_order()).offset(start).limit(PAGE)).unique().all()
    counts = {
        "category": _by_category(session, actor, asked),
        "stage": _by(session, actor, asked, "stage", Project.stage),
        "template": _by(session, actor, asked, "template", Project.template),
        "scale": _by(session, actor, asked, "scale", _scale()),
        "missing": _by_missing(session, actor, asked),
    }
    return Found(tuple(rows), total, start + len(rows) < total, counts)


def listed_projects(
    session: Session, actor: Actor, asked: Asked, limit: int, after: Project | None = None
) -> Sequence[Project]:
    """The same for programs, by age, from one on."""
    query = sa.select(Project).where(*_conditions(actor, asked)).options(*loaded())
    if after is not None:
        query = query.where(Project.id < after.id)
    return session.scalars(query.order_by(Project.id.desc()).limit(limit)).unique().all()


def chosen_projects(session: Session, actor: Actor, ids: Sequence[str]) -> list[Project]:
    """These projects in this order, as far as the actor may know of them."""
    query = sa.select(Project).where(Project.public_id.in_(ids), visible_to(actor))
    found = {one.public_id: one for one in session.scalars(query.options(*loaded())).unique()}
    return [found[key] for key in ids if key in found]


def _order() -> tuple[ColumnElement[Any], ...]:
    latest = sa.func.coalesce(Project.news_at, Project.published_at)
    return latest.desc(), Project.id.desc()


def _conditions(actor: Actor, asked: Asked, without: str = "") -> list[ColumnElement[bool]]:
    """The filters of the question but one, on projects that stand before others."""
    found = [
        Project.publication == Publication.PUBLISHED, Project.held_at.is_(None), visible_to(actor)
    ]  # fmt: skip
    ways: dict[str, Callable[[str], ColumnElement[bool]]] = {
        "category": lambda code: Project.category_code.in_(taxonomy().descendants(code)),
        "division": in_division,
        "stage": lambda stage: Project.stage == stage,
        "scale": lambda scale: _scale() == scale,
        "template": lambda template: Project.template == template,
        "missing": lambda code: _lacks(actor, code),
    }
    for name, way in ways.items():
        value = getattr(asked, name)
        if value and name != without:
            found.append(way(value))
    return found


def in_division(code: str) -> ColumnElement[bool]:
    """As a condition on Project: one of its places lies in the division, or contains it."""
    place = ProjectDivision.division_code
    shared = sa.or_(place.startswith(code, autoescape=True), place.in_(ancestors(code)))
    return sa.exists().where(ProjectDivision.project_id == Project.id, shared)


def _scale() -> ColumnElement[str]:
    planned = (
        sa.select(sa.func.coalesce(sa.func.sum(BudgetLine.planned_fen), 0))
        .where(BudgetLine.project_id == Project.id)
        .correlate(Project)
        .scalar_subquery()
    )
    return sa.case(
        (planned <= 0, Scale.UNKNOWN.value),
        (planned < SMALL_FEN, Scale.SMALL.value),
        (planned < LARGE_FEN, Scale.MIDDLE.value),
        else_=Scale.LARGE.value,
    )


def _lacks(actor: Actor, code: str) -> ColumnElement[bool]:
    return sa.exists().where(
        ProjectNeed.project_id == Project.id,
        ProjectNeed.listing_id == Listing.id,
        Listing.category_code.in_(taxonomy().descendants(code)),
        *_still_open(actor),
    )


def _still_open(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    plain = Listing.visibility != Visibility.BROKERS
    return Listing.state.in_(OPEN_STATES), plain, need_readable_by(actor)


def _by(session: Session, actor: Actor, asked: Asked, name: str, column: Any) -> Counts:
    inner = (
        sa.select(column.label("value"))
        .select_from(Project)
        .where(*_conditions(actor, asked, name))
        .subquery()
    )
    rows = session.execute(sa.select(inner.c.value, sa.func.count()).group_by(inner.c.value))
    return {str(getattr(value, "value", value)): count for value, count in rows}


def _by_category(session: Session, actor: Actor, asked: Asked) -> Counts:
    query = (
        sa.select(Project.category_code, sa.func.count())
        .where(*_conditions(actor, asked, "category"), Project.category_code.is_not(None))
        .group_by(Project.category_code)
    )
    found: Counter[str] = Counter()
    for code, count in session.execute(query):
        if code and code in taxonomy():
            found[taxonomy().top(code)] += count
    return dict(found)


def _by_missing(session: Session, actor: Actor, asked: Asked) -> Counts:
    query = (
        sa.select(ProjectNeed.project_id, Listing.category_code)
        .join(Listing, Listing.id == ProjectNeed.listing_id)
        .join(Project, Project.id == ProjectNeed.project_id)
        .where(*_conditions(actor, asked, "missing"), *_still_open(actor))
        .distinct()
    )
    pairs = {
        (project_id, taxonomy().top(code))
        for project_id, code in session.execute(query)
        if code and code in taxonomy()
    }
    return dict(Counter(code for _project, code in pairs))
