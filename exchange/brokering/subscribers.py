"""What brokering does on news of others, and who is told of what happens to a match."""

from collections.abc import Callable

import sqlalchemy as sa

from exchange.accounts.events import OrganisationEvent, VerificationLost, VerificationRefused
from exchange.accounts.models import Organisation
from exchange.brokering import events
from exchange.brokering.ending import end_matches_of, listings_of_owner
from exchange.brokering.kinds import LIVE_STATES, EndCause
from exchange.brokering.models import Match
from exchange.brokering.planned_jobs import request_queueing, request_telling
from exchange.brokering.queries import brokers_in_charge
from exchange.brokering.record_jobs import request_record
from exchange.brokering.telling import everybody, match_of, people_of, tell_people
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict
from exchange.kernel.events import EventBus
from exchange.listings.events import (
    ListingEvent,
    ListingExpired,
    ListingHeld,
    ListingParked,
    ListingWithdrawn,
    NeedMerged,
)
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.facts import BAD_STANDING
from exchange.matching.plan_events import PlanQueued, PlanReleased


def register(bus: EventBus) -> None:
    """Listen to everything that somebody else should hear of."""
    bus.listen(events.MatchProposed, _proposed)
    bus.listen(events.SideAnswered, _answered)
    for kind, code in (
        (events.MatchIntroduced, "match_introduced"),
        (events.CommitmentMade, "match_committed"),
        (events.OutcomeRecorded, "match_outcome_recorded"),
        (events.MatchCompleted, "match_completed"),
    ):
        bus.listen(kind, _tell_all(code))
    bus.listen(events.MatchClosed, _closed)
    bus.listen(events.MatchUnsettled, _unsettled)
    for step in (events.SideAnswered, events.MatchClosed, events.MatchCompleted):
        bus.listen(step, _count_again)
    for ended, cause in (
        (ListingWithdrawn, EndCause.WITHDRAWN),
        (ListingParked, EndCause.PARKED),
        (ListingExpired, EndCause.EXPIRED),
    ):
        bus.listen(ended, _end_with(cause))
    bus.listen(NeedMerged, _refuse_merge)
    bus.listen(ListingHeld, _held)
    bus.listen(PlanReleased, _plan_released)
    bus.listen(PlanQueued, _plan_queued)
    for lost in (VerificationLost, VerificationRefused):
        bus.listen(lost, _lost_standing)


def _plan_released(act: Act, event: PlanReleased) -> None:
    request_queueing(act, event.plan_id)


def _plan_queued(act: Act, event: PlanQueued) -> None:
    request_telling(act, event.plan_id)


def _end_with(cause: EndCause) -> Callable[[Act, ListingEvent], None]:
    def end(act: Act, event: ListingEvent) -> None:
        end_matches_of(act, (event.listing_id,), cause)

    return end


def _refuse_merge(act: Act, event: NeedMerged) -> None:
    """A need is not taken out of a match that goes on: its two sides have been asked by its name.

    Both needs are locked by now, and whoever claims a pair locks its need first.
    """
    query = sa.select(Match.id).where(
        Match.need_id == event.listing_id, Match.state.in_(LIVE_STATES)
    )
    if act.session.execute(query.limit(1)).first() is not None:
        raise Conflict("merge_match_open")


def _held(act: Act, event: ListingHeld) -> None:
    """The same news says that it is shown again."""
    if act.session.get_one(Listing, event.listing_id).held_at is not None:
        end_matches_of(act, (event.listing_id,), EndCause.HELD)


def _lost_standing(act: Act, event: OrganisationEvent) -> None:
    """Whoever is merely to be looked at again may still be introduced; see the gates."""
    owner = act.session.get_one(Organisation, event.organisation_id)
    if owner.verification in BAD_STANDING:
        end_matches_of(act, listings_of_owner(act.session, owner.id), EndCause.OWNER)


def _count_again(act: Act, event: events.MatchEvent) -> None:
    request_record(act, match_of(act, event))


def _proposed(act: Act, event: events.MatchProposed) -> None:
    match = match_of(act, event)
    tell_people(act, match, people_of(act, match, Side.NEED), "match_proposed_to_need")
    tell_people(act, match, people_of(act, match, Side.OFFER), "match_proposed_to_offer")


def _answered(act: Act, event: events.SideAnswered) -> None:
    match = match_of(act, event)
    code = f"match_{event.side}_{'accepted' if event.accepted else 'declined'}"
    people = brokers_in_charge(act.session, match)
    if event.by_proxy:
        people |= people_of(act, match, Side(event.side))
    tell_people(act, match, people, code)


def _tell_all(code: str) -> Callable[[Act, events.MatchEvent], None]:
    def tell(act: Act, event: events.MatchEvent) -> None:
        match = match_of(act, event)
        tell_people(act, match, everybody(act, match), code)

    return tell


def _closed(act: Act, event: events.MatchClosed) -> None:
    match = match_of(act, event)
    asked = match.proposed_at is not None
    people = everybody(act, match) if asked else brokers_in_charge(act.session, match)
    tell_people(act, match, people, "match_ended_early" if event.cause else f"match_{event.state}")


def _unsettled(act: Act, event: events.MatchUnsettled) -> None:
    match = match_of(act, event)
    tell_people(act, match, brokers_in_charge(act.session, match), f"match_unsettled_{event.cause}")
