"""What brokering does on news of intentions, and whom it tells."""

from typing import Any

import sqlalchemy as sa

from exchange.accounts.absence.queries import with_stand_ins
from exchange.accounts.queries import brokers_serving, organisation_label
from exchange.brokering.events import MatchCompleted
from exchange.brokering.intended.events import IntentionNotTakenUp, IntentionTakenUp
from exchange.brokering.intended.jobs import request_bringing_on
from exchange.brokering.intended.queries import case_of, case_of_match, case_of_offer
from exchange.brokering.intended.taking_up import NO_WORKER
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict
from exchange.kernel.events import EventBus
from exchange.listings.events import ListingPublished
from exchange.notifications.service import notify
from exchange.projects.intentions.answering import settle
from exchange.projects.intentions.events import (
    IntentionAccepted,
    IntentionAttached,
    IntentionSettled,
)
from exchange.projects.intentions.kinds import IntentionState
from exchange.projects.intentions.queries import intention_with_id

LANGUAGES = ("zh", "en")


def listen(bus: EventBus) -> None:
    """Listen."""
    bus.listen(IntentionAccepted, _accepted)
    bus.listen(IntentionAttached, _attached)
    bus.listen(IntentionSettled, _settled)
    bus.listen(ListingPublished, _published)
    bus.listen(MatchCompleted, _completed)
    bus.listen(IntentionTakenUp, _taken_up)
    bus.listen(IntentionNotTakenUp, _not_taken_up)


def _accepted(act: Act, event: IntentionAccepted) -> None:
    intention = intention_with_id(act.session, event.intention_id)
    if intention is not None and intention.need_id is not None:
        request_bringing_on(act, event.intention_id)


def _attached(act: Act, event: IntentionAttached) -> None:
    request_bringing_on(act, event.intention_id)


def _published(act: Act, event: ListingPublished) -> None:
    """The offer of an intention has passed the station's review."""
    case = case_of_offer(act.session, event.listing_id)
    if case is not None:
        request_bringing_on(act, case.intention_id)


def _settled(act: Act, event: IntentionSettled) -> None:
    """While a match of it goes on, what comes of it is said there."""
    case = case_of(act.session, event.intention_id)
    if case is None or case.match_id is None:
        return
    state = act.session.scalar(sa.select(Match.state).where(Match.id == case.match_id))
    if state in LIVE_STATES:
        raise Conflict("intention_match_open")


def _completed(act: Act, event: MatchCompleted) -> None:
    """Both sides have confirmed what was delivered: the intention has come about."""
    case = case_of_match(act.session, event.match_id)
    intention = intention_with_id(act.session, case.intention_id) if case else None
    if intention is not None and intention.state is IntentionState.ACCEPTED:
        settle(_by_the_clock(act), intention.public_id, came_about=True)


def _by_the_clock(act: Act) -> Act:
    return Act(act.session, SYSTEM, act.now, act.house, act.origin)


def _taken_up(act: Act, event: IntentionTakenUp) -> None:
    match = act.session.get_one(Match, event.match_id)
    path = f"/matches/{match.public_id}"
    _tell(act, event.intention_id, {match.broker_id}, "intention_taken_up", path)


def _not_taken_up(act: Act, event: IntentionNotTakenUp) -> None:
    """The project's social worker; where there is none, those who serve the need's place."""
    intention = intention_with_id(act.session, event.intention_id)
    if intention is None or intention.need is None:
        return
    worker, place = intention.project.worker_id, intention.need.division_code or ""
    serving = set(brokers_serving(act.session, place)) if place else set()
    people = {worker} if worker in serving and worker is not None else serving
    no_worker = event.reason == NO_WORKER
    code = "intention_waits_for_worker" if no_worker else "intention_not_taken_up"
    _tell(act, event.intention_id, with_stand_ins(act.session, people), code)


def _tell(act: Act, intention_id: int, people: set[int], code: str, path: str = "") -> None:
    intention = intention_with_id(act.session, intention_id)
    if intention is None:
        return
    values: dict[str, Any] = {
        "title": intention.project.title,
        "name": {one: organisation_label(intention.organisation, one) for one in LANGUAGES},
    }
    notify(act, people, code, values, path or f"/intentions/{intention.public_id}")
