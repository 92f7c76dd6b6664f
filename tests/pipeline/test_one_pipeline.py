"""What a running site tells programs is what the evaluation measures, pair by pair.

Always for a third of the set, drawn by the seed; EXCHANGE_TEST_FULL=1 posts all of it.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.jobs.models import OutboxJob
from exchange.matching.evaluation.evaluating import GradedSet, read_graded_set
from tests.conftest import IS_FULL, SEED_VARIABLE
from tests.running_site import PATIENCE, ROOT, RunningSite, environment, eventually

pytestmark = pytest.mark.processes
SET = Path(__file__).parent.parent / "data" / "matching-dev"
SETTINGS = {"EXCHANGE_ENV": "development", "EXCHANGE_NOW": "2026-11-22T08:00:00+00:00"}
PHONE = "13900000001"
SHARE = 3
NEEDS_LICENCE = ("funds.loan", "funds.insurance")
Ranked = dict[str, list[tuple[str, float]]]


@dataclass(frozen=True)
class Operator:
    """Whoever runs the site: gives commands, and looks into its database."""

    folder: Path

    def say(self, *words: str) -> str:
        """Run a command; return what it printed."""
        return self.begin(*words)()

    def begin(self, *words: str) -> Callable[[], str]:
        """Start a command; calling what this returns waits for what it printed."""
        started = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "exchange", *words],
            cwd=ROOT, env=environment(self.folder, **SETTINGS), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

        def finish() -> str:
            printed, complaints = started.communicate(timeout=PATIENCE)
            assert started.returncode == 0, printed + complaints
            return printed.strip()

        return finish

    def jobs(self, *conditions: sa.ColumnElement[bool]) -> list[str]:
        """The names of the jobs in the outbox."""
        engine = sa.create_engine(f"sqlite:///{self.folder / 'exchange.db'}")
        with closing(engine.connect()) as connection:
            found = list(connection.scalars(sa.select(OutboxJob.name).where(*conditions)))
        engine.dispose()
        return found


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """The folder of the set of needs and offers, or of what is drawn from it."""
    if IS_FULL:
        return SET
    choice = random.Random(os.environ[SEED_VARIABLE])
    folder = tmp_path / "set"
    shutil.copytree(SET, folder)
    for name in ("needs.jsonl", "offers.jsonl"):
        lines = (SET / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = choice.sample(lines, len(lines) // SHARE)
        (folder / name).write_text("".join(kept), encoding="utf-8")
    return folder


@contextmanager
def running_site(folder: Path) -> Iterator[RunningSite]:
    """A site without demonstration data."""
    running = RunningSite(folder, **SETTINGS)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()


def token_for_all(operator: Operator, graded: GradedSet) -> str:
    """A token of one person who is a member of every organisation of the set."""
    owners = [row["id"] for row in graded.organisations]
    operator.say("import", str(SET / "organisations.jsonl"), "--verified")
    operator.say("create-user", "--name", "罗小满", "--address", PHONE, "--division", "520422")
    named = [word for owner in owners for word in ("--organisation", owner)]
    operator.say("add-member", "--person", PHONE, *named)
    return operator.say(
        "token", "create", "--person", PHONE, "--organisation", owners[0], "--name", "the set"
    )


def ask(site: RunningSite, token: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """GET, or POST a body; return the answer's JSON."""
    request = urllib.request.Request(  # noqa: S310 - our own site
        f"{site.address}/api/v1{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own site
        return json.load(answer)


def posted(site: RunningSite, token: str, graded: GradedSet) -> dict[str, str]:
    """Post every row as it stands; return the site's id of each."""
    ids = {}
    for row in (*graded.needs, *graded.offers):
        licence = {"licence": "evaluation"} if row["category"] in NEEDS_LICENCE else {}
        made = ask(site, token, "/listings", row | licence)
        assert made["state"] in ("published", "expired"), row
        ids[row["id"]] = made["id"]
    return ids


def told(site: RunningSite, token: str, ids: dict[str, str], graded: GradedSet) -> Ranked:
    """What the API suggests for each need."""
    found = {}
    for row in graded.needs:
        items = ask(site, token, f"/listings/{ids[row['id']]}/suggestions?limit=20")["items"]
        found[row["id"]] = [
            (item["listing"]["external_id"], round(item["score"], 6)) for item in items
        ]
    return {need: pairs for need, pairs in found.items() if pairs}


def measured(pairs: Path) -> Ranked:
    """The ranked pairs in a file that ``matching evaluate`` has written."""
    found: Ranked = {}
    for line in pairs.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        found.setdefault(pair["need"], []).append((pair["offer"], round(pair["score"], 6)))
    return found


def test_a_running_site_suggests_what_the_evaluation_measures(
    tmp_path: Path, drawn: Path
) -> None:
    graded, pairs = read_graded_set(drawn), tmp_path / "pairs.jsonl"
    apart = Operator(tmp_path / "evaluation")
    evaluated = apart.begin("matching", "evaluate", str(drawn), "--json", "--pairs", str(pairs))
    with running_site(tmp_path / "site") as site:
        operator = Operator(site.folder)
        token = token_for_all(operator, graded)
        ids = posted(site, token, graded)
        eventually(lambda: operator.jobs(OutboxJob.failed_at.is_(None)) == [], "all jobs have run")
        assert operator.jobs() == []
        found = told(site, token, ids, graded)
    evaluated()
    expected = measured(pairs)
    assert found == expected
    assert sum(map(len, expected.values())) > (200 if IS_FULL else 10)
