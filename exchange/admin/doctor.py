"""What the doctor says about a site: from facts to findings, by pure functions.

``examination`` collects the facts; ``configuration`` judges the settings. A finding is a plain
sentence and, unless all is well, what to do about it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SLOW, STUCK = 60.0, 600.0  # seconds that a due job may wait
LITTLE_SPACE, NO_SPACE = 1_000_000_000, 200_000_000  # bytes
SKEW, WRONG = timedelta(seconds=10), timedelta(minutes=5)
WHOOSH_HOLDS = 20_000  # documents
COMMAND = "flask --app wsgi exchange"


class Grade(StrEnum):
    """How it stands: well, to be looked at, or broken."""

    OK = "ok"
    ATTENTION = "attention"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Finding:
    """One check's answer. ``advice`` is empty when there is nothing to do."""

    check: str
    grade: Grade
    sentence: str
    advice: str = ""


def worst(findings: Iterable[Finding]) -> Grade:
    """The gravest grade; ok when there is none."""
    order = list(Grade)
    return max((found.grade for found in findings), key=order.index, default=Grade.OK)


def well(check: str, sentence: str) -> Finding:
    """Nothing to do."""
    return Finding(check, Grade.OK, sentence)


def attend(check: str, sentence: str, advice: str) -> Finding:
    """The site works, but somebody should look at this."""
    return Finding(check, Grade.ATTENTION, sentence, advice)


def trouble(check: str, sentence: str, advice: str) -> Finding:
    """Something that the site promises does not hold."""
    return Finding(check, Grade.TROUBLE, sentence, advice)


@dataclass(frozen=True)
class FileFacts:
    """What SQLite says of its file: complaints of quick_check, journal mode, broken references."""

    complaints: tuple[str, ...]
    journal: str
    broken_references: int


def judge_file(facts: FileFacts) -> list[Finding]:
    """Whether the SQLite file is whole, and set up so that readers and the writer get along."""
    restore = "Stop the site, keep a copy of the file, and restore the last backup."
    findings = [
        trouble("integrity", f"The database file is damaged: {facts.complaints[0]}.", restore)
        if facts.complaints
        else well("integrity", "The database file is whole.")
    ]
    if facts.journal != "wal":
        advice = "Put the data folder on a local disk: WAL needs one."
        said = f"The journal mode is {facts.journal or 'unknown'}, not wal."
        findings.append(trouble("journal", said, advice))
    else:
        findings.append(well("journal", "The journal mode is wal."))
    if facts.broken_references:
        said = f"{facts.broken_references} rows refer to rows that are not there."
        findings.append(trouble("references", said, restore))
    else:
        findings.append(well("references", "Every reference leads somewhere."))
    return findings


def judge_migrations(present: frozenset[str], wanted: frozenset[str]) -> Finding:
    """Whether the tables are those that this version of the program expects."""
    if present == wanted:
        return well("migrations", "The tables fit this version.")
    if present - wanted and not wanted <= present:
        said = "The tables are of a version that this program does not know."
        return trouble("migrations", said, "Run the newer program, or restore the older backup.")
    return trouble("migrations", "The tables are older than the program.", f"{COMMAND} prepare")


def judge_divisions(present: int, shipped: int) -> Finding:
    """Whether the places that come with the package are in the database."""
    advice = f"{COMMAND} prepare"
    if not present:
        return trouble("divisions", "No divisions are loaded: nobody can pick a place.", advice)
    if present < shipped:
        said = f"{present:,} of {shipped:,} shipped divisions are loaded."
        return attend("divisions", said, advice)
    return well("divisions", f"{present:,} divisions are loaded.")


@dataclass(frozen=True)
class IndexFacts:
    """What the index holds, and what it should hold by the database."""

    problems: tuple[str, ...]
    documents: int
    high_water: int
    expected_documents: int
    expected_high_water: int
    jobs_waiting: int
    engine: str = "whoosh"


