"""What a reader of a match learns of the other side: the name of a private person, and of whoever
answered, only once both have said yes; likewise the words of a listing that is not theirs to see.
Those who broker the match know whom they bring together.
"""

from exchange.accounts.queries import full_label, organisation_label
from exchange.accounts.rules import mask_name
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.permissions import parties_of
from exchange.brokering.rules import Party
from exchange.kernel.actor import Actor
from exchange.listings.cards import category_label, shown_title
from exchange.listings.kinds import Side
from exchange.listings.permissions import can_see as can_see_listing


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


def sees_words(actor: Actor, match: Match, side: Side) -> bool:
    """Whether the actor may read a side's own words: as anybody, as a broker, or once introduced.

    ``shown_title`` still gives the public title to those who read the listing as anybody.
    """
    listing = match.listing_of(side)
    return can_see_listing(actor, listing) or brokers_it(actor, match) or _met(actor, match)


def title_of(actor: Actor, match: Match, side: Side, locale: str) -> str:
    """A side's title for this reader of the match, on pages, in the API and in notices alike.

    Who may not read the listing finds its public title, or else only what kind of thing it is.
    Once introduced the two sides read each other's own words.
    """
    listing = match.listing_of(side)
    if _met(actor, match):
        return listing.title or shown_title(actor, listing)
    if sees_words(actor, match, side):
        return shown_title(actor, listing)
    return listing.public_title or category_label(listing, locale) or "—"


def _met(actor: Actor, match: Match) -> bool:
    if match.introduced_at is None:
        return False
    return any(actor.belongs_to(side.organisation_id) for side in match.sides)


def person_label(actor: Actor, match: Match, entry: TimelineEntry) -> str:
    """Who took a step, for this reader; empty when nobody did."""
    if entry.person is None:
        return ""
    side = next((one for one in Side if entry.code.startswith(f"{one.value}_")), None)
    if side is None or entry.params.get("by_proxy") or knows_people(actor, match):
        return entry.person.name
    own = actor.belongs_to(match.listing_of(side).organisation_id)
    return entry.person.name if own else mask_name(entry.person.name)
