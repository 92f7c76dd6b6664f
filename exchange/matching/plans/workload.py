"""What a later room has in hand, as plans need to know it: matching knows of no matches.

Brokering says once, while it registers, which suggestions nobody has taken up and which pairs are
being worked on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.act import House

WORKLOAD = "matching.plan_workload"
Pair = tuple[int, int]


@dataclass(frozen=True)
class InHand:
    """Pairs (need id, offer id) that are worked on: without an amount yet, and with one."""

    open_pairs: tuple[Pair, ...] = ()
    agreed_pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Workload:
    """``is_free`` is a condition on Suggestion; ``in_hand`` reads all that is worked on."""

    is_free: Callable[[], ColumnElement[bool]] = sa.true
    in_hand: Callable[[Session], InHand] = lambda _session: InHand()


def set_workload(house: House, workload: Workload) -> None:
    """Say what is in hand. The later room calls this while it registers."""
    house.resources[WORKLOAD] = workload


def workload_of(house: House) -> Workload:
    """What was said, or that nothing is in hand."""
    return cast("Workload", house.resources.get(WORKLOAD) or Workload())
