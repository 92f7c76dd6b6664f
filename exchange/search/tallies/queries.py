"""Reading the tally: what is asked for often, and what finds nothing."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.search.synonyms.groups import plain
from exchange.search.tallies.models import FrequentSearch, SearchTally
from exchange.search.tallies.rules import LONGEST
from exchange.search.wiring import shared_analyzer

LEAST_DAYS, LEAST_ASKED = 3, 5
MOST_FREQUENT = 5_000
MOST_OF_A_DAY = 5  # so often one day counts for the score: who asks all day long is one of many
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Fruitless:
    """Words that found nothing: in which language, how often, and when last."""

    words: str
    locale: str
    unmet: int
    last_day: date


@dataclass(frozen=True)
class Frequent:
    """Words that are asked for often: how often, on how many days, and their rank."""

    words: str
    asked: int
    days: int
    score: int


def frequent_queries(session: Session, prefix: str, limit: int) -> list[str]:
    """What people often ask for that begins like this and finds something, the best first.

    Asked on at least 3 days or at least 5 times within the 180 days kept; counted hourly. Words
    come normalised (half width, simplified, lower case). Takes about a millisecond.
    """
    begin = plain(prefix[: LONGEST + 1], shared_analyzer().normalize)
    if prefix.endswith(" ") and begin:
        begin += " "
    wanted = sa.select(FrequentSearch.words).order_by(
        FrequentSearch.score.desc(), FrequentSearch.words
    )
    if begin:
        wanted = wanted.where(FrequentSearch.words >= begin, FrequentSearch.words < begin + LAST)
    return list(session.scalars(wanted.limit(limit)))


def most_frequent(session: Session, offset: int, limit: int) -> list[Frequent]:
    """A page of what is asked for most."""
    rows = session.scalars(
        sa.select(FrequentSearch)
        .order_by(FrequentSearch.score.desc(), FrequentSearch.words)
        .offset(offset)
        .limit(limit)
    )
    return [Frequent(row.words, row.asked, row.days, row.score) for row in rows]


def fruitless(session: Session, since: date, offset: int, limit: int) -> list[Fruitless]:
    """A page of what found nothing since a day, the most frequent first."""
    often, last = sa.func.sum(SearchTally.unmet), sa.func.max(SearchTally.day)
    rows = session.execute(
        sa.select(SearchTally.words, SearchTally.locale, often, last)
        .where(SearchTally.day >= since, SearchTally.unmet > 0)
        .group_by(SearchTally.words, SearchTally.locale)
        .order_by(often.desc(), last.desc(), SearchTally.words, SearchTally.locale)
        .offset(offset)
        .limit(limit)
    )
    return [Fruitless(words, locale, int(count), day) for words, locale, count, day in rows]


def counted_from_tally(session: Session) -> dict[str, Frequent]:
    """What is asked for often by the tally as it is: reads all of it, for the job."""
    asked, unmet = sa.func.sum(SearchTally.asked), sa.func.sum(SearchTally.unmet)
    daily = (
        sa.select(
            SearchTally.words.label("words"), asked.label("asked"), (asked - unmet).label("found")
        )
        .group_by(SearchTally.words, SearchTally.day)
        .subquery()
    )
    found = daily.c.found
    score = sa.func.sum(sa.case((found > MOST_OF_A_DAY, MOST_OF_A_DAY), else_=found))
    days, total = sa.func.count(), sa.func.sum(daily.c.asked)
    rows = session.execute(
        sa.select(daily.c.words, total, days, score)
        .group_by(daily.c.words)
        .having(score > 0, sa.or_(days >= LEAST_DAYS, total >= LEAST_ASKED))
        .order_by(score.desc(), daily.c.words)
        .limit(MOST_FREQUENT)
    )
    return {
        words: Frequent(words, int(times), number, int(rank)) for words, times, number, rank in rows
    }
