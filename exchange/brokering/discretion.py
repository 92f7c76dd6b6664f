"""What a reader of a match learns of the other side: the name of a private person, and of whoever
answered, only once both have said yes. Those who broker the match know whom they bring together.
"""

from exchange.accounts.queries import full_label, organisation_label
from exchange.accounts.rules import mask_name
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.permissions import parties_of
from exchange.brokering.rules import Party
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side


def brokers_it(actor: Actor, match: Match) -> bool:
    """Whether the actor reads the match as one of those who bring the two together."""
    if parties_of(actor, match) & {Party.BROKER, Party.SYSTEM}:
        return True
    return actor.serves_division(match.need.division_code)


def knows_people(actor: Actor, match: Match) -> bool:
    """Whether the actor may read the names of private persons on both sides."""
    return match.introduced_at is not None or brokers_it(actor, match)


def side_label(actor: Actor, match: Match, side: Side, locale: str) -> str:
    """The name of a side's organisation for this reader."""
    owner = match.listing_of(side).organisation
    full = actor.belongs_to(owner.id) or knows_people(actor, match)
    return full_label(owner, locale) if full else organisation_label(owner, locale)


def person_label(actor: Actor, match: Match, entry: TimelineEntry) -> str:
    """Who took a step, for this reader; empty when nobody did."""
    if entry.person is None:
        return ""
    side = next((one for one in Side if entry.code.startswith(f"{one.value}_")), None)
    if side is None or entry.params.get("by_proxy") or knows_people(actor, match):
        return entry.person.name
    own = actor.belongs_to(match.listing_of(side).organisation_id)
    return entry.person.name if own else mask_name(entry.person.name)
