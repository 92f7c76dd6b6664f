"""Eight processes that act at the same moment on the database of the test."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange.kernel.settings import Settings
from tests.cast import Cast, Player
from tests.conftest import START
from tests.running_site import ROOT

FIGHTERS = 8
PASSED_ON = (
    "data_dir",
    "database_url",
    "secret_key",
    "encryption_keys",
    "lookup_key",
    "encoder",
    "log_level",
)


@dataclass(frozen=True)
class Task:
    """What one process is to do: a verb of ``fighter.VERBS``, as whom, with which values."""

    verb: str
    who: Player | None = None
    values: dict[str, Any] | None = None

    def line(self, environment: dict[str, str]) -> str:
        """As the process reads it."""
        return json.dumps(
            {
                "environment": environment,
                "verb": self.verb,
                "person_id": self.who.person_id if self.who else None,
                "organisation_id": self.who.organisation_id if self.who else None,
                "values": self.values or {},
            }
        )


@dataclass(frozen=True)
class Answers:
    """What came of it, in the order of the tasks: done or refused, None for the other."""

    done: list[str | None]
    refused: list[str | None]

    @property
    def winners(self) -> list[str]:
        return [word for word in self.done if word is not None]

    @property
    def reasons(self) -> list[str]:
        return [word for word in self.refused if word is not None]


Fight = Callable[[Sequence[Task]], Answers]


@pytest.fixture(scope="module")
def fighters() -> Iterator[list[TextIO]]:
    """A conversation with each of the processes that wait for tasks."""
    pairs = [socket.socketpair() for _ in range(FIGHTERS)]
    theirs = [end.fileno() for _, end in pairs]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.concurrency.fighter", *map(str, theirs)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if "EXCHANGE" not in name},
        pass_fds=theirs,
    )
    for _, end in pairs:
        end.close()
    conversations = [end.makefile("rw", encoding="utf-8") for end, _ in pairs]
    yield conversations
    for conversation, (end, _) in zip(conversations, pairs, strict=True):
        conversation.close()
        end.close()
    assert process.wait(60) == 0


@pytest.fixture
def fight(fighters: list[TextIO], settings: Settings) -> Fight:
    """``fight(tasks)`` has each task done by a process of its own, all at the same moment."""
    environment = {
        f"EXCHANGE_{name.upper()}": str(getattr(settings, name)) for name in PASSED_ON
    } | {"EXCHANGE_NOW": START.isoformat()}

    def fighting(tasks: Sequence[Task]) -> Answers:
        chosen = fighters[: len(tasks)]
        for conversation, task in zip(chosen, tasks, strict=True):
            _write(conversation, task.line(environment))
        assert [_read(conversation) for conversation in chosen] == ["ready"] * len(chosen)
        for conversation in chosen:
            _write(conversation, "go")
        answers = [json.loads(_read(conversation)) for conversation in chosen]
        return Answers(
            [answer.get("done") for answer in answers],
            [answer.get("refused") for answer in answers],
        )

    return fighting


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    """The people of the play."""
    return Cast(app, session)


def _write(conversation: TextIO, line: str) -> None:
    conversation.write(f"{line}\n")
    conversation.flush()


def _read(conversation: TextIO) -> str:
    return conversation.readline().strip()
