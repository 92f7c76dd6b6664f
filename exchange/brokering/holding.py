"""What a match holds of both listings, and what it gives back when it is over."""

from exchange.brokering.matches import locked_pair
from exchange.brokering.models import Commitment, Match
from exchange.kernel.act import Act
from exchange.listings.commitments import release_quantity


def give_back(act: Act, match: Match) -> None:
    """Free the undelivered part of every commitment, in proportion on the need's side."""
    held = _held(match)
    if not held:
        return
    need, offer = locked_pair(act, match.need_id, match.offer_id)
    taken = sum(item.taken_milli - item.delivered_milli for item in held)
    covered = sum(item.covers_milli - _covered(item, item.delivered_milli) for item in held)
    for listing, milli in sorted(((need, covered), (offer, taken)), key=lambda pair: pair[0].id):
        if milli:
            release_quantity(act, listing, milli)
    for item in held:
        if item.delivered_milli < item.taken_milli:
            item.released_at = act.now


def settle(act: Act, match: Match) -> None:
    """At completion: what the confirmed outcome says counts as delivered, the rest is free again.

    Deliveries that were recorded count at least. Where neither they nor the outcome name an
    amount, both sides have confirmed what was agreed, and all of it counts.
    """
    outcome, held = match.outcome, _held(match)
    stated = None if outcome is None else outcome.delivered_milli
    if stated is None and not any(item.delivered_milli for item in held):
        return
    missing = (stated or 0) - sum(_covered(item, item.delivered_milli) for item in held)
    for item in held:
        missing -= _deliver(item, missing)
    give_back(act, match)


def _deliver(item: Commitment, milli: int) -> int:
    """Count so much more of the need, in thousandths, as delivered; returns how much that was."""
    before = _covered(item, item.delivered_milli)
    more = min(milli, item.covers_milli - before)
    if more <= 0:
        return 0
    needed = -(-(before + more) * item.taken_milli // item.covers_milli)
    item.delivered_milli = min(item.taken_milli, max(item.delivered_milli, needed))
    return _covered(item, item.delivered_milli) - before


def _covered(item: Commitment, delivered_milli: int) -> int:
    return item.covers_milli * delivered_milli // item.taken_milli


def _held(match: Match) -> list[Commitment]:
    return [item for item in match.commitments if item.released_at is None]
