"""Keeping the index like the database: after each commit, after a loss, and from the ground up."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.jobs.service import bring_forward, enqueue, payloads_of, put_off_by
from exchange.kernel.act import Act
from exchange.search.meaning import forget_meaning, with_meaning
from exchange.search.port import (
    CountsTerms,
    IndexBusy,
    IndexUnavailable,
    SearchIndex,
    TidiesUp,
)
from exchange.search.sources import Census, Source, Subject, sources_of
from exchange.search.wiring import can_answer, only_rebuild, search_index

log = structlog.get_logger(__name__)
BATCH = 200
REBUILD_BATCH = 2_000
NIGHT = range(1, 5)  # hours
DAYTIME_REWRITE = 1_000  # documents: some three seconds
ANY_NUMBER = 10**9
INDEXING = "search.index"
# How far back a look at what changed reaches beyond the moment in question: acts commit some time
# after the moment they carry, and clocks of hosts differ.
MARGIN = timedelta(minutes=10)
# A disk may stay full over a week of holidays.
PATIENCE = timedelta(days=10)
FAILED = "search.rebuild_failed"  # when; in this process
PAUSE = timedelta(seconds=50)  # the next look of ``heal_job`` comes later
Progress = Callable[[int, int], None]


@job(INDEXING, batch=BATCH, lane=Lane.INDEX, patience=PATIENCE)
def index_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Bring these documents in line with the database; running it again changes nothing."""
    try:
        _write(run, payloads)
    except IndexUnavailable as error:
        reason = error.params.get("reason")
        if reason == "not_writable" or _failed_lately(run):
            raise  # the rows wait; ``heal_job`` sees to the index
        log.warning("index is built anew", reason=reason)
        rebuild(run)
    _bring_forward(run)


@job("search.statistics", every_minutes=60)
def statistics_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Have an engine that counts terms by the way count them anew, when many documents changed."""
    index = search_index(run.house)
    if isinstance(index, CountsTerms) and can_answer(run.house):
        index.refresh_statistics()


@job("search.tidy", every_minutes=5, lane=Lane.INDEX)
def tidy_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Join the parts that commits leave, the larger ones by night: new listings wait meanwhile."""
    index = search_index(run.house)
    if isinstance(index, TidiesUp):
        hour = run.house.clock.now().astimezone(ZoneInfo(run.house.settings.time_zone)).hour
        with suppress(IndexUnavailable, IndexBusy):
            index.tidy_up(ANY_NUMBER if hour in NIGHT else DAYTIME_REWRITE)


