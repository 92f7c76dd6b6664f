"""Processes that each do one thing at the same moment as the others do theirs.

Started with the numbers of open sockets, it forks one process for each, before any application
or database is open (so that the code is loaded once). Each reads one JSON line per task: the
environment of the site, the name of a verb and its arguments. It builds an application of its
own, answers "ready", waits for a line that says "go", does the verb in one act, and answers with
what came of it.
"""

import io
import json
import os
import socket
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from flask import Flask
from PIL import Image
from sqlalchemy.exc import OperationalError

from exchange import create_app
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.events import PhoneConfirmed
from exchange.audit.jobs import seal_all
from exchange.brokering.combined.service import take_up_together
from exchange.brokering.deeds.delivering import confirm_delivery, record_delivery
from exchange.brokering.deeds.fulfilling import commit
from exchange.brokering.deeds.picturing import picture_delivery
from exchange.brokering.deeds.sending import Sent
from exchange.brokering.intended.jobs import bring_on_job
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life.changing import answer_change
from exchange.brokering.life.claiming import claim
from exchange.brokering.life.closing import fail
from exchange.brokering.life.proposing import answer
from exchange.brokering.planned.jobs import queue_plan_job
from exchange.discovery.bulletins import choosing as bulletin_choosing
from exchange.discovery.bulletins import service as bulletin_service
from exchange.discovery.bulletins.composing import compose_now
from exchange.files.pictures import read_picture
from exchange.jobs.registry import Payload, Run, job
from exchange.jobs.runner import JobRun, run_pending
from exchange.jobs.service import anything_due
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.database import db
from exchange.kernel.errors import ExchangeError
from exchange.kernel.settings import load_settings
from exchange.listings.kinds import Door, Side
from exchange.listings.models import Listing
from exchange.listings.publishing import withdraw_listing
from exchange.listings.undertakings.service import (
    add_needs,
    change_undertaking,
    dissolve_undertaking,
    make_undertaking,
)
from exchange.listings.values import ListingValues
from exchange.listings.writing import upsert_listing
from exchange.matching.jobs import rematch_all
from exchange.matching.plans.service import release
from exchange.projects.intentions import answering as intention_answers
from exchange.projects.intentions.kinds import DeclineReason
from exchange.projects.ledger.booking import record, record_counter
from exchange.projects.ledger.deciding import approve
from exchange.projects.ledger.kinds import EntryKind
from exchange.projects.ledger.values import EntryValues
from exchange.projects.queries import seen_project
from exchange.projects.visits import signing_up as visit_seats
from exchange.volunteering.models import Shift
from exchange.volunteering.signups.service import say_no, sign_up
from tests.concurrency.volunteering_verbs import VOLUNTEERING

JOB = "tests.fought_over"


@job(JOB, batch=5)
def note_rows(run: Run, payloads: Sequence[Payload]) -> None:
    """Write down which rows ran here, one file per process."""
    path = Path(run.house.settings.data_dir) / f"ran-{os.getpid()}.txt"
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{payload['id']}\n" for payload in payloads)


def commit_units(act: Act, match: str, milli: int, read: str = "") -> str:
    """Reserve the same amount on both sides; ``read``: from a form that was read at this."""
    return commit(act, match, milli, milli, sent=Sent(read=read)).public_id


def claim_pair(act: Act, need_id: int, offer_id: int) -> str:
    """Take the pair up."""
    return claim(act, need_id, offer_id).public_id


def take_together(act: Act, listing_id: int, other_ids: list[int]) -> str:
    """Take all pairs of a combined answer up."""
    listing, *others = (act.session.get_one(Listing, key) for key in (listing_id, *other_ids))
    return ",".join(match.public_id for match in take_up_together(act, listing, others))


def accept(act: Act, match: str, side: str) -> str:
    """Say yes for a side."""
    return answer(act, match, Side(side), accept=True).state.value


def deliver_units(act: Act, match: str, commitment: str, milli: int, read: str = "") -> str:
    """Put a delivery on record; ``read``: from a form that was read at this."""
    sent = Sent(read=read)
    return record_delivery(act, match, commitment, milli, sent=sent).state.value


def confirm_note(act: Act, match: str, delivery: str) -> str:
    """Say for the village side that a delivery was so."""
    return confirm_delivery(act, match, delivery, Side.NEED).state.value


def picture_note(act: Act, match: str, delivery: str, colours: list[str]) -> str:
    """Add a photo of each of the colours to a delivery."""
    pictures = [read_picture(_photo(colour)) for colour in colours]
    return picture_delivery(act, match, delivery, pictures).state.value


