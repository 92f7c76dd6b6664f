"""What the page of a match shows, as plain values: made for one reader."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.panels import (
    CommitmentView,
    DeliveryView,
    Speaking,
    commitment_views,
    speaking_of,
)
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.deeds.sending import newest_of
from exchange.brokering.kinds import CONTACT_STATES, Answer, CloseReason, EndCause, MatchState, Step
from exchange.brokering.labels import CHECKS, end_label, owner_label, state_label, state_tone
from exchange.brokering.life.safeguarding import is_needed, is_verified
from exchange.brokering.life.transition_rules import may_take
from exchange.brokering.models import Match
from exchange.brokering.page.side_panels import SideView, side_view
from exchange.brokering.page.timeline_panels import EntryView, timeline_views
from exchange.brokering.pairs import is_free
from exchange.brokering.permissions import parties_of
from exchange.brokering.queries import ended_with, is_proposer
from exchange.brokering.rules import CHECKED_WITHIN, Party
from exchange.brokering.talk.discretion import brokers_it, title_of
from exchange.brokering.talk.panels import (
    ConsentView,
    FeedbackView,
    FileView,
    FollowUpView,
    OutcomeView,
    RevealLine,
    ThreadView,
    consent_views,
    feedback_views,
    file_views,
    follow_up_views,
    outcome_view,
    reveal_lines,
    thread_views,
)
from exchange.brokering.talk.telling import language_of_sides
from exchange.kernel.actor import Actor
from exchange.listings.amounts import plain_quantity
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.free_time_panels import free_times
from exchange.matching.panels import with_free_time
from exchange.matching.queries import shown_score
from exchange.matching.scoring import percent_of
from exchange.matching.sentences import ReasonLine, page_lines
from exchange.matching.sharing import share, stock_of
from exchange.web.dates import day_here

# Which of the five steps is due now.
NOW = {
    MatchState.CLAIMED: 0,
    MatchState.PROPOSED: 1,
    MatchState.INTRODUCED: 2,
    MatchState.AGREED: 3,
    MatchState.DELIVERING: 3,
    MatchState.COMPLETED: 5,
    MatchState.EVALUATED: 5,
}


@dataclass(frozen=True)
class SafeguardView:
    """What must be on record before people come to people who need protection.

    ``check`` says what was looked at and when; empty where that is missing or too old.
    """

    is_verified: bool
    check: str
    note: str


@dataclass(frozen=True)
class MatchView:
    """Everything on the page.

    ``used_up``: of that side nothing is left, so that no further amount can be agreed. ``read_at``:
    which amount was agreed last; the form of a further one says so.
    """

    public_id: str
    version: int
    title: str
    state: MatchState
    state_label: str
    state_tone: str
    steps: tuple[tuple[str, str], ...]
    message: str
    sides_language: str
    sides: tuple[SideView, ...]
    commitments: tuple[CommitmentView, ...]
    read_at: str
    timeline: tuple[EntryView, ...]
    may: frozenset[Step]
    parties: frozenset[Party]
    is_broker: bool
    brokers: bool
    is_proposer: bool
    shows_contact: bool
    outcome: OutcomeView | None
    close_label: str
    used_up: Side | None
    suggested_taken: str
    suggested_covers: str
    waiting: str
    score: int
    reasons: tuple[ReasonLine, ...]
    close_note: str
    was_proposed: bool
    safeguard: SafeguardView | None
    today: date
    threads: tuple[ThreadView, ...]
    files: tuple[FileView, ...]
    consents: tuple[ConsentView, ...]
    reveals: tuple[RevealLine, ...]
    feedback: tuple[FeedbackView, ...]
    follow_ups: tuple[FollowUpView, ...]
    may_do: frozenset[Deed]

    @property
    def undecided(self) -> tuple[DeliveryView, ...]:
        """The deliveries of which nobody has said yet what they come to."""
        return tuple(
            one for item in self.commitments for one in item.deliveries if one.is_undecided
        )


def _close_label(session: Session, match: Match, *, brokers: bool) -> str:
    other = match.state is MatchState.LAPSED and match.close_reason is CloseReason.OTHER
    if other and ended_with(session, match.id) is EndCause.OWNER:
        return owner_label(brokers=brokers)
    return end_label(match)


def match_view(
    session: Session, actor: Actor, match: Match, locale: str, today: date
) -> MatchView:
    """The page's values for one reader."""
    parties = parties_of(actor, match)
    brokers = brokers_it(actor, match)
    speaking = speaking_of(session, actor, match)
    taken, covers = _suggested(match)
    score, reasons = _why(session, match, brokers=brokers)
    sides = tuple(side_view(match, side, actor, locale) for side in (Side.NEED, Side.OFFER))
    return MatchView(
        public_id=match.public_id,
        version=match.version,
        title=title_of(actor, match, Side.NEED, locale),
        state=match.state,
        state_label=state_label(match),
        state_tone=state_tone(match.state),
        steps=_steps(match),
        message=match.message,
        sides_language=_begun_in(session, match) if brokers else "zh",
        sides=sides,
        commitments=commitment_views(session, actor, match, speaking, locale, today),
        read_at=newest_of(match.commitments),
        timeline=timeline_views(session, match, actor, locale, internal=brokers),
        may=frozenset(step for step in Step if _possible(step, match, parties)),
        parties=parties,
        is_broker=actor.is_broker,
        brokers=Party.BROKER in parties,
        is_proposer=is_proposer(session, match, actor.person_id),
        shows_contact=match.state in CONTACT_STATES and bool(parties),
        outcome=outcome_view(match, locale),
        close_label=_close_label(session, match, brokers=brokers),
        used_up=next((one.side for one in (match.need, match.offer) if _is_used_up(one)), None),
        suggested_taken=taken,
        suggested_covers=covers,
        waiting=_waiting(match, sides),
        score=score,
        reasons=reasons,
        close_note=match.close_note if match.state is not MatchState.DISMISSED or brokers else "",
        was_proposed=match.proposed_at is not None,
        safeguard=_safeguard(match, today) if brokers else None,
        **_of_deeds(session, actor, match, speaking, today),
    )


