"""Who may have a proxy in a match, and whether somebody has already spoken for the other side."""

from exchange.accounts.kinds import OrganisationKind
from exchange.brokering.models import Match
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side


def may_have_proxy(match: Match, side: Side) -> bool:
    """The village side, and private persons: an organisation that offers answers for itself."""
    owner = match.listing_of(side).organisation
    return side is Side.NEED or owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER


def answered_as_proxy(match: Match, side: Side, actor: Actor) -> bool:
    """Whether the actor was the proxy of the other side when it answered."""
    other = match.side(side.other)
    return other.proxy_consent is not None and other.answered_by_id == actor.person_id


def confirmed_other(match: Match, side: Side, actor: Actor) -> bool:
    """Whether the actor has already confirmed the outcome for the other side."""
    outcome = match.outcome
    if outcome is None:
        return False
    by = outcome.offer_confirmed_by_id if side is Side.NEED else outcome.need_confirmed_by_id
    return by is not None and by == actor.person_id
