"""What a post belongs to: another listing that it answers, an undertaking that it is for."""

from typing import Any

from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.undertakings.models import Undertaking
from exchange.listings.undertakings.permissions import may_manage
from exchange.listings.undertakings.queries import seen_undertaking
from exchange.listings.undertakings.service import add_needs


def answered_listing(session: Session, actor: Actor, public_id: str) -> Listing | None:
    """The listing of that id; None when there is none or the reader may not know of it."""
    try:
        return seen_listing(session, actor, public_id) if public_id else None
    except NotFound:
        return None


def answered_card(
    session: Session, actor: Actor, public_id: str, locale: str
) -> ListingCard | None:
    """What the page says about it."""
    listing = answered_listing(session, actor, public_id)
    return listing_cards(session, actor, [listing], locale)[0] if listing else None


def undertaking_for(
    session: Session, actor: Actor, public_id: str
) -> tuple[Undertaking, list[Listing]] | None:
    """The undertaking of that id and its needs; None when there is none or it is not the actor's
    organisation's.
    """
    try:
        found, parts = seen_undertaking(session, actor, public_id)
    except NotFound:
        return None
    own = found.organisation_id == actor.organisation_id and may_manage(actor, found, parts)
    return (found, parts) if own else None


def prefilled(parts: list[Listing]) -> dict[str, Any]:
    """What a further need of an undertaking is likely to share with those that are there."""
    if not parts:
        return {}
    latest = parts[-1]
    code, coarse = latest.division_code or "", latest.public_division_code
    return {
        "division": code,
        "beneficiaries": list(latest.beneficiaries),
        "public_level": str(len(coarse)) if coarse and len(coarse) in (6, 9) else "",
    }


def put_into_undertaking(act: Act, need: Listing, public_id: str) -> str | None:
    """Make a need that was just posted a part; the code of what stands against it, if anything.

    The need is posted in any case.
    """
    try:
        with act.session.begin_nested():
            add_needs(act, public_id, [need])
    except (Conflict, Invalid) as error:
        return error.code
    except (NotFound, Forbidden):
        return "undertaking_gone"
    return None
