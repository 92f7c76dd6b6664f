"""Delivery notes: confirmed by who received it, disputed and settled, changed by agreement."""

from contextlib import nullcontext
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import OrganisationKind
from exchange.brokering.deeds import delivering, fulfilling
from exchange.brokering.deeds.jobs import remind_of_deliveries
from exchange.brokering.deeds.kinds import ChangeState, DeliveryState
from exchange.brokering.deeds.models import CommitmentChange, Delivery
from exchange.brokering.desk.promise_queries import due_commitments, open_questions
from exchange.brokering.kinds import CloseReason, MatchState, ProxyConsent
from exchange.brokering.life import changing, closing
from exchange.brokering.life.changing import Terms
from exchange.brokering.models import Commitment, TimelineEntry
from exchange.brokering.proxy.speaking import Consent
from exchange.jobs.runner import JobRun
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import Door, Side
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.cast import Player
from tests.conftest import SettableClock
from tests.invariants import broken

SPOKEN = Consent(ProxyConsent.SPOKEN, "韦主任当面说同意")


def deliver(scene: Scene, who: Player, match: str, commitment: str, milli: int) -> str:
    with scene.act(who) as act:
        delivering.record_delivery(act, match, commitment, milli, "头一车")
        return delivering.deliveries_of(act.session, scene_id(scene, match))[-1].public_id


def scene_id(scene: Scene, match: str) -> int:
    found = scene.cast.session.execute(
        sa.text("SELECT id FROM match WHERE public_id = :key"), {"key": match}
    ).scalar_one()
    return int(found)


def note(scene: Scene, public_id: str) -> Delivery:
    scene.cast.session.rollback()
    return scene.cast.session.scalars(
        sa.select(Delivery).where(Delivery.public_id == public_id)
    ).one()


def codes(scene: Scene) -> list[str]:
    scene.cast.session.rollback()
    return list(scene.cast.session.scalars(sa.select(TimelineEntry.code).order_by("id")))


def told(scene: Scene, who: Player) -> list[str]:
    scene.cast.session.rollback()
    query = sa.select(Notice.code).where(Notice.person_id == who.person_id).order_by(Notice.id)
    return list(scene.cast.session.scalars(query))


def test_partial_deliveries_are_notes_of_their_own(scene: Scene) -> None:
    match, commitment = scene.agreed()
    first = deliver(scene, scene.cast.enterprise, match, commitment, 10_000)
    second = deliver(scene, scene.cast.officer, match, commitment, 20_000)
    assert note(scene, first).state is DeliveryState.RECORDED
    assert note(scene, first).given_at is not None
    assert note(scene, second).state is DeliveryState.CONFIRMED
    assert scene.match(match).commitments[0].delivered_milli == 30_000
    assert scene.match(match).state is MatchState.DELIVERING


def test_receiving_side_is_asked_and_confirms_once(scene: Scene) -> None:
    match, commitment = scene.agreed()
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 10_000)
    assert told(scene, scene.cast.officer)[-1] == "match_delivery_to_confirm"
    assert told(scene, scene.cast.broker)[-1] == "match_delivered"
    with scene.act(scene.cast.officer) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
    assert note(scene, delivery).state is DeliveryState.CONFIRMED
    assert note(scene, delivery).received_by_id == scene.cast.officer.person_id
    with pytest.raises(Conflict), scene.act(scene.cast.officer) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
    assert told(scene, scene.cast.enterprise)[-1] == "match_delivery_confirmed"


def test_buyer_confirms_what_a_village_sold(scene: Scene) -> None:
    scene.listing(Side.NEED).door = Door.SELL
    scene.cast.session.commit()
    match, commitment = scene.agreed()
    delivery = deliver(scene, scene.cast.officer, match, commitment, 10_000)
    assert note(scene, delivery).state is DeliveryState.RECORDED
    with scene.act(scene.cast.enterprise) as act:
        delivering.confirm_delivery(act, match, delivery, Side.OFFER)
    assert note(scene, delivery).state is DeliveryState.CONFIRMED


def test_broker_confirms_only_as_recorded_proxy_and_stranger_never(scene: Scene) -> None:
    match, commitment = scene.agreed()
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 10_000)
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
    with pytest.raises(Forbidden), scene.act(scene.cast.enterprise) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
    with pytest.raises(NotFound), scene.act(scene.cast.stranger) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        delivering.confirm_delivery(
            act, match, delivery, Side.NEED, Consent(ProxyConsent.SPOKEN, " ")
        )
    with scene.act(scene.cast.broker) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED, SPOKEN)
    assert note(scene, delivery).proxy_consent is ProxyConsent.SPOKEN
    assert told(scene, scene.cast.officer)[-1] == "match_delivery_confirmed"


