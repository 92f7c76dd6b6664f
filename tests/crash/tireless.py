"""People who never stop until they are killed: processes forked from one that has loaded the code.

Loading the code takes far longer than they live.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from exchange import create_app
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.events import PhoneConfirmed
from exchange.audit.jobs import seal_all
from exchange.jobs.runner import JobRun
from exchange.kernel.act import Act, open_act
from exchange.kernel.database import db
from exchange.kernel.settings import Settings
from exchange.projects.ledger.booking import record, record_counter
from exchange.projects.ledger.deciding import approve
from exchange.projects.ledger.kinds import EntryKind
from exchange.projects.ledger.values import EntryValues
from exchange.projects.queries import seen_project
from tests.concurrency.conftest import PASSED_ON
from tests.conftest import START

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.crash.tireless"])
RECEIVED, PAID = 200, 150  # fen
Who = tuple[int, int | None]  # person and organisation

Work = Callable[..., None]


def set_to_work(work: Work, settings: Settings, *values: Any) -> BaseProcess:
    """A process that works on the site of these settings; returns once it begins."""
    given = {f"EXCHANGE_{name.upper()}": str(getattr(settings, name)) for name in PASSED_ON}
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_work, args=(work, given, theirs, values), daemon=True)
    process.start()
    theirs.close()
    assert ours.recv() == "begins"
    return process


def end(process: BaseProcess) -> None:
    """Without a word of warning."""
    process.kill()
    process.join(60)
    assert process.exitcode == -9


def _work(work: Work, given: dict[str, str], begun: Connection, values: tuple[Any, ...]) -> None:
    for name in [one for one in os.environ if "EXCHANGE" in one]:
        del os.environ[name]
    os.environ.update(given, EXCHANGE_NOW=START.isoformat())
    app = create_app()
    with app.app_context():
        begun.send("begins")
        work(app.extensions["exchange.jobs"], *values)


def write_and_seal(run: JobRun, person_id: int) -> None:
    """Act five times, seal, and so on."""
    while True:
        for _ in range(5):
            with run.act() as act:
                act.emit(PhoneConfirmed(person_id=person_id))
        seal_all(run, 2)


def keep_the_book(
    run: JobRun, project: str, treasurer: Who, approver: Who, name: str, said: str, times: int
) -> None:
    """Record under keys of one's own and have each approved; every fourth is a payment, and every
    eighth entry is taken back. Each is done again under its key until its end was written down.
    """
    path = Path(said)
    done = path.read_text(encoding="utf-8").split() if path.exists() else []
    with path.open("a", encoding="utf-8") as file:
        for number in range(len(done), times):
            key = f"{name}-{number}"
            is_payment = number % 4 == 3
            with _as(run, treasurer) as act:
                request = record(act, seen_project(act.session, act.actor, project), EntryValues(
                    EntryKind.PAYMENT if is_payment else EntryKind.RECEIPT,
                    PAID if is_payment else RECEIVED, purpose="运费", sent_key=key,
                    counterparty_name="运输队", happened_on=act.today,
                    no_document_reason="收据随后补",
                )).public_id  # fmt: skip
            booked = _approved(run, approver, project, request)
            if number % 8 == 0:
                with _as(run, treasurer) as act:
                    found = seen_project(act.session, act.actor, project)
                    counter = record_counter(act, found, booked, "记错了", f"{key}-back").public_id
                _approved(run, approver, project, counter)
            file.write(f"{key}\n")
            file.flush()


def _approved(run: JobRun, approver: Who, project: str, request: str) -> int:
    with _as(run, approver) as act:
        return approve(act, seen_project(act.session, act.actor, project), request).number


@contextmanager
def _as(run: JobRun, who: Who) -> Iterator[Act]:
    actor = load_actor(run.read(), *who)
    with open_act(run.house, db.session, actor, origin="test") as act:
        yield act
