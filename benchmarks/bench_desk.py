"""How long the day of a social worker with 500 open items takes on the server.

A small site is made in a folder that goes away: one village committee that asks, one firm that
gives, one worker. So many of each kind of item are put into the database (pairs taken up, asked and
silent, answered, due, disputed, resting, followed up, needs in hand), with suggestions, listings
that end soon and needs in nobody's hands beside them. Then the page is asked for, one time after
the other, in one process. PostgreSQL where EXCHANGE_TEST_DATABASE names it
(``scripts/with_postgres.py``), else SQLite. ``--write`` appends to docs/benchmarks.md.
"""

import argparse
import gc
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.reporting import machine, p50_and_p95, report, section, table
from exchange import create_app
from exchange.accounts.kinds import MembershipState, OrganisationKind, PointLevel, Verification
from exchange.accounts.models import (
    Assignment,
    Membership,
    Organisation,
    Person,
    ServicePoint,
    ServicePointDivision,
)
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.deeds.kinds import ChangeState, FollowUpKind, FollowUpState
from exchange.brokering.deeds.models import CommitmentChange, FollowUp
from exchange.brokering.kinds import Answer, MatchState
from exchange.brokering.models import Commitment, Match, MatchSide
from exchange.geography.loading import load_divisions
from exchange.kernel.actor import Duty, Role
from exchange.kernel.clock import civil_date
from exchange.kernel.database import WRITES, db, new_public_id
from exchange.kernel.settings import Settings, new_key
from exchange.listings.kinds import Door, Side, State, Visibility
from exchange.listings.models import Listing, ListingCoverage
from exchange.matching.models import Suggestion
from exchange.taxonomy.terms import Terms

VILLAGE, COUNTY, PROVINCE = "520422102243", "520422", "52"
WORKER = 1
VISITS = 30
AIM = 300  # ms


@dataclass(frozen=True)
class Kind:
    """One way for a match to wait."""

    state: MatchState
    need: Answer = Answer.ACCEPTED
    offer: Answer = Answer.ACCEPTED
    rested_days: int = 0
    remind_days: int = 5
    due_days: int | None = None
    change: bool = False
    follow_up: bool = False


KINDS = (
    Kind(MatchState.CLAIMED, Answer.PENDING, Answer.PENDING),
    Kind(MatchState.CLAIMED, Answer.PENDING, Answer.PENDING, rested_days=9),
    Kind(MatchState.PROPOSED, Answer.PENDING, Answer.PENDING, remind_days=-1),
    Kind(MatchState.PROPOSED, Answer.ACCEPTED, Answer.PENDING),
    Kind(MatchState.INTRODUCED),
    Kind(MatchState.AGREED, due_days=1),
    Kind(MatchState.DELIVERING, due_days=-4),
    Kind(MatchState.AGREED, due_days=60, change=True),
    Kind(MatchState.COMPLETED, follow_up=True),
)


@contextmanager
def site(database: str) -> Iterator[Flask]:
    """A site of its own, empty."""
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        settings = Settings(
            data_dir=Path(folder), secret_key=new_key(), encryption_keys=f"k1:{new_key()}",
            lookup_key=new_key(), log_level="ERROR", database_url=database, encoder="hash",
        )  # fmt: skip
        app = create_app(settings)
        with app.app_context():
            db.metadata.drop_all(db.engine)
            db.metadata.create_all(db.engine)
            yield app
            db.session.remove()
            db.engine.dispose()