def test_dispute_keeps_it_open_until_the_broker_has_settled_it(scene: Scene) -> None:
    match, commitment = scene.agreed()
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 10_000)
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        delivering.dispute_delivery(act, match, delivery, Side.NEED, "")
    with scene.act(scene.cast.officer) as act:
        delivering.dispute_delivery(act, match, delivery, Side.NEED, "只到了四台")
    broker = [scene.cast.broker.person_id]
    assert [one.code for one in open_questions(scene.cast.session, broker)] == ["disputed"]
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.record_outcome(act, match, "都到了", 30)
    version = scene.version(match)
    with pytest.raises(Conflict, match="delivery_disputed"), scene.act(scene.cast.officer) as act:
        fulfilling.confirm_outcome(act, match, Side.NEED, version=version)
    with pytest.raises(Forbidden), scene.act(scene.cast.officer) as act:
        delivering.settle_delivery(act, match, delivery, 4_000, "数过了")
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        delivering.settle_delivery(act, match, delivery, 31_000, "数过了")
    with scene.act(scene.cast.broker) as act:
        delivering.settle_delivery(act, match, delivery, 4_000, "和两边数过，是四台")
    assert scene.match(match).commitments[0].delivered_milli == 4_000
    with scene.act(scene.cast.officer) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED)
        fulfilling.confirm_outcome(act, match, Side.NEED, version=version)
    assert scene.match(match).state is MatchState.COMPLETED
    assert scene.listing(Side.OFFER).committed_milli == 4_000
    assert broken(scene.cast.session) == []


def test_what_is_disputed_when_it_fails_has_not_arrived(scene: Scene) -> None:
    match, commitment = scene.agreed()
    deliver(scene, scene.cast.officer, match, commitment, 5_000)
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 10_000)
    with scene.act(scene.cast.officer) as act:
        delivering.dispute_delivery(act, match, delivery, Side.NEED, "没有到")
    with scene.act(scene.cast.broker) as act:
        closing.fail(act, match, CloseReason.NOT_DELIVERED, "后来没有送")
    assert scene.listing(Side.OFFER).committed_milli == 5_000
    assert scene.listing(Side.NEED).committed_milli == 5_000
    assert note(scene, delivery).state is DeliveryState.STRUCK
    assert broken(scene.cast.session) == []


def test_settled_as_nothing_counts_no_more(scene: Scene) -> None:
    match, commitment = scene.agreed()
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 30_000)
    with scene.act(scene.cast.officer) as act:
        delivering.dispute_delivery(act, match, delivery, Side.NEED, "没有到")
    with scene.act(scene.cast.broker) as act:
        delivering.settle_delivery(act, match, delivery, 0, "司机送错了村")
    assert note(scene, delivery).state is DeliveryState.STRUCK
    assert scene.match(match).commitments[0].delivered_milli == 0
    deliver(scene, scene.cast.officer, match, commitment, 30_000)
    assert broken(scene.cast.session) == []


def test_day_to_come_and_more_than_agreed_are_refused(scene: Scene) -> None:
    match, commitment = scene.agreed()
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        delivering.record_delivery(act, match, commitment, 1, arrived_on=date(2026, 11, 23))
    with pytest.raises(Invalid), scene.act(scene.cast.officer) as act:
        delivering.record_delivery(act, match, commitment, 30_001)
    assert codes(scene)[-1] == "committed"


def test_silence_is_asked_after_three_days_and_told_after_seven(
    scene: Scene, clock: SettableClock
) -> None:
    run = JobRun(scene.cast.house, lambda: scene.cast.session, nullcontext)
    match, commitment = scene.agreed()
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 10_000)
    before = len(told(scene, scene.cast.officer))

    def look(days: int) -> tuple[int, int]:
        clock.forward(days=days)
        for _ in range(2):
            scene.cast.session.rollback()
            remind_of_deliveries.handler(run, [{}])
        broker = told(scene, scene.cast.broker).count("match_delivery_unconfirmed")
        return len(told(scene, scene.cast.officer)) - before, broker

    assert look(2) == (0, 0)
    assert look(1) == (1, 0)
    assert look(4) == (2, 1)
    assert look(30) == (2, 1)
    assert note(scene, delivery).state is DeliveryState.RECORDED


def propose(scene: Scene, who: Player, match: str, commitment: str, terms: Terms) -> str:
    with scene.act(who) as act:
        return changing.propose_change(act, match, commitment, terms, "车不够").public_id


def change(scene: Scene, public_id: str) -> CommitmentChange:
    scene.cast.session.rollback()
    return scene.cast.session.scalars(
        sa.select(CommitmentChange).where(CommitmentChange.public_id == public_id)
    ).one()


