"""Processes that act on the same match, each with an application of its own that stays open.

Started with the numbers of open sockets, it forks one process for each. Each reads a line with the
environment of the site, answers "ready", then does what each further line holds: steps, as whom,
with pauses between them; it answers with what came of every step.
"""

import json
import os
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from flask import Flask

from exchange import create_app
from exchange.accounts.actor_queries import load_actor
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import CloseReason, DismissReason
from exchange.brokering.life import claiming, closing, proposing, reminding, undoing
from exchange.brokering.life.answer_links import answer_by_link
from exchange.kernel.act import Act, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.database import db
from exchange.kernel.errors import ExchangeError
from exchange.kernel.settings import load_settings
from exchange.listings.kinds import Side

Verb = Callable[..., object]
NO = CloseReason.TIME


def _link(act: Act, match: str, side: str, token: str, accept: bool) -> object:
    reason = None if accept else NO
    return answer_by_link(act, token, match, Side(side), accept=accept, reason=reason)


def _answer(act: Act, match: str, side: str, accept: bool) -> object:
    reason = None if accept else NO
    return proposing.answer(act, match, Side(side), accept=accept, reason=reason)


def _claim(act: Act, need: int, offer: int) -> object:
    return claiming.claim(act, need, offer)


def _lapse(act: Act, match: str) -> object:
    return closing.lapse(act, match)


VERBS: dict[str, Verb] = {
    "claim": _claim,
    "dismiss": lambda act, need, offer: claiming.dismiss(act, need, offer, DismissReason.TERMS),
    "propose": lambda act, match: proposing.propose(act, match, "请看看合不合适"),
    "answer": _answer,
    "link": _link,
    "take_back": lambda act, match, side: undoing.take_back_answer(act, match, Side(side)),
    "release": lambda act, match: undoing.release(act, match, CloseReason.NO_TIME),
    "withdraw": lambda act, match: closing.withdraw(act, match, CloseReason.OTHER),
    "fail": lambda act, match: closing.fail(act, match, CloseReason.OTHER, "没办成"),
    "commit": lambda act, match, milli: fulfilling.commit(act, match, milli, milli),
    "lapse": _lapse,
    "remind": lambda act, match, side: reminding.remind(act, match, Side(side)),
}


def play(app: Flask, step: dict[str, Any]) -> str:
    """Take one step in an act of its own; the code of a refusal, or "done"."""
    time.sleep(step["pause"])
    try:
        who = step["who"]
        actor = load_actor(db.session(), *who) if who else SYSTEM
        with open_act(app.extensions["exchange"], db.session, actor, origin="test") as act:
            VERBS[step["verb"]](act, **step["values"])
    except ExchangeError as error:
        return error.code
    except Exception as error:  # noqa: BLE001 - the test reads it as an answer
        traceback.print_exc()
        return f"!{type(error).__name__}"
    finally:
        db.session.remove()
    return "done"


def serve(conversation: TextIO) -> None:
    """Open the application, then play until there is nothing more."""

    def say(words: object) -> None:
        conversation.write(json.dumps(words) + "\n")
        conversation.flush()

    app = create_app(load_settings(json.loads(conversation.readline())))
    with app.app_context():
        say("ready")
        while line := conversation.readline():
            say([play(app, step) for step in json.loads(line)])
        db.engine.dispose()


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
