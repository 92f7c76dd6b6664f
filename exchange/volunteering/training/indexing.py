"""Trainings as documents of the one search.

What stands in the index is for everybody who may see the training: title, what one learns, for
whom, the titles of its materials, who runs it and where; never a question, never who completed it.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.kinds import OrganisationKind
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.search.corpus import microseconds
from exchange.search.jobs import request_indexing
from exchange.search.port import Document
from exchange.search.sources import Census, Source, Subject, register_source
from exchange.volunteering.indexing import point_of
from exchange.volunteering.training.events import (
    CompletionEvent,
    TrainingEvent,
    TrainingQuestionsAnswered,
)
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.permissions import audience_of

KIND = "training"
WORDS = ("志愿者培训", "培训", "学习", "上岗", "volunteer training", "course")


def key_of(public_id: str) -> str:
    """The key of a training's document."""
    return f"{KIND}:{public_id}"


def public_id_of(key: str) -> str:
    """The training's public id in a document's key."""
    return key.partition(":")[2]


def register_indexing(house: House) -> None:
    """Make trainings findable, and have every change of one reach the index."""
    register_source(house, Source(KIND, build=build_documents, walk=walk, census=census))
    house.bus.listen(TrainingEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_owned)


def _index_again(act: Act, event: TrainingEvent) -> None:
    if isinstance(event, CompletionEvent | TrainingQuestionsAnswered):
        return  # who completed it is nothing that can be found
    training = act.session.get(Training, event.training_id)
    if training is not None:
        request_indexing(act, KIND, training.id, key_of(training.public_id))


def _index_owned(act: Act, event: OrganisationChanged) -> None:
    """The names of whoever runs it stand in its document."""
    query = sa.select(Training).where(
        Training.organisation_id == event.organisation_id,
        Training.state == TrainingState.PUBLISHED,
    )
    for training in act.session.scalars(query):
        request_indexing(act, KIND, training.id, key_of(training.public_id))


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these trainings as the database has them now; others are left out."""
    query = (
        sa.select(Training)
        .where(Training.id.in_(ids), Training.state == TrainingState.PUBLISHED)
        .options(
            joinedload(Training.organisation, innerjoin=True), selectinload(Training.materials)
        )
        .order_by(Training.id)
    )
    rows = session.scalars(query).all()
    places = paths(session, {row.division_code for row in rows if row.division_code})
    return [_document(row, places.get(row.division_code or "", ())) for row in rows]


def walk(session: Session, after: int, limit: int, since: datetime | None) -> list[Subject]:
    """Trainings by id, in the index or not; with ``since`` those changed from then on."""
    query = sa.select(Training.id, Training.public_id).where(Training.id > after)
    if since is not None:
        query = query.where(Training.updated_at >= since)
    rows = session.execute(query.order_by(Training.id).limit(limit))
    return [Subject(id=row_id, key=key_of(public_id)) for row_id, public_id in rows]


def census(session: Session) -> Census:
    """How many trainings belong in the index, and the latest change among them."""
    query = sa.select(sa.func.count(), sa.func.max(Training.updated_at))
    count, latest = session.execute(query.where(Training.state == TrainingState.PUBLISHED)).one()
    return Census(count, microseconds(latest))


def _document(training: Training, path: Sequence[PathPlace]) -> Document:
    owner = training.organisation
    is_person = owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
    names = () if is_person else tuple(name for name in (owner.name_zh, owner.name_en) if name)
    words = (word for place in path for word in (place.name, place.label("zh"), place.label("en")))
    titles = [one.title for one in training.materials]
    return Document(
        key=key_of(training.public_id),
        kind=KIND,
        title=training.title,
        text="\n".join(part for part in (training.learns, training.for_whom, *titles) if part),
        audience=audience_of(training),
        side=KIND,
        names=names,
        organisation=owner.public_id,
        category_words=WORDS,
        divisions=tuple(place.code for place in path),
        place_words=tuple(dict.fromkeys(words)),
        state=training.state.value,
        published_at=training.published_at,
        point=point_of(path),
        version=microseconds(training.updated_at),
    )