@job("search.heal", every_minutes=1, lane=Lane.INDEX)
def heal_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Build an index anew that is missing or damaged, though nobody has written since.

    Where that fails, the next look tries again. When all is well, one document that could not be
    written is tried, and the others follow it.
    """
    _heal(run, whole=False)


@job("search.examine", every_minutes=60, lane=Lane.INDEX)
def examine_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """As ``heal_job``, after a look at the whole index."""
    _heal(run, whole=True)


def request_indexing(act: Act, kind: str, id: int, key: str) -> None:  # noqa: A002 - the word of the payload
    """Have one document brought in line with the database after this act commits."""
    enqueue(act, index_job, {"kind": kind, "id": id, "key": key}, key=key)


def rebuild(run: Run, progress: Progress | None = None) -> int:
    """Build a fresh index beside the present one, then switch; returns how many documents it has.

    Searches are answered all the while. What changed meanwhile is written once more, by jobs.
    ``progress`` hears (documents done, documents in all). Raises IndexBusy when another
    rebuild runs, IndexUnavailable when the new index cannot be written.
    """
    try:
        return _rebuild(run, progress)
    except IndexUnavailable:
        run.house.resources[FAILED] = run.house.clock.now()
        raise


def _failed_lately(run: Run) -> bool:
    failed: datetime | None = run.house.resources.get(FAILED)
    return failed is not None and abs(run.house.clock.now() - failed) < PAUSE


def _rebuild(run: Run, progress: Progress | None) -> int:
    with only_rebuild(run.house):
        started = run.house.clock.now()
        fresh = search_index(run.house).start_generation()
        total, done = expected(run).documents, 0
        try:
            for source in sources_of(run.house).values():
                for subjects in walk_source(run, source, REBUILD_BATCH, None):
                    documents = source.build(run.read(), [subject.id for subject in subjects])
                    done += fresh.index(with_meaning(run, documents))
                    if progress is not None:
                        progress(min(done, total), total)
            fresh.switch()
        except BaseException:
            fresh.abandon()
            raise
        _request_changed(run, started - MARGIN)
    return done


def ensure_index(run: Run, progress: Progress | None = None) -> str:
    """Make the index fit the database; returns what was needed: nothing, tail or rebuild.

    A tail that was lost when the power failed shows as a high water or a count that is not the
    database's; then what changed since the high water is written again before a full rebuild is
    thought of. To be called while no worker runs.
    """
    health = search_index(run.house).check()
    if health.ok:
        if _fits(run):
            return "nothing"
        _rewrite_tail(run, health.high_water)
        if _fits(run):
            return "tail"
    log.info("index is built anew", problems=health.problems)
    rebuild(run, progress)
    return "rebuild"


def _heal(run: Run, *, whole: bool) -> None:
    health = search_index(run.house).check(whole=whole)
    if health.ok:
        _try_one(run)
        return
    log.warning("index is built anew", problems=health.problems)
    try:
        rebuild(run)
    except IndexBusy:
        log.info("somebody builds the index already")
    except IndexUnavailable as error:
        log.warning("index cannot be built", **error.params)
    else:
        _bring_forward(run)


def _kept_back(run: Run, most: int) -> list[int]:
    """Rows of documents that wait because the index was out of order."""
    error = IndexUnavailable.__name__
    return put_off_by(run.read(), run.house.clock.now(), index_job, error, most)


def _try_one(run: Run) -> None:
    """Write one document that was kept back; where that succeeds the others may follow.

    It is not made due for that: what waits for documents that are due would stand still.
    """
    payloads = [payload for _, payload in payloads_of(run.read(), _kept_back(run, 1))]
    try:
        _write(run, payloads)
    except (IndexUnavailable, IndexBusy):
        return
    except Exception:
        log.exception("a document cannot be indexed")  # its own run will note it
    _bring_forward(run)


def _bring_forward(run: Run) -> None:
    """Let documents that were kept back be tried now."""
    if rows := _kept_back(run, REBUILD_BATCH):
        with run.act() as act:
            bring_forward(act, rows)


def expected(run: Run) -> Census:
    """What the index should hold by the database."""
    counts = [source.census(run.read()) for source in sources_of(run.house).values()]
    return Census(
        sum(census.documents for census in counts),
        max((census.high_water for census in counts), default=0),
    )


def _fits(run: Run) -> bool:
    index = search_index(run.house)
    return Census(index.count(), index.high_water()) == expected(run)


def _rewrite_tail(run: Run, high_water: int) -> None:
    since = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=high_water) - MARGIN
    for source in sources_of(run.house).values():
        for subjects in walk_source(run, source, REBUILD_BATCH, since):
            _refresh(run, source, subjects)


def _request_changed(run: Run, since: datetime) -> None:
    for source in sources_of(run.house).values():
        for subjects in walk_source(run, source, BATCH, since):
            with run.act() as act:
                for subject in subjects:
                    request_indexing(act, source.kind, subject.id, subject.key)


def walk_source(
    run: Run, source: Source, size: int, since: datetime | None
) -> Iterator[list[Subject]]:
    after = 0
    while subjects := source.walk(run.read(), after, size, since):
        yield subjects
        after = subjects[-1].id


def _write(run: Run, payloads: Sequence[Payload]) -> None:
    subjects: dict[str, list[Subject]] = defaultdict(list)
    for payload in payloads:
        subjects[payload["kind"]].append(Subject(payload["id"], payload["key"]))
    for kind, some in subjects.items():
        _refresh(run, sources_of(run.house).get(kind), some)


def _refresh(run: Run, source: Source | None, subjects: Sequence[Subject]) -> None:
    index: SearchIndex = search_index(run.house)
    documents = source.build(run.read(), [subject.id for subject in subjects]) if source else []
    index.index(with_meaning(run, documents))
    gone = {subject.key for subject in subjects} - {document.key for document in documents}
    index.delete(gone)
    forget_meaning(run, sorted(gone))
