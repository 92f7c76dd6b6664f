"""How quickly questions typed wrong are read, with 50,000 words, and what the words take.

Half of the questions are titles of the graded set with one character replaced, half are the same
titles in pinyin; hostile ones of 300 characters come last. ``make bench`` prints the figures.
"""

import json
import random
import tracemalloc
from pathlib import Path
from statistics import quantiles
from time import process_time

from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from exchange.search.understanding.lexicon import Lexicon
from exchange.search.understanding.spelling import Speller
from exchange.search.understanding.vocabulary import count_words, trade_words
from exchange.search.wiring import shared_analyzer

DOCUMENTS = Path(__file__).parent.parent / "tests" / "data" / "matching-dev"
WORDS = 50_000
LONGEST = 30
HOSTILE = {
    "an an an": "an" * 150,
    "one sound": "机鸡极级几集及即技记" * 30,
    "common": "的一是不了人我在有他" * 30,
    "rare": "".join(map(chr, range(0x6000, 0x6000 + 300))),
}


def rows() -> list[dict[str, str]]:
    """Needs and offers of the graded set."""
    files = [DOCUMENTS / f"{name}.jsonl" for name in ("needs", "offers")]
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def counted(chance: random.Random) -> list[tuple[str, int]]:
    """The words of the set, filled up to 50,000 with words of a dictionary."""
    texts = (f"{row['title']}\n{row['text']}" for row in rows())
    own = count_words(texts, shared_analyzer().cut)
    others = sorted(word for word in phrases_dict if 2 <= len(word) <= 6 and word not in own)
    chance.shuffle(others)
    letters = ("".join(chance.choices("abcdefghilmnoprstu", k=7)) for _ in range(WORDS))
    filled = [*others[: WORDS - 6000 - len(own)], *letters]
    return [*own.items(), *((word, chance.randint(1, 9)) for word in filled)][:WORDS]


def questions(chance: random.Random) -> list[str]:
    """Titles with a mistake, and titles in pinyin."""
    made: list[str] = []
    for row in rows():
        title = row["title"][:LONGEST]
        at = chance.randrange(len(title))
        made.append(title[:at] + chance.choice("犁利里伤陪鸡正链") + title[at + 1 :])
        made.append(" ".join(lazy_pinyin(title))[:LONGEST])
    return made


def main() -> None:
    """Print the figures; times are of the processor, so that a busy machine tells the same."""
    chance = random.Random(7)
    words, trade = counted(chance), list(trade_words())
    started = process_time()
    speller = Speller(Lexicon(words, trade))
    print(f"build of {len(words)} words: {process_time() - started:.2f} s")
    tracemalloc.start()
    lexicon = Lexicon(words, trade)
    grown = tracemalloc.get_traced_memory()[0] + sum(word.__sizeof__() for word, _ in words)
    tracemalloc.stop()
    print(f"memory of {len(lexicon)} words: {grown / 1e6:.1f} MB, words included")
    times = sorted(timed(speller, text) for text in questions(chance))
    cuts = quantiles(times, n=100)
    print(f"{len(times)} questions: p50 {cuts[49]:.2f}, p95 {cuts[94]:.2f}, p99 {cuts[98]:.2f} ms")
    for name, text in HOSTILE.items():
        print(f"300 characters, {name}: {timed(speller, text):.1f} ms")


def timed(speller: Speller, text: str) -> float:
    """Milliseconds of one reading."""
    started = process_time()
    speller.read(text)
    return (process_time() - started) * 1000


if __name__ == "__main__":
    main()