def _begun_in(session: Session, match: Match) -> str:
    """In which language the message to both sides begins, where it is still to be written."""
    return language_of_sides(session, match) if match.state is MatchState.CLAIMED else "zh"


def _of_deeds(
    session: Session, actor: Actor, match: Match, speaking: Speaking, today: date
) -> dict[str, Any]:
    """What both sides say and do beside the steps."""
    rows = follow_up_views(session, match, today) if brokers_it(actor, match) else ()
    return {
        "today": today,
        "threads": thread_views(session, actor, match),
        "files": file_views(session, actor, match, speaking),
        "consents": consent_views(match, speaking),
        "reveals": reveal_lines(session, actor, match),
        "feedback": feedback_views(session, actor, match, speaking),
        "follow_ups": rows,
        "may_do": frozenset(d for d in Deed if may_do(d, match.state, speaking.parties)),
    }


def _safeguard(match: Match, today: date) -> SafeguardView | None:
    if not is_needed(match):
        return None
    found = match.check
    if found is None or today - found.seen_on > CHECKED_WITHIN:
        return SafeguardView(is_verified(match), "", "")
    words = _("%(what)s, %(day)s", what=CHECKS[found.kind], day=day_here(found.seen_on))
    return SafeguardView(is_verified(match), words, found.note)


def _possible(step: Step, match: Match, parties: frozenset[Party]) -> bool:
    return bool(may_take(step, match.state, parties))


def _steps(match: Match) -> tuple[tuple[str, str], ...]:
    """The five steps: what is behind, what is due now, what is to come; none when it has ended."""
    labels = (_("Asked"), _("Both said yes"), _("Promise"), _("Delivering"), _("Outcome"))
    now = NOW.get(match.state)
    if now is None:
        return ()
    if match.state is MatchState.DELIVERING and match.outcome is not None:
        now += 1
    return tuple(
        (label, "done" if index < now else "now" if index == now else "todo")
        for index, label in enumerate(labels)
    )


def _waiting(match: Match, sides: tuple[SideView, ...]) -> str:
    """For whom the reader waits, once their own side has said its word."""
    mine = [one for one in sides if one.is_mine]
    if match.state is MatchState.PROPOSED:
        said = any(one.answer is Answer.ACCEPTED for one in mine)
        return str(_("Waiting for the other side's answer.")) if said else ""
    if match.state is MatchState.DELIVERING and any(one.confirmed for one in mine):
        return str(_("Waiting for the other side to confirm."))
    return ""


def _why(session: Session, match: Match, *, brokers: bool) -> tuple[int, tuple[ReasonLine, ...]]:
    """The engine's score and reasons, for those who broker; none for others."""
    if not brokers:
        return 0, ()
    found = shown_score(session, match.need_id, match.offer_id, (is_free(),))
    if found is None:
        return 0, ()
    score, told = found
    free = free_times(session, [match.offer]).get(match.offer_id)
    return percent_of(score), with_free_time(tuple(page_lines(told)), free)


def _is_used_up(listing: Listing) -> bool:
    left = listing.remaining_milli
    return left is not None and left <= 0


def _suggested(match: Match) -> tuple[str, str]:
    """Amounts to start from: as much as fits both and their lots, where units convert."""
    need, offer = match.need, match.offer
    asked, given = (
        stock_of(one.remaining_milli, one.unit or "", one.lot_milli, whole=one.is_whole)
        for one in (need, offer)
    )
    if asked is None or given is None or not asked.compares_with(given):
        return "", ""
    taken, covers = share(asked, asked.milli, given, given.milli) or (None, None)
    return plain_quantity(taken), plain_quantity(covers)
