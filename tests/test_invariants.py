"""The check of the invariants finds what is broken, and nothing in what is sound."""

from flask import Flask
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match, MatchSide, TimelineEntry
from exchange.kernel.act import House
from exchange.listings.kinds import Side
from exchange.listings.undertakings.models import Undertaking, UndertakingPart
from exchange.matching.models import Suggestion
from exchange.matching.plans.kinds import ItemState, PlanState
from exchange.matching.plans.models import MatchingPlan, PlanItem
from exchange.matching.plans.rules import PlanChoice
from exchange.search.jobs import ensure_index
from exchange.search.wiring import search_index
from tests.cast import Cast
from tests.factories import make_listing
from tests.invariants import broken, broken_index
from tests.plan_invariants import over_promised


def test_amounts_without_commitments_and_matches_without_a_past_are_found(
    app: Flask, house: House, session: Session
) -> None:
    cast = Cast(app, session)
    need = make_listing(house, cast.officer, Side.NEED)
    offer = make_listing(house, cast.enterprise, Side.OFFER)
    assert broken(session) == []
    offer.committed_milli = 5_000
    now = house.clock.now()
    match = Match(
        need_id=need.id, offer_id=offer.id, state=MatchState.INTRODUCED,
        broker_id=cast.broker.person_id, created_at=now, updated_at=now,
        sides=[
            MatchSide(side=Side.NEED, organisation_id=need.organisation_id),
            MatchSide(side=Side.OFFER, organisation_id=offer.organisation_id),
        ],
    )  # fmt: skip
    session.add(match)
    session.flush()
    session.add(TimelineEntry(match_id=match.id, at=now, code="claimed", params={}))
    offer_id, match_id = offer.id, match.id
    session.commit()
    assert broken(session) == [
        f"listing {offer_id} counts 5000, its commitments 0",
        f"match {match_id} is introduced without ['introduced', 'proposed'] on its timeline",
    ]


def test_a_listing_missing_from_the_index_is_found(
    app: Flask, house: House, session: Session
) -> None:
    cast = Cast(app, session)
    first = make_listing(house, cast.officer, Side.NEED)
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    assert broken_index(session, search_index(house)) == []
    second = make_listing(house, cast.officer, Side.NEED)
    key, former = f"listing:{second.public_id}", f"listing:{first.public_id}"
    session.delete(first)
    session.commit()
    assert broken_index(session, search_index(house)) == [
        f"{key} is not in the index",
        f"{former} should not be in the index",
    ]


def test_plans_that_contradict_themselves_are_found(
    app: Flask, house: House, session: Session
) -> None:
    cast = Cast(app, session)
    offer = make_listing(house, cast.enterprise, Side.OFFER, quantity_milli=50_000)
    needs = [make_listing(house, cast.officer, Side.NEED) for _ in range(2)]
    now = house.clock.now()
    plan = MatchingPlan(
        name="秋季", state=PlanState.RELEASED, choice=PlanChoice().as_row(), created_at=now,
        asked_by_id=cast.supervisor.person_id, figures={"pairs": 3}, released_at=now, queued_at=now,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    states = (ItemState.QUEUED, ItemState.PLANNED)
    for rank, (need, state) in enumerate(zip(needs, states, strict=True)):
        session.add(
            PlanItem(
                plan_id=plan.id, need_id=need.id, offer_id=offer.id, rank=rank, score_micro=1,
                weight_milli=1000, taken_milli=60_000, covers_milli=60_000, share_micro=1,
                state=state, skip_code="", decided_at=now if state is ItemState.QUEUED else None,
            )
        )  # fmt: skip
        session.add(
            Suggestion(
                need_id=need.id, offer_id=offer.id, score_micro=900_000, reasons=[], engine="hand",
                computed_at=now,
            )
        )  # fmt: skip
    for _ in range(2):
        details = {"plan_id": plan.id}
        session.add(AuditEntry(at=now, origin="test", event="PlanQueued", details=details))
    plan_id, offer_id = plan.id, offer.id
    session.commit()
    assert broken(session) == [
        f"plan {plan_id} counts 3 pairs and has 2",
        f"plan {plan_id} is queued and has undecided pairs",
        f"PlanQueued of plan {plan_id}: 2 times",
    ]
    assert over_promised(session, now) == [f"listing {offer_id}: 60000 of 50000 promised"]


def test_parts_that_are_not_the_owners_are_found(
    app: Flask, house: House, session: Session
) -> None:
    cast = Cast(app, session)
    need = make_listing(house, cast.officer, Side.NEED)
    offer = make_listing(house, cast.officer, Side.OFFER)
    hers = make_listing(house, cast.enterprise, Side.NEED)
    now = house.clock.now()
    made = Undertaking(
        organisation_id=cast.officer.organisation_id, name="茶厂", created_at=now, updated_at=now
    )
    session.add(made)
    session.flush()
    session.add_all(
        UndertakingPart(listing_id=one.id, undertaking_id=made.id, added_at=now)
        for one in (need, offer, hers)
    )
    session.commit()
    assert sorted(broken(session)) == [
        f"undertaking {made.id} has listing {one.id}, which is not its own" for one in (offer, hers)
    ]