def _photo(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (12, 8), colour).save(data, "PNG")
    return data.getvalue()


def accept_change(act: Act, match: str, change: str, side: str) -> str:
    """Agree to a change for a side."""
    return answer_change(act, match, change, Side(side), accept=True).state.value


def fail_match(act: Act, match: str) -> str:
    """Say that nothing came of it."""
    return fail(act, match, CloseReason.NOT_DELIVERED, "没有送到").state.value


def post(act: Act, key: str, title: str, **values: Any) -> str:
    """Post a need under the owner's key."""
    assert act.actor.organisation_id is not None
    given = ListingValues(title=title, **values)
    return upsert_listing(act, act.actor.organisation_id, key, Door.HELP, given).public_id


def release_plan(act: Act, plan: str) -> str:
    """Hand the pairs of a plan to the brokers."""
    release(act, plan)
    return plan


def withdraw(act: Act, listing_id: int) -> str:
    """Take a listing back."""
    return withdraw_listing(act, act.session.get_one(Listing, listing_id)).state.value


def group(act: Act, name: str, need_ids: list[int]) -> str:
    """Put needs together."""
    needs = [act.session.get_one(Listing, key) for key in need_ids]
    return make_undertaking(act, name, "", needs).public_id


def put_in(act: Act, undertaking: str, need_id: int) -> str:
    """Put a need into an undertaking."""
    return add_needs(act, undertaking, [act.session.get_one(Listing, need_id)]).public_id


def rename(act: Act, undertaking: str, name: str, version: int) -> str:
    """Give an undertaking another name."""
    return change_undertaking(act, undertaking, name, None, version).name


def dissolve(act: Act, undertaking: str) -> str:
    """Take an undertaking apart."""
    dissolve_undertaking(act, undertaking)
    return undertaking


def approve_bulletin(act: Act, bulletin: str, version: int) -> str:
    """Let an issue of a bulletin come out."""
    return bulletin_service.approve(act, bulletin, version).state.value


def edit_bulletin(act: Act, bulletin: str, headline: str, version: int) -> str:
    """Give an issue another headline."""
    words = bulletin_service.Words(headline_zh=headline)
    return bulletin_service.edit(act, bulletin, words, version).headline_zh


def put_into_bulletin(act: Act, bulletin: str, key: str, version: int) -> str:
    """Put one more need into an issue of a bulletin."""
    bulletin_choosing.put_in(act, bulletin, "needs", [key], version)
    return key


def compose_bulletin(act: Act, place: str) -> str:
    """Compose the issue of today."""
    return compose_now(act, place).public_id


def approve_entry(act: Act, project: str, request: str) -> str:
    """Agree to what a treasurer recorded."""
    found = seen_project(act.session, act.actor, project)
    return str(approve(act, found, request).number)


def record_money(act: Act, project: str, kind: str, fen: int, key: str = "") -> str:
    """Record a receipt or a payment."""
    found = seen_project(act.session, act.actor, project)
    values = EntryValues(
        EntryKind(kind), fen, purpose="运费", counterparty_name="运输队", happened_on=act.today,
        no_document_reason="收据随后补", sent_key=key,
    )  # fmt: skip
    return record(act, found, values).public_id


def take_entry_back(act: Act, project: str, number: int) -> str:
    """Take an entry back by a counter-entry."""
    found = seen_project(act.session, act.actor, project)
    return record_counter(act, found, number, "记错了").public_id


def accept_intention(act: Act, intention: str) -> str:
    """Say yes to an intention."""
    return intention_answers.accept(act, intention).state.value


def decline_intention(act: Act, intention: str) -> str:
    """Say no to it."""
    return intention_answers.decline(act, intention, DeclineReason.TIME).state.value


def come(act: Act, visit: str, people: int) -> str:
    """Sign up for a visit."""
    return visit_seats.sign_up(act, visit, people).state.value


def stay_away(act: Act, visit: str) -> str:
    """Sign off again."""
    visit_seats.leave(act, visit)
    return "left"


VERBS: dict[str, Callable[..., str]] = {
    verb.__name__: verb
    for verb in (
        approve_bulletin, edit_bulletin, compose_bulletin, put_into_bulletin,
        commit_units, claim_pair, take_together, accept, post, release_plan, withdraw,
        group, put_in, rename, dissolve, deliver_units, confirm_note, picture_note, accept_change,
        fail_match,
        approve_entry, record_money, take_entry_back,
        accept_intention, decline_intention, come, stay_away,
        *VOLUNTEERING,
    )
}


