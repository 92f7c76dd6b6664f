"""What was decided about pairs, the sets of weights made from it, and whether learning is on."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base, BigId, str_enum
from exchange.matching.learning.kinds import Cause, WeightsState

LONGEST_VERSION = 60
PRESENT = sa.text(f"state = '{WeightsState.IN_FORCE.value}'")


class PairDecision(Base):
    """The last decision about a pair, with its features as they were when it was first made.

    ``features`` maps names to values; what was unknown is absent. ``score_micro`` is the score in
    millionths that these had by the weights of ``engine``. ``cause`` and ``reason`` say what came
    of it last; what that means for a fit stands in ``learn_rules``. Nobody is named here.
    """

    __tablename__ = "matching_decision"
    __table_args__ = (
        sa.Index("ix_matching_decision_offer_id", "offer_id"),
        sa.Index("ix_matching_decision_changed_at", "changed_at"),
    )

    need_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    cause: Mapped[Cause] = mapped_column(str_enum(Cause))
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    features: Mapped[dict[str, Any]]
    score_micro: Mapped[int]
    engine: Mapped[str] = mapped_column(sa.String(80))
    decided_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class LearnedWeights(Base):
    """A set of weights made from decisions. At most one is in force; else those of the package are.

    ``weights`` holds the base and each feature's weight and mean, ``based_on`` the version of the
    package's weights that they were made around: with others they mean nothing. ``figures`` are as
    in ``learning.figures_of``, from held-out decisions.
    """

    __tablename__ = "matching_weights"
    __table_args__ = (
        sa.Index(
            "uq_matching_weights_in_force",
            "state",
            unique=True,
            sqlite_where=PRESENT,
            postgresql_where=PRESENT,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[str] = mapped_column(sa.String(LONGEST_VERSION), unique=True)
    based_on: Mapped[str] = mapped_column(sa.String(LONGEST_VERSION))
    weights: Mapped[dict[str, Any]]
    state: Mapped[WeightsState] = mapped_column(str_enum(WeightsState))
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    decisions: Mapped[int]
    figures: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    in_force_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Learning(Base):
    """The one row that everybody locks who changes which weights are in force.

    ``number`` counts these changes: who has fitted under another number was overtaken.
    ``looked_at`` is when decisions were last fitted.
    """

    __tablename__ = "matching_learning"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_on: Mapped[bool] = mapped_column(default=True)
    number: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[datetime | None]
