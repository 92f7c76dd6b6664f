"""A side's consent that the other side sees its contact: withdrawn at any time, and given anew."""

from exchange.brokering.deeds.events import ContactGiven, ContactWithdrawn
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.matches import insist, locked_match, note_step
from exchange.brokering.models import Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.proxy.speaking import OWN_WORD, Consent, insist_speaks
from exchange.brokering.rules import Party
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.kinds import Side


def withdraw_contact(act: Act, public_id: str, side: Side) -> Match:
    """From now on nobody of the other side is shown this side's contact.

    Anybody of the side may say so, and the broker for somebody who asked them to: it needs no
    consent to be kept out of sight. Raises Forbidden, Conflict where it is withdrawn already.
    """
    match = locked_match(act, public_id)
    parties = parties_of(act.actor, match)
    insist(may_do(Deed.WITHDRAW_CONTACT, match.state, parties))
    if not parties & {Party(side.value), Party.BROKER}:
        raise Forbidden("match_not_your_side")
    row = match.side(side)
    if row.contact_withdrawn_at is not None:
        raise Conflict("match_already_answered")
    row.contact_withdrawn_at = act.now
    note_step(act, match, f"{side.value}_withdrew_contact")
    act.emit(ContactWithdrawn(match_id=match.id, side=side.value))
    return match


def give_contact(act: Act, public_id: str, side: Side, consent: Consent = OWN_WORD) -> Match:
    """Let the other side see the contact again: that of whoever says so, or, by a proxy, as before.

    Raises Forbidden, Conflict where nothing is withdrawn.
    """
    match = locked_match(act, public_id)
    parties = parties_of(act.actor, match)
    insist(may_do(Deed.GIVE_CONTACT, match.state, parties))
    by_proxy = insist_speaks(act, match, side, parties, consent)
    row = match.side(side)
    if row.contact_withdrawn_at is None:
        raise Conflict("match_already_answered")
    row.contact_withdrawn_at = None
    if by_proxy:
        row.proxy_consent, row.proxy_note = consent.kind, consent.note.strip()[:2000]
    else:
        row.contact_id = act.actor.person_id
    note_step(act, match, f"{side.value}_gave_contact", by_proxy=by_proxy)
    act.emit(ContactGiven(match_id=match.id, side=side.value, by_proxy=by_proxy))
    return match
