"""What is agreed makes sense: a day that is still to come, and no more covered than is given."""

from datetime import date

from exchange.brokering.rules import may_cover, may_promise
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid
from exchange.listings.models import Listing


def insist_on_day(act: Act, day: date | None, agreed: date | None = None) -> None:
    """Raises Invalid beside a day that has passed. ``agreed`` stands already and may stay."""
    decision = may_promise(day, act.today, agreed)
    if not decision:
        raise Invalid(fields={"due_on": [decision.code]})


def insist_on_cover(need: Listing, offer: Listing, taken_milli: int, covers_milli: int) -> None:
    """Raises Invalid beside an amount that covers more of the need than the offer gives."""
    decision = may_cover(taken_milli, covers_milli, need.unit or "", offer.unit or "")
    if not decision:
        raise Invalid(fields={"covers": [decision.code]})
