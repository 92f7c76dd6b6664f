"""How an organisation kept what was agreed reaches matching, however often it is counted."""

from flask import Flask

from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.record_jobs import request_record
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import closing, proposing
from exchange.jobs.cli import job_run
from exchange.jobs.runner import run_pending
from exchange.listings.kinds import Side
from exchange.matching.facts import load_facts, with_ids
from exchange.matching.queries import NOWHERE
from exchange.matching.values import Record
from tests.brokering.conftest import Scene


def record(app: Flask, scene: Scene, listing_id: int) -> Record | None:
    """As matching reads it with a listing, after the worker has done its work."""
    run_pending(job_run(app))
    scene.cast.session.rollback()
    facts = load_facts(scene.cast.session, NOWHERE, with_ids({listing_id}))
    return facts[listing_id].record


def test_kept_agreement_and_answer_are_counted_for_the_giver_alone(
    app: Flask, scene: Scene
) -> None:
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.broker) as act:
        version = fulfilling.record_outcome(act, public_id, "用上了", 30, 30_000).version
    for player, side in ((scene.cast.officer, Side.NEED), (scene.cast.enterprise, Side.OFFER)):
        with scene.act(player) as act:
            match = fulfilling.confirm_outcome(act, public_id, side, version=version)
            version = match.version
    assert record(app, scene, scene.offer_id) == Record(asked=1, answered=1, kept=1)
    assert record(app, scene, scene.need_id) is None
    with scene.act(scene.cast.broker) as act:
        request_record(act, scene.match(public_id))
    assert record(app, scene, scene.offer_id) == Record(asked=1, answered=1, kept=1)


def test_failure_counts_only_where_the_giver_let_them_down(app: Flask, scene: Scene) -> None:
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.broker) as act:
        closing.fail(act, public_id, CloseReason.NOT_NEEDED, "村里已经解决了")
    assert record(app, scene, scene.offer_id) == Record(asked=1, answered=1)
    public_id, _ = scene.agreed()
    with scene.act(scene.cast.broker) as act:
        closing.fail(act, public_id, CloseReason.NOT_DELIVERED, "一直没有送到")
    assert record(app, scene, scene.offer_id) == Record(asked=2, answered=2, broken=1)


def test_proposal_withdrawn_before_an_answer_says_nothing(app: Flask, scene: Scene) -> None:
    public_id = scene.proposed()
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    with scene.act(scene.cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.OTHER, "")
    assert record(app, scene, scene.offer_id) == Record()
