"""What brokering does on news of others, and who is told of what happens to a match."""

from collections import defaultdict
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.events import OrganisationEvent, VerificationLost, VerificationRefused
from exchange.accounts.models import Organisation
from exchange.accounts.queries import concerned
from exchange.brokering import events
from exchange.brokering.discretion import title_of
from exchange.brokering.ending import end_matches_of, listings_of_owner
from exchange.brokering.kinds import LIVE_STATES, EndCause
from exchange.brokering.models import Match
from exchange.brokering.planned_jobs import request_queueing, request_telling
from exchange.brokering.queries import brokers_in_charge
from exchange.brokering.record_jobs import request_record
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
from exchange.notifications.service import notify

LANGUAGES = ("zh", "en")


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
    request_record(act, _match(act, event))


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
    return (
        _people(act, match, Side.NEED)
        | _people(act, match, Side.OFFER)
        | brokers_in_charge(act.session, match)
    )


def _tell(act: Act, match: Match, people: set[int], code: str) -> None:
    """Each reads the titles as on the page of the match, acting for their side of it."""
    speaking = {
        person_id: match.listing_of(side).organisation_id
        for side in Side
        for person_id in _people(act, match, side)
    }
    groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for person_id in sorted(people):
        actor = load_actor(act.session, person_id, speaking.get(person_id))
        titles = [title_of(actor, match, side, one) for side in Side for one in LANGUAGES]
        groups[tuple(titles)].add(person_id)
    for found, group in groups.items():
        values = {
            "need": dict(zip(LANGUAGES, found[:2], strict=True)),
            "offer": dict(zip(LANGUAGES, found[2:], strict=True)),
        }
        notify(act, group, code, values, f"/matches/{match.public_id}")


def _proposed(act: Act, event: events.MatchProposed) -> None:
    match = _match(act, event)
    _tell(act, match, _people(act, match, Side.NEED), "match_proposed_to_need")
    _tell(act, match, _people(act, match, Side.OFFER), "match_proposed_to_offer")


def _answered(act: Act, event: events.SideAnswered) -> None:
    match = _match(act, event)
    code = f"match_{event.side}_{'accepted' if event.accepted else 'declined'}"
    people = brokers_in_charge(act.session, match)
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
    asked = match.proposed_at is not None
    people = _everybody(act, match) if asked else brokers_in_charge(act.session, match)
    _tell(act, match, people, "match_ended_early" if event.cause else f"match_{event.state}")


def _unsettled(act: Act, event: events.MatchUnsettled) -> None:
    match = _match(act, event)
    _tell(act, match, brokers_in_charge(act.session, match), f"match_unsettled_{event.cause}")
