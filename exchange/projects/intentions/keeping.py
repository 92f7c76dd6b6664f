"""What every step does to an intention: load and lock it, ask the table, write down the state."""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.values import clean_text
from exchange.listings.wording import words_problem
from exchange.projects.intentions.events import IntentionEvent
from exchange.projects.intentions.kinds import IntentionState, Party, Step
from exchange.projects.intentions.models import Intention, IntentionMessage
from exchange.projects.intentions.permissions import parties_of
from exchange.projects.intentions.queries import loaded, seen_intention
from exchange.projects.intentions.rules import (
    LONGEST_MESSAGE,
    SAME_MESSAGE_WITHIN,
    leads_to,
    may_take,
)


def locked_intention(act: Act, public_id: str) -> Intention:
    """The intention, its row locked until the act ends and read afresh. Raises NotFound."""
    found = seen_intention(act.session, act.actor, public_id)
    lock(act, found.id)
    return found


def lock(act: Act, intention_id: int) -> Intention | None:
    """Lock the row of an intention by its number, and read it afresh."""
    query = (
        sa.select(Intention)
        .where(Intention.id == intention_id)
        .with_for_update(of=Intention)
        .options(*loaded())
        .execution_options(populate_existing=True)
    )
    act.session.flush()
    return act.session.scalars(query).unique().first()


def intention_for(
    act: Act, public_id: str, step: Step, version: int | None = None
) -> tuple[Intention, Party]:
    """The intention, locked, and as whom the actor takes the step.

    Raises NotFound to strangers, Forbidden where the step is somebody else's, Conflict with what
    happened meanwhile, or "changed_meanwhile" where it says something else than was read.
    """
    intention = locked_intention(act, public_id)
    parties = parties_of(act.actor, intention)
    insist(may_take(step, intention.state, parties))
    if version is not None and version != intention.version:
        raise Conflict("intention_changed", version=intention.version)
    first = next(one for one in Party if one in parties)
    return intention, first


def insist(decision: Decision) -> None:
    """Turn a rule's no into the error it stands for."""
    if decision:
        return
    if decision.code == "intention_not_yours":
        raise Forbidden(decision.code)
    raise Conflict(decision.code, **decision.params)


def move(act: Act, intention: Intention, step: Step, state: IntentionState) -> None:
    """Put it into the state to which the step leads."""
    if not leads_to(step, intention.state, state):
        raise RuntimeError(f"{step} leads from {intention.state} not to {state}")
    intention.state = state
    touch(act, intention)


def touch(act: Act, intention: Intention) -> None:
    """Another version from now on."""
    intention.version += 1
    intention.updated_at = act.now
    act.session.flush()


def news(act: Act, intention: Intention, kind: type[IntentionEvent], **more: int) -> None:
    """Emit an event of the intention."""
    ids = (
        intention.id, intention.project_id,
        intention.project.organisation_id, intention.organisation_id,
    )  # fmt: skip
    act.emit(kind(*ids, **more))


def checked_words(text: str, *, field: str = "text", needed: bool = True) -> str:
    """What somebody writes to the other side. Raises Invalid: empty, too long, contact data."""
    words = clean_text(text)
    codes = []
    if needed and not words:
        codes.append("required")
    if len(words) > LONGEST_MESSAGE:
        codes.append("too_long")
    problem = words_problem(words)
    if problem:
        codes.append(f"intention_{problem}")
    if codes:
        raise Invalid("intention_invalid", fields={field: codes})
    return words


def write_down(act: Act, intention: Intention, party: Party, words: str) -> bool:
    """Add a message; whether it is a new one. Sent twice it stands once."""
    last = act.session.scalars(
        sa.select(IntentionMessage)
        .where(IntentionMessage.intention_id == intention.id)
        .order_by(IntentionMessage.id.desc())
        .limit(1)
    ).first()
    again = last is not None and (last.author_id, last.text) == (act.actor.person_id, words)
    if last is not None and again and act.now - last.at <= SAME_MESSAGE_WITHIN:
        return False
    act.session.add(
        IntentionMessage(
            intention_id=intention.id, author_id=act.actor.person_id, party=party,
            text=words, at=act.now,
        )
    )  # fmt: skip
    act.session.flush()
    return True


def gone(intention: Intention | None) -> Intention:
    """Raises NotFound for none."""
    if intention is None:
        raise NotFound
    return intention
