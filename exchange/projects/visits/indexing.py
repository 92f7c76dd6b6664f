"""Roadshows and visits as documents of the one search, until they begin.

What stands in the index is for whoever may see the project; never the link, never who comes.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.indexing import names_to_find
from exchange.geography.queries import paths
from exchange.kernel.act import Act, House
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import State
from exchange.projects.indexing import Paths, known_places, later_of, stands_before_others
from exchange.projects.models import Project
from exchange.projects.permissions import audience_of
from exchange.projects.visits import events
from exchange.projects.visits.kinds import VisitKind, VisitState
from exchange.projects.visits.models import Visit
from exchange.projects.visits.queries import loaded
from exchange.search.corpus import microseconds
from exchange.search.port import Document
from exchange.search.tables import IndexedTable
from exchange.search.wording import categories_of, category_words, place_words, point_of

KIND = "visit"
WORDS = {
    VisitKind.ROADSHOW: ("路演", "推介", "roadshow"),
    VisitKind.VISIT: ("考察", "参观", "看现场", "visit"),
}
TABLE = IndexedTable(
    KIND,
    Visit,
    sa.and_(Visit.state == VisitState.ANNOUNCED, stands_before_others(Visit.project_id)),
    later_of(Visit.updated_at.expression, Visit.project_id),
)
BEARING = (events.VisitAnnounced, events.VisitChanged, events.VisitCancelled)


def register_indexing(house: House) -> None:
    """Make visits findable, and have every change of one reach the index."""
    TABLE.register(house, build_documents)
    for kind in BEARING:
        house.bus.listen(kind, _index_again)
    house.bus.listen(OrganisationChanged, _index_led)


def _index_again(act: Act, event: events.VisitEvent) -> None:
    visit = act.session.get(Visit, event.visit_id)
    if visit is not None:
        TABLE.request(act, visit)


def _index_led(act: Act, event: OrganisationChanged) -> None:
    """The leader's names stand in the documents of what its projects announce."""
    its = sa.select(Project.id).where(Project.organisation_id == event.organisation_id)
    TABLE.request_where(act, Visit.project_id.in_(its))


def index_visits_of(act: Act, project_id: int, after: int, limit: int) -> int:
    """Have what a project has announced brought in line by id, what is behind this one; returns
    the last id, 0 when there are no more.
    """
    query = sa.select(Visit.id, Visit.public_id).where(
        Visit.project_id == project_id, Visit.state == VisitState.ANNOUNCED, Visit.id > after
    )
    rows = act.session.execute(query.order_by(Visit.id).limit(limit)).all()
    for row in rows:
        TABLE.request(act, row)
    return rows[-1].id if len(rows) == limit else 0


def words_of(visit: Visit) -> tuple[str, str]:
    """Its title; the project, where people meet, and more about it."""
    said = (visit.project.title, visit.place, visit.text)
    return visit.title, "\n".join(one for one in said if one)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these visits as the database has them now; others are left out."""
    rows = session.scalars(TABLE.chosen(ids).options(*loaded())).unique().all()
    lines = paths(session, {place for row in rows for place in row.project.places})
    return [_document(row, row.project, lines) for row in rows]


def _document(visit: Visit, project: Project, lines: Paths) -> Document:
    known = known_places(project, lines)
    first = known[0] if known else ()
    categories = categories_of(project.category_code)
    title, text = words_of(visit)
    day = civil_date(visit.starts_at)
    return Document(
        key=TABLE.key_of(visit.public_id),
        kind=KIND,
        title=title,
        text=text,
        audience=audience_of(project),
        side=KIND,
        names=names_to_find(project.organisation),
        organisation=project.organisation.public_id,
        categories=tuple(one.code for one in categories),
        category_words=(*WORDS[visit.kind], *category_words(categories)),
        divisions=tuple(place.code for place in first),
        place_words=place_words(*known),
        reach=project.places if len(known) > 1 else (),
        state=State.PUBLISHED.value,
        from_date=day,
        to_date=day,
        published_at=visit.created_at,
        point=point_of(first),
        version=microseconds(max(visit.updated_at, project.updated_at)),
    )
