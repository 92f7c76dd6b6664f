"""After a match is completed: days on which somebody looks again, and what both sides say."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.deeds.events import (
    FeedbackAsked,
    FeedbackGiven,
    FeedbackReminded,
    FollowUpClosed,
    FollowUpDue,
)
from exchange.brokering.deeds.kinds import Again, AgainReason, Deed, FollowUpKind, FollowUpState
from exchange.brokering.deeds.models import Feedback, FollowUp
from exchange.brokering.deeds.rules import (
    LEAST_HELPED,
    MOST_HELPED,
    follow_up_days,
    may_do,
    may_note_follow_up,
)
from exchange.brokering.matches import insist, locked_match, note_step
from exchange.brokering.models import Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxy.speaking import OWN_WORD, Consent, insist_speaks
from exchange.brokering.talk.discretion import brokers_it
from exchange.brokering.words import refuse_words
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.kinds import Side


def begin_follow_up(act: Act, match: Match) -> None:
    """In the act that completes a match: the days to look again, and both sides are asked."""
    for kind, day in follow_up_days(act.today).items():
        row = FollowUp(match_id=match.id, kind=kind, due_on=day, state=FollowUpState.OPEN)
        act.session.add(row)
    _ask(act, match)


def ask_feedback(act: Act, public_id: str) -> Match:
    """The broker asks both sides how it was, where nobody has. Raises Conflict where it is done."""
    match = locked_match(act, public_id)
    insist(may_do(Deed.ASK_FEEDBACK, match.state, parties_of(act.actor, match)))
    if feedback_of(act.session, match.id):
        raise Conflict("feedback_asked")
    _ask(act, match)
    note_step(act, match, "feedback_asked")
    return match


def _ask(act: Act, match: Match) -> None:
    for side in Side:
        act.session.add(Feedback(match_id=match.id, side=side, asked_at=act.now))
    act.session.flush()
    act.emit(FeedbackAsked(match_id=match.id))


def insist_asked(act: Act, match: Match) -> None:
    """Raises Conflict where the two sides were never asked how it was."""
    if len(feedback_of(act.session, match.id)) < len(Side):
        raise Conflict("feedback_not_asked")


def give_feedback(
    act: Act,
    public_id: str,
    side: Side,
    *,
    helped: int,
    again: Again,
    reason: AgainReason | None = None,
    text: str = "",
    consent: Consent = OWN_WORD,
) -> Feedback:
    """A side, or its recorded proxy, says how it was; said once more it takes the former's place.

    Those who broker read it, and the side itself; the other side does not. ``helped`` is 1 to 5. A
    reason counts only with a no. Raises Conflict where nobody was asked.
    """
    match = locked_match(act, public_id)
    parties = parties_of(act.actor, match)
    insist(may_do(Deed.GIVE_FEEDBACK, match.state, parties))
    by_proxy = insist_speaks(act, match, side, parties, consent)
    if not LEAST_HELPED <= helped <= MOST_HELPED:
        raise Invalid(fields={"helped": ["number_out_of_range"]})
    refuse_words(match, text=text)
    row = act.session.get(Feedback, (match.id, side), populate_existing=True)
    if row is None:
        raise Conflict("feedback_not_asked")
    row.helped, row.again, row.text = helped, again, text.strip()[:1000]
    row.again_reason = reason if again is Again.NO else None
    row.given_at, row.given_by_id = act.now, act.actor.person_id
    row.proxy_consent = consent.kind if by_proxy else None
    row.proxy_note = consent.note.strip()[:2000] if by_proxy else ""
    code = f"{side.value}_feedback"
    note_step(
        act, match, code, text, internal=True,
        by_proxy=by_proxy, helped=helped, again=again.value,
    )  # fmt: skip
    act.emit(
        FeedbackGiven(
            match_id=match.id,
            side=side.value,
            helped=helped,
            again=again.value,
            reason=row.again_reason.value if row.again_reason else "",
            by_proxy=by_proxy,
        )
    )
    return row


def close_follow_up(
    act: Act, public_id: str, kind: FollowUpKind, note: str, *, skipped: bool = False
) -> Match:
    """The broker has looked what became of it, or says why not: either needs words.

    Left out is one at any time; done no sooner than a week before its day. Raises NotFound,
    Conflict where it is closed already or too early, Invalid without words.
    """
    match = locked_match(act, public_id)
    insist(may_do(Deed.FOLLOW_UP, match.state, parties_of(act.actor, match)))
    row = act.session.scalar(
        sa.select(FollowUp)
        .where(FollowUp.match_id == match.id, FollowUp.kind == kind)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    if row.state is not FollowUpState.OPEN:
        raise Conflict("match_already_answered")
    decision = may_note_follow_up(row.due_on, act.today)
    if not skipped and not decision:
        raise Conflict(decision.code, **decision.params)
    if not note.strip():
        raise Invalid(fields={"note": ["required"]})
    refuse_words(match, note=note)
    row.state = FollowUpState.SKIPPED if skipped else FollowUpState.DONE
    row.closed_at, row.closed_by_id, row.note = act.now, act.actor.person_id, note.strip()[:2000]
    note_step(act, match, f"follow_up_{row.state.value}", note, internal=True, kind=kind.value)
    act.emit(FollowUpClosed(match_id=match.id, kind=kind.value, state=row.state.value))
    return match


def feedback_for(session: Session, actor: Actor, match: Match) -> Sequence[Feedback]:
    """What the actor may read of it: brokers all, a side its own."""
    rows = feedback_of(session, match.id)
    if brokers_it(actor, match):
        return rows
    return [one for one in rows if actor.belongs_to(match.side(one.side).organisation_id)]


def feedback_of(session: Session, match_id: int) -> Sequence[Feedback]:
    """What both sides were asked and have said, by side."""
    query = sa.select(Feedback).where(Feedback.match_id == match_id).order_by(Feedback.side)
    return session.scalars(query).all()


def follow_ups_of(session: Session, match_id: int) -> Sequence[FollowUp]:
    """The days on which a match is looked at again, the first first."""
    query = sa.select(FollowUp).where(FollowUp.match_id == match_id)
    return session.scalars(query.order_by(FollowUp.due_on)).all()


def tell_due(act: Act, follow_up_id: int) -> bool:
    """Tell the broker that the day has come; whether anybody was told. Done twice it does no more.

    With the first of them whoever has not said how it was is asked once more.
    """
    row = act.session.get(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
    due = row is not None and row.state is FollowUpState.OPEN and row.due_on <= act.today
    if row is None or not due or row.told_at is not None:
        return False
    row.told_at = act.now
    act.emit(FollowUpDue(match_id=row.match_id, kind=row.kind.value))
    for one in feedback_of(act.session, row.match_id):
        if one.given_at is None and one.reminded_at is None:
            one.reminded_at = act.now
            act.emit(FeedbackReminded(match_id=row.match_id, side=one.side.value))
    return True


def follow_ups_to_tell(act: Act, limit: int = 200) -> Sequence[int]:
    """Ids of follow-ups whose day has come and of which nobody was told, by id."""
    query = sa.select(FollowUp.id).where(
        FollowUp.state == FollowUpState.OPEN,
        FollowUp.told_at.is_(None),
        FollowUp.due_on <= act.today,
    )
    return act.session.scalars(query.order_by(FollowUp.id).limit(limit)).all()
