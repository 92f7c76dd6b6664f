"""How well the search finds plain texts that questions are graded against.

The texts go through the real port into a throw-away index, as documents that have nothing but a
text and its meaning and that everybody may see. No listing and no database takes part: places are
not read out of the questions and spelling is not mended.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from exchange.discovery.evaluation_baselines import WordScores, best
from exchange.discovery.rules import Known, read_asked
from exchange.kernel.act import House
from exchange.kernel.actor import VISITOR
from exchange.listings.permissions import audience_tokens
from exchange.matching.evaluation.measures import ranking_measures
from exchange.matching.evaluation.text_sets import TextSet
from exchange.search.encoder import Encoder
from exchange.search.meaning import encoder_of, make_vectors, meaning_of
from exchange.search.port import PUBLIC, Document, Query, SearchIndex
from exchange.search.reading.asking import without_asking
from exchange.search.wiring import search_index, shared_analyzer

KIND = "text"
DEPTH = 20
NO_CHOICES = Known(frozenset(), frozenset(), frozenset())


def measure_texts(house: House, given: TextSet) -> dict[str, dict[str, float]]:
    """The figures of the search, of BM25 over words and of the encoder alone."""
    index = search_index(house)
    fill(index, given, encoder_of(house))
    ranks: dict[str, Callable[[str], Sequence[str]]] = {
        "engine": Engine(house, given).rank,
        "bm25_words": Words(given).rank,
        "dense": Meaning(house, given).rank,
    }
    return {
        name: ranking_measures(
            {key: rank(text) for key, text in given.questions.items()}, given.grades
        )
        for name, rank in ranks.items()
    }


def fill(index: SearchIndex, given: TextSet, encoder: Encoder) -> None:
    """Make the texts the whole index."""
    plain = [
        Document(key=_key(number), kind=KIND, title="", text=text, audience=frozenset({PUBLIC}))
        for number, text in enumerate(given.texts.values())
    ]
    vectors = make_vectors(encoder, plain)
    fresh = index.start_generation()
    fresh.index([replace(one, vector=vectors[one.key]) for one in plain])
    fresh.switch()


def _key(number: int) -> str:
    return f"{KIND}:{number:08}"


class Engine:
    """What the search page's own question brings up for a visitor."""

    def __init__(self, house: House, given: TextSet) -> None:
        self._house = house
        self._names = {_key(number): name for number, name in enumerate(given.texts)}

    def rank(self, text: str) -> list[str]:
        """Ids, best first. The text is read, and cut, as the page reads what is typed."""
        asked, _ = read_asked({"q": [text]}, NO_CHOICES)
        query = Query(
            text=asked.q, limit=DEPTH, audience=audience_tokens(VISITOR),
            vector=meaning_of(self._house, without_asking(asked.q)),
        )  # fmt: skip
        return [self._names[hit.key] for hit in search_index(self._house).search(query).hits]


class Words:
    """BM25 over the words that the segmenter cuts."""

    def __init__(self, given: TextSet) -> None:
        self._names = list(given.texts)
        self._scores = WordScores([shared_analyzer().cut(text) for text in given.texts.values()])

    def rank(self, text: str) -> list[str]:
        """Ids of the texts that share a word, best first."""
        scores = self._scores.scores(shared_analyzer().cut(text))
        return best(scores, self._names, DEPTH, least=0.0)


class Meaning:
    """The cosine of the encoder's vectors of question and text."""

    def __init__(self, house: House, given: TextSet) -> None:
        self._encoder = encoder_of(house)
        self._names = list(given.texts)
        self._rows = self._encoder.encode(list(given.texts.values()))

    def rank(self, text: str) -> list[str]:
        """Ids of the nearest texts, best first."""
        near = self._rows @ self._encoder.encode([text])[0]
        return best(near.astype("f8"), self._names, DEPTH)
