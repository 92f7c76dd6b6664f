"""Counters of tries, in the database so that several processes share them."""

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
