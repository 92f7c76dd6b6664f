"""Bulletins that have come out as documents of the one search.

What stands in the index is what the editor said and the place; what an issue lists is found by
itself, and only as long as everybody may see it.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.models import ServicePoint
from exchange.discovery.bulletins.events import BulletinEvent
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.search.corpus import microseconds
from exchange.search.jobs import request_indexing
from exchange.search.port import PUBLIC, Document
from exchange.search.sources import Census, Source, Subject, register_source

KIND = "bulletin"
WORDS = ("简报", "三张清单", "bulletin", "newsletter")


def key_of(public_id: str) -> str:
    """The key of an issue's document."""
    return f"{KIND}:{public_id}"


def public_id_of(key: str) -> str:
    """The issue's public id in a document's key."""
    return key.partition(":")[2]


def register_indexing(house: House) -> None:
    """Make issues findable, and have every change of one reach the index."""
    register_source(house, Source(KIND, build=build_documents, walk=walk, census=census))
    house.bus.listen(BulletinEvent, _index_again)


def _index_again(act: Act, event: BulletinEvent) -> None:
    issue = act.session.get(Bulletin, event.bulletin_id)
    if issue is not None:
        request_indexing(act, KIND, issue.id, key_of(issue.public_id))


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these issues as the database has them now; others are left out."""
    place = joinedload(Bulletin.place, innerjoin=True).joinedload(BulletinPlace.service_point)
    query = (
        sa.select(Bulletin)
        .where(Bulletin.id.in_(ids), Bulletin.state == State.PUBLISHED)
        .options(place.selectinload(ServicePoint.divisions))
        .order_by(Bulletin.id)
    )
    rows = session.scalars(query).all()
    lines = paths(session, {code for row in rows for code in row.place.prefixes})
    return [_document(row, [lines.get(code, ()) for code in row.place.prefixes]) for row in rows]


def walk(session: Session, after: int, limit: int, since: datetime | None) -> list[Subject]:
    """Issues by id, in the index or not; with ``since`` those changed from then on."""
    query = sa.select(Bulletin.id, Bulletin.public_id).where(Bulletin.id > after)
    if since is not None:
        query = query.where(Bulletin.updated_at >= since)
    rows = session.execute(query.order_by(Bulletin.id).limit(limit))
    return [Subject(id=row_id, key=key_of(public_id)) for row_id, public_id in rows]


def census(session: Session) -> Census:
    """How many issues belong in the index, and the latest change among them."""
    query = sa.select(sa.func.count(), sa.func.max(Bulletin.updated_at))
    count, latest = session.execute(query.where(Bulletin.state == State.PUBLISHED)).one()
    return Census(count, microseconds(latest))


def words_of(issue: Bulletin) -> tuple[str, str]:
    """The editor's headlines, and the introductions."""
    heads = dict.fromkeys((issue.headline_zh, issue.headline_en))
    said = (issue.introduction_zh, issue.introduction_en)
    return " · ".join(one for one in heads if one), "\n".join(one for one in said if one)


def _document(issue: Bulletin, lines: Sequence[Sequence[PathPlace]]) -> Document:
    title, text = words_of(issue)
    words = [
        word for line in lines for one in line
        for word in (one.name, one.label("zh"), one.label("en"))
    ]  # fmt: skip
    point = issue.place.service_point
    names = (point.name_zh, point.name_en) if point is not None else ()
    return Document(
        key=key_of(issue.public_id),
        kind=KIND,
        title=title,
        text=text,
        audience=frozenset({PUBLIC}),
        side=KIND,
        names=tuple(name for name in names if name),
        category_words=WORDS,
        divisions=tuple(dict.fromkeys(one.code for line in lines for one in line)),
        place_words=tuple(dict.fromkeys(words)),
        state=issue.state.value,
        published_at=issue.published_at,
        version=microseconds(issue.updated_at),
    )
