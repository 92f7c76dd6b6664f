"""Reading stored files."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.files.models import StoredFile


def file_with_public_id(session: Session, public_id: str) -> StoredFile | None:
    """The file with this public id."""
    if not public_id.isalnum():
        return None
    return session.scalars(sa.select(StoredFile).where(StoredFile.public_id == public_id)).first()
