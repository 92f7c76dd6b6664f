"""What the page behind a proposal's link shows: enough to decide by, never how to reach anybody."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState
from exchange.brokering.life.answer_links import OpenedLink, how_it_ended
from exchange.brokering.life.transition_rules import may_take_back
from exchange.brokering.models import Match
from exchange.brokering.page.side_panels import left_label
from exchange.brokering.talk.discretion import side_label, title_of
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import Side
from exchange.listings.permissions import can_see as can_see_listing
from exchange.listings.showing import ListingPage, listing_page
from exchange.web.acting import house
from exchange.web.dates import local_day
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class LinkSide:
    """One side. ``page`` is what the reader may know of its listing; None where that is nothing."""

    side: str
    organisation: str
    title: str
    left: str
    page: ListingPage | None


@dataclass(frozen=True)
class LinkView:
    """What the page shows. ``mistake`` says how a given answer is put right,
    ``ended`` how the match ended, where it has.
    """

    mine: LinkSide
    other: LinkSide
    message: str
    broker: str
    until: str
    match_id: str
    answer: str
    introduced: bool
    ended: str
    mistake: str


def link_view(session: Session, opened: OpenedLink, actor: Actor, now: datetime) -> LinkView:
    """The page's values for the one to whom the link was sent."""
    match, side = opened.match, opened.side
    ended = how_it_ended(match, side)
    return LinkView(
        mine=_side(session, match, side, actor, now),
        other=_side(session, match, side.other, actor, now),
        message=match.message,
        broker=match.broker.name,
        until=local_day(match.lapses_at) if match.lapses_at else "",
        match_id=match.public_id,
        answer=match.side(side).answer.value,
        introduced=match.introduced_at is not None,
        ended=sentence(ended) if ended else "",
        mistake=_mistake(match, side, now),
    )


def _side(session: Session, match: Match, side: Side, actor: Actor, now: datetime) -> LinkSide:
    locale, listing = locale_code(), match.listing_of(side)
    today = civil_date(now, house().settings.time_zone)
    seen = can_see_listing(actor, listing)
    return LinkSide(
        side=side.value,
        organisation=side_label(actor, match, side, locale),
        title=title_of(actor, match, side, locale),
        left=left_label(listing, locale),
        page=listing_page(session, actor, listing, locale, today) if seen else None,
    )


def _mistake(match: Match, side: Side, now: datetime) -> str:
    """How an answer that was given by mistake is put right; empty where nothing hangs on it."""
    mine, name = match.side(side), match.broker.name
    goes_on = match.state in LIVE_STATES
    if mine.answer is Answer.PENDING or (
        not goes_on and (match.state, mine.answer) != (MatchState.DECLINED, Answer.DECLINED)
    ):
        return ""
    other = match.side(side.other).answer
    if not may_take_back(match.state, mine.answer, other, answered_at=mine.answered_at, now=now):
        words = _("Tapped by mistake? Please tell %(name)s, your social worker.", name=name)
    elif goes_on:
        words = _(
            "Tapped by mistake? Until the other side has answered you can take it back: sign in, "
            "or tell %(name)s, your social worker.",
            name=name,
        )
    else:
        words = _(
            "Tapped by mistake? For a day you can take it back: sign in, or tell %(name)s, your "
            "social worker.",
            name=name,
        )
    return str(words)
