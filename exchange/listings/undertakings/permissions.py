"""Who may know of an undertaking, which of its parts they see, and who may change it.

Inside stand its owner and the brokers who serve the place of one of its needs. Everybody else reads
a part only with all its details: the undertaking puts needs of one owner side by side, and would
otherwise tell whose a need with a coarser place is. What the name says of children or illness is
for those inside alone. How many parts are hidden is told to nobody.
"""

from collections.abc import Sequence

from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see, sees_details, sees_owner
from exchange.listings.rules import is_sensitive
from exchange.listings.undertakings.models import Undertaking

Parts = Sequence[Listing]


def may_manage(actor: Actor, undertaking: Undertaking, parts: Parts) -> bool:
    """Its owner's people, and brokers who serve the places of all its needs."""
    if actor.is_system or actor.belongs_to(undertaking.organisation_id):
        return True
    return all(actor.serves_division(place) for place in _places(undertaking, parts))


def may_group(actor: Actor, needs: Parts) -> bool:
    """Who may put these needs together: the owner's people, brokers who serve all the places."""
    if actor.is_system:
        return True
    return all(
        actor.belongs_to(need.organisation_id)
        or (can_see(actor, need) and actor.serves_division(need.division_code))
        for need in needs
    )


def is_inside(actor: Actor, undertaking: Undertaking, parts: Parts) -> bool:
    """Its owner's people, and brokers who serve the place of one of its needs."""
    if actor.is_system or actor.belongs_to(undertaking.organisation_id):
        return True
    return any(actor.serves_division(place) for place in _places(undertaking, parts))


def shown_parts(actor: Actor, parts: Parts) -> list[Listing]:
    """The parts that this reader may read in full, in their order."""
    return [part for part in parts if _is_shown(actor, part)]


def may_read(actor: Actor, undertaking: Undertaking, parts: Parts) -> bool:
    """Whether the actor may know that it exists, and what it is called."""
    if is_inside(actor, undertaking, parts):
        return True
    words = f"{undertaking.name}\n{undertaking.note}"
    return not is_sensitive(Side.NEED, None, (), words) and bool(shown_parts(actor, parts))


def _is_shown(actor: Actor, part: Listing) -> bool:
    if not can_see(actor, part):
        return False
    if part.state is State.MERGED and not actor.belongs_to(part.organisation_id):
        return False
    return sees_details(actor, part) and sees_owner(actor, part)


def _places(undertaking: Undertaking, parts: Parts) -> list[str | None]:
    """Where its needs are; a draft is its owner's alone. Without any, where the owner is."""
    known = [part.division_code for part in parts if part.state is not State.DRAFT]
    return known or [undertaking.organisation.division_code]
