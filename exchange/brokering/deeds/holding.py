"""What a match holds of both listings, and what it gives back when it is over."""

import sqlalchemy as sa

from exchange.brokering.deeds.delivering import strike_undecided
from exchange.brokering.deeds.kinds import ChangeState
from exchange.brokering.deeds.models import CommitmentChange
from exchange.brokering.deeds.rules import covered
from exchange.brokering.matches import locked_pair
from exchange.brokering.models import Commitment, Match
from exchange.kernel.act import Act
from exchange.listings.commitments import release_quantity


def give_back(act: Act, match: Match) -> None:
    """Free the undelivered part of every commitment, in proportion on the need's side.

    What the receiving side has not confirmed, or a side has contradicted, counts as undelivered
    unless it was decided on; changes that wait for an answer end.
    """
    strike_undecided(act, match)
    end_changes(act, match)
    give_back_of(act, match, _held(match))


def give_back_of(act: Act, match: Match, held: list[Commitment]) -> None:
    """Free the undelivered part of these commitments of the match, which hold something."""
    if not held:
        return
    need, offer = locked_pair(act, match.need_id, match.offer_id)
    taken = sum(item.taken_milli - item.delivered_milli for item in held)
    freed = sum(item.covers_milli - _covered(item, item.delivered_milli) for item in held)
    for listing, milli in sorted(((need, freed), (offer, taken)), key=lambda pair: pair[0].id):
        if milli:
            release_quantity(act, listing, milli)
    for item in held:
        if item.delivered_milli < item.taken_milli:
            item.released_at = act.now


def end_changes(act: Act, match: Match) -> None:
    """Nobody can answer a change any more once the match is over."""
    waiting = sa.select(CommitmentChange).where(
        CommitmentChange.match_id == match.id, CommitmentChange.state == ChangeState.OPEN
    )
    locked = waiting.order_by(CommitmentChange.id).with_for_update(of=CommitmentChange)
    for one in act.session.scalars(locked.execution_options(populate_existing=True)).all():
        one.state, one.closed_at = ChangeState.ENDED, act.now


def settle(act: Act, match: Match) -> None:
    """At completion: what the confirmed outcome says counts as delivered, the rest is free again.

    Deliveries that were recorded count at least. An amount in another unit than the need's says
    nothing of what is held. Where neither they nor the outcome name an
    amount, both sides have confirmed what was agreed, and all of it counts.
    """
    end_changes(act, match)
    outcome, held = match.outcome, _held(match)
    stated = None if outcome is None or outcome.unit else outcome.delivered_milli
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
    return covered(item.covers_milli, delivered_milli, item.taken_milli)


def _held(match: Match) -> list[Commitment]:
    return [item for item in match.commitments if item.released_at is None]
