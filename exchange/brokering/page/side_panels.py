"""One side of a match as its page shows it, made for one reader."""

from dataclasses import dataclass

from flask_babel import gettext as _

from exchange.brokering.kinds import Answer, MatchState
from exchange.brokering.models import Match
from exchange.brokering.proxy.proxies import filing_behind, may_have_proxy, stands_on_other
from exchange.brokering.talk.discretion import side_label, title_of
from exchange.kernel.actor import Actor
from exchange.listings.filing.permissions import can_look_after
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see as can_see_listing
from exchange.taxonomy.units import format_quantity
from exchange.web.sentences import sentence


@dataclass(frozen=True)
class SideView:
    """One side of the match. ``url_id`` is empty for whoever may not open the listing.

    ``is_filed``: it was filed for somebody, so that nobody answers for it by their own word.
    ``reach_id``: the filing, which says how to reach them, for whoever may open it; else empty.
    """

    side: Side
    organisation: str
    title: str
    url_id: str
    left: str
    unit: str
    answer: Answer
    answer_label: str
    confirmed: bool
    is_mine: bool
    has_contact: bool
    is_withdrawn: bool
    takes_proxy: bool
    is_filed: bool
    reach_id: str


def side_view(match: Match, side: Side, actor: Actor, locale: str) -> SideView:
    """A side of the match for this reader."""
    listing, row = match.listing_of(side), match.side(side)
    filing = filing_behind(match, side)
    return SideView(
        side=side,
        organisation=side_label(actor, match, side, locale),
        title=title_of(actor, match, side, locale),
        url_id=listing.public_id if can_see_listing(actor, listing) else "",
        left=left_label(listing, locale),
        unit=listing.unit or "",
        answer=row.answer,
        answer_label=_answer_label(match, row.answer),
        confirmed=_confirmed(match, side),
        is_mine=actor.belongs_to(listing.organisation_id),
        has_contact=row.contact_id is not None,
        is_withdrawn=row.contact_withdrawn_at is not None,
        takes_proxy=may_have_proxy(match, side) and not stands_on_other(match, side, actor),
        is_filed=filing is not None,
        reach_id=filing.public_id if filing and can_look_after(actor, filing) else "",
    )


def left_label(listing: Listing, locale: str) -> str:
    """What is still needed of a need, or left of an offer; empty without a quantity."""
    left, need = listing.remaining_milli, listing.side is Side.NEED
    if left is None:
        return ""
    if left <= 0:
        return str(_("Enough now") if need else _("All given away"))
    amount = format_quantity(left, listing.unit or "", locale)
    return sentence("still_needed" if need else "still_left", {"amount": amount})


def _confirmed(match: Match, side: Side) -> bool:
    outcome = match.outcome
    if outcome is None:
        return False
    at = outcome.need_confirmed_at if side is Side.NEED else outcome.offer_confirmed_at
    return at is not None


def _answer_label(match: Match, answer: Answer) -> str:
    if match.proposed_at is None:
        return ""
    asked = match.state is MatchState.PROPOSED  # else it is over, and none comes any more
    words = {
        Answer.PENDING: _("No answer yet") if asked else _("No answer"),
        Answer.ACCEPTED: _("Said yes"),
        Answer.DECLINED: _("Said no"),
    }
    return str(words[answer])
