"""The files of a request: who may add, read and keep them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.permissions import can_manage
from exchange.accounts.rules import may_verify
from exchange.accounts.verification.models import VerificationFile
from exchange.accounts.verification.queries import case_of
from exchange.accounts.verification.rules import MOST_FILES
from exchange.files.documents import Document
from exchange.files.models import StoredFile
from exchange.files.pictures import Picture
from exchange.files.service import forget_file, keep_file
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Invalid

OWNER_KIND = "verification"


def files_of(session: Session, request_id: int) -> Sequence[StoredFile]:
    """The files of a request in their order, in one query."""
    return [kept.file for kept in _kept(session, request_id)]


def attach_evidence(
    act: Act,
    request: VerificationRequest,
    files: Sequence[Picture | Document],
    dropped: frozenset[str] = frozenset(),
) -> int:
    """Add files to a request and forget those dropped; return how many it has, six at most.

    Raises Invalid "too_many_files".
    """
    present = list(_kept(act.session, request.id))
    gone = [kept for kept in present if kept.file.public_id in dropped]
    left = len(present) - len(gone)
    if left + len(files) > MOST_FILES:
        raise Invalid("too_many_files", fields={"files": ["too_many_files"]})
    forget_kept(act, gone)
    start = max((kept.position for kept in present), default=-1) + 1
    for offset, file in enumerate(files):
        stored = keep_file(act, file, OWNER_KIND, request.id)
        row = VerificationFile(request_id=request.id, file_id=stored.id, position=start + offset)
        act.session.add(row)
    act.session.flush()
    return left + len(files)


def forget_kept(act: Act, gone: Sequence[VerificationFile]) -> None:
    """Forget files of requests."""
    for kept in gone:
        file = kept.file
        act.session.delete(kept)
        act.session.flush()
        forget_file(act, file)


def can_see_evidence(session: Session, actor: Actor, file: StoredFile) -> bool:
    """The organisation's managers, and who may decide about it; nobody else."""
    query = (
        sa.select(Organisation)
        .join(VerificationRequest, VerificationRequest.organisation_id == Organisation.id)
        .join(VerificationFile, VerificationFile.request_id == VerificationRequest.id)
        .where(VerificationFile.file_id == file.id)
    )
    organisation = session.scalars(query).first()
    if organisation is None or not actor.is_signed_in:
        return False
    return can_manage(actor, organisation) or bool(
        may_verify(actor, case_of(session, organisation))
    )


def _kept(session: Session, request_id: int) -> Sequence[VerificationFile]:
    query = (
        sa.select(VerificationFile)
        .options(joinedload(VerificationFile.file))
        .where(VerificationFile.request_id == request_id)
        .order_by(VerificationFile.position)
    )
    return session.scalars(query).all()
