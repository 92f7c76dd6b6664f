"""A match does not outlive its listings: nobody is introduced to what is not to be had any more."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import Verification
from exchange.accounts.verification.suspension_service import suspend_organisation
from exchange.brokering.deeds import fulfilling
from exchange.brokering.jobs import LAPSE
from exchange.brokering.kinds import CloseReason, MatchState
from exchange.brokering.life import closing, proposing
from exchange.brokering.models import TimelineEntry
from exchange.jobs.service import enqueue
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side, State
from exchange.listings.service import (
    expire_due,
    hold_listing,
    park_listing,
    withdraw_listing,
)
from exchange.notifications.models import Notice
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.brokering.conftest import Scene
from tests.factories import make_listing
from tests.invariants import broken


def told(scene: Scene, code: str) -> set[int]:
    scene.cast.session.rollback()
    return set(scene.cast.session.scalars(sa.select(Notice.person_id).where(Notice.code == code)))


def withdraw_need(scene: Scene) -> None:
    with scene.act(scene.cast.officer) as act:
        withdraw_listing(act, scene.listing(Side.NEED))


def withdraw_offer(scene: Scene) -> None:
    with scene.act(scene.cast.enterprise) as act:
        withdraw_listing(act, scene.listing(Side.OFFER))


def park_offer(scene: Scene) -> None:
    with scene.act(scene.cast.enterprise) as act:
        park_listing(act, scene.listing(Side.OFFER))


def hold_offer(scene: Scene) -> None:
    with scene.act(scene.cast.supervisor) as act:
        hold_listing(act, scene.listing(Side.OFFER), held=True)


def expire_need(scene: Scene) -> None:
    scene.listing(Side.NEED).to_date = date(2026, 11, 21)
    scene.cast.session.commit()
    with scene.act(SYSTEM) as act:
        assert expire_due(act) == 1


def suspend_firm(scene: Scene) -> None:
    with scene.act(scene.cast.supervisor) as act:
        suspend_organisation(act, scene.cast.enterprise.organisation.public_id, "证照过期")


ENDS = {
    withdraw_need: CloseReason.NOT_NEEDED,
    withdraw_offer: CloseReason.NOT_AVAILABLE,
    park_offer: CloseReason.NOT_AVAILABLE,
    hold_offer: CloseReason.OTHER,
    expire_need: CloseReason.TIME,
    suspend_firm: CloseReason.OTHER,
}


@pytest.mark.parametrize("end", list(ENDS), ids=lambda end: end.__name__)
def test_proposal_ends_with_its_listing_and_everybody_hears_of_it(
    scene: Scene, end: Callable[[Scene], None]
) -> None:
    public_id, cast = scene.proposed(), scene.cast
    with scene.act(cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    end(scene)
    match = scene.match(public_id)
    assert (match.state, match.close_reason) == (MatchState.LAPSED, ENDS[end])
    with pytest.raises(Conflict, match="match_wrong_state"), scene.act(cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    early = "match_ended_early"
    of_standing = ("match_ended_owner", "match_ended_apart")
    brokers, sides = of_standing if end is suspend_firm else (early, early)
    assert cast.broker.person_id in told(scene, brokers)
    assert told(scene, sides) & {cast.officer.person_id, cast.enterprise.person_id}
    assert broken(cast.session) == []


def test_brokers_read_that_the_station_stopped_an_organisation_and_the_sides_do_not(
    scene: Scene, client: FlaskClient, program: MakeProgram
) -> None:
    public_id, cast = scene.proposed(), scene.cast
    suspend_firm(scene)
    stopped, neutral = "社工站停了一方单位在这里的工作", "有一方暂时不能参加"
    seen = {}
    for who in (cast.broker, cast.officer, cast.enterprise):
        cast.sign_in(client, who)
        seen[who.person_id] = client.get(f"/matches/{public_id}").text
        api = program(who).get(f"/matches/{public_id}").get_json()
        said = " ".join(one["sentence"] for one in api["timeline"])
        assert ("station has stopped" in said) is (who is cast.broker)
    assert seen[cast.broker.person_id].count(stopped) == 2, "at the head and on the timeline"
    for who in (cast.officer, cast.enterprise):
        assert stopped not in seen[who.person_id]
        assert seen[who.person_id].count(neutral) == 2
    assert told(scene, "match_ended_owner") == {cast.broker.person_id}
    sides = {cast.officer.person_id, cast.enterprise.person_id}
    assert told(scene, "match_ended_apart") == sides


def test_whoever_ended_it_is_not_named_on_the_timeline(scene: Scene) -> None:
    scene.proposed()
    withdraw_need(scene)
    query = sa.select(TimelineEntry.person_id).where(TimelineEntry.code == "lapsed")
    assert scene.cast.session.scalars(query).all() == [None]


def test_claimed_pair_ends_and_only_its_broker_hears_of_it(scene: Scene) -> None:
    public_id = scene.claimed()
    withdraw_need(scene)
    assert scene.match(public_id).state is MatchState.LAPSED
    assert told(scene, "match_ended_early") == {scene.cast.broker.person_id}
    assert broken(scene.cast.session) == []


@pytest.mark.parametrize(
    ("end", "cause"),
    [(withdraw_need, "withdrawn"), (park_offer, "parked"), (hold_offer, "held"),
     (expire_need, "expired"), (suspend_firm, "owner")],
    ids=lambda value: getattr(value, "__name__", value),
)  # fmt: skip
def test_introduced_match_goes_on_and_its_broker_hears_of_it(
    scene: Scene, end: Callable[[Scene], None], cause: str
) -> None:
    public_id = scene.introduced()
    end(scene)
    assert scene.match(public_id).state is MatchState.INTRODUCED
    assert told(scene, f"match_unsettled_{cause}") == {scene.cast.broker.person_id}


def test_listing_that_is_shown_again_ends_nothing(scene: Scene) -> None:
    hold_offer(scene)
    with scene.act(scene.cast.supervisor) as act:
        hold_listing(act, scene.listing(Side.OFFER), held=False)
    public_id = scene.claimed()
    with scene.act(scene.cast.supervisor) as act:
        hold_listing(act, scene.listing(Side.OFFER), held=False)
    assert scene.match(public_id).state is MatchState.CLAIMED


def test_a_yes_asks_the_gates_again_and_a_no_does_not(scene: Scene) -> None:
    public_id, cast = scene.proposed(), scene.cast
    scene.listing(Side.OFFER).committed_milli = 100_000
    cast.session.commit()
    with pytest.raises(Conflict, match="nothing_left"), scene.act(cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    with scene.act(cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=False, reason=CloseReason.TIME)
    assert scene.match(public_id).state is MatchState.DECLINED


def test_yes_on_the_page_says_why_it_comes_too_late(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.proposed()
    scene.listing(Side.OFFER).to_date = date(2026, 11, 21)
    scene.cast.session.commit()
    scene.cast.sign_in(client, scene.cast.officer)
    answer = client.post(f"/matches/{public_id}/answer", data={"side": "need", "accept": "yes"})
    assert answer.status_code == 422
    assert "有一边已经过期" in answer.text


@pytest.mark.parametrize("end", [hold_offer, suspend_firm], ids=lambda end: end.__name__)
def test_contacts_are_closed_to_both_sides_while_one_is_looked_into(
    scene: Scene, client: FlaskClient, end: Callable[[Scene], None]
) -> None:
    public_id, cast = scene.introduced(), scene.cast
    end(scene)
    for who, side in ((cast.enterprise, "need"), (cast.officer, "offer")):
        cast.sign_in(client, who)
        shown = client.post(f"/matches/{public_id}/contact/{side}")
        assert shown.status_code == 403
        assert cast.officer.phone not in shown.text
    cast.sign_in(client, cast.broker)
    assert cast.officer.phone in client.post(f"/matches/{public_id}/contact/need").text


def test_who_has_met_may_agree_after_the_last_day(scene: Scene) -> None:
    public_id, cast = scene.introduced(), scene.cast
    expire_need(scene)
    with scene.act(cast.broker) as act:
        fulfilling.commit(act, public_id, 30_000, 30_000)
    need = scene.listing(Side.NEED)
    assert (need.state, need.committed_milli) == (State.EXPIRED, 30_000)
    assert broken(cast.session) == []


def test_nothing_is_agreed_of_what_was_taken_back(scene: Scene) -> None:
    public_id = scene.introduced()
    withdraw_need(scene)
    with pytest.raises(Conflict, match="listing_not_open"), scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 30_000, 30_000)
    assert scene.listing(Side.OFFER).committed_milli == 0


def test_organisation_that_only_has_to_be_looked_at_again_keeps_its_matches(scene: Scene) -> None:
    public_id, cast = scene.proposed(), scene.cast
    cast.enterprise.organisation.verification = Verification.UNVERIFIED
    cast.session.commit()
    with scene.act(cast.enterprise) as act:
        proposing.answer(act, public_id, Side.OFFER, accept=True)
    assert scene.match(public_id).state is MatchState.PROPOSED


def test_answer_in_between_keeps_no_other_proposal_from_lapsing(
    scene: Scene, clock: object, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, cast = scene.proposed(), scene.cast
    scene.need_id = make_listing(cast.house, cast.officer, Side.NEED).id
    second = scene.proposed()
    with scene.act(cast.officer) as act:
        proposing.answer(act, first, Side.NEED, accept=False, reason=CloseReason.TIME)
    clock.forward(days=15)  # type: ignore[attr-defined]  # the settable clock of tests
    monkeypatch.setattr("exchange.brokering.jobs.due_to_lapse", lambda *_: [first, second])
    with scene.act(SYSTEM) as act:
        enqueue(act, LAPSE, {})
    run_jobs()
    assert scene.match(first).state is MatchState.DECLINED
    assert scene.match(second).state is MatchState.LAPSED


def test_proposal_answered_a_moment_ago_does_not_lapse(scene: Scene) -> None:
    public_id = scene.introduced()
    with pytest.raises(Conflict), scene.act(SYSTEM) as act:
        closing.lapse(act, public_id)
