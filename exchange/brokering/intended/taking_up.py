"""Making an accepted intention an offer, and the offer and the need a match.

The row of the intention is locked first, then its case, then the listings as everybody locks them.
Each step is done once, however often it is tried: what is there already stays. What keeps it from
going on is written down, and somebody of the station is told once.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import is_member, managers_of
from exchange.brokering.intended.events import (
    IntentionNotTakenUp,
    IntentionOffered,
    IntentionTakenUp,
)
from exchange.brokering.intended.models import IntentionCase
from exchange.brokering.life.claiming import claim
from exchange.brokering.permissions import may_take_up
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, ExchangeError, Forbidden, NotFound
from exchange.listings.direct_posting import post_listing
from exchange.listings.kinds import OPEN_STATES, Door, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.values import ListingValues
from exchange.projects.intentions.keeping import lock
from exchange.projects.intentions.kinds import IntentionState
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.queries import seen_intention
from exchange.projects.intentions.rules import category_for

T = TypeVar("T")
NO_WORKER = "intention_no_worker"
IN_REVIEW = "intention_offer_in_review"


def bring_on(act: Act, intention_id: int) -> None:
    """Go as far as it goes: post the offer, and claim the pair for the project's social worker.

    Done twice nothing happens twice. Refused steps are written down, never raised.
    """
    intention, case = _open_case(act, intention_id)
    if intention is None or case is None or case.match_id is not None:
        return
    code = _post_offer(act, intention, case)
    worker_id = intention.project.worker_id
    if not code and worker_id is None:
        code = NO_WORKER
    if not code and worker_id is not None:
        code = _claim(act, intention, case, load_actor(act.session, worker_id))
    _note(act, case, code)


def take_up(act: Act, public_id: str) -> str:
    """A social worker who serves the need's place takes it up themself; the match's public id.

    Raises NotFound, Forbidden, or Conflict with what stands in the way.
    """
    seen = seen_intention(act.session, act.actor, public_id)
    need = seen.need
    if need is None or not may_take_up(act.actor, need):
        raise Forbidden("match_not_your_division")
    intention, case = _open_case(act, seen.id)
    if intention is None or case is None:
        raise Conflict("intention_not_accepted")
    if case.match_id is None:
        code = _post_offer(act, intention, case)
        if code:
            raise Conflict(code)
        assert case.offer_id is not None  # noqa: S101 - posted just now, or before
        _note_match(act, case, claim(act, need.id, case.offer_id).id)
        _note(act, case, "")
    act.session.refresh(case, ["match"])
    if case.match is None:
        raise NotFound
    return case.match.public_id


def _open_case(
    act: Act, intention_id: int
) -> tuple[Intention | None, IntentionCase | None]:
    """The intention and its case, both locked; the case is made when it is not there."""
    intention = lock(act, intention_id)
    if intention is None or intention.state is not IntentionState.ACCEPTED:
        return None, None
    if intention.need_id is None:
        return None, None
    query = sa.select(IntentionCase).where(IntentionCase.intention_id == intention_id)
    locked = query.with_for_update(of=IntentionCase).execution_options(populate_existing=True)
    case = act.session.scalars(locked).first()
    if case is None:  # the lock on the intention lets one at a time come here
        case = IntentionCase(intention_id=intention_id, created_at=act.now, tried_at=act.now)
        case.refusal = case.told = ""
        act.session.add(case)
        act.session.flush()
    case.tried_at = act.now
    return intention, case


def _post_offer(act: Act, intention: Intention, case: IntentionCase) -> str:
    """Post the offer unless it is there; the code of what stands in the way."""
    if case.offer_id is None:
        owner = _speaker(act, intention)
        if owner is None:
            return "intention_nobody_left"
        acting = replace(act, actor=owner)
        made, code = _tried(act, lambda: post_listing(acting, Door.OFFER, _values(intention)))
        if made is None:
            return code
        case.offer_id = made.id
        act.session.flush()
        act.emit(IntentionOffered(intention.id, made.id, intention.organisation_id))
    offer = act.session.get_one(Listing, case.offer_id)
    if offer.state is State.SUBMITTED:
        return IN_REVIEW
    return "" if offer.state in OPEN_STATES else "not_open"


def _claim(act: Act, intention: Intention, case: IntentionCase, worker: Actor) -> str:
    """Claim the pair for the worker; the code of what stands in the way."""
    assert intention.need_id is not None  # noqa: S101 - the case is for one
    assert case.offer_id is not None  # noqa: S101 - posted before
    need_id, offer_id, acting = intention.need_id, case.offer_id, replace(act, actor=worker)
    match, code = _tried(act, lambda: claim(acting, need_id, offer_id))
    if match is not None:
        _note_match(act, case, match.id)
    return code


def _note_match(act: Act, case: IntentionCase, match_id: int) -> None:
    case.match_id = match_id
    act.session.flush()
    act.emit(IntentionTakenUp(case.intention_id, match_id))


def _note(act: Act, case: IntentionCase, code: str) -> None:
    """Write down what stands in the way; the same is told once."""
    case.refusal = code
    if code and case.told != code:
        case.told = code
        act.session.flush()
        act.emit(IntentionNotTakenUp(case.intention_id, code))
    act.session.flush()


def _tried(act: Act, work: Callable[[], T]) -> tuple[T | None, str]:
    """Do something that may be refused, and leave nothing of it where it is."""
    try:
        with act.session.begin_nested():
            return work(), ""
    except ExchangeError as error:
        codes = [code for some in getattr(error, "fields", {}).values() for code in some]
        return None, (codes[0] if codes else error.code)[:60]


def _speaker(act: Act, intention: Intention) -> Actor | None:
    """Who declared it while they still act for the organisation, else one who manages it."""
    owner, author = intention.organisation_id, intention.author_id
    if author is not None and is_member(act.session, author, owner):
        return load_actor(act.session, author, owner)
    for person_id in sorted(managers_of(act.session, owner)):
        return load_actor(act.session, person_id, owner)
    return None


def _values(intention: Intention) -> ListingValues:
    """The facts of the intention as an offer that only brokers see, for the need's place."""
    need = intention.need
    assert need is not None  # noqa: S101 - the case is for one
    place = need.division_code or ""
    return ListingValues(
        text=intention.text,
        category_code=category_for(intention.kind, need.category_code),
        division_code=intention.organisation.division_code or place,
        quantity_milli=intention.quantity_milli,
        unit=intention.unit,
        terms=intention.terms,
        to_date=intention.until,
        visibility=Visibility.BROKERS,
        coverage=(place,) if place else (),
    )