class Filling:
    """Puts rows into the site: everything is the worker's, and everything is open."""

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, civil_date(now)
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.listings = self.matches = 0

    def add(self, model: Any, **values: Any) -> None:
        """One row."""
        self.rows.setdefault(model, []).append(values)

    def people(self) -> None:
        """The worker with their station, the village and the firm."""
        kinds = (
            OrganisationKind.SOCIAL_WORK_STATION, OrganisationKind.VILLAGE_COMMITTEE,
            OrganisationKind.AGRI_ENTERPRISE,
        )  # fmt: skip
        for number, kind in enumerate(kinds, start=WORKER):
            self.add(
                Organisation, id=number, public_id=new_public_id(), kind=kind,
                name_zh=f"单位{number}",
                division_code=VILLAGE, verification=Verification.VERIFIED, created_at=self.now,
                updated_at=self.now,
            )  # fmt: skip
            self.add(
                Person, id=number, public_id=new_public_id(), name=f"某人{number}",
                password_hash="x" if number != 3 else None, created_at=self.now,
            )  # fmt: skip
            self.add(
                Membership, id=number, person_id=number, organisation_id=number, role=Role.MANAGER,
                state=MembershipState.ACTIVE, created_at=self.now,
            )  # fmt: skip
        self.add(
            ServicePoint, id=1, public_id=new_public_id(), level=PointLevel.STATION,
            name_zh="普定站",
            organisation_id=WORKER, created_at=self.now,
        )  # fmt: skip
        self.add(ServicePointDivision, service_point_id=1, prefix=COUNTY)
        self.add(
            Assignment, id=1, person_id=WORKER, service_point_id=1, duty=Duty.BROKER,
            created_at=self.now,
        )  # fmt: skip

    def listing(self, side: Side, days: int = 90) -> int:
        """A listing that lasts for so many days."""
        self.listings += 1
        owner = 2 if side is Side.NEED else 3
        self.add(
            Listing, id=self.listings, public_id=new_public_id(), organisation_id=owner,
            author_id=owner, door=Door.OFFER if side is Side.OFFER else Door.HELP, side=side,
            state=State.PUBLISHED, visibility=Visibility.PUBLIC,
            title=f"{'要' if side is Side.NEED else '出'}微耕机 {self.listings}", text="春耕要用。",
            category_code="equipment.machinery", division_code=VILLAGE, quantity_milli=100_000,
            unit="台", terms=Terms.FREE, to_date=self.today + timedelta(days=days),
            beneficiaries=["general"], created_at=self.now, updated_at=self.now,
            published_at=self.now - timedelta(days=3),
        )  # fmt: skip
        if side is Side.OFFER:
            self.add(ListingCoverage, listing_id=self.listings, prefix=PROVINCE)
        return self.listings

    def match(self, kind: Kind) -> None:
        """A match of the worker that waits in this way."""
        need, offer = self.listing(Side.NEED), self.listing(Side.OFFER)
        self.matches += 1
        touched = self.now - timedelta(days=kind.rested_days, minutes=self.matches)
        self.add(
            Match, id=self.matches, public_id=new_public_id(), need_id=need, offer_id=offer,
            state=kind.state, broker_id=WORKER, service_point_id=1, created_at=touched,
            updated_at=touched, proposed_at=touched, introduced_at=touched,
            remind_at=self.now + timedelta(days=kind.remind_days),
            lapses_at=self.now + timedelta(days=kind.remind_days + 3),
        )  # fmt: skip
        for side, owner, answer in ((Side.NEED, 2, kind.need), (Side.OFFER, 3, kind.offer)):
            self.add(
                MatchSide, match_id=self.matches, side=side, organisation_id=owner, answer=answer
            )
        if kind.due_days is not None:
            self.add(
                Commitment, id=self.matches, public_id=new_public_id(), match_id=self.matches,
                taken_milli=5_000, covers_milli=5_000, made_by_id=WORKER, made_at=touched,
                due_on=self.today + timedelta(days=kind.due_days),
            )  # fmt: skip
        if kind.change:
            self._change(touched)
        if kind.follow_up:
            self.add(
                FollowUp, match_id=self.matches, kind=FollowUpKind.WEEK, due_on=self.today,
                state=FollowUpState.OPEN,
            )  # fmt: skip

    def _change(self, touched: datetime) -> None:
        self.add(
            CommitmentChange, public_id=new_public_id(), match_id=self.matches,
            commitment_id=self.matches, taken_milli=1_000, covers_milli=1_000,
            former_taken_milli=5_000, former_covers_milli=5_000, proposed_by_id=WORKER,
            drops_rest=False, proposed_at=touched, state=ChangeState.OPEN,
            need_answer=Answer.PENDING,
            offer_answer=Answer.PENDING,
        )  # fmt: skip

    def items(self, count: int) -> None:
        """So many open items of the worker, nine parts matches and one part needs in hand; as many
        suggestions beside them, a tenth as many that end soon.
        """
        for number in range(count - count // 10):
            self.match(KINDS[number % len(KINDS)])
        for _ in range(count // 10):
            need = self.listing(Side.NEED)
            self.add(NeedAssignment, need_id=need, person_id=WORKER, assigned_at=self.now)
            self.listing(Side.NEED, days=4)
        offers = [self.listing(Side.OFFER) for _ in range(10)]
        for number in range(count):
            need = self.listing(Side.NEED)
            self.add(
                Suggestion, need_id=need, offer_id=offers[number % len(offers)],
                score_micro=900_000 - 100 * number, engine="drawn", computed_at=self.now,
                reasons=[{"code": "same_category", "params": {}, "contribution": 1.0}],
            )  # fmt: skip

    def write(self) -> None:
        """All rows, in the order in which they refer to each other."""
        order = {one.name: number for number, one in enumerate(db.metadata.sorted_tables)}
        with db.engine.connect().execution_options(**{WRITES: True}) as connection:
            load_divisions(connection, only_prefixes=(PROVINCE,))
            for model, rows in sorted(
                self.rows.items(), key=lambda pair: order[pair[0].__tablename__]
            ):
                connection.execute(sa.insert(model), rows)
            connection.commit()
            connection.exec_driver_sql("ANALYZE")  # as a site has it that is older than a minute
            connection.commit()


def visit(client: FlaskClient, address: str) -> tuple[float, float, int]:
    """Milliseconds, those of them on the processor here, and bytes of the page."""
    started, spent = time.perf_counter(), time.process_time()
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    took, used = time.perf_counter() - started, time.process_time() - spent
    return took * 1000, used * 1000, len(answer.data)


def measure(app: Flask, addresses: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each address so many times, once warm."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{WORKER}.0"
        session["_fresh"] = True
    for address in addresses:  # all warm, then frozen as the web server does before it forks
        visit(client, address)
    gc.collect()
    gc.freeze()
    for address in addresses:
        visit(client, address)
        statements = _count(client, address)
        found = [visit(client, address) for _ in range(VISITS)]
        middle, most = p50_and_p95([took for took, _used, _size in found])
        used, _most = p50_and_p95([used for _took, used, _size in found])
        kept = "yes" if most < AIM else "no"
        yield (
            address, f"{VISITS}", f"{middle:.0f}", f"{most:.0f}", kept, f"{used:.0f}",
            f"{statements}", f"{found[-1][2] / 1000:.0f}",
        )  # fmt: skip


def _count(client: FlaskClient, address: str) -> int:
    """How many statements the page sends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    visit(client, address)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, measure, print, and write when asked to."""
    parser = argparse.ArgumentParser(description="Measure a social worker's day.")
    parser.add_argument("--items", type=int, default=500, help="open items of the worker")
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    given = parser.parse_args(arguments)
    database = os.environ.get("EXCHANGE_TEST_DATABASE", "")
    with site(database) as app:
        filling = Filling(datetime.now(UTC))
        filling.people()
        filling.items(given.items)
        filling.write()
        rows = list(measure(app, ("/today", "/today?only=to_ask")))
    about = (
        f"{given.items} open items of one worker, as many suggestions; aim: under {AIM} ms; "
        f"{machine()}; Python {platform.python_version()}, "
        f"{'PostgreSQL' if database else 'SQLite'}."
    )
    heads = ("page", "times", "p50 ms", "p95 ms", "within", "processor p50 ms", "statements", "KB")
    report(section("the day of a social worker", about, table(heads, rows)), write=given.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
