"""Whether somebody may speak for a side: as one of it, or as its recorded proxy."""

from dataclasses import dataclass

from exchange.brokering.kinds import ProxyConsent
from exchange.brokering.matches import insist, note_step
from exchange.brokering.models import CONSENT_CODE, Match
from exchange.brokering.proxy.proxies import proxy_for
from exchange.brokering.queries import is_proposer
from exchange.brokering.rules import CONSENT_MISSING, Party, may_speak_for
from exchange.brokering.words import refuse_payments
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid
from exchange.listings.kinds import Door, Side


@dataclass(frozen=True)
class Consent:
    """How the person agreed whom a proxy speaks for; nothing where a side speaks for itself."""

    kind: ProxyConsent | None = None
    note: str = ""


OWN_WORD = Consent()


def insist_speaks(
    act: Act,
    match: Match,
    side: Side,
    parties: frozenset[Party],
    consent: Consent,
    *,
    said_other: int | None = None,
) -> bool:
    """Whether the actor speaks as a proxy, which is put on record; False where they are of the side
    themselves.

    ``said_other`` is who has answered the same question for the other side: they are no proxy of
    this one. Raises Forbidden for whoever may not, Invalid for a proxy without the consent or
    without words on it.
    """
    spoken = may_speak_for(
        Party(side.value),
        parties,
        is_proposer=is_proposer(act.session, match, act.actor.person_id),
        proxy=proxy_for(match, side, act.actor, consent.kind),
    )
    if spoken.code == CONSENT_MISSING:
        raise Invalid(fields={"consent": [CONSENT_MISSING], **_words_missing(consent)})
    insist(spoken)
    by_proxy = spoken.code == "proxy"
    if by_proxy and said_other == act.actor.person_id:
        raise Forbidden("match_proxy_one_side")
    if by_proxy and _words_missing(consent):
        raise Invalid(fields=_words_missing(consent))
    if by_proxy:
        refuse_payments(consent_note=consent.note)
        note_consent(act, match, side, consent)
    return by_proxy


def _words_missing(consent: Consent) -> dict[str, list[str]]:
    return {} if consent.note.strip() else {"consent_note": ["required"]}


def note_consent(act: Act, match: Match, side: Side, consent: Consent) -> None:
    """Put the consent for a step that a proxy takes on record, for those alone who broker.

    The words may name the person, so they do not stand where the other side reads.
    """
    kind = consent.kind.value if consent.kind else ""
    note_step(act, match, CONSENT_CODE, consent.note, internal=True, side=side.value, kind=kind)


def receiving_side(match: Match) -> Side:
    """Who gets what is delivered: the need's side, or the buyer's where the need is to sell."""
    return Side.OFFER if match.need.door is Door.SELL else Side.NEED
