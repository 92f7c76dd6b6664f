"""Answering an intention, talking in it, and what becomes of an accepted one."""

from datetime import date

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.projects.intentions.events import (
    IntentionAccepted,
    IntentionAsked,
    IntentionAttached,
    IntentionDeclined,
    IntentionSettled,
    IntentionTalked,
)
from exchange.projects.intentions.keeping import (
    checked_words,
    intention_for,
    move,
    news,
    touch,
    write_down,
)
from exchange.projects.intentions.kinds import DeclineReason, IntentionState, Party, Step
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.queries import open_needs
from exchange.projects.intentions.rules import FOLLOW_UP_AFTER, follow_up_allowed


def talk(act: Act, public_id: str, text: str) -> Intention:
    """Write to the other side. What the declarer writes answers the question for more.

    Raises NotFound, Forbidden, Conflict where it has ended, Invalid for contact data and the like.
    """
    intention, party = intention_for(act, public_id, Step.TALK)
    words = checked_words(text)
    if not write_down(act, intention, party, words):
        return intention
    if party is Party.DECLARER and intention.state is IntentionState.ASKED:
        move(act, intention, Step.TALK, IntentionState.DECLARED)
    else:
        intention.updated_at = act.now
    news(act, intention, IntentionTalked)
    return intention


def ask_for_more(act: Act, public_id: str, text: str, version: int | None = None) -> Intention:
    """Ask the declaring organisation for more before deciding. Raises as talking does."""
    intention, party = intention_for(act, public_id, Step.ASK, version)
    words = checked_words(text, field="question")
    if not write_down(act, intention, party, words):
        return intention
    move(act, intention, Step.ASK, IntentionState.ASKED)
    news(act, intention, IntentionAsked)
    return intention


def accept(
    act: Act, public_id: str, version: int | None = None,
    *, text: str = "", follow_up_on: date | None = None,
) -> Intention:  # fmt: skip
    """Say yes. For a need, the social workers take it from here; else a day to ask again is set.

    Raises NotFound, Forbidden, Invalid, or Conflict with what happened meanwhile.
    """
    intention, party = intention_for(act, public_id, Step.ACCEPT, version)
    words = checked_words(text, needed=False)
    day = _follow_up_day(act, intention, follow_up_on)
    if words:
        write_down(act, intention, party, words)
    _answered(act, intention)
    intention.follow_up_on = day
    move(act, intention, Step.ACCEPT, IntentionState.ACCEPTED)
    news(act, intention, IntentionAccepted)
    return intention


def decline(
    act: Act, public_id: str, reason: DeclineReason, note: str = "", version: int | None = None
) -> Intention:
    """Say no with a reason from the list. Raises as accepting does."""
    intention, _ = intention_for(act, public_id, Step.DECLINE, version)
    words = checked_words(note, field="note", needed=reason is DeclineReason.OTHER)
    _answered(act, intention)
    intention.decline_reason, intention.close_note = reason, words
    intention.closed_at = act.now
    move(act, intention, Step.DECLINE, IntentionState.DECLINED)
    news(act, intention, IntentionDeclined)
    return intention


def attach_need(act: Act, public_id: str, need: str) -> Intention:
    """Put an accepted intention that is for no need yet to one of the project's open needs.

    Raises NotFound, Forbidden, Conflict where it is for one already, Invalid for another need.
    """
    intention, _ = intention_for(act, public_id, Step.ATTACH)
    found = {one.public_id: one for one in open_needs(
        act.session, act.actor, intention.project_id
    )}.get(need)  # fmt: skip
    if found is None:
        raise Invalid("intention_invalid", fields={"need": ["intention_need_gone"]})
    if intention.need_id == found.id:
        return intention
    if intention.need_id is not None:
        raise Conflict("intention_has_need")
    intention.need_id = found.id
    touch(act, intention)
    news(act, intention, IntentionAttached, need_id=found.id)
    return intention


def settle(act: Act, public_id: str, *, came_about: bool, note: str = "") -> Intention:
    """Write down what came of an accepted intention. Raises as the other steps do.

    Brokering refuses while a match of it goes on: that is ended where it stands.
    """
    intention, _ = intention_for(act, public_id, Step.SETTLE)
    words = checked_words(note, field="note", needed=not came_about)
    intention.close_note, intention.closed_at = words, act.now
    state = IntentionState.FULFILLED if came_about else IntentionState.FAILED
    move(act, intention, Step.SETTLE, state)
    news(act, intention, IntentionSettled)
    return intention


def _answered(act: Act, intention: Intention) -> None:
    if act.actor.person_id is None:
        raise Forbidden("intention_not_yours")
    intention.answered_by_id, intention.answered_at = act.actor.person_id, act.now


def _follow_up_day(act: Act, intention: Intention, wanted: date | None) -> date | None:
    if intention.need_id is not None:
        return None
    day = wanted or act.today + FOLLOW_UP_AFTER
    decision = follow_up_allowed(day, act.today)
    if not decision:
        raise Invalid("intention_invalid", fields={"follow_up_on": [decision.code]})
    return day
