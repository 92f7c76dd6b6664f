"""Activities as documents of the one search.

What stands in the index is for everybody who may see the activity: title, text, kind of work,
skills, who runs it and where; never the meeting point, the safety note, or who comes.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.indexing import names_to_find
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.kernel.clock import civil_date
from exchange.search.corpus import microseconds
from exchange.search.port import Document
from exchange.search.tables import IndexedTable
from exchange.search.wording import place_words, point_of
from exchange.volunteering.events import ActivityEvent, ShiftShort, SignupEvent
from exchange.volunteering.kinds import ActivityState, ShiftState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import audience_of
from exchange.volunteering.wording import search_words

KIND = "activity"
INDEXED_STATES = (ActivityState.PUBLISHED, ActivityState.ENDED)
TABLE = IndexedTable(KIND, Activity, Activity.state.in_(INDEXED_STATES))
Span = tuple[date | None, date | None]


def register_indexing(house: House) -> None:
    """Make activities findable, and have every change of one reach the index."""
    TABLE.register(house, build_documents)
    house.bus.listen(ActivityEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_owned)


def _index_again(act: Act, event: ActivityEvent) -> None:
    if isinstance(event, SignupEvent | ShiftShort):
        return  # who comes is nothing that can be found
    activity = act.session.get(Activity, event.activity_id)
    if activity is not None:
        TABLE.request(act, activity)


def _index_owned(act: Act, event: OrganisationChanged) -> None:
    """The names of whoever runs it stand in its document."""
    TABLE.request_where(act, Activity.organisation_id == event.organisation_id)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these activities as the database has them now; others are left out."""
    query = TABLE.chosen(ids).options(joinedload(Activity.organisation, innerjoin=True))
    rows = session.scalars(query).all()
    places = paths(session, {row.division_code for row in rows})
    spans = _spans(session, [row.id for row in rows])
    return [
        _document(row, places.get(row.division_code, ()), spans.get(row.id, (None, None)))
        for row in rows
    ]


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
    return Document(
        key=TABLE.key_of(activity.public_id),
        kind=KIND,
        title=activity.title,
        text=activity.text,
        audience=audience_of(activity),
        side=KIND,
        names=names_to_find(owner),
        organisation=owner.public_id,
        category_words=search_words(activity.work, activity.skills),
        divisions=tuple(place.code for place in path),
        place_words=place_words(path),
        state=activity.state.value,
        from_date=span[0],
        to_date=span[1],
        published_at=activity.published_at,
        point=point_of(path),
        version=microseconds(activity.updated_at),
    )
