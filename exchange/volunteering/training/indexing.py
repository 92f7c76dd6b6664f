"""Trainings as documents of the one search.

What stands in the index is for everybody who may see the training: title, what one learns, for
whom, the titles of its materials, who runs it and where; never a question, never who completed it.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.accounts.events import OrganisationChanged
from exchange.accounts.indexing import names_to_find
from exchange.geography.queries import PathPlace, paths
from exchange.kernel.act import Act, House
from exchange.search.corpus import microseconds
from exchange.search.port import Document
from exchange.search.tables import IndexedTable
from exchange.search.wording import place_words, point_of
from exchange.volunteering.training.events import (
    CompletionEvent,
    TrainingEvent,
    TrainingQuestionsAnswered,
)
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.permissions import audience_of

KIND = "training"
TABLE = IndexedTable(KIND, Training, Training.state == TrainingState.PUBLISHED)
WORDS = ("志愿者培训", "培训", "学习", "上岗", "volunteer training", "course")


def register_indexing(house: House) -> None:
    """Make trainings findable, and have every change of one reach the index."""
    TABLE.register(house, build_documents)
    house.bus.listen(TrainingEvent, _index_again)
    house.bus.listen(OrganisationChanged, _index_owned)


def _index_again(act: Act, event: TrainingEvent) -> None:
    if isinstance(event, CompletionEvent | TrainingQuestionsAnswered):
        return  # who completed it is nothing that can be found
    training = act.session.get(Training, event.training_id)
    if training is not None:
        TABLE.request(act, training)


def _index_owned(act: Act, event: OrganisationChanged) -> None:
    """The names of whoever runs it stand in its document."""
    TABLE.request_where(act, Training.organisation_id == event.organisation_id)


def build_documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of these trainings as the database has them now; others are left out."""
    query = TABLE.chosen(ids).options(
        joinedload(Training.organisation, innerjoin=True), selectinload(Training.materials)
    )
    rows = session.scalars(query).all()
    places = paths(session, {row.division_code for row in rows if row.division_code})
    return [_document(row, places.get(row.division_code or "", ())) for row in rows]


def _document(training: Training, path: Sequence[PathPlace]) -> Document:
    owner = training.organisation
    titles = [one.title for one in training.materials]
    return Document(
        key=TABLE.key_of(training.public_id),
        kind=KIND,
        title=training.title,
        text="\n".join(part for part in (training.learns, training.for_whom, *titles) if part),
        audience=audience_of(training),
        side=KIND,
        names=names_to_find(owner),
        organisation=owner.public_id,
        category_words=WORDS,
        divisions=tuple(place.code for place in path),
        place_words=place_words(path),
        state=training.state.value,
        published_at=training.published_at,
        point=point_of(path),
        version=microseconds(training.updated_at),
    )
