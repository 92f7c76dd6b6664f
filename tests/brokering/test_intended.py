"""An accepted intention for a need becomes an offer for the brokers and a match, once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation
from exchange.brokering.deeds import fulfilling
from exchange.brokering.intended.models import IntentionCase
from exchange.brokering.intended.taking_up import bring_on, take_up
from exchange.brokering.kinds import MatchState
from exchange.brokering.life import proposing
from exchange.brokering.models import Match
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.models import Listing
from exchange.listings.publishing import approve_listing, withdraw_listing
from exchange.projects.intentions import answering
from exchange.projects.intentions.kinds import IntentionState
from exchange.projects.models import ProjectNeed
from tests.factories import make_listing
from tests.projects.intending import WORDS, Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture

RunJobs = Callable[[], int]


def accepted(scene: Scene, **values: Any) -> str:
    """An intention for the need, accepted by the officer."""
    public_id = scene.declared(**{"need": scene.need_public_id, **values})
    with scene.act(scene.cast.officer) as act:
        answering.accept(act, public_id)
    return public_id


def case_of(scene: Scene, public_id: str) -> IntentionCase:
    found = scene.intention(public_id)
    return scene.session.get_one(IntentionCase, found.id, populate_existing=True)


def matches(scene: Scene) -> list[Match]:
    scene.session.rollback()
    return list(scene.session.scalars(sa.select(Match)))


def offers(scene: Scene) -> list[Listing]:
    scene.session.rollback()
    return list(scene.session.scalars(sa.select(Listing).where(Listing.side == Side.OFFER)))


def test_the_projects_social_worker_gets_the_match(
    scene: Scene, run_jobs: RunJobs, client: FlaskClient
) -> None:
    cast = scene.cast
    scene.give_worker(cast.broker)
    public_id = accepted(scene, quantity_milli=2000, unit="人")
    run_jobs()
    (offer,) = offers(scene)
    assert (offer.text, offer.state) == (WORDS, State.PUBLISHED)
    assert offer.visibility is Visibility.BROKERS
    assert (offer.organisation_id, offer.to_date) == (
        cast.enterprise.organisation_id, date(2027, 1, 31),
    )  # fmt: skip
    assert (offer.quantity_milli, offer.unit) == (2000, "人")
    (match,) = matches(scene)
    assert (match.need_id, match.offer_id) == (scene.need_id, offer.id)
    assert (match.broker_id, match.state) == (cast.broker.person_id, MatchState.CLAIMED)
    assert "intention_taken_up" in scene.told(cast.broker)
    cast.sign_in(client, cast.broker)
    page = client.get(f"/intentions/{public_id}").text
    assert f"/matches/{match.public_id}" in page
    assert client.get(f"/matches/{match.public_id}").status_code == 200
    cast.sign_in(client, cast.stranger)
    assert client.get(f"/listings/{offer.public_id}").status_code == 404
    cast.sign_in(client, cast.enterprise)  # before both are asked the match is the brokers' own
    page = client.get(f"/intentions/{public_id}").text
    assert match.public_id not in page
    assert offer.public_id in page


def test_done_twice_it_is_one_match(scene: Scene, run_jobs: RunJobs) -> None:
    scene.give_worker(scene.cast.broker)
    public_id = accepted(scene)
    run_jobs()
    key = scene.intention(public_id).id
    for _ in range(2):
        with scene.open() as act:
            bring_on(act, key)
    with scene.act(scene.cast.broker) as act:
        again = take_up(act, public_id)
    assert len(offers(scene)) == len(matches(scene)) == 1
    assert matches(scene)[0].public_id == again


def test_without_a_social_worker_it_waits_in_the_stations_queue(
    scene: Scene, run_jobs: RunJobs, client: FlaskClient
) -> None:
    cast = scene.cast
    public_id = accepted(scene)
    run_jobs()
    assert len(offers(scene)) == 1
    assert matches(scene) == []
    assert "intention_waits_for_worker" in scene.told(cast.broker)
    cast.sign_in(client, cast.broker)
    waiting = client.get("/intentions/waiting")
    assert waiting.status_code == 200
    assert public_id in waiting.text
    assert "/intentions/waiting" in client.get("/intentions/waiting").text
    taken = client.post(f"/intentions/{public_id}/take-up")
    (match,) = matches(scene)
    assert taken.headers["Location"] == f"/matches/{match.public_id}"
    assert match.broker_id == cast.broker.person_id
    assert public_id not in client.get("/intentions/waiting").text


def test_nobody_else_takes_it_up(scene: Scene, run_jobs: RunJobs, client: FlaskClient) -> None:
    public_id = accepted(scene)
    run_jobs()
    for who in (scene.cast.enterprise, scene.cast.officer, scene.cast.stranger):
        scene.cast.sign_in(client, who)
        assert client.post(f"/intentions/{public_id}/take-up").status_code == 403
        assert client.get("/intentions/waiting").status_code == 403
    with pytest.raises(Forbidden), scene.act(scene.cast.officer) as act:
        take_up(act, public_id)
    assert matches(scene) == []


def test_an_unverified_organisations_offer_is_reviewed_first(
    scene: Scene, run_jobs: RunJobs
) -> None:
    cast = scene.cast
    scene.give_worker(cast.broker)
    with scene.open() as act:
        firm = act.session.get_one(Organisation, cast.enterprise.organisation_id)
        firm.verification = Verification.UNVERIFIED
    public_id = accepted(scene)
    run_jobs()
    (offer,) = offers(scene)
    assert offer.state is State.SUBMITTED
    assert case_of(scene, public_id).refusal == "intention_offer_in_review"
    assert matches(scene) == []
    with scene.act(cast.broker) as act:
        approve_listing(act, act.session.get_one(Listing, offer.id))
    run_jobs()
    (match,) = matches(scene)
    assert match.offer_id == offer.id
    assert len(offers(scene)) == 1


def test_a_closed_gate_is_told_and_the_intention_stays_accepted(
    scene: Scene, run_jobs: RunJobs, client: FlaskClient
) -> None:
    cast = scene.cast
    scene.give_worker(cast.broker)
    with scene.open() as act:
        need = act.session.get_one(Listing, scene.need_id)
        need.from_date = date(2027, 3, 1)  # after the intention ends
    public_id = accepted(scene)
    run_jobs()
    found = scene.intention(public_id)
    assert found.state is IntentionState.ACCEPTED
    assert case_of(scene, public_id).refusal == "times_apart"
    assert matches(scene) == []
    assert scene.told(cast.broker).count("intention_not_taken_up") == 1
    with scene.open() as act:
        bring_on(act, found.id)
    assert scene.told(cast.broker).count("intention_not_taken_up") == 1
    cast.sign_in(client, cast.broker)
    client.get("/locale/en")
    assert "The two have no day in common." in client.get(f"/intentions/{public_id}").text
    refused = client.post(f"/intentions/{public_id}/take-up", follow_redirects=True)
    assert "The two have no day in common." in refused.text


def test_a_need_that_closed_meanwhile_is_told(scene: Scene, run_jobs: RunJobs) -> None:
    scene.give_worker(scene.cast.broker)
    public_id = accepted(scene)
    with scene.act(scene.cast.officer) as act:
        withdraw_listing(act, act.session.get_one(Listing, scene.need_id))
    run_jobs()
    assert case_of(scene, public_id).refusal == "not_open"
    assert "intention_not_taken_up" in scene.told(scene.cast.broker)


def test_put_to_a_need_later_it_becomes_a_match_too(scene: Scene, run_jobs: RunJobs) -> None:
    cast = scene.cast
    scene.give_worker(cast.broker)
    public_id = scene.declared()
    with scene.act(cast.officer) as act:
        answering.accept(act, public_id)
    run_jobs()
    assert offers(scene) == []
    with scene.act(cast.officer) as act:
        answering.attach_need(act, public_id, scene.need_public_id)
    run_jobs()
    assert len(matches(scene)) == 1
    other = make_listing(scene.cast.house, cast.officer, Side.NEED)
    with scene.open() as act:
        act.session.add(
            ProjectNeed(listing_id=other.id, project_id=scene.project_id, added_at=act.now)
        )
    with (
        pytest.raises(Conflict, match="intention_has_need"),
        scene.act(cast.officer) as act,
    ):
        answering.attach_need(act, public_id, other.public_id)


def test_what_came_of_it_is_said_in_the_match_while_one_goes_on(
    scene: Scene, run_jobs: RunJobs
) -> None:
    cast = scene.cast
    scene.give_worker(cast.broker)
    public_id = accepted(scene)
    run_jobs()
    with (
        pytest.raises(Conflict, match="intention_match_open"),
        scene.act(cast.officer) as act,
    ):
        answering.settle(act, public_id, came_about=True)
    (match,) = matches(scene)
    key = match.public_id
    with scene.act(cast.broker) as act:
        proposing.propose(act, key, "请看看合不合适")
    for who, side in ((cast.officer, Side.NEED), (cast.enterprise, Side.OFFER)):
        with scene.act(who) as act:
            proposing.answer(act, key, side, accept=True)
    with scene.act(cast.broker) as act:
        made = fulfilling.commit(act, key, 1000, 1000).public_id
    with scene.act(cast.officer) as act:
        fulfilling.record_delivery(act, key, made, 1000)
    with scene.act(cast.officer) as act:
        version = fulfilling.record_outcome(act, key, "设计好了", 30, 1000).version
    with scene.act(cast.enterprise) as act:
        fulfilling.confirm_outcome(act, key, Side.OFFER, version=version)
    assert scene.intention(public_id).state is IntentionState.FULFILLED


def test_who_left_speaks_through_who_manages_the_organisation(
    scene: Scene, run_jobs: RunJobs
) -> None:
    cast = scene.cast
    scene.give_worker(cast.broker)
    public_id = accepted(scene)
    with scene.open() as act:
        scene_intention = scene.intention(public_id)
        act.session.get_one(type(scene_intention), scene_intention.id).author_id = None
    run_jobs()
    (offer,) = offers(scene)
    assert offer.author_id == cast.enterprise.person_id


def test_the_queue_takes_the_same_queries_for_twice_the_rows(
    scene: Scene, run_jobs: RunJobs, client: FlaskClient, catch_queries: Callable[..., Any]
) -> None:
    cast = scene.cast

    def more(number: int) -> None:
        need = make_listing(cast.house, cast.officer, Side.NEED, title=f"要农机{number}")
        with scene.open() as act:
            act.session.add(
                ProjectNeed(listing_id=need.id, project_id=scene.project_id, added_at=act.now)
            )
        accepted(scene, need=need.public_id, text=f"可以帮忙{number}。")
        run_jobs()

    def sent() -> tuple[int, int]:
        cast.sign_in(client, cast.broker)
        with catch_queries() as queries:
            answer = client.get("/intentions/waiting")
        assert answer.status_code == 200
        return queries.count, len(answer.data)

    more(1)
    client.get("/healthz")
    before, size = sent()
    for number in range(2, 5):
        more(number)
    after, larger = sent()
    assert larger > size
    assert after == before
