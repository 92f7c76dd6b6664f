"""The gates: what keeps a pair from being suggested at all. Each is a pure yes or no.

A pair that passes is scored; one that does not is never shown, whatever its score would be.
"""

from datetime import date

from exchange.kernel.actor import covers
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.matching.categories import fit_of
from exchange.matching.values import ListingFacts, Standing

NEED = "need"
OFFER = "offer"


def sides_differ(need: ListingFacts, offer: ListingFacts) -> Decision:
    """One asks and the other gives."""
    fits = (need.side, offer.side) == (NEED, OFFER)
    return allow() if fits else refuse("same_side", side=need.side)


def owners_differ(need: ListingFacts, offer: ListingFacts) -> Decision:
    """Nobody is introduced to themselves."""
    same = need.organisation_id == offer.organisation_id
    return refuse("same_owner") if same else allow()


def is_open(facts: ListingFacts, today: date) -> Decision:
    """Published, not hidden, and its last day has not passed."""
    if facts.standing is not Standing.OPEN:
        return refuse("not_open", side=facts.side, standing=facts.standing.value)
    if facts.to_date is not None and facts.to_date < today:
        return refuse("has_ended", side=facts.side, ended=facts.to_date.isoformat())
    return allow()


def owner_in_standing(facts: ListingFacts) -> Decision:
    """The owner was neither refused nor suspended."""
    return allow() if facts.in_good_standing else refuse("owner_not_in_standing", side=facts.side)


def has_something_left(facts: ListingFacts) -> Decision:
    """Not everything is promised already; without a quantity it can serve many."""
    used_up = facts.remaining_milli is not None and facts.remaining_milli <= 0
    return refuse("nothing_left", side=facts.side) if used_up else allow()


def windows_overlap(need: ListingFacts, offer: ListingFacts) -> Decision:
    """There is a day on which both apply. Dates are inclusive; None is without end."""
    start = max(need.from_date or date.min, offer.from_date or date.min)
    end = min(need.to_date or date.max, offer.to_date or date.max)
    if start <= end:
        return allow()
    return refuse("times_apart", starts=start.isoformat(), ends=end.isoformat())


def coverage_reaches(need: ListingFacts, offer: ListingFacts) -> Decision:
    """One of the offer's prefixes contains the need's division. Holds for help from afar too."""
    if need.division and any(covers(prefix, need.division) for prefix in offer.reach):
        return allow()
    return refuse("out_of_coverage", division=need.division, serves=list(offer.reach))


def categories_compatible(need: ListingFacts, offer: ListingFacts) -> Decision:
    """The same, sisters, or an answer by the table of ``categories``; without one all are."""
    fit, _ = fit_of(need.category, offer.category)
    if fit or not need.category or not offer.category:
        return allow()
    return refuse("categories_apart", need=need.category, offer=offer.category)


def gates(need: ListingFacts, offer: ListingFacts, today: date) -> tuple[Decision, ...]:
    """The answer of every gate, for whoever asks why a pair is not there."""
    return (
        *gates_of_fact(need, offer, today),
        categories_compatible(need, offer),
    )


def gates_of_fact(need: ListingFacts, offer: ListingFacts, today: date) -> tuple[Decision, ...]:
    """Those that no social worker's better knowledge can open."""
    return (
        sides_differ(need, offer),
        owners_differ(need, offer),
        is_open(need, today),
        is_open(offer, today),
        owner_in_standing(need),
        owner_in_standing(offer),
        has_something_left(need),
        has_something_left(offer),
        windows_overlap(need, offer),
        coverage_reaches(need, offer),
    )


def may_introduce(need: ListingFacts, offer: ListingFacts, today: date) -> Decision:
    """Whether a social worker may bring the two together, suggested or not: the first gate of fact
    that is closed, or a yes.
    """
    return next((answer for answer in gates_of_fact(need, offer, today) if not answer), allow())


def may_match(need: ListingFacts, offer: ListingFacts, today: date) -> Decision:
    """The first gate that is closed, or a yes."""
    return next((answer for answer in gates(need, offer, today) if not answer), allow())
