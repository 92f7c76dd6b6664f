"""Several people at one book at the same moment: everything is booked once, and adds up."""

import pytest
from sqlalchemy.orm import Session

from exchange.projects.ledger.kinds import LedgerRole, RequestState
from exchange.projects.ledger.reconciling import reconcile
from tests.cast import VILLAGE, Player
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.projects.ledger_scene import LIMIT, Scene
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.processes


def people(scene: Scene, role: LedgerRole, number: int) -> list[Player]:
    """Some more in office."""
    made = []
    for one in range(number):
        who = scene.cast.make_player(f"人{one}", VILLAGE, scene.cast.officer.organisation)
        scene.name(who, role)
        made.append(who)
    scene.cast.session.rollback()
    return made


def test_of_eight_approvers_at_once_exactly_one_books(
    scene: Scene, session: Session, fight: Fight
) -> None:
    request = scene.receipt(LIMIT + 1)
    approvers = people(scene, LedgerRole.APPROVER, FIGHTERS)
    values = {"project": scene.project_key, "request": request}
    answers = fight([Task("approve_entry", who, values) for who in approvers])
    assert answers.winners == ["1"]
    assert answers.reasons == ["ledger_decided"] * (FIGHTERS - 1)
    (entry,) = scene.entries()
    assert entry.approved_by_id in {who.person_id for who in approvers}
    assert scene.request(request).state is RequestState.BOOKED
    assert reconcile(session).faults == ()


def test_eight_payments_at_once_never_spend_more_than_there_is(
    scene: Scene, session: Session, fight: Fight
) -> None:
    scene.receipt(3_500)
    treasurers = people(scene, LedgerRole.TREASURER, FIGHTERS)
    values = {"project": scene.project_key, "kind": "payment", "fen": 1_000}
    answers = fight([Task("record_money", who, values) for who in treasurers])
    assert len(answers.winners) == 3
    assert answers.reasons == ["ledger_not_there"] * (FIGHTERS - 3)
    assert scene.entries()[-1].balance_after == 500
    assert reconcile(session).faults == ()


def test_eight_receipts_at_once_have_eight_numbers_without_a_gap(
    scene: Scene, session: Session, fight: Fight
) -> None:
    treasurers = people(scene, LedgerRole.TREASURER, FIGHTERS)
    answers = fight(
        [
            Task(
                "record_money", who,
                {"project": scene.project_key, "kind": "receipt", "fen": 100 + number},
            )
            for number, who in enumerate(treasurers)
        ]
    )  # fmt: skip
    assert answers.reasons == []
    entries = scene.entries()
    assert [one.number for one in entries] == list(range(1, FIGHTERS + 1))
    assert entries[-1].balance_after == sum(100 + number for number in range(FIGHTERS))
    assert reconcile(session).faults == ()


def test_one_tap_sent_eight_times_at_once_is_one_entry(
    scene: Scene, session: Session, fight: Fight
) -> None:
    values = {"project": scene.project_key, "kind": "receipt", "fen": 100, "key": "a-tap"}
    treasurer = scene.treasurer
    session.rollback()
    answers = fight([Task("record_money", treasurer, values)] * FIGHTERS)
    assert answers.reasons == []
    assert len(set(answers.winners)) == 1
    assert len(scene.entries()) == 1


def test_an_entry_is_taken_back_once_by_eight_at_once(
    scene: Scene, session: Session, fight: Fight
) -> None:
    scene.receipt(100)
    treasurers = people(scene, LedgerRole.TREASURER, FIGHTERS)
    values = {"project": scene.project_key, "number": 1}
    answers = fight([Task("take_entry_back", who, values) for who in treasurers])
    assert len(answers.winners) == 1
    assert answers.reasons == ["ledger_corrected"] * (FIGHTERS - 1)
    assert scene.entries()[-1].balance_after == 0
    assert reconcile(session).faults == ()
