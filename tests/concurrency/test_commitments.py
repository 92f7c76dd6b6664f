"""Who acts at the same moment gets what is there, and never more."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.brokering.centre.settings import CentreSettings, set_centre_settings
from exchange.brokering.life import claiming, proposing
from exchange.brokering.models import Match, TimelineEntry
from exchange.jobs.models import OutboxJob
from exchange.kernel.act import Act, House
from exchange.listings.kinds import Side
from exchange.listings.models import Listing, ListingRevision
from tests.accounts.test_points import point_at
from tests.cast import VILLAGE, Cast
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.concurrency.fighter import JOB
from tests.conftest import START
from tests.factories import make_listing
from tests.invariants import broken

pytestmark = pytest.mark.processes
OpenAct = Callable[..., AbstractContextManager[Act]]


def proposed(act_as: OpenAct, cast: Cast, need_id: int, offer_id: int) -> str:
    """A match that both sides have been asked about."""
    with act_as(cast.broker.actor) as act:
        public_id = claiming.claim(act, need_id, offer_id).public_id
    with act_as(cast.broker.actor) as act:
        proposing.propose(act, public_id, "请看看合不合适")
    return public_id


def introduced(act_as: OpenAct, cast: Cast, need_id: int, offer_id: int) -> str:
    """A match that both sides have accepted."""
    public_id = proposed(act_as, cast, need_id, offer_id)
    for side, who in ((Side.NEED, cast.officer), (Side.OFFER, cast.enterprise)):
        with act_as(who.actor) as act:
            proposing.answer(act, public_id, side, accept=True)
    return public_id


def test_of_eight_commitments_of_30_exactly_three_fit_into_100(
    house: House, cast: Cast, act_as: OpenAct, session: Session, fight: Fight
) -> None:
    offer_id = make_listing(house, cast.enterprise, Side.OFFER, quantity_milli=100_000).id
    needs = [make_listing(house, cast.officer, Side.NEED).id for _ in range(FIGHTERS)]
    matches = [introduced(act_as, cast, need_id, offer_id) for need_id in needs]
    session.rollback()
    answers = fight(
        [Task("commit_units", cast.broker, {"match": match, "milli": 30_000}) for match in matches]
    )
    assert len(answers.winners) == 3
    assert answers.reasons == ["commitment_exceeds_offer"] * 5
    assert broken(session) == []
    assert session.get_one(Listing, offer_id).committed_milli == 90_000
    held = [session.get_one(Listing, need_id).committed_milli for need_id in needs]
    assert held == [30_000 if word else 0 for word in answers.done]


def test_of_eight_who_claim_one_pair_exactly_one_gets_it(
    house: House, cast: Cast, session: Session, fight: Fight
) -> None:
    need_id = make_listing(house, cast.officer, Side.NEED).id
    offer_id = make_listing(house, cast.enterprise, Side.OFFER).id
    pair = {"need_id": need_id, "offer_id": offer_id}
    who = [cast.broker, cast.supervisor] * (FIGHTERS // 2)
    answers = fight([Task("claim_pair", player, pair) for player in who])
    assert len(answers.winners) == 1
    assert answers.reasons == ["match_already_claimed"] * (FIGHTERS - 1)
    assert broken(session) == []
    assert session.scalars(sa.select(Match.public_id)).all() == answers.winners


def test_two_sides_that_accept_at_the_same_moment_are_introduced_once(
    house: House, cast: Cast, act_as: OpenAct, session: Session, fight: Fight
) -> None:
    need_id = make_listing(house, cast.officer, Side.NEED).id
    offer_id = make_listing(house, cast.enterprise, Side.OFFER).id
    match = proposed(act_as, cast, need_id, offer_id)
    session.rollback()
    answers = fight(
        [
            Task("accept", cast.officer, {"match": match, "side": "need"}),
            Task("accept", cast.enterprise, {"match": match, "side": "offer"}),
        ]
    )
    assert sorted(answers.winners) == ["introduced", "proposed"]
    assert broken(session) == []
    for column, word in ((AuditEntry.event, "MatchIntroduced"), (TimelineEntry.code, "introduced")):
        assert session.scalar(sa.select(sa.func.count()).where(column == word)) == 1


def test_one_key_posted_eight_times_at_once_is_one_listing(
    cast: Cast, session: Session, fight: Fight
) -> None:
    values = {
        "key": "need-17",
        "text": "九月中旬起每天两吨鲜果，要冷链车送到贵阳。",
        "category_code": "logistics.coldchain",
        "division_code": VILLAGE,
        "quantity_milli": 30_000,
        "unit": "车次",
    }
    officer = cast.officer
    session.rollback()
    answers = fight(
        [
            Task("post", officer, values | {"title": f"鲜果要冷链车，第 {number} 次说"})
            for number in range(FIGHTERS)
        ]
    )
    assert answers.reasons == []
    session.rollback()
    assert {session.scalars(sa.select(Listing.public_id)).one()} == set(answers.winners)
    revisions = session.scalars(sa.select(ListingRevision.version)).all()
    assert sorted(revisions) == list(range(1, FIGHTERS))
    assert broken(session) == []


def test_rows_that_eight_workers_claim_run_once_each(
    house: House, session: Session, fight: Fight
) -> None:
    count = 600
    now = START
    session.add_all(
        OutboxJob(name=JOB, payload={"id": number}, created_at=now, run_after=now)
        for number in range(count)
    )
    session.commit()
    answers = fight([Task("work_off")] * FIGHTERS)
    assert answers.winners == ["done"] * FIGHTERS
    ran = [
        int(line)
        for path in Path(house.settings.data_dir).glob("ran-*.txt")
        for line in path.read_text(encoding="utf-8").split()
    ]
    assert sorted(ran) == list(range(count))
    session.rollback()
    assert session.scalars(sa.select(OutboxJob.id)).all() == []


def test_of_two_who_take_up_overlapping_combinations_one_gets_all_and_one_nothing(
    house: House, cast: Cast, session: Session, fight: Fight
) -> None:
    """Eight at once, half of them in the other order: nobody waits in a circle."""
    need_id = make_listing(house, cast.officer, Side.NEED).id
    first, shared, last = (
        make_listing(house, cast.enterprise, Side.OFFER, quantity_milli=30_000).id for _ in "123"
    )
    session.rollback()
    sets = ([first, shared], [last, shared])
    people = (cast.broker, cast.supervisor)
    answers = fight(
        [
            Task("take_together", people[n % 2], {
                "listing_id": need_id, "other_ids": sets[n % 2][:: 1 if n < 4 else -1],
            })
            for n in range(FIGHTERS)
        ]
    )  # fmt: skip
    won = [number % 2 for number, word in enumerate(answers.done) if word]
    assert won in ([0] * 4, [1] * 4)  # whoever was first, and doing it again does no more
    assert answers.reasons == ["combination_changed"] * 4
    made = session.execute(sa.select(Match.offer_id, Match.broker_id)).all()
    assert {offer for offer, _ in made} == set(sets[won[0]])
    assert {broker for _, broker in made} == {people[won[0]].person_id}
    assert broken(session) == []


def test_of_eight_that_one_worker_claims_at_once_the_centre_s_limit_lets_in_two(
    house: House, cast: Cast, act_as: OpenAct, session: Session, fight: Fight
) -> None:
    centre = point_at(cast, cast.supervisor).public_id
    with act_as(cast.supervisor.actor) as act:
        most = CentreSettings(caseload_limit=2, caseload_blocks=True)
        set_centre_settings(act, centre, most, 0)
    needs = [make_listing(house, cast.officer, Side.NEED).id for _ in range(FIGHTERS)]
    offers = [make_listing(house, cast.enterprise, Side.OFFER).id for _ in range(FIGHTERS)]
    session.rollback()
    answers = fight([
        Task("claim_pair", cast.broker, {"need_id": need_id, "offer_id": offer_id})
        for need_id, offer_id in zip(needs, offers, strict=True)
    ])  # fmt: skip
    assert len(answers.winners) == 2
    assert answers.reasons == ["caseload_full"] * (FIGHTERS - 2)
    assert broken(session) == []
