"""Collecting the facts that the doctor judges. Reads only; writes nothing but a passing file."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from stat import S_IMODE

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.accounts.rules import AddressKind
from exchange.accounts.sealing import open_address
from exchange.admin import doctor
from exchange.admin.audit_examination import audit_findings
from exchange.admin.configuration import judge_demonstration, judge_settings
from exchange.admin.doctor import Finding, trouble, well
from exchange.admin.ledger_examination import ledger_findings
from exchange.geography.loading import shipped_divisions
from exchange.geography.models import Division
from exchange.jobs.models import OutboxJob
from exchange.jobs.registry import Run
from exchange.jobs.service import lag, put_off
from exchange.kernel.actor import SYSTEM
from exchange.kernel.clock import FrozenClock, civil_date
from exchange.kernel.database import is_sqlite
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.secret_box import UnreadableSecret
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.facts import is_open_on
from exchange.matching.fingerprint import engine_name
from exchange.matching.models import Embedding, Suggestion
from exchange.notifications.undelivered.queries import count_undelivered, overdue
from exchange.search.encoder import UsemEncoder
from exchange.search.jobs import expected
from exchange.search.port import FindsMeanings
from exchange.search.wiring import engine_name as index_engine
from exchange.search.wiring import search_index

LATE = timedelta(minutes=15)  # of a message that is due
Check = Callable[["Site"], list[Finding]]


@dataclass(frozen=True)
class Site:
    """What is examined: how to read it, and what this version of the program expects of it."""

    run: Run
    migration_heads: frozenset[str]
    secure_cookies: bool

    @property
    def session(self) -> Session:
        return self.run.read()

    @property
    def now(self) -> datetime:
        return self.run.house.clock.now()

    @property
    def today(self) -> date:
        return civil_date(self.now, self.run.house.settings.time_zone)


def examine(site: Site) -> Iterator[Finding]:
    """Every finding, in the order in which troubles should be mended. Raises nothing."""
    settings = site.run.house.settings
    yield from judge_settings(settings, secure_cookies=site.secure_cookies)
    yield from folder(site)
    reachable = database(site)
    yield reachable
    if reachable.grade is doctor.Grade.OK:
        yield from _each(site, (files, migrations))
    if reachable.grade is doctor.Grade.OK and _has_tables(site):
        yield from _each(site, (demonstration, keys, divisions, index, worker))
        yield from _each(site, (messages, suggestions, clock, audit, ledgers))
    name = settings.encoder
    yield doctor.judge_encoder(name, limited=UsemEncoder.is_limited())


def _has_tables(site: Site) -> bool:
    try:
        return sa.inspect(site.session.connection()).has_table(Listing.__tablename__)
    except SQLAlchemyError:
        return False


def _each(site: Site, checks: tuple[Check, ...]) -> Iterator[Finding]:
    for check in checks:
        try:
            yield from check(site)
        except SQLAlchemyError as error:
            name = check.__name__.replace("index", "search index")
            said = f"The database could not answer ({type(error).__name__})."
            yield trouble(name, said, "Mend what stands above first.")


def database(site: Site) -> Finding:
    """Whether the database answers. A missing SQLite file is not made by looking."""
    advice = "Check EXCHANGE_DATABASE_URL and whether the database server runs."
    try:
        url = site.session.get_bind().engine.url
        path = url.database if url.get_backend_name() == "sqlite" else None
        if path and path != ":memory:" and not Path(path).exists():
            advice = f"Check EXCHANGE_DATA_DIR, or {doctor.COMMAND} prepare"
            return trouble("database", "There is no database file.", advice)
        site.session.execute(sa.text("SELECT 1"))
    except SQLAlchemyError as error:
        said = f"The database does not answer ({type(error).__name__})."
        return trouble("database", said, advice)
    return well("database", f"The database answers ({url.get_backend_name()}).")


def files(site: Site) -> list[Finding]:
    """Of SQLite alone: the file, its journal, its references."""
    if not is_sqlite(site.session):
        return []

    def ask(pragma: str) -> list[str]:
        rows = site.session.execute(sa.text(f"PRAGMA {pragma}")).all()
        return [str(row[0]) for row in rows]

    try:
        complaints = tuple(line for line in ask("quick_check") if line != "ok")
        broken = len(ask("foreign_key_check"))
    except SQLAlchemyError as error:
        complaints, broken = (str(getattr(error, "orig", error)),), 0
    return doctor.judge_file(doctor.FileFacts(complaints, ask("journal_mode")[0], broken))


def migrations(site: Site) -> list[Finding]:
    """Whether the tables are at the newest revision."""
    present = MigrationContext.configure(site.session.connection()).get_current_heads()
    return [doctor.judge_migrations(frozenset(present), site.migration_heads)]


def demonstration(site: Site) -> list[Finding]:
    """Accounts that anybody could use."""
    query = sa.select(sa.func.count(Person.id)).where(
        Person.is_demonstration.is_(True), Person.closed_at.is_(None)
    )
    accounts = site.session.scalar(query) or 0
    return [judge_demonstration(accounts, site.run.house.settings.env)]


def keys(site: Site) -> list[Finding]:
    """Whether the keys open what is stored, tried on the first and the last number."""
    query = sa.select(Person).where(Person.phone_sealed.is_not(None))
    session = site.session
    first = session.scalars(query.order_by(Person.id).limit(1)).first()
    last = session.scalars(query.order_by(Person.id.desc()).limit(1)).first()
    try:
        for person in filter(None, (first, last)):
            open_address(site.run.house.secrets, person, AddressKind.PHONE)
    except UnreadableSecret:
        advice = "Set the EXCHANGE_ENCRYPTION_KEYS that belong to this database."
        return [trouble("keys", "The keys do not open the stored phone numbers.", advice)]
    return [well("keys", "The keys open the stored phone numbers." if first else "No number yet.")]


def divisions(site: Site) -> list[Finding]:
    """How many of the shipped places are there."""
    present = site.session.scalar(sa.select(sa.func.count(Division.code))) or 0
    return [doctor.judge_divisions(present, sum(shipped_divisions().counts.values()))]


def index(site: Site) -> list[Finding]:
    """The search index against the database."""
    try:
        health = search_index(site.run.house).check()
    except ConfigurationError as error:
        advice = "Mend EXCHANGE_SEARCH_URL, or install what it names."
        return [trouble("search index", f"{error}.", advice)]
    wanted = expected(site.run)
    waiting, _, _ = lag(site.session, site.now)
    facts = doctor.IndexFacts(
        health.problems, health.documents, health.high_water,
        wanted.documents, wanted.high_water, waiting,
        index_engine(site.run.house.settings),
    )  # fmt: skip
    findings = [doctor.judge_index(facts)]
    engine = search_index(site.run.house)
    if health.ok and isinstance(engine, FindsMeanings):
        findings.append(doctor.judge_meanings(has_index=engine.has_meaning_index()))
    return findings


def worker(site: Site) -> list[Finding]:
    """Whether background work is done in time."""
    waiting, oldest, failed = lag(site.session, site.now)
    names = sa.select(OutboxJob.name).where(OutboxJob.failed_at.is_not(None)).distinct()
    found = tuple(sorted(site.session.scalars(names)))
    later = put_off(site.session, site.now)
    return doctor.judge_worker(waiting, oldest, failed, found, later)


def suggestions(site: Site) -> list[Finding]:
    """Whether what is open has been compared."""
    session, engine = site.session, engine_name(site.run.house, site.session)
    is_open = is_open_on(site.today)

    def count(*conditions: sa.ColumnElement[bool]) -> int:
        return session.scalar(sa.select(sa.func.count(Listing.id)).where(is_open, *conditions)) or 0

    of_pairs = sa.select(sa.func.count(Suggestion.id))
    read = sa.exists().where(Embedding.listing_id == Listing.id)
    facts = doctor.SuggestionFacts(
        needs=count(Listing.side == Side.NEED),
        offers=count(Listing.side == Side.OFFER),
        unread=count(~read),
        suggestions=session.scalar(of_pairs) or 0,
        outdated=session.scalar(of_pairs.where(Suggestion.engine != engine)) or 0,
        jobs_waiting=lag(session, site.now)[0],
    )
    return [doctor.judge_suggestions(facts)]


def messages(site: Site) -> list[Finding]:
    """Whether messages to people go out."""
    lost = count_undelivered(site.session, SYSTEM)
    late = overdue(site.session, site.now - LATE)
    return [doctor.judge_messages(lost, late)]


def clock(site: Site) -> list[Finding]:
    """The clock against the newest row, and against that of a database server."""
    if isinstance(site.run.house.clock, FrozenClock):
        return []
    newest = site.session.scalar(sa.select(sa.func.max(Listing.updated_at)))
    server = None
    if not is_sqlite(site.session):
        server = site.session.scalar(sa.select(sa.func.clock_timestamp(type_=sa.DateTime(True))))
    return [doctor.judge_clock(site.now, newest, server.astimezone(UTC) if server else None)]


def audit(site: Site) -> list[Finding]:
    """The audit trail and its chain."""
    return audit_findings(site.run)


def ledgers(site: Site) -> list[Finding]:
    """The open accounts of projects, entry by entry."""
    return ledger_findings(site.session)


def folder(site: Site) -> list[Finding]:
    """The data folder and the disk it is on."""
    path = site.run.house.settings.data_dir
    production = site.run.house.settings.is_production
    if not path.is_dir():
        facts = doctor.FolderFacts(False, False, 0, None)
        return doctor.judge_folder(facts, production=production)
    kept = path / "secrets.json"
    facts = doctor.FolderFacts(
        is_folder=True,
        is_writable=_takes_files(path),
        mode=S_IMODE(path.stat().st_mode),
        secrets_mode=S_IMODE(kept.stat().st_mode) if kept.exists() else None,
    )
    space = doctor.judge_space(shutil.disk_usage(path).free)
    return [*doctor.judge_folder(facts, production=production), space]


def _takes_files(path: Path) -> bool:
    try:
        descriptor, name = tempfile.mkstemp(dir=path, prefix="doctor-")
    except OSError:
        return False
    os.close(descriptor)
    Path(name).unlink()
    return True
