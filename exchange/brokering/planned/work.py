"""The pairs of released plans: how they come into the brokers' queues, and what stands there.

A pair is looked at again under the locks of both listings: it becomes work only while the gates
let it pass, nobody has taken it up, and neither side is promised elsewhere.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.models import Match
from exchange.brokering.pairs import is_free
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.matching.facts import load_facts, with_ids
from exchange.matching.models import Suggestion
from exchange.matching.plans.kinds import ItemState, PlanState
from exchange.matching.plans.loading import within
from exchange.matching.plans.models import MatchingPlan, PlanItem
from exchange.matching.plans.queries import waiting_items
from exchange.matching.plans.rules import read_choice
from exchange.matching.plans.service import note_item
from exchange.matching.plans.workload import InHand, Workload
from exchange.matching.queries import NOWHERE, Suggested, suggestions_in
from exchange.matching.rules import may_match
from exchange.matching.values import ListingFacts

CHUNK = 100
WITHOUT_AMOUNT = (MatchState.CLAIMED, MatchState.PROPOSED, MatchState.INTRODUCED)
Pair = tuple[int, int]


def in_hand(session: Session) -> InHand:
    """Every live pair, those without an agreed amount apart, the oldest first."""
    query = (
        sa.select(Match.state, Match.need_id, Match.offer_id)
        .where(Match.state.in_(LIVE_STATES))
        .order_by(Match.id)
    )
    rows = session.execute(query).all()
    open_pairs = tuple((need, offer) for state, need, offer in rows if state in WITHOUT_AMOUNT)
    agreed = tuple((need, offer) for state, need, offer in rows if state not in WITHOUT_AMOUNT)
    return InHand(open_pairs, agreed)


WORKLOAD = Workload(is_free, in_hand)


@dataclass
class _Promised:
    """What waits in the queues already, by listing: amounts in thousandths, and how many pairs."""

    taken: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    covered: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    pairs: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, item: PlanItem) -> None:
        """One more pair waits."""
        self.taken[item.offer_id] += item.taken_milli or 0
        self.covered[item.need_id] += item.covers_milli or 0
        for key in (item.need_id, item.offer_id):
            self.pairs[key] += 1


def planned_pairs(
    session: Session,
    actor: Actor,
    now: datetime,
    today: date,
    limit: int,
    where: tuple[ColumnElement[bool], ...] = (),
) -> tuple[Suggested, ...]:
    """Pairs of released plans for the divisions the actor serves, the most valuable first.

    They stand here as suggestions do: seen by the actor, free, and past the gates on this day.
    ``where`` are further conditions on Suggestion.
    """
    if not actor.serves:
        return ()
    first = (
        near_actor(waiting_items(now, WORKLOAD), actor)
        .where(*where)
        .with_only_columns(Suggestion.id)
        .order_by(PlanItem.rank, PlanItem.id)
        .limit(limit)
    )
    ids = list(dict.fromkeys(session.scalars(first)))
    found = suggestions_in(
        session, actor, actor.serves, today, limit=len(ids) or 1,
        where=(Suggestion.id.in_(ids), is_free()), rivals=(is_free(),),
    )  # fmt: skip
    return tuple(sorted(found.pairs, key=lambda pair: ids.index(pair.suggestion_id)))


def near_actor(items: sa.Select[PlanItem], actor: Actor) -> sa.Select[PlanItem]:
    """Of the items those whose need lies where the actor serves, and that they may see."""
    near = sa.select(Listing.id).where(visible_to(actor), within(actor.serves))
    seen = sa.select(Listing.id).where(visible_to(actor))
    return items.where(PlanItem.need_id.in_(near), PlanItem.offer_id.in_(seen))


def queue_some(act: Act, plan_id: int) -> int:
    """Decide on the next pairs of a released plan; returns how many. 0 when none is left.

    The plan's row is locked first: of two runs one waits, and finds what the other has left.
    """
    plan = act.session.scalar(
        sa.select(MatchingPlan)
        .where(MatchingPlan.id == plan_id, MatchingPlan.state == PlanState.RELEASED)
        .with_for_update(of=MatchingPlan)
        .execution_options(populate_existing=True)
    )
    if plan is None:
        return 0
    items = act.session.scalars(
        sa.select(PlanItem)
        .where(PlanItem.plan_id == plan_id, PlanItem.state == ItemState.PLANNED)
        .order_by(PlanItem.rank)
        .limit(CHUNK)
    ).all()
    if not items:
        return 0
    ids = {key for item in items for key in (item.need_id, item.offer_id)}
    _lock(act, ids)
    facts = load_facts(act.session, NOWHERE, with_ids(ids))
    free, known = _free_pairs(act.session, items), _suggested(act.session, items)
    promised = _promised(act, ids)
    most = read_choice(plan.choice).limits.per_offer
    for item in items:
        pair = item.need_id, item.offer_id
        code = _closed_gate(act, facts, pair)
        if not code and pair not in known:
            code = "no_longer_suggested"
        if not code and pair not in free:
            code = "already_taken_up"
        code = code or _over_promised(facts, item, promised, most)
        note_item(act, item, code)
        if not code:
            promised.add(item)
    act.session.flush()
    return len(items)


def _lock(act: Act, ids: set[int]) -> None:
    query = sa.select(Listing.id).where(Listing.id.in_(sorted(ids))).order_by(Listing.id)
    act.session.execute(query.with_for_update()).all()


def _closed_gate(act: Act, facts: dict[int, ListingFacts], pair: Pair) -> str:
    need, offer = facts.get(pair[0]), facts.get(pair[1])
    if need is None or offer is None:
        return "not_open"
    decision = may_match(need, offer, act.today)
    return "" if decision else decision.code


def _suggestions(items: Sequence[PlanItem]) -> sa.Select[int, int]:
    needs = {item.need_id for item in items}
    offers = {item.offer_id for item in items}
    return sa.select(Suggestion.need_id, Suggestion.offer_id).where(
        Suggestion.need_id.in_(sorted(needs)), Suggestion.offer_id.in_(sorted(offers))
    )


def _suggested(session: Session, items: Sequence[PlanItem]) -> set[Pair]:
    return {(need, offer) for need, offer in session.execute(_suggestions(items))}


def _free_pairs(session: Session, items: Sequence[PlanItem]) -> set[Pair]:
    found = session.execute(_suggestions(items).where(is_free()))
    return {(need, offer) for need, offer in found}


def _promised(act: Act, ids: set[int]) -> _Promised:
    """Of these listings: what waits in queues, and live pairs without an amount."""
    promised, some = _Promised(), sorted(ids)
    waiting = waiting_items(act.now, WORKLOAD).where(
        sa.or_(PlanItem.need_id.in_(some), PlanItem.offer_id.in_(some))
    )
    for item in act.session.scalars(waiting):
        promised.add(item)
    live = sa.select(Match.need_id, Match.offer_id).where(
        Match.state.in_(LIVE_STATES), sa.or_(Match.need_id.in_(some), Match.offer_id.in_(some))
    )
    for pair in act.session.execute(live):
        for key in pair:
            promised.pairs[key] += 1
    return promised


def _over_promised(
    facts: dict[int, ListingFacts], item: PlanItem, promised: _Promised, most: int
) -> str:
    """Whether another queue holds what this pair would take, or meets what it would cover."""
    given, asked = facts[item.offer_id], facts[item.need_id]
    if given.remaining_milli is None:
        if promised.pairs[given.id] >= most:
            return "offer_promised"
    elif promised.taken[given.id] + (item.taken_milli or 0) > given.remaining_milli:
        return "offer_promised"
    if item.covers_milli is None or asked.remaining_milli is None:
        return "need_promised" if promised.pairs[asked.id] else ""
    over = promised.covered[asked.id] + item.covers_milli > asked.remaining_milli
    return "need_promised" if over else ""