def work_off(run: JobRun) -> str:
    """Claim and run rows as a worker does, until nothing is due."""
    while anything_due(run.read(), run.house.clock.now()):
        run_pending(run)
    return "done"


def queue_plan(run: JobRun, plan_id: int) -> str:
    """Decide on the pairs of a released plan, as the worker's job does."""
    queue_plan_job.handler(run, [{"plan_id": plan_id}])
    return "queued"


def bring_on(run: JobRun, intention_id: int) -> str:
    """Bring an accepted intention on, as the worker's job does."""
    bring_on_job.handler(run, [{"intention_id": intention_id}])
    return "brought on"


def refresh(run: JobRun) -> str:
    """Compute all suggestions anew, as the command does."""
    rematch_all(run)
    return "refreshed"


def act_often(run: JobRun, person_id: int, times: int) -> str:
    """Acts that leave entries in the audit."""
    for _ in range(times):
        with run.act() as act:
            act.emit(PhoneConfirmed(person_id=person_id))
    return "acted"


def seal_often(run: JobRun, times: int) -> str:
    """Seal what waits, in small batches, again and again."""
    return f"sealed {sum(seal_all(run, 3) for _ in range(times))}"


def join_in_turn(run: JobRun, shifts: list[int], people: list[int], back: bool) -> str:
    """Each of these people signs up for these shifts, one act each; every third of them gives up
    what they got where ``back`` says so. Says how often each answer came.
    """
    answers: Counter[str] = Counter()
    for number, person_id in enumerate(people):
        for shift_id in shifts:
            answers[_answered(run, person_id, shift_id, gives_up=False)] += 1
            if back and number % 3 == 0:
                answers[_answered(run, person_id, shift_id, gives_up=True)] += 1
    return json.dumps(answers)


def _answered(run: JobRun, person_id: int, shift_id: int, *, gives_up: bool) -> str:
    actor = load_actor(run.read(), person_id)
    while True:
        try:
            with open_act(run.house, db.session, actor, origin="test") as act:
                shift = act.session.get_one(Shift, shift_id)
                return (say_no if gives_up else sign_up)(act, shift).state.value
        except ExchangeError as error:
            return error.code
        except OperationalError as error:  # SQLite's lock is not fair: people tap once more
            if "database is locked" not in str(error):
                raise


WORK: dict[str, Callable[..., str]] = {
    verb.__name__: verb
    for verb in (work_off, queue_plan, bring_on, refresh, act_often, seal_often, join_in_turn)
}


def do(app: Flask, task: dict[str, Any]) -> str:
    """Do the verb of a task; returns what it returns."""
    if task["verb"] in WORK:
        return WORK[task["verb"]](app.extensions["exchange.jobs"], **task["values"])
    house: House = app.extensions["exchange"]
    actor = load_actor(db.session(), task["person_id"], task["organisation_id"])
    with open_act(house, db.session, actor, origin="test") as act:
        return VERBS[task["verb"]](act, **task["values"])


def serve(conversation: TextIO) -> None:
    """Do tasks until there are no more."""

    def say(word: str) -> None:
        conversation.write(f"{word}\n")
        conversation.flush()

    while line := conversation.readline():
        task = json.loads(line)
        app = create_app(load_settings(task["environment"]))
        with app.app_context():
            db.session.connection()
            db.session.rollback()
            say("ready")
            conversation.readline()
            answer = answer_of(app, task)
            db.session.remove()
            db.engine.dispose()
        say(json.dumps(answer))  # last: whoever hears it may drop the database


def answer_of(app: Flask, task: dict[str, Any]) -> dict[str, Any]:
    """What came of a task: done or refused."""
    try:
        return {"done": do(app, task)}
    except ExchangeError as error:
        return {"refused": error.code}
    except Exception as error:  # noqa: BLE001 - the test reads it as an answer
        traceback.print_exc()
        return {"refused": type(error).__name__}


def main(numbers: Sequence[int]) -> None:
    """Fork a process for each socket and wait for all of them."""
    sockets = [socket.socket(fileno=number) for number in numbers]
    for mine in sockets:
        if os.fork() == 0:
            for other in sockets:
                if other is not mine:
                    other.close()
            serve(mine.makefile("rw", encoding="utf-8"))
            os._exit(0)
    for each in sockets:
        each.close()
    ended = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in sockets]
    sys.exit(max(map(abs, ended)))


if __name__ == "__main__":
    main([int(number) for number in sys.argv[1:]])