def judge_index(facts: IndexFacts) -> Finding:
    """Whether what is published can be found."""
    advice = f"{COMMAND} reindex"
    if facts.problems == ("not_writable",):
        said = "The search index answers, but what is new cannot be written to it."
        advice = "Give its folder to the user who runs the site and make room; it heals by itself."
        return trouble("search index", said, advice)
    if facts.problems:
        said = f"The search index cannot be used ({', '.join(facts.problems)})."
        return trouble("search index", said, advice)
    holds = (facts.documents, facts.high_water)
    if holds == (facts.expected_documents, facts.expected_high_water):
        return _judge_engine(facts.engine, facts.documents)
    counts = f"The search index holds {facts.documents:,} of {facts.expected_documents:,} documents"
    if facts.jobs_waiting:
        wait = "Look again in a minute; the worker is on it."
        return attend("search index", f"{counts} or older versions; jobs are waiting.", wait)
    said = f"{counts} or older versions, and no job waits to change that."
    return trouble("search index", said, advice)


def _judge_engine(engine: str, documents: int) -> Finding:
    said = f"{documents:,} documents, as in the database."
    if engine == "whoosh" and documents > WHOOSH_HOLDS:
        advice = (
            'Install the optional extra "fast", set EXCHANGE_SEARCH_URL=tantivy: '
            f"and run {COMMAND} prepare"
        )
        return attend("search index", f"{said} Whoosh is slow with so many.", advice)
    return well("search index", said)


def judge_meanings(*, has_index: bool) -> Finding:
    """Whether PostgreSQL finds what is near in meaning on a large site, too."""
    if has_index:
        return well("meanings", "PostgreSQL finds the nearest in meaning by pgvector's index.")
    said = "PostgreSQL lacks pgvector: on a large site nothing is found by its meaning alone."
    advice = f"Install pgvector, let its administrator add it, then {COMMAND} reindex"
    return attend("meanings", said, advice)


def judge_worker(
    waiting: int,
    oldest_seconds: float,
    failed: int,
    failed_names: tuple[str, ...] = (),
    put_off: int = 0,
) -> list[Finding]:
    """Whether background work is done in time, and whether any was put off or given up."""
    said = f"{waiting:,} jobs are due, the oldest for {oldest_seconds:,.0f} s."
    if oldest_seconds > STUCK:
        advice = "See whether the worker runs; the log says why it stopped."
        findings = [trouble("worker", said, advice)]
    elif oldest_seconds > SLOW:
        findings = [attend("worker", said, "Look again in some minutes.")]
    else:
        findings = [well("worker", said if waiting else "No job is waiting.")]
    if put_off:
        advice = "The log has the reason, such as a mail server that does not answer."
        said = f"{put_off:,} jobs failed and are tried again later."
        findings.append(attend("jobs put off", said, advice))
    if failed:
        which = ", ".join(failed_names)
        advice = f"The log has the reason; mend it, then {COMMAND} jobs retry"
        findings.append(trouble("failed jobs", f"{failed:,} jobs were given up ({which}).", advice))
    return findings


def judge_messages(undelivered: int, overdue: int) -> Finding:
    """Whether messages to people go out. ``overdue`` ones have been due for a quarter of an hour.

    Those that were given up and not decided on since are ``undelivered``.
    """
    if overdue:
        said = f"{overdue:,} messages should have gone out and still wait."
        return attend("messages", said, "See whether the worker runs; the log says why it stopped.")
    if undelivered:
        said = f"{undelivered:,} messages could not be delivered."
        return attend("messages", said, "The page /undelivered has the reasons; try again or drop.")
    return well("messages", "No message was given up.")


