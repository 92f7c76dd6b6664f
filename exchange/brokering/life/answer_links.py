"""The answer of a side by the signed link in its message, without signing in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.rules import LinkPurpose, may_open
from exchange.accounts.links.service import find_link, issue_link, use_link
from exchange.brokering.kinds import Answer, CloseReason, MatchState
from exchange.brokering.life.proposing import answer
from exchange.brokering.matches import locked_match
from exchange.brokering.models import Match, TimelineEntry
from exchange.brokering.proxy.proxies import filed_side
from exchange.brokering.queries import match_by_public_id
from exchange.kernel.act import Act, House
from exchange.kernel.errors import Conflict, NotFound
from exchange.listings.kinds import Side

# What a link says once the proposal is over, by how it ended.
ENDS = {
    MatchState.LAPSED: "link_match_lapsed",
    MatchState.WITHDRAWN: "link_match_withdrawn",
    MatchState.DECLINED: "link_match_declined",
    MatchState.FAILED: "link_match_over",
}


@dataclass(frozen=True)
class OpenedLink:
    """What a link is about. ``closed`` is why it does nothing any more; empty while it answers."""

    link: SignedLink
    match: Match
    side: Side
    closed: str


def answer_paths(
    act: Act, match: Match, side: Side, person_ids: Iterable[int]
) -> dict[int, str]:
    """A way to answer for each of these people of a side; none for who asked: they never answer.

    Nor for a side that was filed for somebody: a proxy says how they consented, on the page.
    """
    if match.lapses_at is None or filed_side(match, side):
        return {}
    owner, until = match.listing_of(side).organisation_id, match.lapses_at
    asked = set(_askers(act.session, match))
    subject = f"{match.public_id}:{side.value}"
    return {
        one: "/a/" + issue_link(act, LinkPurpose.ANSWER, subject, one, owner, until)
        for one in sorted(set(person_ids) - asked)
    }


def opened_answer(session: Session, house: House, token: str) -> OpenedLink:
    """What a link is about, and whether it still answers. Writes nothing.

    Raises NotFound for one that was never issued or was altered.
    """
    link = find_link(session, house.secrets, LinkPurpose.ANSWER, token)
    if link is None:
        raise NotFound("link_unknown")
    public_id, _, side = link.subject.partition(":")
    match = match_by_public_id(session, public_id)
    if match is None:
        raise NotFound("link_unknown")
    decision = may_open(
        used_at=link.used_at, closed_at=link.closed_at, expires_at=link.expires_at,
        now=house.clock.now(),
    )  # fmt: skip
    closed = _over(match, Side(side)) or ("" if decision else decision.code)
    if link.used_at is not None:
        closed = "link_used"
    return OpenedLink(link, match, Side(side), closed)


def answer_by_link(
    act: Act, token: str, public_id: str, side: Side, *, accept: bool, reason: CloseReason | None
) -> Match:
    """Answer for the side of a link and use it up. The actor is the one to whom it was sent.

    Raises NotFound for a forged link, Conflict for one that does nothing any more, and otherwise
    as answering does.
    """
    match = locked_match(act, public_id)
    link = use_link(act, LinkPurpose.ANSWER, token)
    if link.subject != f"{public_id}:{side.value}" or link.person_id != act.actor.person_id:
        raise NotFound("link_unknown")
    over = _over(match, side)
    if over:
        raise Conflict(over)
    return answer(act, public_id, side, accept=accept, reason=reason, by_link=True)


def how_it_ended(match: Match, side: Side) -> str:
    """The code of what a side reads once the match is over; empty while it goes on, where it was
    completed, and where the side itself has said no.
    """
    if match.state is MatchState.DECLINED and match.side(side).answer is Answer.DECLINED:
        return ""
    if match.state is MatchState.LAPSED and match.close_reason is not CloseReason.NO_ANSWER:
        return "link_match_ended"
    return ENDS.get(match.state, "")


def _over(match: Match, side: Side) -> str:
    ended = how_it_ended(match, side)
    if ended:
        return ended
    if match.side(side).answer is not Answer.PENDING:
        return "link_answered"
    if match.state is MatchState.PROPOSED:
        return ""
    return "link_match_over"


def _askers(session: Session, match: Match) -> Sequence[int]:
    query = sa.select(TimelineEntry.person_id).where(
        TimelineEntry.match_id == match.id,
        TimelineEntry.code == "proposed",
        TimelineEntry.person_id.is_not(None),
    )
    return [match.broker_id, *(one for one in session.scalars(query) if one is not None)]
