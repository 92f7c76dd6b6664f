"""Projects as documents of the search index, as far as the widest circle of readers may know."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.kinds import OrganisationKind
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.listings.kinds import State
from exchange.projects.events import ProjectEvent
from exchange.projects.kinds import LIVE_STAGES, Publication
from exchange.projects.models import Project
from exchange.projects.permissions import audience_of
from exchange.projects.queries import loaded, project_with_id
from exchange.search.corpus import microseconds
from exchange.search.jobs import request_indexing
from exchange.search.port import Document, Point
from exchange.search.sources import Census, Source, Subject, register_source
from exchange.taxonomy.categories import Category, taxonomy

KIND = "project"
SIDE = "project"  # beside need and offer, so that answers are counted and narrowed by it
INDEXED = (Publication.SUBMITTED, Publication.PUBLISHED)
Paths = Mapping[str, tuple[PathPlace, ...]]


def key_of(project: Project) -> str:
    """The key of a project's document."""
    return f"{KIND}:{project.public_id}"


def register_indexing(house: House) -> None:
    """Make projects findable, and have every change of one reach the index."""
    register_source(house, Source(KIND, build=build_documents, walk=walk, census=census))
    house.bus.listen(ProjectEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_led)


def request_project(act: Act, project: Project) -> None:
    """Have a project's document brought in line after this act commits."""
    request_indexing(act, KIND, project.id, key_of(project))


def _index_again(act: Act, event: ProjectEvent) -> None:
    project = project_with_id(act.session, event.project_id)
    if project is not None:
        request_project(act, project)


def _index_led(act: Act, event: OrganisationChanged) -> None:
    """The leader's names stand in the documents of all its projects."""
    led = sa.select(Project).where(
        Project.organisation_id == event.organisation_id, Project.publication.in_(INDEXED)
    )
    for project in act.session.scalars(led):
        request_project(act, project)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these projects as the database has them now; others are left out."""
    rows = session.scalars(
        sa.select(Project)
        .where(Project.id.in_(ids), Project.publication.in_(INDEXED))
        .options(*loaded())
        .order_by(Project.id)
    ).unique().all()  # fmt: skip
    lines = paths(session, {place for row in rows for place in row.places})
    return [_document(row, lines) for row in rows]


def walk(session: Session, after: int, limit: int, since: datetime | None) -> list[Subject]:
    """Projects by id, in the index or not; with ``since`` those changed from then on."""
    query = sa.select(Project.id, Project.public_id).where(Project.id > after)
    if since is not None:
        query = query.where(Project.updated_at >= since)
    rows = session.execute(query.order_by(Project.id).limit(limit))
    return [Subject(id=row_id, key=f"{KIND}:{public_id}") for row_id, public_id in rows]


def census(session: Session) -> Census:
    """How many projects belong in the index, and the latest change among them."""
    count, latest = session.execute(
        sa.select(sa.func.count(), sa.func.max(Project.updated_at)).where(
            Project.publication.in_(INDEXED)
        )
    ).one()
    return Census(count, microseconds(latest))


def _document(project: Project, lines: Paths) -> Document:
    known = [lines[code] for code in project.places if lines.get(code)]
    first = known[0] if known else ()
    categories = _categories(project.category_code)
    words = (word for line in known for place in line for word in _names_of(place))
    return Document(
        key=key_of(project),
        kind=KIND,
        title=project.title,
        text="\n".join(part for part in (project.aim, project.plan) if part),
        audience=audience_of(project),
        side=SIDE,
        names=_names(project),
        organisation=project.organisation.public_id,
        categories=tuple(one.code for one in categories),
        category_words=_category_words(categories),
        divisions=tuple(place.code for place in first),
        place_words=tuple(dict.fromkeys(words)),
        reach=project.places if len(known) > 1 else (),
        state=_state(project),
        beneficiaries=tuple(project.beneficiaries),
        from_date=project.from_date,
        published_at=project.news_at or project.published_at,
        point=_point(first),
        version=microseconds(project.updated_at),
    )


def _state(project: Project) -> str:
    """As a listing would say it, so that one question for what is open serves all."""
    return (State.PUBLISHED if project.stage in LIVE_STAGES else State.FULFILLED).value


def _categories(code: str | None) -> tuple[Category, ...]:
    return taxonomy().path(code) if code is not None and code in taxonomy() else ()


def _category_words(categories: Sequence[Category]) -> tuple[str, ...]:
    names = [name for one in categories for name in (one.zh, one.en)]
    return (*names, *(categories[-1].alternatives if categories else ()))


def _names(project: Project) -> tuple[str, ...]:
    """The leader's and the partners' names; a single person's is nobody's search word."""
    inside = [project.organisation]
    inside += [row.organisation for row in project.partners
               if row.organisation_id in project.partner_ids]  # fmt: skip
    return tuple(
        name
        for owner in inside
        if owner.kind is not OrganisationKind.INDIVIDUAL_VOLUNTEER
        for name in (owner.name_zh, owner.name_en)
        if name
    )


def _names_of(place: PathPlace) -> tuple[str, str, str]:
    return place.name, place.label("zh"), place.label("en")


def _point(line: Sequence[PathPlace]) -> Point | None:
    for place in reversed(line):
        if place.latitude is not None and place.longitude is not None:
            return Point(place.latitude / 1e6, place.longitude / 1e6)
    return None
