"""What is agreed and what has come, as the page of a match shows it to one reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload

from exchange.brokering.deeds.delivering import deliveries_of
from exchange.brokering.deeds.kinds import Deed, DeliveryState
from exchange.brokering.deeds.labels import delivery_tag
from exchange.brokering.deeds.models import CommitmentChange, Delivery
from exchange.brokering.deeds.picturing import last_day
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.deeds.sending import newest_of
from exchange.brokering.kinds import DONE_STATES, Answer, MatchState
from exchange.brokering.life.changing import open_changes
from exchange.brokering.models import Commitment, Match, TimelineEntry
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxy.proxies import filed_side, may_have_proxy, stands_on_other
from exchange.brokering.queries import is_proposer
from exchange.brokering.rules import Party
from exchange.kernel.actor import Actor
from exchange.listings.amounts import plain_quantity
from exchange.listings.kinds import Side
from exchange.taxonomy.units import format_quantity
from exchange.web.acting import house
from exchange.web.dates import day_here, local_day


@dataclass(frozen=True)
class Speaking:
    """For which sides the reader speaks, and for which they may be a proxy, in this match."""

    own: tuple[Side, ...]
    proxied: tuple[Side, ...]
    parties: frozenset[Party]
    person_id: int | None = None

    def of(self, sides: Sequence[Side]) -> tuple[tuple[Side, bool], ...]:
        """Those of the sides for which the reader may speak; True: as a proxy."""
        return tuple(
            (side, side not in self.own) for side in sides if side in (*self.own, *self.proxied)
        )

    def asked(
        self, silent: Sequence[Side], said_by: Callable[[Side], int | None]
    ) -> tuple[tuple[Side, bool], ...]:
        """Likewise for one question: who has answered it for one side is no proxy of the other."""
        return tuple(
            (side, by_proxy)
            for side, by_proxy in self.of(silent)
            if not by_proxy or said_by(side.other) != self.person_id
        )


@dataclass(frozen=True)
class DecisionView:
    """How a delivery that was contradicted was settled: what counts now, and why."""

    who: str
    day: str
    former: str
    amount: str
    note: str


@dataclass(frozen=True)
class DeliveryView:
    """A delivery note. ``asks`` are the sides for which the reader may still say whether it was so.

    ``waits``: the reader's own word is what it waits for; ``is_undecided``: it waits for anybody's.
    ``pictures_until``: the last day on which the reader may add pictures; empty where they may not.
    """

    public_id: str
    quantity: str
    plain: str
    day: str
    who: str
    note: str
    state: DeliveryState
    state_label: str
    tone: str
    said: tuple[tuple[str, bool], ...]
    dispute_note: str
    decision: DecisionView | None
    photos: tuple[str, ...]
    pictures_until: str
    asks: tuple[tuple[Side, bool], ...]
    waits: bool
    may_dispute: bool
    may_settle: bool
    is_undecided: bool


@dataclass(frozen=True)
class ChangeView:
    """A change that waits: what would become of what is agreed, and who still has to agree."""

    public_id: str
    lines: tuple[tuple[str, str, str], ...]
    drops_rest: bool
    note: str
    who: str
    said: tuple[tuple[str, bool], ...]
    asks: tuple[tuple[Side, bool], ...]
    may_take_back: bool


@dataclass(frozen=True)
class CommitmentView:
    """A commitment with its deliveries, and the change that waits, if any.

    ``read_at``: which of the reader's own deliveries is the newest; their form says so.
    """

    public_id: str
    taken: str
    covers: str
    delivered: str
    share: int
    due: str
    due_on: date | None
    is_overdue: bool
    open_milli: int
    open_plain: str
    plain: tuple[str, str]
    deliveries: tuple[DeliveryView, ...]
    change: ChangeView | None
    may_change: bool
    read_at: str


def speaking_of(session: Session, actor: Actor, match: Match) -> Speaking:
    """For whom the reader may speak: own people unless they proposed, brokers as proxies.

    For a side that was filed for somebody its own people are proxies, too.
    """
    parties = parties_of(actor, match)
    proposer = is_proposer(session, match, actor.person_id)
    filed = frozenset(s for s in Side if filed_side(match, s))
    mine = frozenset(s for s in Side if Party(s.value) in parties)
    own = tuple(s for s in Side if s in mine - filed and not proposer)
    proxied = tuple(
        s
        for s in Side
        if (Party.BROKER in parties or s in mine & filed)
        and s not in own
        and may_have_proxy(match, s)
        and not stands_on_other(match, s, actor)
    )
    return Speaking(own, proxied, parties, actor.person_id)


def commitment_views(
    session: Session, actor: Actor, match: Match, speaking: Speaking, locale: str, today: date
) -> tuple[CommitmentView, ...]:
    """All that is agreed or has come. Four queries at most, whatever their number."""
    shown = [item for item in match.commitments if not item.released_at or item.delivered_milli]
    if not shown:
        return ()
    deliveries = deliveries_of(session, match.id)
    decisions = _decisions(session, match, deliveries)
    changes = {one.commitment_id: one for one in open_changes(session, match.id)}
    return tuple(
        _commitment(
            match,
            item,
            tuple(
                _delivery(match, one, actor, speaking, decisions.get(one.settled_at), locale)
                for one in deliveries
                if one.commitment_id == item.id
            ),
            _change(match, changes[item.id], actor, speaking, locale)
            if item.id in changes
            else None,
            speaking,
            locale,
            today,
            newest_of([
                one for one in deliveries
                if one.commitment_id == item.id and one.recorded_by_id == actor.person_id
            ]),
        )
        for item in shown
    )


def _commitment(
    match: Match,
    item: Commitment,
    deliveries: tuple[DeliveryView, ...],
    change: ChangeView | None,
    speaking: Speaking,
    locale: str,
    today: date,
    read_at: str,
) -> CommitmentView:
    missing = 0 if item.released_at else item.taken_milli - item.delivered_milli
    may_change = bool(may_do(Deed.PROPOSE_CHANGE, match.state, speaking.parties))
    return CommitmentView(
        public_id=item.public_id,
        taken=format_quantity(item.taken_milli, match.offer.unit or "", locale),
        covers=format_quantity(item.covers_milli, match.need.unit or "", locale),
        delivered=format_quantity(item.delivered_milli, match.offer.unit or "", locale)
        if item.delivered_milli
        else "",
        share=item.delivered_milli * 100 // item.taken_milli,
        due=day_here(item.due_on) if item.due_on else "",
        due_on=item.due_on,
        is_overdue=bool(item.due_on and item.due_on < today and missing),
        open_milli=missing,
        open_plain=plain_quantity(missing),
        plain=(plain_quantity(item.taken_milli), plain_quantity(item.covers_milli)),
        deliveries=deliveries,
        change=change,
        may_change=may_change and change is None and item.released_at is None,
        read_at=read_at,
    )


def side_words(side: Side) -> str:
    """How a side is called on the page."""
    return str(_("Village side") if side is Side.NEED else _("Helping side"))


def _decisions(
    session: Session, match: Match, deliveries: Sequence[Delivery]
) -> dict[datetime | None, TimelineEntry]:
    """The decisions on what was contradicted, by their moment; no query where there is none."""
    if not any(one.settled_at for one in deliveries):
        return {}
    query = (
        sa.select(TimelineEntry)
        .where(TimelineEntry.match_id == match.id, TimelineEntry.code == "settled_delivery")
        .options(joinedload(TimelineEntry.person))
    )
    return {entry.at: entry for entry in session.scalars(query)}


def _decision(match: Match, entry: TimelineEntry, locale: str) -> DecisionView:
    former, amount = (
        format_quantity(entry.params[key], match.offer.unit or "", locale)
        for key in ("former", "amount")
    )
    who = entry.person.name if entry.person else ""
    return DecisionView(who, local_day(entry.at), former, amount, entry.note)


def _delivery(
    match: Match, one: Delivery, actor: Actor, speaking: Speaking, entry: TimelineEntry | None,
    locale: str,
) -> DeliveryView:  # fmt: skip
    until = last_day(house(), actor, match, one)
    may_say = bool(may_do(Deed.CONFIRM_DELIVERY, match.state, speaking.parties))
    is_open = one.state in (DeliveryState.RECORDED, DeliveryState.CONFIRMED)
    silent = [side for side in Side if one.said_at(side) is None]
    asks = speaking.asked(silent, one.said_by) if may_say and is_open else ()
    label, tone = delivery_tag(one, is_over=match.state in DONE_STATES)
    return DeliveryView(
        public_id=one.public_id,
        quantity=format_quantity(one.milli, match.offer.unit or "", locale),
        plain=plain_quantity(one.milli),
        day=day_here(one.arrived_on),
        who=one.recorded_by.name,
        note=one.note,
        state=one.state,
        state_label=label,
        tone=tone,
        said=tuple((side_words(side), one.said_at(side) is not None) for side in Side),
        dispute_note="" if one.settled_at else one.dispute_note,
        decision=_decision(match, entry, locale) if entry else None,
        photos=tuple(row.file.public_id for row in one.files),
        pictures_until=day_here(until) if until else "",
        asks=asks,
        waits=one.state is DeliveryState.RECORDED and (one.receiver, False) in asks,
        may_dispute=may_say and one.disputed_at is None and is_open,
        may_settle=one.state is DeliveryState.DISPUTED
        and bool(may_do(Deed.SETTLE_DELIVERY, match.state, speaking.parties)),
        is_undecided=match.state is MatchState.DELIVERING and one.is_undecided,
    )


def _change(
    match: Match, one: CommitmentChange, actor: Actor, speaking: Speaking, locale: str
) -> ChangeView:
    pending = [side for side in Side if one.answer_of(side) is Answer.PENDING]
    may_answer = bool(may_do(Deed.ANSWER_CHANGE, match.state, speaking.parties))
    mine = one.proposed_by_id == actor.person_id or Party.BROKER in speaking.parties
    return ChangeView(
        public_id=one.public_id,
        lines=() if one.drops_rest else _differences(match, one, locale),
        drops_rest=one.drops_rest,
        note=one.note,
        who=one.proposed_by.name,
        said=tuple((side_words(side), side not in pending) for side in Side),
        asks=speaking.asked(pending, one.said_by) if may_answer else (),
        may_take_back=mine and may_answer,
    )


def _differences(
    match: Match, one: CommitmentChange, locale: str
) -> tuple[tuple[str, str, str], ...]:
    """What, from what, to what: only where the two differ."""
    none = str(_("no day"))
    rows = (
        (
            _("Gives"),
            format_quantity(one.former_taken_milli, match.offer.unit or "", locale),
            format_quantity(one.taken_milli, match.offer.unit or "", locale),
        ),
        (
            _("Covers"),
            format_quantity(one.former_covers_milli, match.need.unit or "", locale),
            format_quantity(one.covers_milli, match.need.unit or "", locale),
        ),
        (
            _("Until"),
            day_here(one.former_due_on) if one.former_due_on else none,
            day_here(one.due_on) if one.due_on else none,
        ),
    )
    return tuple((str(name), former, new) for name, former, new in rows if former != new)
