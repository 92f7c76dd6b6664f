"""Eight at one intention, or at the seats of one visit, at the same moment."""

from collections import Counter

import pytest
import sqlalchemy as sa

from exchange.accounts.kinds import OrganisationKind
from exchange.brokering.models import Match
from exchange.kernel.actor import Role
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.projects.intentions import answering
from exchange.projects.visits import announcing
from exchange.projects.visits.kinds import SignUpState
from exchange.projects.visits.models import Visit, VisitSignUp
from tests.cast import FIRM_AREA, VILLAGE, Player
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.projects.intending import Scene
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture
from tests.projects.test_visits import shown

pytestmark = pytest.mark.processes
WORKERS = 4  # each goes through posting and claiming while the others wait


def people(scene: Scene, count: int) -> list[Player]:
    """Firms that come."""
    cast = scene.cast
    firms = [
        cast.make_organisation(OrganisationKind.COMPANY, f"公司{number}", FIRM_AREA)
        for number in range(count)
    ]
    return [
        cast.make_player(f"客{number}", FIRM_AREA, firm, Role.MANAGER)
        for number, firm in enumerate(firms)
    ]


def test_of_eight_answers_one_counts_and_the_others_read_it(scene: Scene, fight: Fight) -> None:
    cast, intention = scene.cast, scene.declared()
    officers = [
        cast.make_player(f"干部{number}", VILLAGE, cast.officer.organisation, Role.MEMBER)
        for number in range(FIGHTERS)
    ]
    verbs = ("accept_intention", "decline_intention")
    found = fight(
        [Task(verbs[n % 2], who, {"intention": intention}) for n, who in enumerate(officers)]
    )
    assert len(found.winners) == 1
    state = scene.intention(intention).state
    assert found.winners == [state.value]
    assert Counter(found.reasons) == {f"intention_is_{state.value}": FIGHTERS - 1}


def test_a_job_that_several_workers_run_makes_one_offer_and_one_match(
    scene: Scene, fight: Fight
) -> None:
    scene.give_worker(scene.cast.broker)
    public_id = scene.declared(need=scene.need_public_id)
    with scene.act(scene.cast.officer) as act:
        key = answering.accept(act, public_id).id
    found = fight([Task("bring_on", None, {"intention_id": key})] * WORKERS)
    assert found.winners == ["brought on"] * WORKERS
    scene.session.rollback()
    offers = sa.select(sa.func.count(Listing.id)).where(Listing.side == Side.OFFER)
    assert scene.session.scalar(offers) == 1
    assert scene.session.scalar(sa.select(sa.func.count(Match.id))) == 1


def test_eight_for_three_seats_leave_five_waiting_and_they_move_up(
    scene: Scene, fight: Fight
) -> None:
    with scene.act(scene.cast.officer) as act:
        visit = announcing.announce(act, scene.public_id, shown(seats=3)).public_id
    guests = people(scene, FIGHTERS)
    found = fight([Task("come", who, {"visit": visit, "people": 1}) for who in guests])
    assert Counter(found.winners) == {"signed": 3, "waiting": 5}
    seated = [
        who for who, word in zip(guests, found.done, strict=True) if word == "signed"
    ]
    others = [who for who in guests if who not in seated]
    tasks = [Task("stay_away", who, {"visit": visit}) for who in seated]
    tasks += [Task("come", who, {"visit": visit, "people": 2}) for who in others]
    fight(tasks)
    scene.session.rollback()
    row = scene.session.scalars(sa.select(Visit)).one()
    signed = sa.select(sa.func.sum(VisitSignUp.people)).where(
        VisitSignUp.state == SignUpState.SIGNED
    )
    assert row.taken == scene.session.scalar(signed)
    assert row.taken <= row.seats
    waiting = sa.select(sa.func.min(VisitSignUp.people)).where(
        VisitSignUp.state == SignUpState.WAITING
    )
    least = scene.session.scalar(waiting)
    assert least is not None
    assert least > row.seats - row.taken
