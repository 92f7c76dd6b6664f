"""Two who decide at once; two who report at once; a report while it is decided."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import ExchangeError
from exchange.moderation.appeal_service import appeal, decide_appeal
from exchange.moderation.case_service import Ruling, decide_case
from exchange.moderation.kinds import CaseState, Reason, TargetKind, Verdict
from exchange.moderation.models import CaseHold, CaseStep, ModerationCase, Report
from exchange.moderation.report_service import report
from tests.moderation.conftest import SAID, Street

Work = Callable[[Act], object]


def at_once(house: House, engine: sa.Engine, works: list[tuple[Actor, Work]]) -> list[str]:
    """Each work in an act and a thread of its own, all begun at one moment; done or the code."""
    ready, outcomes = Barrier(len(works)), [""] * len(works)

    def run(number: int, actor: Actor, work: Work) -> None:
        ready.wait()
        try:
            with Session(engine) as own, open_act(house, lambda: own, actor) as act:
                work(act)
            outcomes[number] = "done"
        except ExchangeError as error:
            outcomes[number] = error.code

    threads = [
        Thread(target=run, args=(number, actor, work))
        for number, (actor, work) in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_who_decide_at_once_one_is_told(
    app: Flask, house: House, street: Street, engine: sa.Engine
) -> None:
    street.report(street.cast.stranger)
    case, version = street.case.public_id, street.case.version
    works: list[tuple[Actor, Work]] = [
        (who.actor, lambda act, one=one: decide_case(act, case, Ruling(one, "看过", SAID, version)))
        for who, one in (
            (street.cast.broker, Verdict.TAKE_DOWN), (street.cast.supervisor, Verdict.NO_ACTION),
        )
    ]  # fmt: skip
    street.session.rollback()
    outcomes = at_once(house, engine, works)
    assert sorted(outcomes) == ["case_changed", "done"]
    held = street.need.held_at is not None
    assert held is (outcomes[0] == "done")
    assert street.session.query(CaseStep).count() == 1


def test_reports_made_at_once_join_one_case_and_hide_once(
    app: Flask, house: House, street: Street, engine: sa.Engine
) -> None:
    need = street.need.public_id
    actors = [one.actor for one in street.neighbours(4)]
    street.session.rollback()
    works: list[tuple[Actor, Work]] = [
        (actor, lambda act: report(act, TargetKind.LISTING, need, Reason.CHILD))
        for actor in actors
    ]
    assert set(at_once(house, engine, works)) <= {"done", "not_found"}
    street.session.rollback()
    assert street.session.query(ModerationCase).count() == 1
    assert street.session.query(Report).count() >= 3
    assert street.session.query(CaseHold).count() == 1
    assert street.need.held_at is not None


@pytest.mark.parametrize("verdict", [Verdict.NO_ACTION, Verdict.TAKE_DOWN])
def test_report_made_while_the_case_is_closed_is_not_lost(
    app: Flask, house: House, street: Street, engine: sa.Engine, verdict: Verdict
) -> None:
    one, two = street.neighbours(2)
    street.report(one)
    case, need = street.case.public_id, street.need.public_id
    broker, reporter = street.cast.broker.actor, two.actor
    street.session.rollback()
    outcomes = at_once(
        house,
        engine,
        [
            (broker, lambda act: decide_case(act, case, Ruling(verdict, "看过", SAID))),
            (reporter, lambda act: report(act, TargetKind.LISTING, need, Reason.WRONG)),
        ],
    )
    assert outcomes[0] == "done"
    street.session.rollback()
    reports = street.session.query(Report).all()
    assert len(reports) == (2 if outcomes[1] == "done" else 1)
    open_cases = street.session.query(ModerationCase).filter_by(state=CaseState.OPEN).count()
    late = outcomes[1] == "done" and len({one.case_id for one in reports}) == 2
    assert open_cases == (1 if late else 0)


def test_two_who_appeal_at_once_appeal_once(
    app: Flask, house: House, street: Street, engine: sa.Engine
) -> None:
    street.report(street.cast.stranger)
    street.decide(street.cast.broker, Verdict.TAKE_DOWN)
    case, owner = street.case.public_id, street.cast.officer.actor
    street.session.rollback()
    works: list[tuple[Actor, Work]] = [
        (owner, lambda act: appeal(act, case, "不对")),
        (owner, lambda act: appeal(act, case, "错")),
    ]
    assert sorted(at_once(house, engine, works)) == ["appealed_already", "done"]
    supervisor = street.cast.supervisor.actor
    street.session.rollback()
    answers: list[tuple[Actor, Work]] = [
        (supervisor, lambda act: decide_appeal(act, case, upheld=True, answer="对")),
        (supervisor, lambda act: decide_appeal(act, case, upheld=False, answer="不对")),
    ]
    assert sorted(at_once(house, engine, answers)) == ["already_decided", "done"]
