"""Pairs as brokering sees them: whether they still fit, and which are free to take up."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.brokering.kinds import DONE_STATES, LIVE_STATES, CloseReason, MatchState
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict
from exchange.listings.models import Listing
from exchange.matching.exposure import Exposure
from exchange.matching.facts import BAD_STANDING, load_facts, with_ids
from exchange.matching.models import Suggestion
from exchange.matching.queries import NOWHERE, SuggestedPage, shown_score, suggestions_in
from exchange.matching.rules import may_introduce

SETTLED = (
    *LIVE_STATES,
    MatchState.DISMISSED,
    MatchState.DECLINED,
    *DONE_STATES,
)


def pair_decision(session: Session, need: Listing, offer: Listing, today: date) -> Decision:
    """The gates of fact, asked of the present values: what a broker judges fitting may be taken up
    though matching would not suggest it.
    """
    session.flush()
    facts = load_facts(session, NOWHERE, with_ids({need.id, offer.id}))
    return may_introduce(facts[need.id], facts[offer.id], today)


def insist_they_fit(act: Act, match: Match) -> None:
    """Ask the gates again. Raises Conflict for whatever has ended or changed in the meantime."""
    decision = pair_decision(act.session, match.need, match.offer, act.today)
    if not decision:
        raise Conflict(decision.code, **decision.params)


def in_good_order(listing: Listing) -> bool:
    """Neither is the listing held, nor was its owner refused or suspended."""
    return listing.held_at is None and listing.organisation.verification not in BAD_STANDING


def score_of_pair(session: Session, need_id: int, offer_id: int) -> float | None:
    """The score that was shown when the pair was suggested; None when it was not."""
    found = shown_score(session, need_id, offer_id, (is_free(),))
    return None if found is None else found[0]


def free_pairs(
    session: Session,
    actor: Actor,
    today: date,
    *,
    least: float,
    limit: int = 20,
    cursor: str | None = None,
    exposure: Exposure | None = None,
    where: tuple[ColumnElement[bool], ...] = (),
) -> SuggestedPage:
    """Suggestions for the divisions the actor serves that nobody has taken up or dismissed.

    ``where`` are further conditions on Suggestion.
    """
    return suggestions_in(
        session, actor, actor.serves, today,
        limit=limit, cursor=cursor, least=least, where=(is_free(), *where), rivals=(is_free(),),
        exposure=exposure,
    )  # fmt: skip


def unanswered_before(
    session: Session, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], datetime]:
    """Of these pairs, need and offer by id, those that were asked and did not answer, and when that
    ended last; one query, and none for none.
    """
    if not pairs:
        return {}
    needs, offers = (sorted(set(ids)) for ids in zip(*pairs, strict=True))
    query = (
        sa.select(Match.need_id, Match.offer_id, sa.func.max(Match.closed_at))
        .where(
            Match.need_id.in_(needs), Match.offer_id.in_(offers),
            Match.close_reason == CloseReason.NO_ANSWER,
        )
        .group_by(Match.need_id, Match.offer_id)
    )  # fmt: skip
    return {(need, offer): at for need, offer, at in session.execute(query) if at is not None}


def is_free() -> ColumnElement[bool]:
    """As a condition on Suggestion: nobody has taken the pair up, ended it well or dismissed it."""
    taken = sa.exists().where(
        Match.need_id == Suggestion.need_id,
        Match.offer_id == Suggestion.offer_id,
        Match.state.in_(SETTLED),
    )
    return sa.not_(taken)
