"""Activities as documents of the one search.

What stands in the index is for everybody who may see the activity: title, text, kind of work,
skills, who runs it and where; never the meeting point, the safety note, or who comes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.kinds import OrganisationKind
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.kernel.clock import civil_date
from exchange.search.corpus import microseconds
from exchange.search.jobs import request_indexing
from exchange.search.port import Document, Point
from exchange.search.sources import Census, Source, Subject, register_source
from exchange.volunteering.events import ActivityEvent, ShiftShort, SignupEvent
from exchange.volunteering.kinds import ActivityState, ShiftState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import audience_of
from exchange.volunteering.wording import search_words

KIND = "activity"
INDEXED_STATES = (ActivityState.PUBLISHED, ActivityState.ENDED)
Span = tuple[date | None, date | None]


def key_of(public_id: str) -> str:
    """The key of an activity's document."""
    return f"{KIND}:{public_id}"


def public_id_of(key: str) -> str:
    """The activity's public id in a document's key."""
    return key.partition(":")[2]


def register_indexing(house: House) -> None:
    """Make activities findable, and have every change of one reach the index."""
    register_source(house, Source(KIND, build=build_documents, walk=walk, census=census))
    house.bus.listen(ActivityEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_owned)


def _index_again(act: Act, event: ActivityEvent) -> None:
    if isinstance(event, SignupEvent | ShiftShort):
        return  # who comes is nothing that can be found
    activity = act.session.get(Activity, event.activity_id)
    if activity is not None:
        request_indexing(act, KIND, activity.id, key_of(activity.public_id))


def _index_owned(act: Act, event: OrganisationChanged) -> None:
    """The names of whoever runs it stand in its document."""
    query = sa.select(Activity).where(
        Activity.organisation_id == event.organisation_id, Activity.state.in_(INDEXED_STATES)
    )
    for activity in act.session.scalars(query):
        request_indexing(act, KIND, activity.id, key_of(activity.public_id))


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these activities as the database has them now; others are left out."""
    query = sa.select(Activity).where(Activity.id.in_(ids), Activity.state.in_(INDEXED_STATES))
    joined = query.options(joinedload(Activity.organisation, innerjoin=True))
    rows = session.scalars(joined.order_by(Activity.id)).all()
    places = paths(session, {row.division_code for row in rows})
    spans = _spans(session, [row.id for row in rows])
    return [
        _document(row, places.get(row.division_code, ()), spans.get(row.id, (None, None)))
        for row in rows
    ]


def walk(session: Session, after: int, limit: int, since: datetime | None) -> list[Subject]:
    """Activities by id, in the index or not; with ``since`` those changed from then on."""
    query = sa.select(Activity.id, Activity.public_id).where(Activity.id > after)
    if since is not None:
        query = query.where(Activity.updated_at >= since)
    rows = session.execute(query.order_by(Activity.id).limit(limit))
    return [Subject(id=row_id, key=key_of(public_id)) for row_id, public_id in rows]


def census(session: Session) -> Census:
    """How many activities belong in the index, and the latest change among them."""
    query = sa.select(sa.func.count(), sa.func.max(Activity.updated_at))
    count, latest = session.execute(query.where(Activity.state.in_(INDEXED_STATES))).one()
    return Census(count, microseconds(latest))


def _spans(session: Session, ids: Sequence[int]) -> Mapping[int, Span]:
    """The first and the last day of each, from the shifts that take place."""
    query = (
        sa.select(Shift.activity_id, sa.func.min(Shift.starts_at), sa.func.max(Shift.ends_at))
        .where(Shift.activity_id.in_(ids), Shift.state == ShiftState.OPEN)
        .group_by(Shift.activity_id)
    )
    return {
        key: (civil_date(first), civil_date(last)) for key, first, last in session.execute(query)
    }


def _document(activity: Activity, path: Sequence[PathPlace], span: Span) -> Document:
    owner = activity.organisation
    is_person = owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
    names = () if is_person else tuple(name for name in (owner.name_zh, owner.name_en) if name)
    words = (word for place in path for word in (place.name, place.label("zh"), place.label("en")))
    return Document(
        key=key_of(activity.public_id),
        kind=KIND,
        title=activity.title,
        text=activity.text,
        audience=audience_of(activity),
        side=KIND,
        names=names,
        organisation=owner.public_id,
        category_words=search_words(activity.work, activity.skills),
        divisions=tuple(place.code for place in path),
        place_words=tuple(dict.fromkeys(words)),
        state=activity.state.value,
        from_date=span[0],
        to_date=span[1],
        published_at=activity.published_at,
        point=point_of(path),
        version=microseconds(activity.updated_at),
    )


def point_of(path: Sequence[PathPlace]) -> Point | None:
    """The centroid of the finest division that has one."""
    for place in reversed(path):
        if place.latitude is not None and place.longitude is not None:
            return Point(place.latitude / 1e6, place.longitude / 1e6)
    return None
