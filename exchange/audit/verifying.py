"""Verifying the chain against what stands in the tables, in pages, so that memory stays flat.

Found are entries that were altered, removed, put in or reordered, a chain that was cut off (against
the heads that left the database), entries that wait too long, and keys of people that were
exchanged or taken away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.chain_rules import (
    NOTHING_BEFORE,
    OLD_BACKLOG,
    BatchFacts,
    batch_hash,
    entry_digest,
)
from exchange.audit.data_keys import open_key
from exchange.audit.events import DataKeyDestroyed
from exchange.audit.heads import ExportedHead, exported_heads
from exchange.audit.models import (
    AuditBatch,
    AuditConcern,
    AuditEntry,
    AuditSeal,
    AuditWaiting,
    PersonDataKey,
)
from exchange.audit.sealing import oldest_waiting, stored
from exchange.jobs.registry import Run
from exchange.kernel.secret_box import UnreadableSecret

PAGE = 1_000
MOST_NAMED = 20  # of one kind of trouble


class Trouble(StrEnum):
    """What can be wrong; the values stand in the output of the command."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    SEALS = "seals"
    BATCH = "batch"
    CUT_OFF = "cut off"
    HEAD_UNREADABLE = "head unreadable"
    BACKLOG = "backlog"
    KEY = "key"


@dataclass(frozen=True)
class Problem:
    """One trouble, in a sentence with ids."""

    trouble: Trouble
    sentence: str


@dataclass
class Verified:
    """What was gone through."""

    batches: int = 0
    entries: int = 0
    waiting: int = 0
    heads: int = 0
    owners: set[int] = field(default_factory=set)
    last_hash: str = NOTHING_BEFORE


def verify(run: Run, first: int = 1, told: Verified | None = None) -> Iterator[Problem]:
    """Every trouble of the chain from a batch on, and of what stands around it.

    ``told`` is filled with counts. From a batch after the first, older entries and the keys of
    people are left out, and the hash before it is believed.
    """
    seen = told if told is not None else Verified()
    yield from _chain(run, max(first, 1), seen)
    yield from _loose(run, seen)
    yield from _against_heads(run, exported_heads(run.house.settings), seen)
    if first <= 1:
        yield from _keys(run, seen)


def _chain(run: Run, first: int, seen: Verified) -> Iterator[Problem]:
    """Batch after batch: its number, what it follows, its seals and entries."""
    number = first - 1
    if number:
        before = run.read().get(AuditBatch, number)
        seen.last_hash = before.hash if before else ""
    while True:
        query = sa.select(AuditBatch).where(AuditBatch.id > number)
        batch = run.read().scalars(query.order_by(AuditBatch.id).limit(1)).first()
        if batch is None:
            return
        facts = BatchFacts(
            batch.id, batch.previous_hash, batch.first_id, batch.last_id, batch.count,
            batch.sealed_at,
        )  # fmt: skip
        kept_hash = batch.hash
        if facts.number != number + 1:
            missing = f"{number + 1}" if facts.number == number + 2 else f"{number + 1} and more"
            yield Problem(Trouble.BATCH, f"batch {missing} is missing")
        if facts.previous_hash != seen.last_hash:
            yield Problem(Trouble.BATCH, f"batch {facts.number} does not follow the one before")
        yield from _batch(run, facts, kept_hash, seen)
        seen.batches += 1
        seen.last_hash, number = kept_hash, facts.number


def _batch(run: Run, facts: BatchFacts, kept_hash: str, seen: Verified) -> Iterator[Problem]:
    session = run.read()
    query = sa.select(AuditSeal.entry_id, AuditSeal.position, AuditSeal.digest)
    of_batch = query.where(AuditSeal.batch_id == facts.number).order_by(AuditSeal.position)
    seals = session.execute(of_batch).all()
    if [seal.position for seal in seals] != list(range(facts.count)):
        said = f"batch {facts.number} counts {facts.count} entries and has {len(seals)} seals"
        yield Problem(Trouble.SEALS, said)
    if batch_hash(facts, [seal.digest for seal in seals]) != kept_hash:
        yield Problem(Trouble.BATCH, f"batch {facts.number} or its seals were altered")
    for start in range(0, len(seals), PAGE):
        page = seals[start : start + PAGE]
        digests = {}
        for row, concerns in stored(session, [seal.entry_id for seal in page]):
            digests[row["id"]] = entry_digest(row, concerns)
            seen.owners.update(change["of"] for change in row["changes"] if "of" in change)
        for seal in page:
            digest = digests.get(seal.entry_id)
            if digest is None:
                yield Problem(Trouble.REMOVED, f"entry {seal.entry_id} is gone")
            elif digest != seal.digest:
                yield Problem(Trouble.ALTERED, f"entry {seal.entry_id} is not what was sealed")
        seen.entries += len(page)


