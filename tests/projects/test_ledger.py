"""The book of a project: who records, who agrees, what is refused, and that nothing is lost."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.notifications.models import Notice
from exchange.projects.kinds import Publication
from exchange.projects.ledger.deciding import refuse, withdraw
from exchange.projects.ledger.kinds import (
    Counterparty,
    EntryKind,
    LedgerRole,
    RequestState,
)
from exchange.projects.ledger.models import Account, Entry, Ledger, RoleHolder
from exchange.projects.ledger.service import end_role, forget_name, give_role, set_limit
from exchange.projects.models import Project
from tests.projects.ledger_scene import DAY, LIMIT, Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture


def test_a_small_sum_counts_at_once_and_a_large_one_waits_for_the_second_person(
    scene: Scene,
) -> None:
    small = scene.receipt(LIMIT)
    large = scene.receipt(LIMIT + 1)
    (entry,) = scene.entries()
    assert (entry.number, entry.balance_after, entry.approved_by_id) == (1, LIMIT, None)
    assert scene.request(small).state is RequestState.BOOKED
    assert scene.request(large).state is RequestState.PROPOSED
    scene.approve(large)
    entries = scene.entries()
    assert [(one.number, one.balance_before, one.balance_after) for one in entries] == [
        (1, 0, LIMIT), (2, LIMIT, 2 * LIMIT + 1),
    ]  # fmt: skip
    assert entries[1].recorded_by_id == scene.treasurer.person_id
    assert entries[1].approved_by_id == scene.approver.person_id


def test_zero_asks_for_two_people_always_and_none_goes_back_to_the_site(scene: Scene) -> None:
    scene.limit(0)
    assert scene.request(scene.receipt(1)).state is RequestState.PROPOSED
    scene.limit(None)
    assert scene.request(scene.receipt(LIMIT)).state is RequestState.BOOKED


def test_a_sum_above_the_sites_own_counts_as_that(scene: Scene, session: Session) -> None:
    scene.limit(0)
    ledger = session.get_one(Ledger, scene.project_id)
    ledger.two_person_fen = 10**14  # as it could be set once
    session.commit()
    assert scene.request(scene.receipt(LIMIT + 1)).state is RequestState.PROPOSED
    assert scene.request(scene.receipt(LIMIT)).state is RequestState.BOOKED


def test_goods_are_counted_by_kind_and_always_need_two(scene: Scene) -> None:
    for goods, milli in (("化肥", 20_000), ("种子", 5_500)):
        scene.approve(scene.goods(EntryKind.RECEIPT, milli, goods))
    scene.approve(scene.goods(EntryKind.PAYMENT, 20_000))
    scene.receipt(100)
    numbers = [(one.number, one.account_number, one.balance_after) for one in scene.entries()]
    assert numbers == [(1, 1, 20_000), (2, 1, 5_500), (3, 2, 0), (4, 1, 100)]


def test_nobody_approves_their_own_not_even_with_both_roles(scene: Scene) -> None:
    scene.name(scene.treasurer, LedgerRole.APPROVER)
    request = scene.receipt(LIMIT + 1)
    with pytest.raises(Forbidden, match="ledger_own_entry"):
        scene.approve(request, scene.treasurer)
    assert scene.entries() == []


def test_who_has_no_role_neither_records_nor_approves(scene: Scene) -> None:
    request = scene.receipt(LIMIT + 1)
    for who in (scene.cast.officer, scene.cast.broker, scene.cast.supervisor, scene.treasurer):
        with pytest.raises(Forbidden):
            scene.approve(request, who)
    for who in (scene.cast.officer, scene.approver, scene.cast.stranger):
        with pytest.raises(Forbidden):
            scene.record(EntryKind.RECEIPT, 100, who)


def test_a_role_ends_and_counts_no_more(scene: Scene, session: Session) -> None:
    request = scene.receipt(LIMIT + 1)
    with scene.act_as(scene.cast.officer.actor) as act:
        key = scene.approver.person.public_id
        end_role(act, scene.project(act), key, LedgerRole.APPROVER)
    with pytest.raises(Forbidden, match="ledger_no_approver"):
        scene.approve(request)
    scene.name(scene.approver, LedgerRole.APPROVER)
    scene.name(scene.approver, LedgerRole.APPROVER)
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(RoleHolder.id))) == 3
    assert scene.approve(request) == 1


def test_only_the_leads_managers_name_people_and_only_their_own(scene: Scene) -> None:
    elsewhere = scene.cast.stranger.person.public_id
    with pytest.raises(Invalid), scene.act_as(scene.cast.officer.actor) as act:
        give_role(act, scene.project(act), elsewhere, LedgerRole.TREASURER)
    for who in (scene.treasurer, scene.cast.stranger, scene.cast.supervisor):
        with pytest.raises(Forbidden), scene.act_as(who.actor) as act:
            give_role(
                act, scene.project(act), scene.treasurer.person.public_id, LedgerRole.APPROVER
            )
        with pytest.raises(Forbidden), scene.act_as(who.actor) as act:
            set_limit(act, scene.project(act), 10**12)


def test_money_that_is_not_there_is_not_paid(scene: Scene) -> None:
    scene.receipt(5_000)
    with pytest.raises(Conflict) as caught:
        scene.payment(5_001)
    assert caught.value.code == "ledger_not_there"
    assert caught.value.params["there"]["zh"] == "50.00 元"
    assert caught.value.params["missing"]["en"] == "0.01 yuan"
    scene.payment(5_000)
    assert scene.entries()[-1].balance_after == 0


def test_what_was_there_when_it_was_recorded_may_be_gone_when_it_is_approved(
    scene: Scene,
) -> None:
    scene.approve(scene.receipt(300_000))
    first, second = scene.payment(200_000), scene.payment(200_000)
    scene.approve(first)
    with pytest.raises(Conflict, match="ledger_not_there"):
        scene.approve(second)
    assert scene.request(second).state is RequestState.PROPOSED
    assert scene.entries()[-1].balance_after == 100_000


def test_a_mistake_is_taken_back_by_a_counter_entry_once(scene: Scene) -> None:
    scene.receipt(50_000)
    scene.payment(20_000, purpose="写错的一笔")
    scene.counter(2, "金额写错")
    entries = scene.entries()
    assert [one.kind for one in entries] == [
        EntryKind.RECEIPT, EntryKind.PAYMENT, EntryKind.COUNTER,
    ]  # fmt: skip
    assert (entries[2].amount, entries[2].sign, entries[2].balance_after) == (20_000, 1, 50_000)
    assert entries[2].corrects_id == entries[1].id
    assert entries[1].purpose == "写错的一笔"
    for number, code in ((2, "ledger_corrected"), (3, "ledger_counter_stands")):
        with pytest.raises(Conflict, match=code):
            scene.counter(number)
    with pytest.raises(NotFound):
        scene.counter(4)


def test_a_large_counter_entry_needs_the_second_person_and_is_asked_for_once(
    scene: Scene,
) -> None:
    scene.approve(scene.receipt(LIMIT * 2))
    waiting = scene.counter(1)
    assert scene.request(waiting).state is RequestState.PROPOSED
    with pytest.raises(Conflict, match="ledger_counter_waits"):
        scene.counter(1)
    scene.approve(waiting)
    assert scene.entries()[-1].balance_after == 0


def test_a_receipt_that_was_spent_cannot_be_taken_back(scene: Scene) -> None:
    scene.receipt(10_000)
    scene.payment(9_000)
    with pytest.raises(Conflict, match="ledger_not_there"):
        scene.counter(1)


def test_a_no_needs_a_reason_and_is_told(scene: Scene, session: Session) -> None:
    request = scene.receipt(LIMIT + 1)
    with pytest.raises(Invalid), scene.act_as(scene.approver.actor) as act:
        refuse(act, scene.project(act), request, "  ")
    for _ in range(2):  # sent twice
        with scene.act_as(scene.approver.actor) as act:
            refuse(act, scene.project(act), request, "发票抬头不对")
    found = scene.request(request)
    assert (found.state, found.reason) == (RequestState.REFUSED, "发票抬头不对")
    with pytest.raises(Conflict, match="ledger_decided"):
        scene.approve(request)
    told = session.scalars(
        sa.select(Notice.code).where(Notice.person_id == scene.treasurer.person_id)
    ).all()
    assert told.count("ledger_refused") == 1
    assert scene.entries() == []


def test_only_who_recorded_takes_back_what_waits(scene: Scene) -> None:
    request = scene.receipt(LIMIT + 1)
    with pytest.raises(Forbidden), scene.act_as(scene.approver.actor) as act:
        withdraw(act, scene.project(act), request)
    for _ in range(2):
        with scene.act_as(scene.treasurer.actor) as act:
            withdraw(act, scene.project(act), request)
    assert scene.request(request).state is RequestState.WITHDRAWN
    booked = scene.receipt(100)
    with pytest.raises(Conflict), scene.act_as(scene.treasurer.actor) as act:
        withdraw(act, scene.project(act), booked)


def test_sent_twice_it_is_recorded_once(scene: Scene) -> None:
    first = scene.receipt(100, sent_key="a-tap")
    assert scene.receipt(100, sent_key="a-tap") == first
    assert len(scene.entries()) == 1
    other = scene.cast.make_player("二会计", "520422102243", scene.cast.officer.organisation)
    scene.name(other, LedgerRole.TREASURER)
    with pytest.raises(Conflict, match="ledger_key_taken"):
        scene.receipt(100, sent_key="a-tap", who=other)


def test_approved_twice_it_is_booked_once(scene: Scene) -> None:
    request = scene.receipt(LIMIT + 1)
    assert scene.approve(request) == scene.approve(request) == 1
    other = scene.cast.make_player("再一位", "520422102243", scene.cast.officer.organisation)
    scene.name(other, LedgerRole.APPROVER)
    with pytest.raises(Conflict, match="ledger_decided"):
        scene.approve(request, other)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"purpose": " "}, "purpose", "required"),
        ({"purpose": "三" * 81}, "purpose", "ledger_too_long"),
        ({"purpose": "打款到卡号6222021234567890123"}, "purpose", "ledger_payment_in_text"),
        ({"purpose": "找13912345678领"}, "purpose", "ledger_contact_in_text"),
        ({"counterparty_name": ""}, "counterparty_name", "required"),
        ({"happened_on": None}, "happened_on", "required"),
        ({"happened_on": DAY + timedelta(days=3)}, "happened_on", "ledger_day_to_come"),
        ({"happened_on": DAY.replace(year=1990)}, "happened_on", "ledger_day_long_ago"),
        ({"no_document_reason": ""}, "files", "ledger_no_document"),
        ({"budget_key": "nothing"}, "budget_key", "ledger_no_such_line"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    scene: Scene, changed: dict[str, object], field: str, code: str
) -> None:
    scene.receipt(100)
    with pytest.raises(Invalid) as caught:
        scene.payment(50, **changed)
    assert code in caught.value.fields[field]
    assert len(scene.entries()) == 1


@pytest.mark.parametrize("amount", [0, -5, 10**14 + 1])
def test_odd_amounts_are_refused(scene: Scene, amount: int) -> None:
    with pytest.raises(Invalid) as caught:
        scene.receipt(amount)
    assert caught.value.fields == {"amount": ["ledger_amount"]}


def test_a_project_that_was_never_published_has_no_book_yet(
    scene: Scene, session: Session
) -> None:
    project = session.get_one(Project, scene.project_id)
    project.publication, project.published_at = Publication.DRAFT, None
    session.commit()
    with pytest.raises(Conflict, match="ledger_not_yet"):
        scene.receipt(100)


def test_a_private_name_is_sealed_and_can_be_deleted(scene: Scene, session: Session) -> None:
    request = scene.receipt(100, counterparty=Counterparty.PERSON, counterparty_name="何大娘")
    found, (entry,) = scene.request(request), scene.entries()
    assert entry.counterparty_name == found.counterparty_name == ""
    assert "何大娘" not in (found.private_sealed or "")
    opened = scene.cast.house.secrets.open(found.private_sealed or "", found.place)
    assert opened == "何大娘"
    changes = session.scalars(sa.select(AuditEntry.changes)).all()
    assert "何大娘" not in str(changes)
    with scene.act_as(scene.treasurer.actor) as act:
        forget_name(act, scene.project(act), request)
    assert scene.request(request).private_sealed is None
    assert len(scene.entries()) == 1


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_account"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete_what_was_booked(
    scene: Scene, session: Session, verb: str, table: str
) -> None:
    scene.receipt(100)
    session.rollback()
    with pytest.raises(DBAPIError, match="only added to"):
        session.execute(sa.text(verb.format(table)))
    session.rollback()
    assert len(scene.entries()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 5, "previous_number": 4},
        {"number": 3, "previous_number": 1},
        {"number": 3, "previous_number": None},
        {"balance_before": 100, "balance_after": 110},
        {"balance_after": 500},
        {"account_number": 4, "previous_in_account": 3},
        {"account_number": 1, "previous_in_account": None, "balance_before": 0,
         "balance_after": 10},
        {"sign": -1, "kind": "payment", "amount": 200, "balance_after": -50},
        {"kind": "payment"},
        {"kind": "counter"},
        {"kind": "counter", "corrects_id": 2, "corrects_sign": -1},
        {"kind": "counter", "corrects_id": 2, "corrects_sign": -1, "amount": 49,
         "balance_after": 199},
        {"approved_by_id": "recorder"},
        {"account_id": 99},
    ],
)  # fmt: skip
def test_the_database_refuses_an_entry_that_does_not_follow(
    scene: Scene, session: Session, wrong: dict[str, object]
) -> None:
    scene.receipt(200)
    scene.payment(50)
    spare = scene.receipt(LIMIT + 1)
    request = scene.request(spare)
    account = session.scalars(sa.select(Account)).one()
    row = {
        "public_id": "x", "project_id": scene.project_id, "number": 3, "previous_number": 2,
        "account_id": account.id, "account_number": 3, "previous_in_account": 2,
        "kind": "receipt", "sign": 1, "amount": 10, "balance_before": 150, "balance_after": 160,
        "corrects_id": None, "corrects_sign": None, "purpose": "x", "budget_key": "",
        "budget_name": "", "counterparty": "organisation", "counterparty_name": "x",
        "happened_on": DAY, "booked_on": DAY, "booked_at": scene.cast.now,
        "request_id": request.id, "recorded_by_id": scene.treasurer.person_id,
        "approved_by_id": scene.approver.person_id,
    }  # fmt: skip
    table = Entry.__table__
    assert isinstance(table, sa.Table)
    wrong = {k: row["recorded_by_id"] if v == "recorder" else v for k, v in wrong.items()}
    with pytest.raises(DBAPIError):
        session.execute(sa.insert(table).values({**row, **wrong}))
    session.rollback()
    session.execute(sa.insert(table).values(row))  # and what follows is taken
    session.commit()
