"""Serving a file, only through the room that owns it."""

from collections.abc import Callable
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from exchange.files import documents
from exchange.files.audio import SUFFIXES as SOUNDS
from exchange.files.models import StoredFile
from exchange.files.queries import file_with_public_id
from exchange.files.service import SIZES, file_store
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session

bp = Blueprint("files", __name__)
KINDS = "exchange.file_kinds"
NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'; sandbox"
CanSeeFile = Callable[[Session, Actor, StoredFile], bool]
NameOf = Callable[[Session, StoredFile], str]


def register_owner_kind(
    app: Flask, kind: str, can_see: CanSeeFile, name_of: NameOf | None = None
) -> None:
    """Let a room decide who sees the files of its kind; a kind without a room is seen by nobody.

    ``name_of`` is what a document is called when it is saved; else it is called by its id.
    """
    app.extensions.setdefault(KINDS, {})[kind] = can_see, name_of


@bp.get("/files/<public_id>/<size>")
@access(PUBLIC)
def serve(public_id: str, size: str) -> ResponseReturnValue:
    """The bytes, to those who may see the object they belong to; 404 to everybody else."""
    session = read_session()
    file = file_with_public_id(session, public_id) if size in SIZES else None
    if file is None or not _may_see(session, file):
        raise NotFound
    data = file_store(house()).get(f"{file.public_id}-{size}")
    if data is None:
        raise NotFound
    answer = Response(data, mimetype=file.media_type)
    suffix = {documents.MEDIA_TYPE: "pdf", **SOUNDS}.get(file.media_type)
    answer.headers["Content-Disposition"] = "inline"
    if suffix:
        answer.headers["Content-Disposition"] = _to_save(session, file, suffix)
        answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.set_etag(f"{file.sha256[:32]}-{size}")
    # A download that broke off on a weak network goes on where it was.
    return answer.make_conditional(request, accept_ranges=True, complete_length=len(data))


def _owner_of(file: StoredFile) -> tuple[CanSeeFile, NameOf | None] | None:
    kinds = cast(
        "dict[str, tuple[CanSeeFile, NameOf | None]]", current_app.extensions.get(KINDS, {})
    )
    return kinds.get(file.owner_kind)


def _may_see(session: Session, file: StoredFile) -> bool:
    owner = _owner_of(file)
    return owner is not None and owner[0](session, current_actor(), file)


def _to_save(session: Session, file: StoredFile, suffix: str) -> str:
    """To be saved, never shown: under its id, and under its name by RFC 5987 where it has one."""
    owner = _owner_of(file)
    name = owner[1](session, file) if owner and owner[1] else ""
    words = f'attachment; filename="{file.public_id}.{suffix}"'
    return f"{words}; filename*=UTF-8''{quote(name, safe='')}" if name else words
