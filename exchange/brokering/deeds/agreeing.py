"""What is agreed makes sense: its last day is still to come."""

from datetime import date

from exchange.brokering.rules import may_promise
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid


def insist_on_day(act: Act, day: date | None, agreed: date | None = None) -> None:
    """Raises Invalid beside a day that has passed. ``agreed`` stands already and may stay."""
    decision = may_promise(day, act.today, agreed)
    if not decision:
        raise Invalid(fields={"due_on": [decision.code]})
