"""What the page of a match says about undoing, and which pair is next once it has ended."""

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.kinds import CloseReason, MatchState, Step
from exchange.brokering.life.forms import ReleaseForm
from exchange.brokering.life.transition_rules import BROKERS, may_restore, may_take_back
from exchange.brokering.life.undoing import speaks_for
from exchange.brokering.models import Match
from exchange.brokering.page.form_panels import with_ids
from exchange.brokering.page.match_panels import MatchView
from exchange.brokering.pairs import is_free
from exchange.brokering.permissions import parties_of
from exchange.brokering.queries import match_by_public_id
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.cards import listing_cards
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing
from exchange.matching.exposure import exposure_of
from exchange.matching.models import Suggestion
from exchange.matching.panels import (
    SuggestionLine,
    pair_needs_check,
    seen_words,
    shown_reasons,
)
from exchange.matching.queries import Suggested, suggestions_for
from exchange.matching.scoring import percent_of
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import local_day
from exchange.web.forms import HouseForm
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot

SHOWN = 3
BROKEN_OFF = (MatchState.DECLINED, MatchState.LAPSED, MatchState.WITHDRAWN, MatchState.FAILED)


def install(app: Flask) -> None:
    """Stand on the page of a match."""
    fill_slot(app, "match.top", lapse_panel, order=10)
    fill_slot(app, "match.top", next_panel, order=20)
    fill_slot(app, "match.bottom", undo_panel, order=20)


def lapse_panel(view: MatchView, **_values: Any) -> PanelContent | None:
    """By when the two are to answer."""
    if view.state is not MatchState.PROPOSED:
        return None
    match = match_by_public_id(read_session(), view.public_id)
    if match is None or match.lapses_at is None:
        return None
    return PanelContent("brokering/_lapse.html", {"day": local_day(match.lapses_at)})


def undo_panel(
    view: MatchView, refused: HouseForm | None = None, **_values: Any
) -> PanelContent | None:
    """What this reader may take back at this point."""
    possible = {Step.RELEASE, Step.RESTORE, Step.TAKE_BACK} & view.may
    if not possible:
        return None
    session, actor = read_session(), current_actor()
    match = match_by_public_id(session, view.public_id)
    if match is None:
        return None
    sides = _sides_to_take_back(session, actor, match) if Step.TAKE_BACK in possible else []
    restores = Step.RESTORE in possible and bool(
        may_restore(
            parties_of(actor, match), dismissed_at=match.closed_at, now=house().clock.now()
        )
    )
    releases = Step.RELEASE in possible
    if not (sides or restores or releases):
        return None
    form = refused if isinstance(refused, ReleaseForm) else ReleaseForm(formdata=None)
    values = {
        "view": view, "sides": sides, "restores": restores, "releases": releases,
        "form": with_ids(form, "release"), "is_open": bool(form.errors),
    }  # fmt: skip
    return PanelContent("brokering/_undo.html", values)


def _sides_to_take_back(session: Session, actor: Actor, match: Match) -> list[dict[str, str]]:
    found, now = [], house().clock.now()
    for side in Side:
        mine, other = match.side(side), match.side(side.other)
        may = may_take_back(
            match.state, mine.answer, other.answer, answered_at=mine.answered_at, now=now
        )
        if may and speaks_for(session, actor, match, mine):
            own = actor.belongs_to(match.listing_of(side).organisation_id)
            label = _("Take my answer back") if own else _("Take the recorded answer back")
            found.append({"side": side.value, "label": str(label)})
    return found


def next_panel(view: MatchView, **_values: Any) -> PanelContent | None:
    """For who brokers an ended match: the next best pairs of its need, or of its offer where the
    need is not open any more.
    """
    if view.state not in BROKEN_OFF or not view.parties & BROKERS:
        return None
    session, actor = read_session(), current_actor()
    match = match_by_public_id(session, view.public_id)
    if match is None or match.dismiss_reason is not None:
        return None
    listing = _left_over(match)
    if listing is None:
        return None
    lines = _lines(session, actor, match, listing)
    values = {"view": view, "lines": lines, "listing": listing, "is_need": listing is match.need}
    return PanelContent("brokering/_next_best.html", values)


def _left_over(match: Match) -> Listing | None:
    """The listing for which somebody else is looked for."""
    first, second = match.need, match.offer
    if match.close_reason is CloseReason.NOT_NEEDED:
        first, second = second, first
    for one in (first, second):
        if one.state in OPEN_STATES and one.held_at is None:
            return one
    return None


def _lines(
    session: Session, actor: Actor, match: Match, listing: Listing
) -> list[SuggestionLine]:
    today = civil_date(house().clock.now(), house().settings.time_zone)
    again = (Suggestion.need_id == match.need_id) & (Suggestion.offer_id == match.offer_id)
    pairs = suggestions_for(
        session, actor, listing, today, SHOWN, house().settings.display_threshold,
        (is_free(), ~again), exposure_of(house()),
    )  # fmt: skip
    others = [pair.other(listing) for pair in pairs]
    cards = listing_cards(session, actor, others, locale_code(), today)
    return [
        _line(actor, pair, card) for pair, card in zip(pairs, cards, strict=True)
    ]


def _line(actor: Actor, pair: Suggested, card: Any) -> SuggestionLine:
    return SuggestionLine(
        pair, card, percent_of(pair.score), shown_reasons(actor, pair), seen_words(pair),
        pair_needs_check(pair.need, pair.offer),
    )  # fmt: skip
