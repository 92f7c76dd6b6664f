"""Who looks after a filing, in two forms that a test holds together.

Whoever filed it while they belong to the office, its managers, the supervisors of the place, and,
once it has left the drafts, the social workers who serve there. Nobody else is told that a listing
is for somebody, and whoever leaves the office leaves the filing there.
"""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import Organisation
from exchange.accounts.points.routing import in_any_division
from exchange.kernel.actor import Actor
from exchange.listings.filing.models import Filing
from exchange.listings.kinds import State
from exchange.listings.models import Listing


def can_look_after(actor: Actor, filing: Filing) -> bool:
    """Whether the actor may know of the filing and see to it."""
    listing = filing.listing
    if actor.is_system or listing.organisation_id in actor.manages:
        return True
    if actor.belongs_to(listing.organisation_id) and actor.person_id == filing.made_by_id:
        return True
    place = listing.division_code
    if actor.supervises_division(place or listing.organisation.division_code):
        return True
    return listing.state is not State.DRAFT and actor.serves_division(place)


def looked_after_by(actor: Actor) -> ColumnElement[bool]:
    """``can_look_after`` as a condition on Filing joined with Listing."""
    if actor.is_system:
        return sa.true()
    ways: list[ColumnElement[bool]] = [sa.false()]
    if actor.organisation_ids:
        own = Listing.organisation_id.in_(sorted(actor.organisation_ids))
        ways.append(sa.and_(own, Filing.made_by_id == actor.person_id))
    if actor.manages:
        ways.append(Listing.organisation_id.in_(sorted(actor.manages)))
    if actor.supervises:
        place = sa.func.coalesce(Listing.division_code, Organisation.division_code)
        home = sa.exists().where(
            Organisation.id == Listing.organisation_id, in_any_division(place, actor.supervises)
        )
        ways.append(home)
    if actor.serves:
        inside = in_any_division(Listing.division_code, actor.serves)
        has_place = Listing.division_code.is_not(None)
        ways.append(sa.and_(Listing.state != State.DRAFT, has_place, inside))
    return sa.or_(*ways)
