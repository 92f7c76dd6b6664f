"""Who may have a proxy in a match, and whether somebody stands on the other side of it.

A listing that was filed for somebody without a phone belongs to an office; but nobody of the office
speaks for that person by their own word. Whoever filed it, like any social worker, is their proxy,
with consent to this match.
"""

from sqlalchemy.orm import object_session

from exchange.accounts.kinds import OrganisationKind
from exchange.brokering.kinds import ProxyConsent
from exchange.brokering.models import Match
from exchange.brokering.rules import Party, Proxy
from exchange.kernel.actor import Actor
from exchange.listings.filing.models import Filing
from exchange.listings.filing.queries import filing_of, is_filed
from exchange.listings.kinds import Side

PRIVATE = frozenset({OrganisationKind.INDIVIDUAL_VOLUNTEER})
VILLAGERS = PRIVATE | {
    OrganisationKind.VILLAGE_COMMITTEE,
    OrganisationKind.COOPERATIVE,
    OrganisationKind.TASK_FORCE,
}


def filed_side(match: Match, side: Side) -> bool:
    """Whether a side was filed for somebody: then only recorded proxies speak for it."""
    return is_filed(match.listing_of(side))


def filing_behind(match: Match, side: Side) -> Filing | None:
    """The filing of a side; whoever asks decides who may know of it."""
    listing = match.listing_of(side)
    session = object_session(listing)
    return filing_of(session, listing.id) if session is not None else None


def may_have_proxy(match: Match, side: Side) -> bool:
    """Villagers who ask, private persons who offer, and those for whom somebody filed; every other
    organisation has people.
    """
    kinds = VILLAGERS if side is Side.NEED else PRIVATE
    return match.listing_of(side).organisation.kind in kinds or filed_side(match, side)


def proxy_for(match: Match, side: Side, actor: Actor, consent: ProxyConsent | None) -> Proxy:
    """What the rules ask about somebody who would speak for a side."""
    return Proxy(
        may_have_proxy(match, side),
        stands_on_other(match, side, actor),
        consent,
        is_filed=filed_side(match, side),
    )


def by_own_word(match: Match, parties: frozenset[Party]) -> frozenset[Party]:
    """The parties without the sides for which the actor's own word does not count."""
    return parties - {Party(side.value) for side in Side if filed_side(match, side)}


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
