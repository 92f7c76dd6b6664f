"""What a centre has set for the work in its area."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class CentreSetting(Base):
    """The settings of one centre; ``centre_settings.CentreSettings`` says what each means."""

    __tablename__ = "centre_setting"

    service_point_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_point.id", ondelete="CASCADE"), primary_key=True
    )
    lapse_days: Mapped[int]
    reminder_days_before: Mapped[int]
    escalate_claimed_days: Mapped[int]
    escalate_answer_days: Mapped[int]
    escalate_due_days: Mapped[int]
    caseload_limit: Mapped[int]
    caseload_blocks: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
