"""Counters of tries and ended sessions, in the database so that several processes share them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class ThrottleCounter(Base):
    """How often something was tried for one key within one fixed window of time."""

    __tablename__ = "throttle_counter"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    tries: Mapped[int]


class EndedSession(Base):
    """A session that was signed out, under the keyed hash of its id: its cookie is nobody's.

    Kept for as long as a copy of the cookie could be good.
    """

    __tablename__ = "ended_session"

    session_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(index=True)
