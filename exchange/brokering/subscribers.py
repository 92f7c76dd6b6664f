"""What brokering does on news of others, and who is told of what happens to a match."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from exchange.accounts.events import OrganisationEvent, VerificationLost, VerificationRefused
from exchange.accounts.models import Organisation
from exchange.brokering import events
from exchange.brokering.deeds.record_jobs import request_record
from exchange.brokering.kinds import LIVE_STATES, EndCause, Step
from exchange.brokering.life.answer_links import answer_paths
from exchange.brokering.life.ending import end_matches_of, listings_of_owner
from exchange.brokering.life.transition_rules import EVERYBODY, ONLY_BROKER, TRANSITIONS, Told
from exchange.brokering.models import Match
from exchange.brokering.planned.jobs import request_queueing, request_telling
from exchange.brokering.queries import brokers_in_charge
from exchange.brokering.talk.telling import LANGUAGES, match_of, people_of, tell_people
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
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
from exchange.matching.plans.events import PlanQueued, PlanReleased
from exchange.web.dates import day_text


def register(bus: EventBus) -> None:
    """Listen to everything that somebody else should hear of."""
    bus.listen(events.MatchProposed, _proposed)
    bus.listen(events.SideAnswered, _answered)
    bus.listen(events.SideReminded, _reminded)
    for kind, code, step in (
        (events.MatchIntroduced, "match_introduced", None),
        (events.AnswerTakenBack, "match_answer_taken_back", Step.TAKE_BACK),
        (events.PairRestored, "match_restored", Step.RESTORE),
        (events.CommitmentMade, "match_committed", Step.COMMIT),
        (events.OutcomeRecorded, "match_outcome_recorded", Step.RECORD_OUTCOME),
        (events.MatchCompleted, "match_completed", Step.CONFIRM),
    ):
        bus.listen(kind, _tell_of(code, TRANSITIONS[step].tells if step else EVERYBODY))
    bus.listen(events.OutcomeConfirmed, _confirmed)
    bus.listen(events.MatchClosed, _closed)
    bus.listen(events.MatchUnsettled, _unsettled)
    for counted in (
        events.SideAnswered, events.AnswerTakenBack, events.MatchClosed, events.MatchCompleted,
    ):  # fmt: skip
        bus.listen(counted, _count_again)
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


def _audience(
    act: Act, match: Match, tells: frozenset[Told], side: Side | None = None
) -> set[int]:
    """Whom the table names. ``side`` is the one that the step is about, where it is about one."""
    people: set[int] = set()
    for told, one in ((Told.NEED, Side.NEED), (Told.OFFER, Side.OFFER), (Told.OWN_SIDE, side)):
        if told in tells and one is not None:
            people |= people_of(act, match, one)
    return people | (brokers_in_charge(act.session, match) if Told.BROKER in tells else set())


def _proposed(act: Act, event: events.MatchProposed) -> None:
    match = match_of(act, event)
    for side in Side:
        _ask(act, match, side, f"match_proposed_to_{side.value}")


def _reminded(act: Act, event: events.SideReminded) -> None:
    match = match_of(act, event)
    last = civil_date(match.lapses_at or act.now, act.house.settings.time_zone)
    day = {one: day_text(last, act.today, one) for one in LANGUAGES}
    _ask(act, match, Side(event.side), f"match_reminded_{event.side}", day=day)


def _ask(act: Act, match: Match, side: Side, code: str, **values: Any) -> None:
    """Who may answer for the side gets a link of their own that does it without signing in."""
    people = people_of(act, match, side)
    paths = answer_paths(act, match, side, people - {act.actor.person_id})
    tell_people(act, match, people, code, out_paths=paths, **values)


def _answered(act: Act, event: events.SideAnswered) -> None:
    match = match_of(act, event)
    code = f"match_{event.side}_{'accepted' if event.accepted else 'declined'}"
    tells = TRANSITIONS[Step.ANSWER].tells
    if not event.by_proxy:
        tells -= {Told.OWN_SIDE}
    tell_people(act, match, _audience(act, match, tells, Side(event.side)), code)


def _tell_of(code: str, tells: frozenset[Told]) -> Callable[[Act, events.MatchEvent], None]:
    def tell(act: Act, event: events.MatchEvent) -> None:
        match = match_of(act, event)
        tell_people(act, match, _audience(act, match, tells), code)

    return tell


def _confirmed(act: Act, event: events.OutcomeConfirmed) -> None:
    """The first of the two. Of the second the completion tells, and of a confirmation by writing
    the outcome itself.
    """
    match = match_of(act, event)
    outcome = match.outcome
    if event.by_writing or outcome is None:
        return
    if outcome.need_confirmed_at is None or outcome.offer_confirmed_at is None:
        people = _audience(act, match, TRANSITIONS[Step.CONFIRM].tells)
        tell_people(act, match, people, f"match_{event.side}_confirmed")


def _closed(act: Act, event: events.MatchClosed) -> None:
    """Nobody but brokers hears of a pair that was never proposed."""
    match = match_of(act, event)
    tells = EVERYBODY if match.proposed_at is not None else ONLY_BROKER
    code = "match_ended_early" if event.cause else f"match_{event.state}"
    if event.cause == EndCause.OWNER:
        _tell_of_standing(act, match, _audience(act, match, tells))
        return
    if isinstance(event, events.MatchReleased):
        code = "match_released"
    tell_people(act, match, _audience(act, match, tells), code)


def _tell_of_standing(act: Act, match: Match, people: set[int]) -> None:
    """Brokers hear what the station did; the sides only that one of them cannot take part."""
    brokers = people & _audience(act, match, ONLY_BROKER)
    tell_people(act, match, brokers, "match_ended_owner")
    tell_people(act, match, people - brokers, "match_ended_apart")


def _unsettled(act: Act, event: events.MatchUnsettled) -> None:
    match = match_of(act, event)
    tell_people(act, match, brokers_in_charge(act.session, match), f"match_unsettled_{event.cause}")
