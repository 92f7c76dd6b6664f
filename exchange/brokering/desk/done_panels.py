"""What was just done on the day, and the way to take it back."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.brokering.desk.aside_models import PairAside
from exchange.brokering.desk.forms import ASIDE, CLAIMED, DISMISSED
from exchange.brokering.kinds import MatchState
from exchange.brokering.permissions import can_see
from exchange.brokering.queries import match_by_public_id
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.listings.queries import seen_listing
from exchange.web.dates import day_here
from exchange.web.locale import locale_code

LEFT = {CLAIMED: MatchState.CLAIMED, DISMISSED: MatchState.DISMISSED}


@dataclass(frozen=True)
class DoneBar:
    """Words on the last act, what taking it back sends, and where one goes on with it."""

    text: str
    undo: dict[str, str]
    onward: tuple[str, str] | None = None


def done_bar(session: Session, actor: Actor, said: str) -> DoneBar | None:
    """Of the last act as the address names it; None where it stands so no more, or never did."""
    act, *names = said[:80].split("-")
    if act in LEFT and len(names) == 1:
        return _of_match(session, actor, act, names[0])
    if act == ASIDE and len(names) == 2:
        return _of_pair(session, actor, *names)
    return None


def _of_match(session: Session, actor: Actor, act: str, public_id: str) -> DoneBar | None:
    match = match_by_public_id(session, public_id) if public_id.isalnum() else None
    if match is None or match.state is not LEFT[act] or not can_see(actor, match):
        return None
    need, offer = (title_of(actor, match, side, locale_code()) for side in Side)
    undo = {"act": act, "match": public_id}
    if act == DISMISSED:
        words = _("Not suggested again: %(need)s with %(offer)s", need=need, offer=offer)
        return DoneBar(str(words), undo)
    words = _("Taken up: %(need)s with %(offer)s", need=need, offer=offer)
    page = url_for("brokering.show", public_id=public_id)
    return DoneBar(str(words), undo, (str(_("Ask both sides")), page))


def _of_pair(session: Session, actor: Actor, need_key: str, offer_key: str) -> DoneBar | None:
    try:
        need = seen_listing(session, actor, need_key)
        offer = seen_listing(session, actor, offer_key)
    except NotFound:
        return None
    kept = session.get(PairAside, (actor.person_id or 0, need.id, offer.id))
    if kept is None:
        return None
    words = _(
        "Set aside until %(date)s: %(need)s with %(offer)s",
        date=day_here(kept.until), need=shown_title(actor, need), offer=shown_title(actor, offer),
    )  # fmt: skip
    return DoneBar(str(words), {"act": ASIDE, "need": need_key, "offer": offer_key})
