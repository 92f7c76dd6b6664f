"""Projects as documents of the search index, as far as the widest circle of readers may know."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.indexing import names_to_find
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.kernel.events import EventBus
from exchange.listings.kinds import State
from exchange.projects import events
from exchange.projects.events import ProjectEvent
from exchange.projects.kinds import LIVE_STAGES, Publication
from exchange.projects.models import Project
from exchange.projects.permissions import audience_of
from exchange.projects.queries import loaded, project_with_id
from exchange.search.corpus import microseconds
from exchange.search.port import Document
from exchange.search.tables import IndexedTable
from exchange.search.wording import categories_of, category_words, place_words, point_of

KIND = "project"
SIDE = "project"  # beside need and offer, so that answers are counted and narrowed by it
INDEXED = (Publication.SUBMITTED, Publication.PUBLISHED)
TABLE = IndexedTable(KIND, Project, Project.publication.in_(INDEXED))
BEARING = (
    events.ProjectChanged, events.ProjectSubmitted, events.ProjectPublished,
    events.ProjectReturned, events.ProjectWithdrawn, events.ProjectHeld, events.ProjectStaged,
    events.PartnerEvent,
)  # fmt: skip
ITS = aliased(Project)  # that of news or a visit, whatever else the question joins
Paths = Mapping[str, tuple[PathPlace, ...]]


def register_indexing(house: House) -> None:
    """Make projects findable, and have every change of one reach the index."""
    TABLE.register(house, build_documents)
    house.bus.listen(ProjectEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_led)


def _index_again(act: Act, event: ProjectEvent) -> None:
    project = project_with_id(act.session, event.project_id)
    if project is not None:
        TABLE.request(act, project)


def _index_led(act: Act, event: OrganisationChanged) -> None:
    """The leader's names stand in the documents of all its projects."""
    TABLE.request_where(act, Project.organisation_id == event.organisation_id)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these projects as the database has them now; others are left out."""
    rows = session.scalars(TABLE.chosen(ids).options(*loaded())).unique().all()
    lines = paths(session, {place for row in rows for place in row.places})
    return [_document(row, lines) for row in rows]


def _document(project: Project, lines: Paths) -> Document:
    known = known_places(project, lines)
    first = known[0] if known else ()
    categories = categories_of(project.category_code)
    return Document(
        key=TABLE.key_of(project.public_id),
        kind=KIND,
        title=project.title,
        text="\n".join(part for part in (project.aim, project.plan) if part),
        audience=audience_of(project),
        side=SIDE,
        names=_names(project),
        organisation=project.organisation.public_id,
        categories=tuple(one.code for one in categories),
        category_words=category_words(categories),
        divisions=tuple(place.code for place in first),
        place_words=place_words(*known),
        reach=project.places if len(known) > 1 else (),
        state=_state(project),
        beneficiaries=tuple(project.beneficiaries),
        from_date=project.from_date,
        published_at=project.news_at or project.published_at,
        point=point_of(first),
        version=microseconds(project.updated_at),
    )


def listen_to_projects(bus: EventBus, listener: Callable[[Act, Any], None]) -> None:
    """Call the listener where a project may have got other readers, places or words."""
    for kind in BEARING:
        bus.listen(kind, listener)


def known_places(project: Project, lines: Paths) -> list[tuple[PathPlace, ...]]:
    """The paths of its places, the first one first."""
    return [lines[code] for code in project.places if lines.get(code)]


def later_of(own: sa.ColumnElement[datetime], project_id: Any) -> sa.ColumnElement[datetime]:
    """When something of a project changed last, or the project did: its readers are the
    project's.
    """
    project = sa.select(ITS.updated_at).where(ITS.id == project_id).scalar_subquery()
    return sa.case((project > own, project), else_=own)


def stands_before_others(project_id: Any) -> sa.ColumnElement[bool]:
    """Whether the project of something is published."""
    return sa.exists().where(ITS.id == project_id, ITS.publication == Publication.PUBLISHED)


def _state(project: Project) -> str:
    """As a listing would say it, so that one question for what is open serves all."""
    return (State.PUBLISHED if project.stage in LIVE_STAGES else State.FULFILLED).value


def _names(project: Project) -> tuple[str, ...]:
    """The leader's and the partners' names; a single person's is nobody's search word."""
    inside = [project.organisation]
    inside += [row.organisation for row in project.partners
               if row.organisation_id in project.partner_ids]  # fmt: skip
    return tuple(name for owner in inside for name in names_to_find(owner))
