"""What happens to intentions by the clock, and when their project or their owner ends."""

from collections.abc import Iterable

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.projects.intentions.events import (
    IntentionDeclined,
    IntentionFollowUpDue,
    IntentionLapsed,
    IntentionLapsesSoon,
    IntentionWithdrawn,
)
from exchange.projects.intentions.keeping import lock, move, news
from exchange.projects.intentions.kinds import OPEN_STATES, IntentionState, Step
from exchange.projects.intentions.models import Intention, IntentionMessage
from exchange.projects.intentions.rules import TOLD_BEFORE

BATCH = 50
OPEN = Intention.state.in_(OPEN_STATES)


def lapse_due(act: Act) -> int:
    """End what nobody answered by its day; returns how many were looked at."""
    due = _some(act, OPEN, Intention.until < act.today)
    for intention in due:
        intention.closed_at = act.now
        move(act, intention, Step.LAPSE, IntentionState.LAPSED)
        news(act, intention, IntentionLapsed)
    return len(due)


def tell_of_lapse(act: Act) -> int:
    """Tell both sides of what lapses in a few days, once for each day that was set."""
    due = _some(
        act, OPEN, Intention.lapse_told_on.is_(None),
        Intention.until <= act.today + TOLD_BEFORE, Intention.until >= act.today,
    )  # fmt: skip
    for intention in due:
        intention.lapse_told_on = act.today
        act.session.flush()
        news(act, intention, IntentionLapsesSoon)
    return len(due)


def tell_of_follow_up(act: Act) -> int:
    """Tell both sides that the day has come to ask how it goes."""
    due = _some(
        act, Intention.state == IntentionState.ACCEPTED,
        Intention.follow_up_on <= act.today, Intention.follow_up_told_on.is_(None),
    )  # fmt: skip
    for intention in due:
        intention.follow_up_told_on = act.today
        act.session.flush()
        news(act, intention, IntentionFollowUpDue)
    return len(due)


def close_for_project(act: Act, ids: Iterable[int]) -> None:
    """The project has ended or is shown no more: what waits for an answer gets none."""
    for key in sorted(ids):
        intention = lock(act, key)
        if intention is None or intention.state not in OPEN_STATES:
            continue
        intention.closed_at = act.now
        move(act, intention, Step.CLOSE, IntentionState.DECLINED)
        news(act, intention, IntentionDeclined)


def leave(act: Act, organisation_id: int, *, erase: bool) -> None:
    """Nobody is left in the organisation: what waits is withdrawn; words of a private person go."""
    query = sa.select(Intention.id).where(Intention.organisation_id == organisation_id)
    for key in act.session.scalars(query.order_by(Intention.id)).all():
        intention = lock(act, key)
        if intention is None:
            continue
        if intention.state in OPEN_STATES:
            intention.closed_at = act.now
            move(act, intention, Step.WITHDRAW, IntentionState.WITHDRAWN)
            news(act, intention, IntentionWithdrawn)
        if erase:
            intention.text = intention.close_note = ""
            act.session.execute(
                sa.update(IntentionMessage)
                .where(
                    IntentionMessage.intention_id == key,
                    IntentionMessage.author_id == intention.author_id,
                )
                .values(text="")
            )
            act.session.flush()


def _some(act: Act, *conditions: sa.ColumnElement[bool]) -> list[Intention]:
    """Locked rows that nobody else has in hand."""
    query = (
        sa.select(Intention)
        .where(*conditions)
        .order_by(Intention.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Intention)
        .execution_options(populate_existing=True)
    )
    return list(act.session.scalars(query).all())
