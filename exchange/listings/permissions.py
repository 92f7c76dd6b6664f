"""Who may see a listing, in three forms that a property test holds together.

``can_see`` decides on values, ``visible_to`` is the same as SQL, ``audience_of`` and
``audience_tokens`` are the same as token sets in the search index. A broker sees what lies in, or
reaches into, the divisions that their service point serves; verified organisations also see
what is meant for them; everybody sees what is public. A draft is its owner's alone.
"""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import WHOLE_COUNTRY, Actor, ancestors, overlaps
from exchange.listings.kinds import SHOWN_STATES, Form, Side, State, Visibility
from exchange.listings.models import Listing, ListingCoverage

BROKER_STATES = tuple(state for state in State if state is not State.DRAFT)


def can_see(actor: Actor, listing: Listing) -> bool:
    """Whether the actor may know that the listing exists."""
    if actor.is_system or actor.belongs_to(listing.organisation_id):
        return True
    if listing.state in BROKER_STATES and _in_reach_of_broker(actor, listing):
        return True
    if listing.held_at is not None or listing.state not in SHOWN_STATES:
        return False
    if listing.visibility is Visibility.PUBLIC:
        return True
    return listing.visibility is Visibility.VERIFIED and actor.organisation_verified


def _in_reach_of_broker(actor: Actor, listing: Listing) -> bool:
    return any(overlaps(served, place) for served in actor.serves for place in listing.reach)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``can_see`` as a condition on Listing."""
    if actor.is_system:
        return sa.true()
    shown = sa.and_(Listing.held_at.is_(None), Listing.state.in_(SHOWN_STATES))
    levels = [Visibility.PUBLIC, *([Visibility.VERIFIED] if actor.organisation_verified else [])]
    ways = [sa.and_(shown, Listing.visibility.in_(levels))]
    if actor.organisation_ids:
        ways.append(Listing.organisation_id.in_(sorted(actor.organisation_ids)))
    if actor.serves:
        ways.append(sa.and_(Listing.state.in_(BROKER_STATES), _reach_overlaps(actor.serves)))
    return sa.or_(*ways)


def _reach_overlaps(serves: tuple[str, ...]) -> ColumnElement[bool]:
    covered = sa.exists().where(
        ListingCoverage.listing_id == Listing.id, _overlap_sql(ListingCoverage.prefix, serves)
    )
    any_coverage = sa.exists().where(ListingCoverage.listing_id == Listing.id)
    own = sa.and_(sa.not_(any_coverage), _overlap_sql(Listing.division_code, serves))
    return sa.or_(covered, own)


def _overlap_sql(
    column: sa.orm.InstrumentedAttribute[str] | sa.orm.InstrumentedAttribute[str | None],
    serves: tuple[str, ...],
) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in serves:
        return column.is_not(None)
    above = sorted({code for served in serves for code in ancestors(served)})
    below = [column.startswith(served, autoescape=True) for served in serves]
    return sa.or_(column.in_(above), *below)


def audience_of(listing: Listing) -> frozenset[str]:
    """The tokens of those who may see a listing that stands in the search index."""
    tokens = {f"org:{listing.organisation_id}"}
    if listing.state in BROKER_STATES:
        for place in listing.reach:
            tokens.add(f"reach:{place}")
            tokens.update(f"under:{code}" for code in ancestors(place))
    if listing.held_at is None and listing.state in SHOWN_STATES:
        if listing.visibility is Visibility.PUBLIC:
            tokens.add("all")
        if listing.visibility in (Visibility.PUBLIC, Visibility.VERIFIED):
            tokens.add("verified")
    return frozenset(tokens)


def audience_tokens(actor: Actor) -> frozenset[str] | None:
    """The tokens an actor carries into a search; None means that everything may be seen."""
    if actor.is_system:
        return None
    tokens = {"all", *(f"org:{item}" for item in actor.organisation_ids)}
    if actor.organisation_verified:
        tokens.add("verified")
    for served in actor.serves:
        tokens.add(f"under:{served}")
        tokens.update(f"reach:{code}" for code in ancestors(served))
    return frozenset(tokens)


def sees_details(actor: Actor, listing: Listing) -> bool:
    """Whether somebody who may see the listing reads its own title, words, place and pictures.

    Where the author has set a public title, others read only that, and the coarser place.
    """
    if listing.public_title is None and listing.public_division_code is None:
        return True
    if actor.is_system or actor.belongs_to(listing.organisation_id):
        return True
    return _in_reach_of_broker(actor, listing)


def details_shown_to(actor: Actor) -> ColumnElement[bool]:
    """``sees_details`` as a condition on Listing."""
    if actor.is_system:
        return sa.true()
    plain = sa.and_(Listing.public_title.is_(None), Listing.public_division_code.is_(None))
    ways = [plain, Listing.organisation_id.in_(sorted(actor.organisation_ids))]
    if actor.serves:
        ways.append(_reach_overlaps(actor.serves))
    return sa.or_(*ways)


def sees_owner(actor: Actor, listing: Listing) -> bool:
    """Whether a reader is told whose it is: a village's own name would tell a hidden place."""
    return sees_details(actor, listing) or not owner_tells_place(listing)


def owner_tells_place(listing: Listing) -> bool:
    """Whether the owner's name may say more of the place than others shall read."""
    coarse, owner = listing.public_division_code, listing.organisation
    if coarse is None or owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        return False
    home = owner.division_code or ""
    return home.startswith(coarse) and len(home) > len(coarse)


def can_edit(actor: Actor, listing: Listing) -> bool:
    """Members of the owning organisation edit; nobody else does."""
    return actor.is_system or actor.belongs_to(listing.organisation_id)


def may_change(actor: Actor, listing: Listing) -> bool:
    """Whether the listing itself is written to: what is kept in step with something else is
    changed there, even by its owner.
    """
    return listing.form is Form.POSTED and can_edit(actor, listing)


def can_review(actor: Actor, listing: Listing) -> bool:
    """A broker who serves the place of the listing, but never for their own organisation's."""
    if actor.belongs_to(listing.organisation_id):
        return False
    place = listing.division_code
    if listing.side is Side.OFFER and not actor.serves_division(place):
        return _in_reach_of_broker(actor, listing)
    return actor.serves_division(place)


def can_merge(actor: Actor, merged: Listing, kept: Listing) -> bool:
    """A broker who serves both places; nobody lets somebody else's need go into their own."""
    if actor.is_system:
        return True
    if actor.belongs_to(kept.organisation_id) and not actor.belongs_to(merged.organisation_id):
        return False
    return all(actor.serves_division(one.division_code) for one in (merged, kept))


def can_undo_merge(actor: Actor, merged: Listing) -> bool:
    """Any broker who serves the place of the merged need, supervisors among them."""
    return actor.is_system or actor.serves_division(merged.division_code)


def reviewable_by(actor: Actor) -> ColumnElement[bool]:
    """``can_review`` as a condition on Listing."""
    if not actor.serves:
        return sa.false()
    places = [_within(served) for served in actor.serves]
    offers = sa.and_(Listing.side == Side.OFFER, _reach_overlaps(actor.serves))
    strange = Listing.organisation_id.not_in(sorted(actor.organisation_ids))
    return sa.and_(strange, sa.or_(*places, offers))


def _within(served: str) -> ColumnElement[bool]:
    if served == WHOLE_COUNTRY:
        return Listing.division_code.is_not(None)
    return Listing.division_code.startswith(served, autoescape=True)
