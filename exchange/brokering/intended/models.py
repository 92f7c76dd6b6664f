"""What has been made of an accepted intention: its key lets that happen once.

``refusal`` is the code of what kept it from becoming a match the last time, empty when nothing did.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.brokering.models import Match
from exchange.kernel.database import Base
from exchange.listings.models import Listing
from exchange.projects.intentions.models import Intention


class IntentionCase(Base):
    """An accepted intention for a need, on its way to a match."""

    __tablename__ = "intention_case"

    intention_id: Mapped[int] = mapped_column(
        sa.ForeignKey("project_intention.id", ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listing.id"), unique=True)
    match_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match.id"), unique=True)
    refusal: Mapped[str] = mapped_column(sa.String(60), default="")
    told: Mapped[str] = mapped_column(sa.String(60), default="")
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime]

    intention: Mapped[Intention] = relationship()
    offer: Mapped[Listing | None] = relationship()
    match: Mapped[Match | None] = relationship()
