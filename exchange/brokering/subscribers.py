"""What brokering does on news of others, and who is told of what happens to a match."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.events import OrganisationEvent, VerificationLost, VerificationRefused
from exchange.accounts.models import Organisation
from exchange.accounts.queries import concerned
from exchange.brokering import events
from exchange.brokering.answer_links import answer_paths
from exchange.brokering.discretion import title_of
from exchange.brokering.ending import end_matches_of, listings_of_owner
from exchange.brokering.kinds import LIVE_STATES, EndCause, Step
from exchange.brokering.models import Match
from exchange.brokering.planned_jobs import request_queueing, request_telling
from exchange.brokering.queries import brokers_in_charge
from exchange.brokering.record_jobs import request_record
from exchange.brokering.transition_rules import EVERYBODY, ONLY_BROKER, TRANSITIONS, Told
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
from exchange.matching.plan_events import PlanQueued, PlanReleased
from exchange.notifications.service import notify
from exchange.web.dates import day_text

LANGUAGES = ("zh", "en")


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
        (events.DeliveryRecorded, "match_delivered", Step.DELIVER),
        (events.OutcomeRecorded, "match_outcome_recorded", Step.RECORD_OUTCOME),
        (events.MatchCompleted, "match_completed", Step.CONFIRM),
    ):
        bus.listen(kind, _tell_of(code, TRANSITIONS[step].tells if step else EVERYBODY))
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


def _audience(
    act: Act, match: Match, tells: frozenset[Told], side: Side | None = None
) -> set[int]:
    """Whom the table names. ``side`` is the one that the step is about, where it is about one."""
    people: set[int] = set()
    for told, one in ((Told.NEED, Side.NEED), (Told.OFFER, Side.OFFER), (Told.OWN_SIDE, side)):
        if told in tells and one is not None:
            people |= _people(act, match, one)
    return people | (brokers_in_charge(act.session, match) if Told.BROKER in tells else set())


def _tell(
    act: Act,
    match: Match,
    people: set[int],
    code: str,
    out_paths: Mapping[int, str] | None = None,
    **values: Any,
) -> None:
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
        titles_by_side = {
            "need": dict(zip(LANGUAGES, found[:2], strict=True)),
            "offer": dict(zip(LANGUAGES, found[2:], strict=True)),
        }
        path = f"/matches/{match.public_id}"
        notify(act, group, code, {**titles_by_side, **values}, path, out_paths=out_paths)


def _proposed(act: Act, event: events.MatchProposed) -> None:
    match = _match(act, event)
    for side in Side:
        _ask(act, match, side, f"match_proposed_to_{side.value}")


def _reminded(act: Act, event: events.SideReminded) -> None:
    match = _match(act, event)
    last = civil_date(match.lapses_at or act.now, act.house.settings.time_zone)
    day = {one: day_text(last, act.today, one) for one in LANGUAGES}
    _ask(act, match, Side(event.side), f"match_reminded_{event.side}", day=day)


def _ask(act: Act, match: Match, side: Side, code: str, **values: Any) -> None:
    """Who may answer for the side gets a link of their own that does it without signing in."""
    people = _people(act, match, side)
    paths = answer_paths(act, match, side, people - {act.actor.person_id})
    _tell(act, match, people, code, paths, **values)


def _answered(act: Act, event: events.SideAnswered) -> None:
    match = _match(act, event)
    code = f"match_{event.side}_{'accepted' if event.accepted else 'declined'}"
    tells = TRANSITIONS[Step.ANSWER].tells
    if not event.by_proxy:
        tells -= {Told.OWN_SIDE}
    _tell(act, match, _audience(act, match, tells, Side(event.side)), code)


def _tell_of(code: str, tells: frozenset[Told]) -> Callable[[Act, events.MatchEvent], None]:
    def tell(act: Act, event: events.MatchEvent) -> None:
        match = _match(act, event)
        _tell(act, match, _audience(act, match, tells), code)

    return tell


def _closed(act: Act, event: events.MatchClosed) -> None:
    """Nobody but brokers hears of a pair that was never proposed."""
    match = _match(act, event)
    tells = EVERYBODY if match.proposed_at is not None else ONLY_BROKER
    code = "match_ended_early" if event.cause else f"match_{event.state}"
    if isinstance(event, events.MatchReleased):
        code = "match_released"
    _tell(act, match, _audience(act, match, tells), code)


def _unsettled(act: Act, event: events.MatchUnsettled) -> None:
    match = _match(act, event)
    _tell(act, match, brokers_in_charge(act.session, match), f"match_unsettled_{event.cause}")