def judge_encoder(name: str, *, limited: bool) -> Finding:
    """Whether meaning is compared, and without taking every core."""
    if name == "hash":
        said = "The encoder made for tests is in use: it knows no meaning."
        return attend("encoder", said, "Unset EXCHANGE_ENCODER.")
    if not limited:
        said = "The encoder is not held to one thread and will be slow under load."
        return trouble("encoder", said, "make install (it brings threadpoolctl).")
    return well("encoder", "The encoder keeps to one thread.")


@dataclass(frozen=True)
class SuggestionFacts:
    """Open listings of each side, those not read yet, and the suggestions there are."""

    needs: int
    offers: int
    unread: int
    suggestions: int
    outdated: int
    jobs_waiting: int = 0


def judge_suggestions(facts: SuggestionFacts) -> Finding:
    """Whether the open listings have been compared by the engine of today."""
    advice = f"{COMMAND} rematch"
    told = f"{facts.suggestions:,} suggestions, {facts.needs:,} needs, {facts.offers:,} offers open"
    if facts.needs and facts.offers and not facts.suggestions and not facts.jobs_waiting:
        return trouble("suggestions", f"There is no suggestion at all: {told}.", advice)
    if facts.unread:
        said = f"{facts.unread:,} open listings have not been compared yet: {told}."
        return attend("suggestions", said, f"Look again in a minute, else {advice}")
    if facts.outdated:
        said = f"{facts.outdated:,} suggestions were made by another version of the engine."
        return attend("suggestions", said, advice)
    return well("suggestions", f"{told}.")


def judge_space(free: int) -> Finding:
    """Whether the disk of the data folder has room. ``free`` in bytes."""
    said = f"{free / 1e9:,.1f} GB are free where the data folder is."
    if free < NO_SPACE:
        return trouble("disk space", said, "Make room now: writing will fail.")
    if free < LITTLE_SPACE:
        return attend("disk space", said, "Make room, or move the data folder.")
    return well("disk space", said)


@dataclass(frozen=True)
class FolderFacts:
    """The data folder: whether it is there and takes files, and its permission bits."""

    is_folder: bool
    is_writable: bool
    mode: int
    secrets_mode: int | None


def judge_folder(facts: FolderFacts, *, production: bool) -> list[Finding]:
    """Whether the site can write its data, and others cannot read it."""
    if not facts.is_folder:
        advice = f"Check EXCHANGE_DATA_DIR, then {COMMAND} prepare"
        return [trouble("data folder", "The data folder is not there.", advice)]
    if not facts.is_writable:
        advice = "Give the folder to the user who runs the site."
        return [trouble("data folder", "The data folder cannot be written.", advice)]
    findings = []
    if facts.secrets_mode is not None and facts.secrets_mode & 0o077:
        said = "Others on this machine can read secrets.json."
        findings.append(trouble("data folder", said, "chmod 600 secrets.json in the data folder."))
    if facts.secrets_mode is not None and production:
        said = "A demonstration's secrets.json lies in the data folder."
        advice = "Use a data folder that no demonstration ran in."
        findings.append(attend("data folder", said, advice))
    if production and facts.mode & 0o007:
        said = "Everybody on this machine can look into the data folder."
        findings.append(attend("data folder", said, "chmod 750 on the data folder."))
    return findings or [well("data folder", "The data folder is there and can be written.")]


def judge_clock(now: datetime, newest: datetime | None, server: datetime | None) -> Finding:
    """Whether the clock agrees with the newest row written, and with the database server's."""
    advice = "Set the clock, and keep it by NTP (timedatectl set-ntp true)."
    if newest is not None and newest > now + WRONG:
        said = f"The newest row is of {newest:%Y-%m-%d %H:%M} UTC, which is yet to come."
        return trouble("clock", said, advice)
    if server is not None and abs(server - now) > SKEW:
        off = abs(server - now)
        said = f"Clock and database server differ by {off.total_seconds():,.0f} s."
        return (trouble if off > WRONG else attend)("clock", said, advice)
    return well("clock", "The clock fits the rows in the database.")