def test_smaller_by_agreement_gives_back_and_keeps_what_was(scene: Scene) -> None:
    match, commitment = scene.agreed()
    wanted = Terms(20_000, 15_000, date(2026, 12, 24))
    asked = propose(scene, scene.cast.enterprise, match, commitment, wanted)
    assert scene.listing(Side.OFFER).committed_milli == 30_000
    with pytest.raises(Conflict, match="change_waits"):
        propose(scene, scene.cast.officer, match, commitment, Terms(1_000, 1_000))
    with pytest.raises(Conflict), scene.act(scene.cast.enterprise) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True)
    with scene.act(scene.cast.officer) as act:
        changing.answer_change(act, match, asked, Side.NEED, accept=True)
    assert change(scene, asked).state is ChangeState.ACCEPTED
    assert scene.listing(Side.OFFER).committed_milli == 20_000
    assert scene.listing(Side.NEED).committed_milli == 15_000
    assert scene.match(match).commitments[0].due_on == date(2026, 12, 24)
    last = scene.cast.session.scalars(
        sa.select(TimelineEntry).where(TimelineEntry.code == "changed")
    ).one()
    assert (last.params["former_taken"], last.params["taken"]) == (30_000, 20_000)
    assert broken(scene.cast.session) == []


def test_larger_by_agreement_takes_only_what_is_there(scene: Scene) -> None:
    match, commitment = scene.agreed()
    with pytest.raises(Conflict, match="commitment_exceeds_offer"):
        propose(scene, scene.cast.officer, match, commitment, Terms(100_001, 30_000))
    asked = propose(scene, scene.cast.officer, match, commitment, Terms(90_000, 90_000))
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, match, 20_000, 20_000)
    with pytest.raises(Conflict, match="exceeds"), scene.act(scene.cast.enterprise) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True)
    assert change(scene, asked).state is ChangeState.OPEN
    with scene.act(scene.cast.officer) as act:
        changing.take_back_change(act, match, asked)
    assert scene.listing(Side.OFFER).committed_milli == 50_000
    assert broken(scene.cast.session) == []


def test_refused_change_leaves_everything(scene: Scene) -> None:
    match, commitment = scene.agreed()
    asked = propose(scene, scene.cast.broker, match, commitment, Terms(20_000, 20_000))
    with scene.act(scene.cast.officer) as act:
        changing.answer_change(act, match, asked, Side.NEED, accept=True)
    with pytest.raises(Forbidden), scene.act(scene.cast.broker) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True, consent=SPOKEN)
    with scene.act(scene.cast.enterprise) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=False)
    assert change(scene, asked).state is ChangeState.REFUSED
    assert scene.listing(Side.OFFER).committed_milli == 30_000
    assert "match_change_refused" in told(scene, scene.cast.broker)


def test_how_somebody_agreed_is_read_by_those_who_broker_alone(
    scene: Scene, client: FlaskClient
) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    delivery = deliver(scene, cast.enterprise, match, commitment, 10_000)
    asked = propose(scene, cast.enterprise, match, commitment, Terms(20_000, 20_000))
    with scene.act(cast.broker) as act:
        delivering.confirm_delivery(act, match, delivery, Side.NEED, SPOKEN)
        changing.answer_change(act, match, asked, Side.NEED, accept=True, consent=SPOKEN)
        fulfilling.record_outcome(act, match, "到了", 3)
    with scene.act(cast.broker) as act:
        fulfilling.confirm_outcome(
            act, match, Side.NEED, version=scene.version(match),
            consent=ProxyConsent.SPOKEN, consent_note=SPOKEN.note,
        )  # fmt: skip
    scene.cast.session.rollback()
    kept = scene.cast.session.scalars(
        sa.select(TimelineEntry).where(TimelineEntry.code == "proxy_consent")
    ).all()
    assert [one.params["kind"] for one in kept] == ["spoken"] * 3
    read = {}
    for who in (cast.officer, cast.enterprise, cast.broker):
        cast.sign_in(client, who)
        read[who.person_id] = client.get(f"/matches/{match}").text.count(SPOKEN.note)
    assert list(read.values()) == [0, 0, 3]


