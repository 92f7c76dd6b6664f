"""The words of plans."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.matching.plans.kinds import PlanState, Unmet

STATES: dict[PlanState, Any] = {
    PlanState.DRAFT: _l("Waits to be computed"),
    PlanState.COMPUTING: _l("Being computed"),
    PlanState.READY: _l("Ready to be looked at"),
    PlanState.RELEASED: _l("Released to the stations"),
    PlanState.DISCARDED: _l("Given up"),
}
TONES = {PlanState.READY: "warn", PlanState.RELEASED: "offer"}
REASONS: dict[Unmet, Any] = {
    Unmet.NO_CANDIDATE: _l("Nothing on offer fits"),
    Unmet.BELOW_THRESHOLD: _l("What is on offer fits too poorly"),
    Unmet.USED_UP: _l("What fits is used up by others"),
    Unmet.ORGANISATION_LIMIT: _l("The giver has as many pairs as one may have"),
    Unmet.BROKER_LIMIT: _l("The station's people have their hands full"),
    Unmet.NEED_LIMIT: _l("Several already help, and it is still not enough"),
}
WEIGHTS: dict[int, Any] = {
    0: _l("No more than others"),
    25: _l("A quarter more"),
    50: _l("Half as much again"),
    100: _l("Twice as much"),
    200: _l("Three times as much"),
}
SENTENCES: dict[str, Any] = {
    "plan_needs_divisions": _l("Please choose at least one place, and not more than %(most)s."),
    "plan_not_your_division": _l("This place is looked after by others."),
    "plan_weight_unknown": _l("Please choose one of the weights."),
    "plan_limit_out_of_range": _l("Please give a number from 1 to %(most)s."),
    "plan_least_unknown": _l("Please choose how well a pair must fit."),
    "plan_already_released": _l("Somebody has released this plan already."),
    "plan_not_ready": _l("This plan cannot be released now."),
    "plan_is_discarded": _l("This plan has been given up already."),
    "no_longer_suggested": _l("The two are not suggested for each other any more."),
    "already_taken_up": _l("Somebody has taken the pair up, or said that it does not fit."),
    "offer_promised": _l("The offer is promised to others already."),
    "need_promised": _l("The need is to be met by others already."),
    "plan_defaults_changed": _l("Somebody changed this a moment ago. Please look again."),
    "plan_too_many_unfinished": _l(
        "%(count)s of your plans are still being computed. Please wait for one of them."
    ),
}
FIGURES: tuple[tuple[str, Any], ...] = (
    ("pairs", _l("Pairs")),
    ("needs", _l("Needs looked at")),
    ("needs_met", _l("Needs that get something")),
    ("needs_full", _l("Needs met in full")),
    ("expected_milli", _l("Good introductions to expect")),
    ("weighted_milli", _l("The same, weighed by priority")),
    ("vulnerable_met", _l("Needs of people who come first")),
    ("remote_met", _l("Needs in remote places")),
    ("waited_days_met", _l("Days waited, on average")),
    ("organisations", _l("Organisations that give")),
    ("largest_organisation", _l("Most pairs with one of them")),
)
LIMITS: tuple[tuple[str, Any], ...] = (
    ("per_organisation", _l("Pairs with one organisation, at most")),
    ("per_broker", _l("Pairs for each social worker, at most")),
    ("per_offer", _l("Needs for an offer that names no amount, at most")),
    ("per_need", _l("Offers for one need, at most")),
)
PRIORITIES: tuple[tuple[str, Any, Any], ...] = (
    (
        "vulnerable",
        _l("People who come first"),
        _l(
            "Low-income households, children whose parents work away, older people, "
            "people with disabilities"
        ),
    ),
    (
        "remote",
        _l("Remote places"),
        _l("In full in the places named as remote, else by the distance from the city"),
    ),
    ("waiting", _l("Long waiting"), _l("Grows with the days, in full from 90 days on")),
)
