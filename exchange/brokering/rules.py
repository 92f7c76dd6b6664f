"""Who may speak for a side, see a contact, reserve how much. The steps: ``transition_rules``."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from exchange.brokering.kinds import CloseReason, MatchState, ProxyConsent
from exchange.kernel.decisions import Decision, allow, refuse


class Party(StrEnum):
    """How an actor stands to a match.

    A supervisor of the place is a broker of the match, too; a broker may be a recorded proxy.
    """

    BROKER = "broker"
    SUPERVISOR = "supervisor"
    NEED = "need"
    OFFER = "offer"
    PROXY = "proxy"
    SYSTEM = "system"


SIDES = frozenset({Party.NEED, Party.OFFER})
CONSENT_MISSING = "match_proxy_needs_consent"


@dataclass(frozen=True)
class Proxy:
    """What a proxy would need: villagers may have one, and nobody who stands on the other side.

    ``is_filed``: the side was filed for somebody, so that whoever belongs to it is a proxy, too.
    """

    is_villager: bool
    on_other_side: bool
    consent: ProxyConsent | None
    is_filed: bool = False


def may_speak_for(
    side: Party, parties: frozenset[Party], *, is_proposer: bool, proxy: Proxy
) -> Decision:
    """Whether somebody may answer or confirm for a side.

    A member of the side speaks for it, unless they proposed the match; a broker speaks for a
    villager only as a recorded proxy with consent to this match. Organisations that offer answer
    for themselves. The proposer needs that record as well, and so does everybody who belongs to a
    side that was filed for somebody.
    """
    belongs = side in parties
    if belongs and not is_proposer and not proxy.is_filed:
        return allow("own")
    if Party.BROKER not in parties and not (belongs and proxy.is_filed):
        return refuse("match_not_your_side")
    if not proxy.is_villager:
        return refuse("match_no_proxy")
    if proxy.on_other_side:
        return refuse("match_proxy_one_side")
    if proxy.consent is None:
        return refuse(CONSENT_MISSING)
    return allow("proxy")


CHECKED_WITHIN = timedelta(days=365)


def is_safe(
    *, is_needed: bool, is_verified: bool, checked_on: date | None, today: date
) -> Decision:
    """Whether two may be introduced: where people come to people who need protection, the giver is
    verified and a check of those who come, not older than a year, is on record.
    """
    if not is_needed:
        return allow()
    if not is_verified:
        return refuse("safeguard_not_verified")
    if checked_on is None or today - checked_on > CHECKED_WITHIN:
        return refuse("safeguard_not_checked")
    return allow()


def may_reveal(parties: frozenset[Party], *, introduced: bool, in_order: bool) -> Decision:
    """Whether somebody may see the contact of a side; ``in_order``: nothing is held or suspended.

    Whoever only brokers may then still call, to settle it.
    """
    if not parties:
        return refuse("match_not_your_step")
    if not introduced:
        return refuse("contact_not_yet")
    if not in_order and parties & SIDES:
        return refuse("contact_on_hold")
    return allow()


def may_commit(
    taken_milli: int, covers_milli: int, offer_left: int | None, need_left: int | None
) -> Decision:
    """Whether both amounts, in thousandths, are positive and within what is left on each side."""
    if taken_milli <= 0 or covers_milli <= 0:
        return refuse("commitment_not_positive")
    if offer_left is not None and taken_milli > offer_left:
        return refuse("commitment_exceeds_offer", left=offer_left)
    if need_left is not None and covers_milli > need_left:
        return refuse("commitment_exceeds_need", left=need_left)
    return allow()


def may_cover(
    taken_milli: int, covers_milli: int, need_unit: str, offer_unit: str
) -> Decision:
    """Whether so much of the offer can cover so much of the need: no more, where both count alike.
    """
    if need_unit and need_unit == offer_unit and covers_milli > taken_milli:
        return refuse("commitment_covers_more")
    return allow()


PROMISED_WITHIN = timedelta(days=3 * 366)  # three years, leap days and all


def may_promise(day: date | None, today: date, agreed: date | None = None) -> Decision:
    """Whether something may be promised by a day: none that has passed and none that nobody can
    plan for, unless it is agreed so.
    """
    if day is None or day == agreed:
        return allow()
    if day < today:
        return refuse("due_day_passed")
    return allow() if day <= today + PROMISED_WITHIN else refuse("due_day_too_far")


# These say that a promise was broken, and count in the giver's record.
BROKEN = (CloseReason.NOT_DELIVERED, CloseReason.QUALITY)


def may_end_for(reason: CloseReason, *, is_promised: bool) -> Decision:
    """Whether a match may end for this reason: what was never promised cannot have been broken."""
    if reason in BROKEN and not is_promised:
        return refuse("close_reason_unpromised")
    return allow()


@dataclass(frozen=True)
class LotRule:
    """How a listing is shared out, in thousandths: see ``matching.sharing``."""

    left_milli: int | None
    lot_milli: int = 0
    step_milli: int = 1
    is_whole: bool = False


def may_share(milli: int, rule: LotRule) -> Decision:
    """Whether so much may go of one listing: all that is left always may, whatever the lot."""
    left = rule.left_milli
    if milli == left:
        return allow()
    if rule.is_whole and left is not None:
        return refuse("commitment_only_whole", milli=left)
    if milli < rule.lot_milli:
        return refuse("commitment_below_lot", milli=rule.lot_milli)
    if milli % rule.step_milli:
        return refuse("only_whole_units")
    return allow()


# How far a match has come, in fifths; one that ended without an outcome has none.
PROGRESS = {
    MatchState.CLAIMED: 0,
    MatchState.PROPOSED: 1,
    MatchState.INTRODUCED: 2,
    MatchState.AGREED: 3,
    MatchState.DELIVERING: 4,
    MatchState.COMPLETED: 5,
    MatchState.EVALUATED: 5,
}
