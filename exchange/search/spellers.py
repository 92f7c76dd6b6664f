"""The reader of mistyped questions in this process, made anew when the words of the site were
counted again."""

import json
import zlib
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.search.lexicon_models import StoredLexicon
from exchange.search.understanding.background import OrdinaryWords
from exchange.search.understanding.lexicon import Lexicon
from exchange.search.understanding.spelling import Speller
from exchange.search.understanding.vocabulary import trade_words
from exchange.search.wiring import shared_analyzer

SPELLER = "search.speller"
LOOK_EVERY = 20.0  # seconds
FIRST_LOOKS = 1.0  # seconds between looks while there are no words: a site that has just started


@dataclass
class _Keeper:
    """The present speller, which words it was made from, and when they were looked for."""

    speller: Speller | None = None
    version: int = -1
    looked_at: float = float("-inf")
    lock: Lock = field(default_factory=Lock)


def speller_of(house: House, session: Session) -> Speller | None:
    """The reader of questions with the words of the site; None until there are any.

    The first is made at once, later ones in the background while the present one goes on.
    """
    keeper = cast("_Keeper", house.resources.setdefault(SPELLER, _Keeper()))
    with keeper.lock:
        pause = FIRST_LOOKS if keeper.speller is None else LOOK_EVERY
        if monotonic() - keeper.looked_at < pause:
            return keeper.speller
        keeper.looked_at = monotonic()
        newest = session.scalar(sa.select(sa.func.max(StoredLexicon.id)))
        if newest is None or newest == keeper.version:
            return keeper.speller
        packed = session.scalar(sa.select(StoredLexicon.words).where(StoredLexicon.id == newest))
        if packed is None:
            return keeper.speller
        keeper.version = newest
    words: dict[str, int] = json.loads(zlib.decompress(packed))
    if keeper.speller is None:
        _make(keeper, words)
    else:
        Thread(target=_make, args=(keeper, words), daemon=True).start()
    return keeper.speller


def _make(keeper: _Keeper, words: dict[str, int]) -> None:
    background = OrdinaryWords(shared_analyzer().segmenter)
    keeper.speller = Speller(Lexicon(words.items(), trade_words(), background))
