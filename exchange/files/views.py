"""Serving a file, only through the room that owns it."""

from collections.abc import Callable
from typing import cast

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


def register_owner_kind(app: Flask, kind: str, can_see: CanSeeFile) -> None:
    """Let a room decide who sees the files of its kind; a kind without a room is seen by nobody."""
    app.extensions.setdefault(KINDS, {})[kind] = can_see


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
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="{file.public_id}.{suffix}"' if suffix else "inline"
    )
    if suffix:
        answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.set_etag(f"{file.sha256[:32]}-{size}")
    # A download that broke off on a weak network goes on where it was.
    return answer.make_conditional(request, accept_ranges=True, complete_length=len(data))


def _may_see(session: Session, file: StoredFile) -> bool:
    kinds = cast("dict[str, CanSeeFile]", current_app.extensions.get(KINDS, {}))
    can_see = kinds.get(file.owner_kind)
    return can_see is not None and can_see(session, current_actor(), file)
