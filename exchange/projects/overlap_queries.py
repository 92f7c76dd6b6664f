"""What else is done in the same places for the same people: before effort is made twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import Actor, ancestors
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing
from exchange.listings.permissions import sees_details
from exchange.listings.permissions import visible_to as listing_visible_to
from exchange.listings.queries import loaded as loaded_listing
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.permissions import may_read, shown_parts
from exchange.listings.undertakings.queries import homes_of, parts_by_undertaking
from exchange.projects.kinds import LIVE_STAGES, Publication
from exchange.projects.models import Project, ProjectDivision, ProjectNeed
from exchange.projects.permissions import visible_to
from exchange.projects.queries import loaded
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.terms import Beneficiary

LOOKED_AT = 200
SHOWN = 5


@dataclass(frozen=True)
class Ground:
    """Where and for whom something is done.

    ``project_id`` and ``owner_id``: which one it is and whose, so that it, its needs and what the
    same people ask for otherwise are left out.
    """

    places: tuple[str, ...]
    groups: tuple[str, ...]
    category: str | None
    project_id: int = 0
    owner_id: int = 0


@dataclass(frozen=True)
class Overlap:
    """Others on the same ground; needs that belong to an undertaking stand under its name."""

    projects: tuple[Project, ...] = ()
    undertakings: tuple[Undertaking, ...] = ()
    needs: tuple[Listing, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.projects or self.undertakings or self.needs)


def ground_of(project: Project) -> Ground:
    """The ground of a project."""
    return Ground(
        project.places,
        tuple(project.beneficiaries),
        project.category_code,
        project.id,
        project.organisation_id,
    )


def overlap_with(session: Session, actor: Actor, ground: Ground) -> Overlap:
    """What the actor may know of that shares a place (one contains the other) and a group of
    people or a category. The newest first; a fixed number of queries.
    """
    if not ground.places or not (ground.groups or ground.category):
        return Overlap()
    projects = _projects(session, actor, ground)
    needs = _needs(session, actor, ground)
    homes = homes_of(session, [need.id for need in needs])
    named = _readable(session, actor, set(homes.values()))
    alone = [need for need in needs if homes.get(need.id) not in named]
    return Overlap(
        tuple(projects[:SHOWN]), tuple(list(named.values())[:SHOWN]), tuple(alone[:SHOWN])
    )


def _projects(session: Session, actor: Actor, ground: Ground) -> list[Project]:
    query = (
        sa.select(Project)
        .where(
            Project.publication == Publication.PUBLISHED,
            Project.stage.in_(LIVE_STAGES),
            Project.id != ground.project_id,
            sa.exists().where(
                ProjectDivision.project_id == Project.id,
                _shares(ProjectDivision.division_code, ground.places),
            ),
            visible_to(actor),
        )
        .options(*loaded())
        .order_by(Project.id.desc())
        .limit(LOOKED_AT)
    )
    return [
        one for one in session.scalars(query).unique()
        if same_people(ground, one.beneficiaries, one.category_code)
    ]  # fmt: skip


def _needs(session: Session, actor: Actor, ground: Ground) -> list[Listing]:
    here = sa.select(ProjectNeed.listing_id).where(ProjectNeed.project_id == ground.project_id)
    query = (
        sa.select(Listing)
        .where(
            Listing.side == Side.NEED,
            Listing.state.in_(OPEN_STATES),
            Listing.id.not_in(here),
            Listing.organisation_id != ground.owner_id,
            _shares(Listing.division_code, ground.places),
            listing_visible_to(actor),
        )
        .options(*loaded_listing())
        .order_by(Listing.id.desc())
        .limit(LOOKED_AT)
    )
    # One with a coarser account is not placed for those who read only that.
    return [
        one for one in session.scalars(query)
        if sees_details(actor, one) and same_people(ground, one.beneficiaries, one.category_code)
    ]  # fmt: skip


def _readable(session: Session, actor: Actor, ids: set[int]) -> dict[int, Undertaking]:
    if not ids:
        return {}
    parts = parts_by_undertaking(session, ids)
    rows = session.scalars(
        sa.select(Undertaking)
        .where(Undertaking.id.in_(sorted(ids)))
        .options(sa.orm.joinedload(Undertaking.organisation))
        .order_by(Undertaking.id.desc())
    )
    return {
        one.id: one for one in rows
        if may_read(actor, one, parts[one.id]) and shown_parts(actor, parts[one.id])
    }  # fmt: skip


def same_people(ground: Ground, groups: Sequence[str], category: str | None) -> bool:
    """Whether a group of people is the same, or a category the other's or within it.

    "All villagers" is no group by which two would be the same.
    """
    if (set(ground.groups) & set(groups)) - {Beneficiary.GENERAL.value}:
        return True
    tree = taxonomy()
    if (
        not category
        or not ground.category
        or not {category, ground.category} <= set(tree.categories)
    ):
        return False
    return tree.is_within(category, ground.category) or tree.is_within(ground.category, category)


def _shares(
    column: sa.orm.InstrumentedAttribute[str] | sa.orm.InstrumentedAttribute[str | None],
    places: Sequence[str],
) -> ColumnElement[bool]:
    above = sorted({code for place in places for code in ancestors(place)})
    below = [column.startswith(place, autoescape=True) for place in places]
    return sa.or_(column.in_(above), *below)
