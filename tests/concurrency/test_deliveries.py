"""Who delivers, changes, confirms and ends at the same moment never counts anything twice."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.brokering.deeds import delivering, fulfilling
from exchange.brokering.deeds.kinds import ChangeState
from exchange.brokering.deeds.models import CommitmentChange, Delivery, MatchFile
from exchange.brokering.deeds.sending import NOTHING_YET
from exchange.brokering.life import changing
from exchange.brokering.life.changing import Terms
from exchange.brokering.models import Commitment
from exchange.kernel.act import House
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.cast import Cast
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.concurrency.test_commitments import OpenAct, introduced
from tests.factories import make_listing
from tests.invariants import broken

pytestmark = pytest.mark.processes


@pytest.fixture
def agreed(house: House, cast: Cast, act_as: OpenAct) -> tuple[str, str]:
    """A match with a commitment of 30 on both sides."""
    need_id = make_listing(house, cast.officer, Side.NEED).id
    offer_id = make_listing(house, cast.enterprise, Side.OFFER).id
    match = introduced(act_as, cast, need_id, offer_id)
    with act_as(cast.broker.actor) as act:
        return match, fulfilling.commit(act, match, 30_000, 30_000, date(2026, 12, 1)).public_id


def of(session: Session) -> Commitment:
    session.rollback()
    return session.scalars(sa.select(Commitment)).one()


def test_of_eight_deliveries_of_10_exactly_three_fit_into_30(
    cast: Cast, session: Session, fight: Fight, agreed: tuple[str, str]
) -> None:
    match, commitment = agreed
    values = {"match": match, "commitment": commitment, "milli": 10_000}
    people = (cast.officer, cast.enterprise, cast.broker)
    session.rollback()
    answers = fight([Task("deliver_units", people[n % 3], values) for n in range(FIGHTERS)])
    assert len(answers.winners) == 3
    assert answers.reasons == ["invalid"] * 5
    assert of(session).delivered_milli == 30_000
    assert session.scalar(sa.select(sa.func.sum(Delivery.milli))) == 30_000
    assert broken(session) == []


def test_one_form_sent_eight_times_at_once_is_one_promise_and_one_delivery(
    cast: Cast, session: Session, fight: Fight, agreed: tuple[str, str]
) -> None:
    match, commitment = agreed
    session.rollback()
    further = {"match": match, "milli": 10_000, "read": commitment}
    answers = fight([Task("commit_units", cast.broker, further)] * FIGHTERS)
    assert len(answers.winners) == FIGHTERS
    note = {"match": match, "commitment": commitment, "milli": 10_000, "read": NOTHING_YET}
    answers = fight([Task("deliver_units", cast.enterprise, note)] * FIGHTERS)
    assert len(answers.winners) == FIGHTERS
    session.rollback()
    assert sorted(session.scalars(sa.select(Commitment.taken_milli))) == [10_000, 30_000]
    assert session.scalars(sa.select(Delivery.milli)).all() == [10_000]
    assert broken(session) == []


def test_change_and_deliveries_at_once_never_agree_on_less_than_has_come(
    cast: Cast, act_as: OpenAct, session: Session, fight: Fight, agreed: tuple[str, str]
) -> None:
    match, commitment = agreed
    with act_as(cast.officer.actor) as act:
        terms = Terms(10_000, 10_000)
        change = changing.propose_change(act, match, commitment, terms).public_id
    session.rollback()
    accept = {"match": match, "change": change, "side": "offer"}
    deliver = {"match": match, "commitment": commitment, "milli": 6_000}
    answers = fight(
        [
            Task("accept_change", cast.enterprise, accept),
            *(Task("deliver_units", cast.officer, deliver) for _ in range(3)),
            Task("accept_change", cast.enterprise, accept),
        ]
    )
    item = of(session)
    state = session.scalars(sa.select(CommitmentChange.state)).one()
    assert item.delivered_milli <= item.taken_milli
    assert item.delivered_milli == session.scalar(sa.select(sa.func.sum(Delivery.milli)))
    assert item.taken_milli == (10_000 if state is ChangeState.ACCEPTED else 30_000)
    accepted = [answers.done[0], answers.done[-1]].count("accepted")
    assert accepted == (1 if state is ChangeState.ACCEPTED else 0)
    held = [one.committed_milli for one in session.scalars(sa.select(Listing))]
    assert held == [item.taken_milli] * 2
    assert broken(session) == []


def test_eight_confirmations_of_one_delivery_are_one(
    cast: Cast, act_as: OpenAct, session: Session, fight: Fight, agreed: tuple[str, str]
) -> None:
    match, commitment = agreed
    with act_as(cast.enterprise.actor) as act:
        found = delivering.record_delivery(act, match, commitment, 10_000)
        delivery = delivering.deliveries_of(act.session, found.id)[0].public_id
    session.rollback()
    values = {"match": match, "delivery": delivery}
    answers = fight([Task("confirm_note", cast.officer, values)] * FIGHTERS)
    assert len(answers.winners) == 1
    assert answers.reasons == ["match_already_answered"] * (FIGHTERS - 1)
    session.rollback()
    count = sa.select(sa.func.count()).where(AuditEntry.event == "DeliveryConfirmed")
    assert session.scalar(count) == 1


@pytest.fixture
def noted(cast: Cast, act_as: OpenAct, session: Session, agreed: tuple[str, str]) -> dict[str, str]:
    """A delivery of the enterprise that nobody has confirmed."""
    match, commitment = agreed
    with act_as(cast.enterprise.actor) as act:
        found = delivering.record_delivery(act, match, commitment, 10_000)
        delivery = delivering.deliveries_of(act.session, found.id)[0].public_id
    session.rollback()
    return {"match": match, "delivery": delivery}


def photos(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(MatchFile)) or 0


def test_of_eight_times_two_photos_exactly_twelve_stand_with_the_delivery(
    cast: Cast, session: Session, fight: Fight, noted: dict[str, str]
) -> None:
    shades = [[f"#00{number:02x}{shade}" for shade in ("20", "d0")] for number in range(0, 256, 32)]
    people = (cast.enterprise, cast.broker)
    answers = fight(
        [
            Task("picture_note", people[n % 2], {**noted, "colours": shades[n]})
            for n in range(FIGHTERS)
        ]
    )
    assert len(answers.winners) == 6
    assert answers.reasons == ["invalid"] * 2
    assert photos(session) == 12


def test_the_same_photos_sent_eight_times_at_once_stand_there_once(
    cast: Cast, session: Session, fight: Fight, noted: dict[str, str]
) -> None:
    values = {**noted, "colours": ["red", "green"]}
    answers = fight([Task("picture_note", cast.enterprise, values)] * FIGHTERS)
    assert len(answers.winners) == FIGHTERS
    assert photos(session) == 2
    count = sa.select(sa.func.count()).where(AuditEntry.event == "DeliveryPictured")
    assert session.scalar(count) == 1


def test_failing_while_deliveries_come_gives_back_exactly_the_rest(
    cast: Cast, session: Session, fight: Fight, agreed: tuple[str, str]
) -> None:
    match, commitment = agreed
    deliver = {"match": match, "commitment": commitment, "milli": 4_000}
    session.rollback()
    fight(
        [
            *(Task("deliver_units", cast.officer, deliver) for _ in range(3)),
            Task("fail_match", cast.broker, {"match": match}),
            *(Task("deliver_units", cast.enterprise, deliver) for _ in range(3)),
        ]
    )
    item = of(session)
    assert item.released_at is not None
    held = [one.committed_milli for one in session.scalars(sa.select(Listing))]
    assert held == [item.delivered_milli] * 2
    assert broken(session) == []
