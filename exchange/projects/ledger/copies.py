"""The documents of entries: kept with a request, added later, taken back, looked at.

The document itself is for the project's people and the social workers; each look leaves a trace.
The public sees copies on which personal data is covered, or reads why there is none.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.files.documents import Document
from exchange.files.models import StoredFile
from exchange.files.pictures import Picture
from exchange.files.service import keep_file
from exchange.files.stating import statement_on
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Invalid
from exchange.projects.ledger.kinds import CopyKind, RequestState
from exchange.projects.ledger.models import DocumentCopy, DocumentLook, EntryRequest
from exchange.projects.ledger.permissions import sees_documents
from exchange.projects.ledger.queries import copies_of, of_kind
from exchange.projects.ledger.rules import MOST_COPIES, SEEN_FOR
from exchange.projects.ledger.standing import may_read_book
from exchange.projects.queries import project_with_id

OWNER_KINDS = {CopyKind.ORIGINAL: "ledger_original", CopyKind.PUBLIC: "ledger_public"}


def keep_copies(
    act: Act, request: EntryRequest, files: Sequence[Picture | Document], kind: CopyKind,
    children: str = "",
) -> None:  # fmt: skip
    """Put files to a request, six of a kind at most; copies for the public with what is said about
    children on them. Raises Invalid beside the field.
    """
    statement = statement_on(files, children) if kind is CopyKind.PUBLIC else None
    there = of_kind(copies_of(act.session, [request.id]).get(request.id, []), kind)
    if len(there) + len(files) > MOST_COPIES:
        field = "files" if kind is CopyKind.ORIGINAL else "public_files"
        raise Invalid("too_many_files", fields={field: ["too_many_files"]})
    owner = OWNER_KINDS[kind]
    for file in files:
        stored = keep_file(act, file, owner, request.id)
        row = DocumentCopy(
            request_id=request.id, file_id=stored.id, kind=kind, added_at=act.now,
            added_by_id=act.actor.person_id, statement=statement,
        )  # fmt: skip
        act.session.add(row)
    act.session.flush()


def note_look(act: Act, request_id: int, person_id: int) -> None:
    """Write down that somebody looks: first, last, and how often."""
    key = request_id, person_id
    known = act.session.get(DocumentLook, key)
    if known is None and not _first_look(act, *key):
        known = act.session.get(DocumentLook, key)
    if known is not None:
        known.last_at, known.times = act.now, known.times + 1
    act.session.flush()


def _first_look(act: Act, request_id: int, person_id: int) -> bool:
    """False when the same person has looked in another window at this very moment."""
    try:
        with act.session.begin_nested():
            act.session.add(
                DocumentLook(
                    request_id=request_id, shown_to_id=person_id,
                    at=act.now, last_at=act.now, times=1,
                )
            )  # fmt: skip
            act.session.flush()
    except IntegrityError:
        return False
    return True


def is_looking(session: Session, actor: Actor, request_id: int, now: datetime) -> bool:
    """Whether the actor has just said that they look at the documents of a request."""
    if actor.person_id is None:
        return False
    known = session.get(DocumentLook, (request_id, actor.person_id))
    return known is not None and now - known.last_at <= SEEN_FOR


def can_see_copy(session: Session, actor: Actor, file: StoredFile, now: datetime) -> bool:
    """Whether the bytes of a document or of a public copy are handed out."""
    query = sa.select(DocumentCopy, EntryRequest).join(
        EntryRequest, EntryRequest.id == DocumentCopy.request_id
    )
    found = session.execute(query.where(DocumentCopy.file_id == file.id)).first()
    project = project_with_id(session, found[1].project_id) if found else None
    if found is None or project is None or not may_read_book(session, actor, project):
        return False
    copy, request = found
    if copy.kind is CopyKind.PUBLIC:
        shown = copy.withdrawn_at is None and request.state is RequestState.BOOKED
        return shown or sees_documents(actor, project)
    return sees_documents(actor, project) and is_looking(session, actor, request.id, now)
