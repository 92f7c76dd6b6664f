"""What is agreed makes sense: a day that can be planned for, and an amount that can be meant."""

from datetime import date

from exchange.brokering.deeds.rules import covered, may_have_come
from exchange.brokering.models import Match
from exchange.brokering.rules import may_cover, may_promise
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid
from exchange.listings.models import Listing
from exchange.taxonomy.units import format_quantity


def insist_on_day(act: Act, day: date | None, agreed: date | None = None) -> None:
    """Raises Invalid beside a day that has passed or is more than three years ahead. ``agreed``
    stands already and may stay.
    """
    decision = may_promise(day, act.today, agreed)
    if not decision:
        raise Invalid(fields={"due_on": [decision.code]})


def insist_on_cover(need: Listing, offer: Listing, taken_milli: int, covers_milli: int) -> None:
    """Raises Invalid beside an amount that covers more of the need than the offer gives."""
    decision = may_cover(taken_milli, covers_milli, need.unit or "", offer.unit or "")
    if not decision:
        raise Invalid(fields={"covers": [decision.code]})


def insist_on_likely(match: Match, delivered_milli: int | None, unit: str) -> None:
    """Raises Invalid beside what an outcome says was delivered and cannot have been.

    ``unit`` is in which it counts where the need has none.
    """
    asked_in = match.need.unit or ""
    taken, covers, asked = _agreed(match)
    if unit and not asked_in:
        covers, asked = taken if unit == match.offer.unit else 0, 0
    decision = may_have_come(delivered_milli or 0, covers, asked)
    if not decision:
        milli, counted_in = decision.params["milli"], asked_in or unit
        words = {one: format_quantity(milli, counted_in, one) for one in ("zh", "en")}
        raise Invalid(fields={"delivered": [decision.code]}, amount=words)


def _agreed(match: Match) -> tuple[int, int, int]:
    """What is agreed (taken of the offer, covered of the need), and what was asked for. Of what
    was let go only what came counts.
    """
    taken = covers = 0
    for item in match.commitments:
        held = item.taken_milli if item.released_at is None else item.delivered_milli
        taken += held
        covers += covered(item.covers_milli, held, item.taken_milli)
    return taken, covers, match.need.quantity_milli or 0
