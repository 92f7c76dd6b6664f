"""Who may have a proxy in a match, and whether somebody stands on the other side of it."""

from exchange.accounts.kinds import OrganisationKind
from exchange.brokering.models import Match
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side

PRIVATE = frozenset({OrganisationKind.INDIVIDUAL_VOLUNTEER})
VILLAGERS = PRIVATE | {
    OrganisationKind.VILLAGE_COMMITTEE,
    OrganisationKind.COOPERATIVE,
    OrganisationKind.TASK_FORCE,
}


def may_have_proxy(match: Match, side: Side) -> bool:
    """Villagers who ask, and private persons who offer; every other organisation has people."""
    kinds = VILLAGERS if side is Side.NEED else PRIVATE
    return match.listing_of(side).organisation.kind in kinds


def stands_on_other(match: Match, side: Side, actor: Actor) -> bool:
    """Whether the actor belongs to the other side, or has answered or confirmed for it."""
    other = match.side(side.other)
    if actor.belongs_to(match.listing_of(side.other).organisation_id):
        return True
    return actor.person_id in (other.answered_by_id, _confirmed_by(match, side.other))


def _confirmed_by(match: Match, side: Side) -> int | None:
    outcome = match.outcome
    if outcome is None:
        return None
    return outcome.need_confirmed_by_id if side is Side.NEED else outcome.offer_confirmed_by_id
