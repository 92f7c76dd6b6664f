"""What the page of a match shows, as plain values: made for one reader."""

from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.discretion import brokers_it, person_label, side_label
from exchange.brokering.kinds import CONTACT_STATES, Answer, MatchState, Step
from exchange.brokering.labels import CLOSE_REASONS, STATES, TIMELINE
from exchange.brokering.models import Commitment, Match, TimelineEntry
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxies import may_have_proxy
from exchange.brokering.queries import is_proposer, timeline_of
from exchange.brokering.rules import Party, may_take
from exchange.kernel.actor import Actor
from exchange.listings.amounts import plain_quantity
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.taxonomy.units import convert, format_quantity


@dataclass(frozen=True)
class SideView:
    """One side of the match."""

    side: Side
    organisation: str
    title: str
    url_id: str
    left: str
    unit: str
    answer: Answer
    answer_label: str
    is_mine: bool
    has_contact: bool
    may_have_proxy: bool


@dataclass(frozen=True)
class CommitmentView:
    """A commitment and how much of it has arrived."""

    public_id: str
    taken: str
    covers: str
    delivered: str
    share: int
    due: str
    open_milli: int


@dataclass(frozen=True)
class EntryView:
    """A line of the timeline."""

    when: str
    moment: str
    text: str
    note: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class MatchView:
    """Everything on the page."""

    public_id: str
    title: str
    state: MatchState
    state_label: str
    steps: tuple[tuple[str, str], ...]
    message: str
    sides: tuple[SideView, ...]
    commitments: tuple[CommitmentView, ...]
    timeline: tuple[EntryView, ...]
    may: frozenset[Step]
    parties: frozenset[Party]
    is_broker: bool
    is_proposer: bool
    shows_contact: bool
    outcome: Any
    close_label: str
    suggested_taken: str
    suggested_covers: str


def match_view(session: Session, actor: Actor, match: Match, locale: str) -> MatchView:
    """The page's values for one reader."""
    parties = parties_of(actor, match)
    is_broker = actor.is_broker
    taken, covers = _suggested(match)
    return MatchView(
        public_id=match.public_id,
        title=shown_title(actor, match.need),
        state=match.state,
        state_label=str(STATES[match.state]),
        steps=_steps(match),
        message=match.message,
        sides=tuple(_side(match, side, actor, locale) for side in (Side.NEED, Side.OFFER)),
        commitments=tuple(
            _commitment(match, item, locale) for item in match.commitments if not item.released_at
        ),
        timeline=tuple(
            _entry(entry, match, actor, locale)
            for entry in timeline_of(session, match.id, internal=brokers_it(actor, match))
        ),
        may=frozenset(step for step in Step if _possible(step, match, parties)),
        parties=parties,
        is_broker=is_broker,
        is_proposer=is_proposer(session, match, actor.person_id),
        shows_contact=match.state in CONTACT_STATES and bool(parties),
        outcome=match.outcome,
        close_label=str(CLOSE_REASONS[match.close_reason]) if match.close_reason else "",
        suggested_taken=taken,
        suggested_covers=covers,
    )


def _possible(step: Step, match: Match, parties: frozenset[Party]) -> bool:
    return step not in (Step.CLAIM, Step.DISMISS) and bool(may_take(step, match.state, parties))


def _steps(match: Match) -> tuple[tuple[str, str], ...]:
    order = [
        (_("Asked"), MatchState.PROPOSED),
        (_("Both said yes"), MatchState.INTRODUCED),
        (_("Agreed"), MatchState.AGREED),
        (_("Delivering"), MatchState.DELIVERING),
        (_("Outcome"), MatchState.COMPLETED),
    ]
    states = [state for _label, state in order]
    if match.state is MatchState.CLAIMED:
        here = -1
    elif match.state is MatchState.EVALUATED:
        here = len(order)
    elif match.state in states:
        here = states.index(match.state)
    else:
        return ()
    done = here + 1 if match.state is MatchState.COMPLETED else here
    return tuple(
        (label, "done" if index < done else "now" if index == here else "todo")
        for index, (label, _state) in enumerate(order)
    )


def _side(match: Match, side: Side, actor: Actor, locale: str) -> SideView:
    listing, row = match.listing_of(side), match.side(side)
    left = format_quantity(listing.remaining_milli, listing.unit or "", locale)
    return SideView(
        side=side,
        organisation=side_label(actor, match, side, locale),
        title=shown_title(actor, listing),
        url_id=listing.public_id,
        left=_("%(quantity)s left", quantity=left) if left else "",
        unit=listing.unit or "",
        answer=row.answer,
        answer_label=_answer_label(match, row.answer),
        is_mine=actor.belongs_to(listing.organisation_id),
        has_contact=row.contact_id is not None,
        may_have_proxy=may_have_proxy(match, side),
    )


def _answer_label(match: Match, answer: Answer) -> str:
    if match.proposed_at is None:
        return ""
    words = {
        Answer.PENDING: _("No answer yet"),
        Answer.ACCEPTED: _("Said yes"),
        Answer.DECLINED: _("Said no"),
    }
    return str(words[answer])


def _commitment(match: Match, item: Commitment, locale: str) -> CommitmentView:
    return CommitmentView(
        public_id=item.public_id,
        taken=format_quantity(item.taken_milli, match.offer.unit or "", locale),
        covers=format_quantity(item.covers_milli, match.need.unit or "", locale),
        delivered=format_quantity(item.delivered_milli, match.offer.unit or "", locale)
        if item.delivered_milli
        else "",
        share=item.delivered_milli * 100 // item.taken_milli,
        due=format_date(item.due_on, "medium") if item.due_on else "",
        open_milli=item.taken_milli - item.delivered_milli,
    )


def _entry(entry: TimelineEntry, match: Match, actor: Actor, locale: str) -> EntryView:
    what = str(TIMELINE.get(entry.code, entry.code))
    who = "" if _speaks_alone(entry.code) else person_label(actor, match, entry)
    tags = [_("by proxy")] if entry.params.get("by_proxy") else []
    if entry.code == "committed":
        tags.append(format_quantity(entry.params["taken"], match.offer.unit or "", locale))
        tags.append(format_quantity(entry.params["covers"], match.need.unit or "", locale))
    if entry.code == "delivered":
        tags.append(format_quantity(entry.params["amount"], match.offer.unit or "", locale))
    return EntryView(
        when=format_datetime(entry.at, "MM-dd HH:mm"),
        moment=entry.at.isoformat(),
        text=f"{who} {what}".strip(),
        note=entry.note,
        tags=tuple(tag for tag in tags if tag),
    )


def _speaks_alone(code: str) -> bool:
    return code in ("introduced", "completed", "lapsed")


def _suggested(match: Match) -> tuple[str, str]:
    """Amounts to start from: the smaller of what is left and needed, where units convert."""
    left, needed = match.offer.remaining_milli, match.need.remaining_milli
    if left is None or needed is None:
        return "", ""
    as_offer = convert(needed, match.need.unit or "", match.offer.unit or "")
    as_need = convert(left, match.offer.unit or "", match.need.unit or "")
    if as_offer is None or as_need is None:
        return "", ""
    return plain_quantity(min(left, as_offer)), plain_quantity(min(needed, as_need))