def _loose(run: Run, seen: Verified) -> Iterator[Problem]:
    """What belongs to no batch: entries that wait, and what nobody has written."""
    session = run.read()
    is_sealed = sa.select(AuditSeal.entry_id).where(AuditSeal.entry_id == AuditEntry.id).exists()
    waits = sa.select(AuditWaiting.entry_id).where(AuditWaiting.entry_id == AuditEntry.id).exists()
    yield from _named(
        session, sa.select(AuditEntry.id).where(~is_sealed, ~waits), Trouble.INSERTED,
        "entry {} has no seal and does not wait for one",
    )  # fmt: skip
    for model, column, sentence in (
        (AuditWaiting, AuditWaiting.entry_id, "entry {} waited for its seal and is gone"),
        (AuditConcern, AuditConcern.entry_id, "whom entry {} concerns is there, the entry is not"),
    ):
        is_there = sa.select(AuditEntry.id).where(AuditEntry.id == column).exists()
        query = sa.select(column).select_from(model).where(~is_there).distinct()
        yield from _named(session, query, Trouble.REMOVED, sentence)
    has_batch = sa.select(AuditBatch.id).where(AuditBatch.id == AuditSeal.batch_id).exists()
    yield from _named(
        session, sa.select(AuditSeal.entry_id).where(~has_batch), Trouble.SEALS,
        "the seal of entry {} names a batch that is not there",
    )  # fmt: skip
    seen.waiting, since = oldest_waiting(session)
    if since is not None and run.house.clock.now() - since > OLD_BACKLOG:
        said = f"{seen.waiting} entries wait for their seal, the oldest since {since.isoformat()}"
        yield Problem(Trouble.BACKLOG, said)


def _named(
    session: Session, query: sa.Select[int], trouble: Trouble, sentence: str
) -> Iterator[Problem]:
    for key in session.scalars(query.limit(MOST_NAMED)):
        yield Problem(trouble, sentence.format(key))


def _against_heads(
    run: Run, heads: Iterable[ExportedHead], seen: Verified
) -> Iterator[Problem]:
    """Every head that left the database must still stand in the chain."""
    entries, counted = 0, 0
    for exported in heads:
        seen.heads += 1
        head = exported.head
        if head is None:
            yield Problem(Trouble.HEAD_UNREADABLE, f"{exported.name} cannot be read")
            continue
        session = run.read()
        batch = session.get(AuditBatch, head.number)
        between = AuditBatch.id.between(counted + 1, head.number)
        if head.number >= counted:
            query = sa.select(sa.func.coalesce(sa.func.sum(AuditBatch.count), 0)).where(between)
            entries, counted = entries + (session.scalar(query) or 0), head.number
        if batch is None:
            said = f"the chain is cut off: batch {head.number} of {exported.name} is gone"
            yield Problem(Trouble.CUT_OFF, said)
        elif batch.hash != head.hash:
            said = f"batch {head.number} is another one than in {exported.name}"
            yield Problem(Trouble.CUT_OFF, said)
        elif head.number == counted and entries != head.entries:
            said = f"{entries} entries up to batch {head.number}, {head.entries} in {exported.name}"
            yield Problem(Trouble.CUT_OFF, said)


def _keys(run: Run, seen: Verified) -> Iterator[Problem]:
    """Keys of people: each opens, none is gone without a destruction on record."""
    destroyed = _destroyed()
    query = sa.select(PersonDataKey, destroyed.c.at).outerjoin(
        destroyed, destroyed.c.person_id == PersonDataKey.person_id
    )
    person_id, owners = 0, seen.owners
    while True:
        page = query.where(PersonDataKey.person_id > person_id)
        rows = run.read().execute(page.order_by(PersonDataKey.person_id).limit(PAGE)).all()
        for key, destroyed_at in rows:
            person_id = key.person_id
            owners.discard(person_id)
            said = _key_trouble(run, key, destroyed_at)
            if said:
                yield Problem(Trouble.KEY, f"the key of person {person_id} {said}")
        if len(rows) < PAGE:
            break
    for gone in sorted(owners)[:MOST_NAMED]:
        yield Problem(Trouble.KEY, f"the key of person {gone} is gone, and nobody destroyed it")


def _key_trouble(run: Run, row: PersonDataKey, destroyed_at: datetime | None) -> str:
    if row.destroyed_at != destroyed_at:
        return "says another moment of its destruction than the trail"
    if row.destroyed_at is not None:
        is_so = row.sealed_key is None and row.created_at == row.destroyed_at
        return "" if is_so else "was destroyed and is changed"
    if row.sealed_key is None:
        return "is gone, and nobody destroyed it"
    try:
        open_key(run.house.secrets, row.person_id, row.sealed_key, row.created_at)
    except UnreadableSecret:
        return "does not open with the keys of the house"
    return ""


def _destroyed() -> sa.Subquery:
    """When the trail says that the keys of people were destroyed."""
    query = (
        sa.select(AuditConcern.person_id, sa.func.min(AuditEntry.at).label("at"))
        .join(AuditEntry, AuditEntry.id == AuditConcern.entry_id)
        .where(AuditEntry.event == DataKeyDestroyed.__name__, AuditConcern.person_id.is_not(None))
        .group_by(AuditConcern.person_id)
    )
    return query.subquery()
