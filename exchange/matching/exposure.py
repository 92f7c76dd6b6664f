"""How often organisations were introduced, as suggestions need to know it: matching knows of no
matches. Brokering says once, while it registers, how that is counted.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.matching.exposure_rules import LATELY_DAYS, Introductions

EXPOSURE = "matching.exposure"
Count = Callable[[Session, Collection[int], datetime], Mapping[int, Introductions]]


def _nobody(
    _session: Session, _organisation_ids: Collection[int], _since: datetime
) -> Mapping[int, Introductions]:
    return {}


@dataclass(frozen=True)
class Exposure:
    """Balances what is shown. ``least`` is the score from which an offer may be moved up."""

    count: Count
    least: float

    def introductions(
        self, session: Session, organisation_ids: Collection[int], today: date
    ) -> Mapping[int, Introductions]:
        """Of these organisations; one query for all."""
        since = datetime.combine(today - timedelta(days=LATELY_DAYS), time(), UTC)
        return self.count(session, sorted(set(organisation_ids)), since)


def set_introductions(house: House, count: Count) -> None:
    """Say how introductions are counted. The later room calls this while it registers."""
    house.resources[EXPOSURE] = count


def exposure_of(house: House) -> Exposure:
    """What was said, or that nobody was ever introduced."""
    count = cast("Count", house.resources.get(EXPOSURE) or _nobody)
    return Exposure(count, house.settings.display_threshold)