def test_who_spoke_for_one_side_is_no_proxy_of_the_other(
    scene: Scene, client: FlaskClient
) -> None:
    broker = scene.cast.broker
    scene.listing(Side.OFFER).organisation.kind = OrganisationKind.INDIVIDUAL_VOLUNTEER
    scene.cast.session.commit()
    match, commitment = scene.agreed()
    asked = propose(scene, broker, match, commitment, Terms(20_000, 20_000))
    delivery = deliver(scene, broker, match, commitment, 10_000)
    scene.cast.sign_in(client, broker)
    forms = [f"proxy-change-{asked}-offer", f"proxy-arrived-{delivery}-offer"]
    page = client.get(f"/matches/{match}").text
    assert [form in page for form in forms] == [True, True]
    with scene.act(broker) as act:
        changing.answer_change(act, match, asked, Side.NEED, accept=True, consent=SPOKEN)
        delivering.confirm_delivery(act, match, delivery, Side.NEED, SPOKEN)
    page = client.get(f"/matches/{match}").text
    assert [form in page for form in forms] == [False, False]
    with pytest.raises(Forbidden, match="match_proxy_one_side"), scene.act(broker) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True, consent=SPOKEN)
    with pytest.raises(Forbidden, match="match_proxy_one_side"), scene.act(broker) as act:
        delivering.confirm_delivery(act, match, delivery, Side.OFFER, SPOKEN)
    with scene.act(scene.cast.supervisor) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True, consent=SPOKEN)
    assert change(scene, asked).state is ChangeState.ACCEPTED


def test_nothing_below_what_has_arrived_and_the_rest_can_be_let_go(scene: Scene) -> None:
    scene.count_apart()
    match, commitment = scene.agreed(taken=30_000, covers=60_000)
    deliver(scene, scene.cast.officer, match, commitment, 10_000)
    with pytest.raises(Invalid):
        propose(scene, scene.cast.officer, match, commitment, Terms(9_000, 9_000))
    asked = propose(scene, scene.cast.officer, match, commitment, Terms(drops_rest=True))
    with scene.act(scene.cast.enterprise) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True)
    assert scene.listing(Side.OFFER).committed_milli == 10_000
    assert scene.listing(Side.NEED).committed_milli == 20_000
    assert scene.match(match).commitments[0].released_at is not None
    assert broken(scene.cast.session) == []


def test_change_ends_with_the_match(scene: Scene) -> None:
    match, commitment = scene.agreed()
    asked = propose(scene, scene.cast.officer, match, commitment, Terms(20_000, 20_000))
    with scene.act(scene.cast.broker) as act:
        closing.fail(act, match, CloseReason.TERMS, "谈不拢")
    assert change(scene, asked).state is ChangeState.ENDED
    assert broken(scene.cast.session) == []


def test_change_ends_with_completion_even_where_nothing_came(scene: Scene) -> None:
    match, commitment = scene.agreed()
    asked = propose(scene, scene.cast.officer, match, commitment, Terms(20_000, 20_000))
    with scene.act(scene.cast.officer) as act:
        version = fulfilling.record_outcome(act, match, "用上了", 30).version
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, match, Side.OFFER, version=version)
    assert change(scene, asked).state is ChangeState.ENDED
    assert scene.listing(Side.OFFER).committed_milli == 30_000


def test_promises_due_are_those_of_the_brokers_asked_for(scene: Scene) -> None:
    match, commitment = scene.agreed()
    session, today = scene.cast.session, date(2026, 11, 22)
    item = session.scalars(sa.select(Commitment)).one()
    item.due_on = date(2026, 11, 21)
    session.commit()
    mine = [scene.cast.broker.person_id]
    found = due_commitments(session, mine, today)
    assert [(one.match_public_id, one.open_milli, one.is_overdue) for one in found] == [
        (match, 30_000, True)
    ]
    assert due_commitments(session, [scene.cast.supervisor.person_id], today) == []
    assert due_commitments(session, [], today) == ()
    session.rollback()
    deliver(scene, scene.cast.officer, match, commitment, 30_000)
    assert due_commitments(session, mine, today) == []


def test_dispute_after_the_rest_was_let_go_gives_back_what_does_not_count(scene: Scene) -> None:
    scene.count_apart()
    match, commitment = scene.agreed(taken=30_000, covers=60_000)
    deliver(scene, scene.cast.officer, match, commitment, 5_000)
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 10_000)
    asked = propose(scene, scene.cast.officer, match, commitment, Terms(drops_rest=True))
    with scene.act(scene.cast.enterprise) as act:
        changing.answer_change(act, match, asked, Side.OFFER, accept=True)
    with scene.act(scene.cast.officer) as act:
        delivering.dispute_delivery(act, match, delivery, Side.NEED, "只到了四台")
    with pytest.raises(Invalid), scene.act(scene.cast.broker) as act:
        delivering.settle_delivery(act, match, delivery, 11_000, "数过")
    with scene.act(scene.cast.broker) as act:
        delivering.settle_delivery(act, match, delivery, 4_000, "数过")
    assert scene.listing(Side.OFFER).committed_milli == 9_000
    assert scene.listing(Side.NEED).committed_milli == 18_000
    assert broken(scene.cast.session) == []
