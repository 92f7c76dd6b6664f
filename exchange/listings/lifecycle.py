"""From which state a listing may go to which. Everything that is not in the table is refused."""

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.listings.kinds import State

_D, _S, _P, _M = State.DRAFT, State.SUBMITTED, State.PUBLISHED, State.PARTLY_MATCHED
_F, _E, _W, _K = State.FULFILLED, State.EXPIRED, State.WITHDRAWN, State.PARKED
_G = State.MERGED

# A draft that arrives with its last day behind it (a record brought over) goes to expired at once.
# An ended listing opens again when its last day is moved; a withdrawn one is only copied. A merged
# one goes back to where it was when that is undone.
TRANSITIONS: dict[State, frozenset[State]] = {
    _D: frozenset({_S, _P, _E, _W}),
    _S: frozenset({_P, _D, _W, _K, _E, _G}),
    _P: frozenset({_M, _F, _E, _W, _K, _S, _G}),
    _M: frozenset({_P, _F, _E, _W, _K, _S}),
    _F: frozenset({_P, _M, _E}),
    _E: frozenset({_S, _P, _M}),
    _W: frozenset(),
    _K: frozenset({_S, _P, _M, _W}),
    _G: frozenset({_S, _P, _E, _W}),
}
EDITABLE = frozenset({_D, _S, _P, _M, _E, _K})
PARKABLE = frozenset(state for state in State if _K in TRANSITIONS[state])
WITHDRAWABLE = frozenset(state for state in State if _W in TRANSITIONS[state])
COPYABLE = frozenset({_F, _E, _W, _G})
MERGEABLE = frozenset(state for state in State if _G in TRANSITIONS[state])


def may_move(state: State, wanted: State) -> Decision:
    """Whether a listing in one state may go to another."""
    if wanted in TRANSITIONS[state]:
        return allow()
    return refuse("listing_state", state=state.value, wanted=wanted.value)


def open_state(quantity_milli: int | None, committed_milli: int) -> State:
    """The state of an open listing from what is committed; without a quantity it serves many."""
    if quantity_milli is None or committed_milli <= 0:
        return State.PUBLISHED
    return State.FULFILLED if committed_milli >= quantity_milli else State.PARTLY_MATCHED
