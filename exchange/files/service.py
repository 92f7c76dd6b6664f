"""Keeping files: the bytes go to the store first, the row commits after; orphans are swept."""

import hashlib
from datetime import timedelta

import sqlalchemy as sa

from exchange.files import documents
from exchange.files.audio import Sound
from exchange.files.documents import Document
from exchange.files.models import StoredFile
from exchange.files.pictures import MEDIA_TYPE, Picture
from exchange.files.store import FileStore
from exchange.kernel.act import Act, House
from exchange.kernel.database import new_public_id

RESOURCE = "files"
SIZES = ("full", "thumb")
ORPHAN_AGE = timedelta(days=1)


def file_store(house: House) -> FileStore:
    """The store of this house."""
    store: FileStore = house.resources[RESOURCE]
    return store


def keep_picture(
    act: Act, picture: Picture, owner_kind: str, owner_id: int | None = None
) -> StoredFile:
    """Store a picture for a room's object. The caller has checked that the actor may add it."""
    public_id = new_public_id()
    store = file_store(act.house)
    store.put(f"{public_id}-full", picture.full)
    store.put(f"{public_id}-thumb", picture.thumb)
    kept = StoredFile(
        public_id=public_id,
        owner_kind=owner_kind,
        owner_id=owner_id,
        uploaded_by_id=act.actor.person_id,
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        size_bytes=len(picture.full),
        sha256=fingerprint(picture),
        created_at=act.now,
    )
    act.session.add(kept)
    act.session.flush()
    return kept


def keep_document(
    act: Act, document: Document, owner_kind: str, owner_id: int | None = None
) -> StoredFile:
    """Store a document as it is, for a room's object. It has no thumbnail."""
    return _keep_whole(act, document.data, documents.MEDIA_TYPE, owner_kind, owner_id)


def keep_file(
    act: Act, file: Picture | Document, owner_kind: str, owner_id: int | None = None
) -> StoredFile:
    """Store either of the two."""
    if isinstance(file, Picture):
        return keep_picture(act, file, owner_kind, owner_id)
    return keep_document(act, file, owner_kind, owner_id)


def fingerprint(file: Picture | Document) -> str:
    """The hash under which its bytes are kept: the same file sent again has the same."""
    data = file.full if isinstance(file, Picture) else file.data
    return hashlib.sha256(data).hexdigest()


def keep_sound(act: Act, sound: Sound, owner_kind: str, owner_id: int | None = None) -> StoredFile:
    """Likewise a sound."""
    return _keep_whole(act, sound.data, sound.media_type, owner_kind, owner_id)


def _keep_whole(
    act: Act, data: bytes, media_type: str, owner_kind: str, owner_id: int | None
) -> StoredFile:
    public_id = new_public_id()
    file_store(act.house).put(f"{public_id}-full", data)
    kept = StoredFile(
        public_id=public_id,
        owner_kind=owner_kind,
        owner_id=owner_id,
        uploaded_by_id=act.actor.person_id,
        media_type=media_type,
        width=0,
        height=0,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=act.now,
    )
    act.session.add(kept)
    act.session.flush()
    return kept


def forget_file(act: Act, file: StoredFile) -> None:
    """Delete the row; the bytes go with the next sweep, after the commit."""
    act.session.delete(file)
    act.session.flush()


def orphan_names(act: Act) -> list[str]:
    """Names of stored bytes older than a day that no row knows."""
    before = act.now - ORPHAN_AGE
    old = [name for name, moment in file_store(act.house).names() if moment < before]
    known: set[str] = set()
    ids = sorted({name.rpartition("-")[0] for name in old})
    for start in range(0, len(ids), 500):
        part = sa.select(StoredFile.public_id).where(
            StoredFile.public_id.in_(ids[start : start + 500])
        )
        known.update(act.session.scalars(part))
    return [name for name in old if name.rpartition("-")[0] not in known]
