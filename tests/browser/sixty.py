"""Sixty open cases of one worker: matches on every stage of their way, needs, an undertaking."""

from dataclasses import dataclass

import sqlalchemy as sa

from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_service import Receiver, assign_need
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.kinds import FollowUpState
from exchange.brokering.deeds.models import FollowUp
from exchange.brokering.handover.open_cases import open_cases_of
from exchange.brokering.models import Commitment, Match
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.undertakings.service import make_undertaking
from tests.browser.county import County, Pair
from tests.cast import Player

STAGES = ("claimed", "proposed", "introduced", "agreed", "delivering", "completed", "evaluated")
COUNTS = {
    "claimed": 12, "proposed": 12, "introduced": 8, "agreed": 8, "delivering": 8, "completed": 4,
    "evaluated": 4,
}  # fmt: skip
NEEDS = 4
WHOLE = sum(COUNTS.values()) + NEEDS


@dataclass(frozen=True)
class Standing:
    """Where one case stands: its state, what is promised and what has come, days to look again."""

    state: str
    promised: int
    arrived: int
    follow_ups: int
    service_point_id: int | None


def sixty_cases(county: County) -> dict[str, list[Pair]]:
    """Made in the worker's hands, by stage; three of the agreed needs are one undertaking."""
    offers = [
        county.listing(Side.OFFER, f"微耕机和割草机，第{number}批", 200).id for number in (1, 2, 3)
    ]
    made = {stage: _matches(county, stage, offers) for stage in STAGES}
    with county.act(county.officer) as act:
        parts = [act.session.get_one(Listing, pair.need_id) for pair in made["agreed"][:3]]
        make_undertaking(act, "把老梯田重新种起来", "先有机器，再谈种子。", parts)
    mine = Receiver(worker=county.leaving.person.public_id)
    for number in range(NEEDS):
        need = county.listing(Side.NEED, f"还没找到人的需求{number + 1}").public_id
        with county.act(county.chief) as act:
            assign_need(act, need, mine)
    return made


def _matches(county: County, stage: str, offers: list[int]) -> list[Pair]:
    return [
        _walk(county, stage, f"{stage}阶段第{number + 1}个村要微耕机", offers[number % len(offers)])
        for number in range(COUNTS[stage])
    ]


def _walk(county: County, stage: str, title: str, offer_id: int) -> Pair:
    need = county.listing(Side.NEED, title, 10)
    pair = county.claim(need.id, offer_id, who=county.leaving)
    steps = STAGES[1 : STAGES.index(stage) + 1]
    if "proposed" in steps:
        county.propose(pair)
    if "introduced" in steps:
        county.introduce(pair)
    if "agreed" in steps:
        promise = county.agree(pair, 4)
        if "delivering" in steps:
            with county.act(county.officer) as act:
                fulfilling.record_delivery(act, pair.match, promise, 2000)
    if "completed" in steps:
        _complete(county, pair)
    if "evaluated" in steps:
        with county.act(pair.broker) as act:
            fulfilling.evaluate(act, pair.match, "双方都守约")
    return pair


def _complete(county: County, pair: Pair) -> None:
    with county.act(county.officer) as act:
        fulfilling.record_outcome(act, pair.match, "微耕机用上了", 12, 4000)
    version = county.match(pair).version
    with county.act(county.firm) as act:
        fulfilling.confirm_outcome(act, pair.match, Side.OFFER, version=version)


def standing_of(county: County, who: Player) -> dict[str, Standing]:
    """Every open case in somebody's hands, by its key."""
    county.session.rollback()
    cases = open_cases_of(county.session, who.person_id, county.house.clock.now())
    return {
        case.key: _match(county, case.match_id) if case.match_id else _need(county, case.need_id)
        for case in cases
    }


def _match(county: County, match_id: int) -> Standing:
    session = county.session
    match = session.get_one(Match, match_id, populate_existing=True)
    amounts = sa.select(
        sa.func.coalesce(sa.func.sum(Commitment.taken_milli), 0),
        sa.func.coalesce(sa.func.sum(Commitment.delivered_milli), 0),
    ).where(Commitment.match_id == match_id, Commitment.released_at.is_(None))
    promised, arrived = session.execute(amounts).one()
    days = sa.select(sa.func.count()).select_from(FollowUp)
    open_days = session.scalars(
        days.where(FollowUp.match_id == match_id, FollowUp.state == FollowUpState.OPEN)
    ).one()
    return Standing(match.state.value, promised, arrived, open_days, match.service_point_id)


def _need(county: County, need_id: int) -> Standing:
    kept = county.session.get_one(NeedAssignment, need_id, populate_existing=True)
    return Standing("assigned", 0, 0, 0, kept.service_point_id)
