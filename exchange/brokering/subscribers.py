"""Who is told of what happens to a match."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.queries import concerned
from exchange.brokering import events
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.notifications.service import notify


def register(bus: EventBus) -> None:
    """Listen to everything that somebody else should hear of."""
    bus.listen(events.MatchProposed, _proposed)
    bus.listen(events.SideAnswered, _answered)
    for kind, code in (
        (events.MatchIntroduced, "match_introduced"),
        (events.CommitmentMade, "match_committed"),
        (events.DeliveryRecorded, "match_delivered"),
        (events.OutcomeRecorded, "match_outcome_recorded"),
        (events.MatchCompleted, "match_completed"),
    ):
        bus.listen(kind, _tell_all(code))
    bus.listen(events.MatchClosed, _closed)


def _match(act: Act, event: events.MatchEvent) -> Match:
    return act.session.scalars(
        sa.select(Match)
        .where(Match.id == event.match_id)
        .options(joinedload(Match.need), joinedload(Match.offer))
    ).one()


def _people(act: Act, match: Match, side: Side) -> set[int]:
    listing = match.listing_of(side)
    return concerned(act.session, listing.organisation_id, listing.author_id)


def _everybody(act: Act, match: Match) -> set[int]:
    return _people(act, match, Side.NEED) | _people(act, match, Side.OFFER) | {match.broker_id}


def _tell(act: Act, match: Match, people: set[int], code: str) -> None:
    """Each reads the true title of what is theirs, the broker of the need; else the public one."""
    path = f"/matches/{match.public_id}"
    of_need = _people(act, match, Side.NEED) | {match.broker_id}
    of_offer = _people(act, match, Side.OFFER)
    for knows_need, knows_offer in ((True, True), (True, False), (False, True), (False, False)):
        group = {
            one for one in people if (one in of_need, one in of_offer) == (knows_need, knows_offer)
        }
        values = {
            "need": _title(match.need, known=knows_need),
            "offer": _title(match.offer, known=knows_offer),
        }
        notify(act, group, code, values, path)


def _title(listing: Listing, *, known: bool) -> str:
    return listing.title if known else listing.public_title or listing.title


def _proposed(act: Act, event: events.MatchProposed) -> None:
    match = _match(act, event)
    _tell(act, match, _people(act, match, Side.NEED), "match_proposed_to_need")
    _tell(act, match, _people(act, match, Side.OFFER), "match_proposed_to_offer")


def _answered(act: Act, event: events.SideAnswered) -> None:
    match = _match(act, event)
    code = f"match_{event.side}_{'accepted' if event.accepted else 'declined'}"
    people = {match.broker_id}
    if event.by_proxy:
        people |= _people(act, match, Side(event.side))
    _tell(act, match, people, code)


def _tell_all(code: str) -> Callable[[Act, events.MatchEvent], None]:
    def tell(act: Act, event: events.MatchEvent) -> None:
        match = _match(act, event)
        _tell(act, match, _everybody(act, match), code)

    return tell


def _closed(act: Act, event: events.MatchClosed) -> None:
    match = _match(act, event)
    people = _everybody(act, match) if match.proposed_at else {match.broker_id}
    _tell(act, match, people, f"match_{event.state}")
