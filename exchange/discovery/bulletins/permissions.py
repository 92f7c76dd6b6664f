"""Who looks after the bulletins of a place, who edits them, and who reads them."""

from exchange.accounts.permissions import covers_all
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.kernel.actor import Actor


def may_manage(actor: Actor, place: BulletinPlace) -> bool:
    """Whoever supervises the whole place sets its days, approves, and sends back."""
    if actor.is_system:
        return True
    return bool(place.prefixes) and covers_all(actor, place.prefixes)


def may_edit(actor: Actor, place: BulletinPlace) -> bool:
    """Whoever serves the whole place edits."""
    if actor.is_system:
        return True
    return bool(place.prefixes) and all(actor.serves_division(one) for one in place.prefixes)


def may_read(actor: Actor, bulletin: Bulletin) -> bool:
    """Everybody reads what came out; before that those alone who edit it."""
    return bulletin.state is State.PUBLISHED or may_edit(actor, bulletin.place)
