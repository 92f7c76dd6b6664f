"""Bulletins that have come out as documents of the one search.

What stands in the index is what the editor said and the place; what an issue lists is found by
itself, and only as long as everybody may see it.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session, joinedload

from exchange.accounts.models import ServicePoint
from exchange.discovery.bulletins.events import BulletinEvent
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.search.corpus import microseconds
from exchange.search.port import PUBLIC, Document
from exchange.search.tables import IndexedTable
from exchange.search.wording import place_words

KIND = "bulletin"
TABLE = IndexedTable(KIND, Bulletin, Bulletin.state == State.PUBLISHED)
WORDS = ("简报", "三张清单", "bulletin", "newsletter")


def register_indexing(house: House) -> None:
    """Make issues findable, and have every change of one reach the index."""
    TABLE.register(house, build_documents)
    house.bus.listen(BulletinEvent, _index_again)


def _index_again(act: Act, event: BulletinEvent) -> None:
    issue = act.session.get(Bulletin, event.bulletin_id)
    if issue is not None:
        TABLE.request(act, issue)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these issues as the database has them now; others are left out."""
    place = joinedload(Bulletin.place, innerjoin=True).joinedload(BulletinPlace.service_point)
    query = TABLE.chosen(ids).options(place.selectinload(ServicePoint.divisions))
    rows = session.scalars(query).all()
    lines = paths(session, {code for row in rows for code in row.place.prefixes})
    return [_document(row, [lines.get(code, ()) for code in row.place.prefixes]) for row in rows]


def words_of(issue: Bulletin) -> tuple[str, str]:
    """The editor's headlines, and the introductions."""
    heads = dict.fromkeys((issue.headline_zh, issue.headline_en))
    said = (issue.introduction_zh, issue.introduction_en)
    return " · ".join(one for one in heads if one), "\n".join(one for one in said if one)


def _document(issue: Bulletin, lines: Sequence[Sequence[PathPlace]]) -> Document:
    title, text = words_of(issue)
    point = issue.place.service_point
    names = (point.name_zh, point.name_en) if point is not None else ()
    return Document(
        key=TABLE.key_of(issue.public_id),
        kind=KIND,
        title=title,
        text=text,
        audience=frozenset({PUBLIC}),
        side=KIND,
        names=tuple(name for name in names if name),
        category_words=WORDS,
        divisions=tuple(dict.fromkeys(one.code for line in lines for one in line)),
        place_words=place_words(*lines),
        state=issue.state.value,
        published_at=issue.published_at,
        version=microseconds(issue.updated_at),
    )
