"""Who is told of what happens to a match."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.queries import managers_of
from exchange.brokering import events
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.kinds import Side
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
    people = set(managers_of(act.session, listing.organisation_id))
    return people | ({listing.author_id} if listing.author_id else set())


def _everybody(act: Act, match: Match) -> set[int]:
    return _people(act, match, Side.NEED) | _people(act, match, Side.OFFER) | {match.broker_id}


def _tell(act: Act, match: Match, people: set[int], code: str, **params: str) -> None:
    values = {"need": match.need.title, "offer": match.offer.title, **params}
    notify(act, people, code, values, f"/matches/{match.public_id}")


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
