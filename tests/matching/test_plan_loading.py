"""Reading for a plan asks the same gates as everybody else."""

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.amounts import amount_of, least_of
from exchange.matching.plans.loading import OWN_GATES, PAIR_GATES, _Row, passing
from exchange.matching.rules import gates, may_match
from exchange.matching.values import ListingFacts
from tests.matching.conftest import NEED, OFFER, TODAY

DAYS = st.none() | st.sampled_from([date(2026, 11, 22), date(2026, 12, 1), date(2027, 1, 1)])


def amounts(left: int | None, unit: str, lot: int | None, *, whole: bool) -> dict[str, object]:
    """As facts are read from a row."""
    return {
        "remaining_milli": left,
        "remaining": amount_of(left, unit),
        "least": least_of(left, unit, lot, whole=whole),
        "is_whole": whole,
    }


AMOUNTS = st.builds(
    amounts,
    st.sampled_from([None, 0, 500, 900]),
    st.sampled_from(["斤", "公斤"]),
    st.sampled_from([None, 400, 800]),
    whole=st.booleans(),
)


@st.composite
def facts(draw: st.DrawFn, base: ListingFacts) -> ListingFacts:
    """A listing that is open on the day, as the question to the database has it."""
    return replace(
        base,
        division=draw(st.sampled_from(["520422102243", "520402", ""])),
        reach=tuple(draw(st.lists(st.sampled_from(["5204", "520422102", "CN", "51"]), max_size=2))),
        organisation_id=draw(st.integers(1, 2)),
        in_good_standing=draw(st.booleans()),
        **draw(AMOUNTS),
        category=draw(st.sampled_from(["", "market.purchase", "equipment.machinery"])),
        terms=draw(st.sampled_from(["free", "paid", "cooperation"])),
        from_date=draw(DAYS),
        to_date=draw(DAYS),
    )


@settings(max_examples=200, deadline=None)
@given(need=facts(NEED), offer=facts(OFFER))
def test_reading_lets_pass_what_the_gates_let_pass(need: ListingFacts, offer: ListingFacts) -> None:
    found = passing(
        {need.id: _Row(need, (), None)}, {offer.id: _Row(offer, (), None)},
        np.array([(need.id, offer.id, 1)]),
    )  # fmt: skip
    assert bool(len(found)) == bool(may_match(need, offer, TODAY))


def test_reading_forgets_no_gate() -> None:
    asked_by_the_database = 3  # the sides differ, and both are open on the day
    both = 2 * len(OWN_GATES) + len(PAIR_GATES) + asked_by_the_database
    assert both == len(gates(NEED, OFFER, TODAY))
