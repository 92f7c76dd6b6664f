"""Reading notices."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.notifications.models import Notice


def unread_count(session: Session, person_id: int) -> int:
    """How many notices the person has not read."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(Notice)
            .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        )
        or 0
    )


def notices_of(
    session: Session, person_id: int, *, before_id: int | None = None, limit: int = 30
) -> Sequence[Notice]:
    """A person's notices, newest first; ``before_id`` continues a list."""
    query = sa.select(Notice).where(Notice.person_id == person_id)
    if before_id is not None:
        last = sa.select(Notice.created_at).where(Notice.id == before_id).scalar_subquery()
        same = sa.and_(Notice.created_at == last, Notice.id < before_id)
        query = query.where(sa.or_(Notice.created_at < last, same))
    newest_first = (Notice.created_at.desc(), Notice.id.desc())
    return session.scalars(query.order_by(*newest_first).limit(limit)).all()
