"""News of projects as documents of the one search.

What stands in the index is for whoever may read the project: its title, the words and the figures.
When the project changes its readers, its places or its title, its news follow.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.indexing import names_to_find
from exchange.geography.queries import paths
from exchange.kernel.act import Act, House
from exchange.listings.kinds import State
from exchange.projects.indexing import Paths, known_places, later_of, stands_before_others
from exchange.projects.models import ProjectUpdate
from exchange.projects.news.events import NewsEvent
from exchange.projects.news.queries import with_project
from exchange.projects.news.rules import unpack_figure
from exchange.projects.permissions import audience_of
from exchange.search.corpus import microseconds
from exchange.search.port import Document
from exchange.search.tables import IndexedTable
from exchange.search.wording import categories_of, category_words, place_words, point_of

KIND = "news"
WORDS = ("项目动态", "动态", "进展", "news", "progress")
SAID = sa.func.coalesce(ProjectUpdate.changed_at, ProjectUpdate.published_at)
TABLE = IndexedTable(
    KIND,
    ProjectUpdate,
    sa.and_(
        ProjectUpdate.withdrawn_at.is_(None), stands_before_others(ProjectUpdate.project_id)
    ),
    later_of(
        sa.func.coalesce(ProjectUpdate.withdrawn_at, SAID), ProjectUpdate.project_id
    ),
)


def register_indexing(house: House) -> None:
    """Make news findable, and have every change of one reach the index."""
    TABLE.register(house, build_documents)
    house.bus.listen(NewsEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_posted)


def _index_again(act: Act, event: NewsEvent) -> None:
    update = act.session.get(ProjectUpdate, event.update_id)
    if update is not None:
        TABLE.request(act, update)


def _index_posted(act: Act, event: OrganisationChanged) -> None:
    """The names of whoever posted it stand in its document."""
    TABLE.request_where(act, ProjectUpdate.organisation_id == event.organisation_id)


def index_news_of(act: Act, project_id: int, after: int, limit: int) -> int:
    """Have news of a project, in the index or not, brought in line by id, those behind this one;
    returns the last id, 0 when there are no more.
    """
    query = sa.select(ProjectUpdate.id, ProjectUpdate.public_id).where(
        ProjectUpdate.project_id == project_id,
        ProjectUpdate.withdrawn_at.is_(None),
        ProjectUpdate.id > after,
    )
    rows = act.session.execute(query.order_by(ProjectUpdate.id).limit(limit)).all()
    for row in rows:
        TABLE.request(act, row)
    return rows[-1].id if len(rows) == limit else 0


def words_of(update: ProjectUpdate) -> tuple[str, str]:
    """The project's title; the words and figures."""
    figures = [one for one in map(unpack_figure, update.figures) if one]
    labels = [f"{one.label} {one.unit}" for one in figures]
    return update.project.title, "\n".join(one for one in (update.text, *labels) if one)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these news as the database has them now; others are left out."""
    query = with_project().where(ProjectUpdate.id.in_(ids), TABLE.belong)
    rows = session.scalars(query.order_by(ProjectUpdate.id)).unique().all()
    lines = paths(session, {place for row in rows for place in row.project.places})
    return [_document(row, lines) for row in rows]


def _document(update: ProjectUpdate, lines: Paths) -> Document:
    project, owner = update.project, update.organisation
    known = known_places(project, lines)
    first = known[0] if known else ()
    categories = categories_of(project.category_code)
    title, text = words_of(update)
    said = update.changed_at or update.published_at
    return Document(
        key=TABLE.key_of(update.public_id),
        kind=KIND,
        title=title,
        text=text,
        audience=audience_of(project),
        side=KIND,
        names=names_to_find(owner),
        organisation=owner.public_id,
        categories=tuple(one.code for one in categories),
        category_words=(*WORDS, *category_words(categories)),
        divisions=tuple(place.code for place in first),
        place_words=place_words(*known),
        reach=project.places if len(known) > 1 else (),
        state=State.PUBLISHED.value,
        published_at=update.published_at,
        point=point_of(first),
        version=microseconds(max(said, project.updated_at)),
    )
