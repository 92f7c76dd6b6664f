"""Least lots and what stays whole, held for what a match takes of both listings."""

from exchange.brokering.rules import LotRule, may_share
from exchange.kernel.errors import Invalid
from exchange.listings.models import Listing
from exchange.taxonomy.units import format_amount, step_milli


def insist_on_lots(*parts: tuple[str, Listing, int, int]) -> None:
    """Raises Invalid beside the amount that is less than a lot, or a part of what stays whole.

    ``parts``: field, listing, the amount wanted, and what of it is held already, in thousandths.
    """
    for name, listing, milli, held in parts:
        left = listing.remaining_milli
        rule = LotRule(
            None if left is None else left + held,
            listing.lot_milli or 0,
            step_milli(listing.unit or ""),
            listing.is_whole,
        )
        decision = may_share(milli, rule)
        if not decision:
            least = decision.params.get("milli")
            amount = format_amount(least) if least else ""
            raise Invalid(fields={name: [decision.code]}, amount=amount)
