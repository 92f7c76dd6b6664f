"""One act on several matches: what will happen to which, then each in an act of its own.

Nothing of this ends a match or says something to a side that cannot be followed by more. One that
cannot be acted on keeps none of the others from it; doing the same again does nothing more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.brokering.board.giving import OpenAct, give_cases
from exchange.brokering.board.postponing import postpone, resume
from exchange.brokering.board.postponing_queries import lapse_day, next_due, rests_until
from exchange.brokering.board.postponing_rules import may_postpone
from exchange.brokering.board.queries import Moment, brokered_matches
from exchange.brokering.centre.caseload_rules import Worker, may_receive
from exchange.brokering.centre.caseload_service import Receiver
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.kinds import LIVE_STATES, PostponeReason
from exchange.brokering.life.reminding import remind_now, who_may_be_reminded
from exchange.brokering.matches import NOT_NOW
from exchange.brokering.models import Match
from exchange.brokering.permissions import brokered_by, parties_of
from exchange.kernel.actor import Actor
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Side

MOST = 100
ALREADY = "already"


class BulkAct(StrEnum):
    """What is done to several matches."""

    ASSIGN = "assign"
    POSTPONE = "postpone"
    RESUME = "resume"
    REMIND = "remind"


DEEDS = {
    BulkAct.POSTPONE: Deed.POSTPONE, BulkAct.RESUME: Deed.RESUME, BulkAct.REMIND: Deed.REMIND,
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """A match as it was seen: its version, and who had it; None and "" where that was not said."""

    public_id: str
    version: int | None = None
    owner: str = ""

    @property
    def key(self) -> str:
        """As forms name it."""
        return f"{self.public_id}.{'' if self.version is None else self.version}.{self.owner}"


@dataclass(frozen=True)
class Wish:
    """What is to be done; ``day`` and ``reason`` of setting aside, ``to`` of giving away.

    ``worker`` is who would receive, where one was named.
    """

    act: BulkAct
    day: date | None = None
    reason: PostponeReason = PostponeReason.OTHER
    note: str = ""
    to: Receiver = field(default_factory=Receiver)
    worker: Worker | None = None


@dataclass(frozen=True)
class Outlook:
    """What would happen to one match; ``refusal`` says why nothing would.

    ``match`` is missing where the actor may not know of it. ``sides`` would be reminded.
    """

    chosen: Chosen
    match: Match | None
    refusal: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True)
class Done:
    """What became of one match: done, so already, or why not."""

    chosen: Chosen
    is_new: bool = False
    refusal: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def read_chosen(keys: Sequence[str]) -> list[Chosen]:
    """The matches that a form names, each once, in order; at most ``MOST``."""
    found: dict[str, Chosen] = {}
    for key in keys:
        public_id, version, owner = [*key[:60].split("."), "", ""][:3]
        number = int(version) if version.isascii() and version.isdecimal() else None
        if public_id.isascii() and public_id.isalnum() and len(version) < 10:
            found.setdefault(public_id, Chosen(public_id, number, owner))
    return list(found.values())[:MOST]


def foresee(
    session: Session, actor: Actor, moment: Moment, wish: Wish, chosen: Sequence[Chosen]
) -> list[Outlook]:
    """What the wish would do to each match as all stands now; a fixed number of queries."""
    matches = brokered_matches(session, actor, [one.public_id for one in chosen])
    known = {match.public_id: match for match in matches}
    due = next_due(session, [match.id for match in matches])
    found = []
    for one in chosen:
        match = known.get(one.public_id)
        if match is None:
            found.append(Outlook(one, None, "case_gone"))
            continue
        decision = _may(actor, moment, wish, one, match, due.get(match.id))
        refusal = "" if decision else decision.code
        sides = _sides(wish, match, moment.now) if decision else ()
        found.append(Outlook(one, match, refusal, decision.params, sides))
    return found


def carry_out(
    session: Session, open_act: OpenAct, actor: Actor, wish: Wish, chosen: Sequence[Chosen]
) -> list[Done]:
    """Do it to each match in order, each in an act of its own under its lock."""
    return [_do(session, open_act, actor, wish, one) for one in chosen]


def _may(
    actor: Actor, moment: Moment, wish: Wish, one: Chosen, match: Match, due_on: date | None
) -> Decision:
    if wish.act is BulkAct.ASSIGN:
        return _may_give(actor, wish, one, match)
    decision = may_do(DEEDS[wish.act], match.state, parties_of(actor, match))
    if not decision:
        return refuse(_code(wish, decision.code), **decision.params)
    if one.version is not None and one.version != match.version:
        return refuse("match_changed")
    if wish.act is BulkAct.REMIND:
        return who_may_be_reminded(match, moment.now)[0]
    if wish.act is BulkAct.RESUME:
        return allow() if rests_until(match, moment.today) else refuse("not_aside")
    if wish.day is None:
        return allow()
    lapses_on = lapse_day(match, moment.time_zone)
    return may_postpone(wish.day, moment.today, lapses_on=lapses_on, due_on=due_on)


def _code(wish: Wish, code: str) -> str:
    """Why a state does not allow it, in the words of what was wished."""
    if code != NOT_NOW:
        return code
    return "nothing_asked" if wish.act is BulkAct.REMIND else "case_ended"


def _may_give(actor: Actor, wish: Wish, one: Chosen, match: Match) -> Decision:
    if not actor.supervises_division(match.need.division_code):
        return refuse("only_supervisors")
    if match.state not in LIVE_STATES:
        return refuse("case_ended")
    if wish.worker is not None and match.broker_id == wish.worker.person_id:
        return allow()
    if one.version is not None and one.version != match.version:
        return refuse("match_changed")
    return may_receive(wish.worker, match.need.division_code) if wish.worker else allow()


def _sides(wish: Wish, match: Match, now: datetime) -> tuple[Side, ...]:
    return who_may_be_reminded(match, now)[1] if wish.act is BulkAct.REMIND else ()


def _do(
    session: Session, open_act: OpenAct, actor: Actor, wish: Wish, one: Chosen
) -> Done:
    try:
        if wish.act is BulkAct.ASSIGN:
            return _give(session, open_act, actor, wish, one)
        with open_act() as act:
            if wish.act is BulkAct.REMIND:
                is_new = bool(remind_now(act, one.public_id, version=one.version))
            elif wish.act is BulkAct.RESUME:
                is_new = resume(act, one.public_id, version=one.version)
            else:
                is_new = postpone(
                    act, one.public_id, wish.day or act.today, wish.reason, wish.note,
                    version=one.version,
                )  # fmt: skip
    except (Conflict, Forbidden) as error:
        return Done(one, False, _code(wish, error.code), error.params)
    except Invalid as error:
        codes = [code for some in error.fields.values() for code in some]
        return Done(one, False, codes[0] if codes else error.code, error.params)
    except NotFound:
        return Done(one, False, "case_gone")
    return Done(one, is_new)


def _give(
    session: Session, open_act: OpenAct, actor: Actor, wish: Wish, one: Chosen
) -> Done:
    """By the way of all giving, after a look whether it is so already or has moved on."""
    query = (
        sa.select(Match.version, Person.public_id)
        .join(Person, Person.id == Match.broker_id)
        .where(Match.public_id == one.public_id, brokered_by(actor))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return Done(one, False, "case_gone")
    version, owner = row
    if wish.worker is not None and owner == wish.worker.public_id:
        return Done(one)
    if one.version is not None and one.version != version:
        return Done(one, False, "match_changed")
    (given,) = give_cases(open_act, [f"match:{one.public_id}:{one.owner or owner}"], wish.to)
    return Done(one, not given.refusal, given.refusal, given.params)
