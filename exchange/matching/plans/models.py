"""Plans: what was set, what came out, what stays unmet, and what a centre usually sets."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.models import Listing
from exchange.matching.plans.kinds import ItemState, PlanState, Unmet

LONGEST_NAME = 80


class PlanDefaults(Base):
    """What a service point usually sets for a plan. ``choice`` as in ``plan_rules.PlanChoice``."""

    __tablename__ = "plan_defaults"

    service_point_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_point.id", ondelete="CASCADE"), primary_key=True
    )
    choice: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class MatchingPlan(Base):
    """A plan over some divisions.

    ``choice`` is all that was set, so that a later change of the defaults alters no plan;
    ``defaults_version`` is that of the defaults it began from, 0 for those that come with the
    package. ``run`` counts the computations: one that finds another number has been overtaken.
    ``figures`` and ``simple_figures`` (best pair first) are as in ``plan_values.Figures``.
    """

    __tablename__ = "matching_plan"
    __table_args__ = (sa.Index("ix_matching_plan_state_released_at", "state", "released_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    state: Mapped[PlanState] = mapped_column(str_enum(PlanState), default=PlanState.DRAFT)
    choice: Mapped[dict[str, Any]]
    defaults_version: Mapped[int] = mapped_column(default=0)
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("matching_plan.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    service_point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_point.id"))
    run: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    simple_figures: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    queued_at: Mapped[datetime | None]
    discarded_at: Mapped[datetime | None]

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    divisions: Mapped[list["PlanDivision"]] = relationship(
        cascade="all, delete-orphan", order_by="PlanDivision.prefix"
    )

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The divisions whose needs are planned."""
        return tuple(row.prefix for row in self.divisions)


class PlanDivision(Base):
    """A division of a plan, with everything in it."""

    __tablename__ = "matching_plan_division"

    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("matching_plan.id", ondelete="CASCADE"), primary_key=True
    )
    prefix: Mapped[str] = mapped_column(sa.String(12), primary_key=True)


class PlanItem(Base):
    """A planned pair; ``rank`` 0 is the most valuable. Amounts in thousandths of the own unit.

    ``skip_code`` says why a pair did not become work; ``decided_at`` when that was found or when
    it came into the queue.
    """

    __tablename__ = "matching_plan_item"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "need_id", "offer_id"),
        sa.Index("ix_matching_plan_item_plan_id_state", "plan_id", "state", "rank"),
        sa.Index("ix_matching_plan_item_need_id_state", "need_id", "state"),
        sa.Index("ix_matching_plan_item_offer_id_state", "offer_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("matching_plan.id", ondelete="CASCADE"))
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"))
    rank: Mapped[int]
    score_micro: Mapped[int]
    weight_milli: Mapped[int]
    taken_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    covers_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    share_micro: Mapped[int]
    state: Mapped[ItemState] = mapped_column(str_enum(ItemState), default=ItemState.PLANNED)
    skip_code: Mapped[str] = mapped_column(sa.String(40), default="")
    decided_at: Mapped[datetime | None]

    plan: Mapped[MatchingPlan] = relationship()
    need: Mapped[Listing] = relationship(foreign_keys=[need_id])
    offer: Mapped[Listing] = relationship(foreign_keys=[offer_id])


class PlanGap(Base):
    """A need that a plan leaves unmet, wholly or in part: the list of what is lacking.

    ``met_micro`` is the part that is met, in millionths. Category and place are kept as they were.
    """

    __tablename__ = "matching_plan_gap"
    __table_args__ = (
        sa.Index("ix_matching_plan_gap_need_id", "need_id"),
    )

    plan_id: Mapped[int] = mapped_column(
        sa.ForeignKey("matching_plan.id", ondelete="CASCADE"), primary_key=True
    )
    need_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[Unmet] = mapped_column(str_enum(Unmet))
    met_micro: Mapped[int]
    weight_milli: Mapped[int]
    category_code: Mapped[str] = mapped_column(sa.String(40))
    place_code: Mapped[str] = mapped_column(sa.String(12))

    need: Mapped[Listing] = relationship()
