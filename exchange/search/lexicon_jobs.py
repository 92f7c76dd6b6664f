"""Counting the words of the site, for the lexicon that mends questions."""

import json
import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
import structlog

from exchange.jobs.registry import Payload, Run, job
from exchange.search.jobs import REBUILD_BATCH, expected, walk_source
from exchange.search.lexicon_models import StoredLexicon
from exchange.search.port import PUBLIC
from exchange.search.sources import sources_of
from exchange.search.understanding.vocabulary import words_and_pairs
from exchange.search.wiring import shared_analyzer

log = structlog.get_logger(__name__)
OFTEN_ENOUGH = 0.02  # share of documents by which the site may grow before its words are counted
AT_THE_LATEST = timedelta(days=1)
MOST_WORDS = 60_000


@job("search.lexicon", every_minutes=10)
def lexicon_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Count the words again when the site has grown or a day has passed."""
    refresh_lexicon(run)


def refresh_lexicon(run: Run) -> bool:
    """Count the words of what everybody may see, if that is due; returns whether it was."""
    census, latest = expected(run), _latest(run)
    if latest is not None:
        grown = abs(census.documents - latest.documents) > OFTEN_ENOUGH * latest.documents
        late = run.house.clock.now() - latest.made_at > AT_THE_LATEST
        if census.high_water == latest.high_water or not (grown or late):
            return False
    words = count_words(run)
    packed = zlib.compress(json.dumps(words, ensure_ascii=False).encode())
    with run.act() as act:
        stored = StoredLexicon(
            made_at=act.now,
            documents=census.documents,
            high_water=census.high_water,
            words=packed,
        )
        act.session.add(stored)
        act.session.flush()
        act.session.execute(sa.delete(StoredLexicon).where(StoredLexicon.id < stored.id))
    log.info("words of the site were counted", words=len(words))
    return True


def _latest(run: Run) -> StoredLexicon | None:
    return (
        run.read()
        .scalars(sa.select(StoredLexicon).order_by(StoredLexicon.id.desc()).limit(1))
        .first()
    )


def count_words(run: Run) -> dict[str, int]:
    """In how many documents for everybody each word stands; of many words the most frequent."""
    analyzer, counts = shared_analyzer(), Counter[str]()
    for source in sources_of(run.house).values():
        for subjects in walk_source(run, source, REBUILD_BATCH, None):
            for document in source.build(run.read(), [subject.id for subject in subjects]):
                if PUBLIC in document.audience:
                    text = f"{document.title}\n{document.text}"
                    counts.update(set(words_and_pairs(text, analyzer.cut)))
    return dict(counts.most_common(MOST_WORDS))
