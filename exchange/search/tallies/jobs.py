"""Once an hour: what is older than it may be goes, and what is asked for often is counted anew."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

import sqlalchemy as sa

from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.clock import civil_date
from exchange.search.tallies.models import FrequentSearch, SearchTally
from exchange.search.tallies.queries import Frequent, counted_from_tally
from exchange.search.tallies.rules import KEPT_DAYS

BATCH = 500  # rows of one transaction: nobody else who writes waits for long


@job("search.tally", every_minutes=60)
def tally_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Forget and count; running it again changes nothing."""
    forget_old(run)
    count_frequent(run)


def forget_old(run: Run) -> None:
    """Delete the days before the last 180."""
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    first = today - timedelta(days=KEPT_DAYS - 1)
    for day in _days_before(run, first):
        with run.act() as act:
            act.session.execute(sa.delete(SearchTally).where(SearchTally.day == day))


def count_frequent(run: Run) -> None:
    """Bring the table of frequent searches in line with the tally, changing only what differs."""
    wanted = counted_from_tally(run.read())
    present = {
        row.words: Frequent(row.words, row.asked, row.days, row.score)
        for row in run.read().scalars(sa.select(FrequentSearch))
    }
    changed = sorted(
        words for words in {*present, *wanted} if present.get(words) != wanted.get(words)
    )
    for start in range(0, len(changed), BATCH):
        some = changed[start : start + BATCH]
        fresh = [asdict(wanted[words]) for words in some if words in wanted]
        with run.act() as act:
            act.session.execute(sa.delete(FrequentSearch).where(FrequentSearch.words.in_(some)))
            if fresh:
                act.session.execute(sa.insert(FrequentSearch), fresh)


def _days_before(run: Run, first: date) -> list[date]:
    days = sa.select(SearchTally.day).where(SearchTally.day < first).distinct()
    return list(run.read().scalars(days))
