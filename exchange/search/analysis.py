"""One analysis of text for documents, questions and highlights.

Chinese runs become character bigrams, so that nothing is lost by a wrong cut; the segmenter only
says which bigrams and longer words carry meaning (and therefore weight). A run of one character
is looked up among single characters. Words of alphabets are stemmed, numbers made plain.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import local

import opencc
import Stemmer

from exchange.search.questions import (
    CROSSING_WEIGHT,
    STOP_WEIGHT,
    Draft,
    Question,
    Span,
)
from exchange.search.reading.numerals import read_numeral
from exchange.search.reading.quantity import base_amounts
from exchange.search.segmenter import Segmenter
from exchange.search.synonyms.groups import NO_SYNONYMS, Synonyms

ANALYSIS_VERSION = 2
LONG_WORD_WEIGHT = 0.5  # of a whole word beside its bigrams
UNKNOWN_WORD_WEIGHT = 0.8  # of two characters in a row that the dictionary leaves alone
MAX_QUESTION = 300  # characters of a question that are looked at
MAX_WORD = 60
MAX_FOLDS = 20_000

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_PIECES = re.compile(
    rf"(?P<han>[{HAN}]+)"
    r"|(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<scale>[万亿千]?)"
    rf"|(?P<word>(?:(?![{HAN}])[^\W\d_])+(?:['’](?:(?![{HAN}])[^\W\d_])+)?)"
)
_HAN_BREAK = re.compile(rf"[{HAN}]+")
_SCALES = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿]{2,}")
_PHRASE = re.compile(r"[\"“”「『]([^\"“”「」『』]{1,100})[\"“”」』]")
_EXCLUDED = re.compile(r"(?:(?<=\s)|^)-([^\s\-\"]\S{0,50})")
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Term:
    """A term at its place in a text. Names of single characters begin with "'"."""

    name: str
    start: int
    end: int


def read_words(path: Path) -> list[str]:
    """The words of a file, separated by white space; lines with # at the start are remarks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


@cache
def _stopwords() -> frozenset[str]:
    return frozenset(read_words(_DATA / "stopwords.txt"))


def is_small_word(word: str) -> bool:
    """Whether the word says little, so that a question never hangs on it."""
    return word in _stopwords()


class _Folds(dict[int, str]):
    """A table for ``str.translate``: each character as one normalised one, or as it is."""

    def __init__(self, normalize: Callable[[str], str]) -> None:
        super().__init__()
        self._normalize = normalize

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = self._normalize(char)
        clean = folded if len(folded) == 1 else char
        if len(self) < MAX_FOLDS:
            self[code] = clean
        return clean


class Analyzer:
    """Cuts text into terms. Safe to share between threads; never raises, whatever the text.

    ``domain_words`` (taxonomy words, names of places and crops) sharpen the cut; documents need
    not be indexed anew when they change, because bigrams carry the match.
    """

    def __init__(self, domain_words: Iterable[str] = ()) -> None:
        self.segmenter = Segmenter(
            word for word in domain_words if len(word) > 1 and _HAN_BREAK.fullmatch(word)
        )
        self._simplify = opencc.OpenCC("t2s")
        self._folds = _Folds(self.normalize)
        self._own = local()  # a stemmer keeps state, so every thread has its own

    def normalize(self, text: str) -> str:
        """Half width, simplified, lower case. Length may differ from the text's."""
        whole = text.encode("utf-8", "replace").decode()  # half a pair of surrogates is no text
        wide = unicodedata.normalize("NFKC", whole)
        simplified: str = self._simplify.convert(wide)
        return simplified.lower()

    def index_terms(self, text: str) -> list[str]:
        """The terms of a document, repeated as often as they stand in it, without characters."""
        clean = self.normalize(text)
        return [*self._terms(clean), *(amount for _, _, amount in base_amounts(clean))]

    def flat(self, text: str) -> str:
        """A document's text in which ``needle`` says what to count for any term.

        Every term but those of Chinese characters stands between two blanks of its own.
        """
        clean = self.normalize(text)
        parts = [
            piece["han"] or f" {self._plain_term(piece)} " for piece in _PIECES.finditer(clean)
        ]
        numerals = [
            f" {_number_name(number)} "
            for match in _CHINESE_NUMBER.finditer(clean)
            if (number := read_numeral(match.group())) is not None
        ]
        amounts = [f" {amount} " for _, _, amount in base_amounts(clean)]
        return "\n".join((*parts, *numerals, *amounts))

    def characters(self, text: str) -> set[str]:
        """The single characters of a document, as terms."""
        return {f"'{char}" for run in _HAN_BREAK.findall(self.normalize(text)) for char in run}

    def locate(self, text: str, names: Iterable[str]) -> list[Term]:
        """Where terms with these names stand in the text as shown.

        Characters are normalised one by one, so that places fit the text as it is.
        """
        folded = text.translate(self._folds)
        found: list[Term] = []
        plain: set[str] = set()
        for name in names:
            word = name.removeprefix("'")
            if _HAN_BREAK.fullmatch(word):
                found += [Term(name, at, at + len(word)) for at in _places(folded, word)]
            else:
                plain.add(name)
        if plain:
            found += [
                Term(term, piece.start(), piece.end())
                for piece in _PIECES.finditer(folded)
                if not piece["han"] and (term := self._plain_term(piece)) in plain
            ]
        return found

    def cut(self, text: str) -> list[str]:
        """The words of a text as a reader would cut them, normalised, without punctuation."""
        words: list[str] = []
        for piece in _PIECES.finditer(self.normalize(text)):
            words += self._cut_han(piece["han"]) if piece["han"] else [self._plain(piece)]
        return words

    def question(
        self, text: str, limit: int = MAX_QUESTION, synonyms: Synonyms = NO_SYNONYMS
    ) -> Question:
        """Analyse what a person typed, of which ``limit`` characters count; see ``Question``."""
        clean = self.normalize(text[:limit])
        phrases, rest = _take(_PHRASE, clean)
        excluded, kept = _take(_EXCLUDED, rest)
        if not _PIECES.search(kept) and not phrases:
            excluded, kept = [], rest
        draft = Draft(base_amounts(kept))
        for piece in _PIECES.finditer(kept):
            self._ask_piece(piece, draft)
        spans = self._say_otherwise(synonyms, kept, draft)
        required = [terms for phrase in phrases if (terms := self._phrase_terms(phrase))]
        for terms in required:
            draft.weights.update(dict.fromkeys(terms, 1.0))
        banned = [terms for word in excluded if (terms := self._phrase_terms(word))]
        return Question(
            tuple(draft.groups) if draft.has_required else tuple(draft.all_required()),
            tuple(required),
            tuple(banned),
            draft.weights,
            tuple(spans),
        )

    def _say_otherwise(self, synonyms: Synonyms, kept: str, draft: Draft) -> list[Span]:
        """Other wordings of parts of the question; each part's groups become one of either."""
        spans = []
        for start, end, wordings in synonyms.find(kept):
            inside = draft.inside(start, end)
            others = [question for word in wordings if (question := self._wording(word)).weights]
            if not inside.terms or not others:
                continue
            draft.replace(inside, [question.all_terms() for question in others])
            spans.append(Span(inside.terms, tuple(question.weights for question in others)))
        return spans

    def _wording(self, word: str) -> Draft:
        draft = Draft([])
        for piece in _PIECES.finditer(self.normalize(word)):
            self._ask_piece(piece, draft)
        return draft

    def _ask_piece(self, piece: re.Match[str], draft: Draft) -> None:
        before = piece.string[piece.start() - 1] if piece.start() else ""
        is_unit = before.isdigit() and len(piece.group()) == 1
        draft.stand(piece.start(), piece.end())
        if piece["han"]:
            self._ask_run(piece["han"], draft, is_unit=is_unit)
            return
        small = is_unit or self._plain(piece) in _stopwords()
        amount = draft.amounts.get(piece.start())
        other = ((amount,),) if amount else ()
        draft.add(((self._plain_term(piece),), *other), required=not small)

    def _ask_run(self, run: str, draft: Draft, *, is_unit: bool) -> None:
        if len(run) == 1:
            draft.add(((f"'{run}",),), required=not is_unit and run not in _stopwords())
            return
        start = draft.start
        for at, pair in enumerate(bigrams(run)):
            draft.stand(start + at, start + at + 2)
            draft.weigh(pair, CROSSING_WEIGHT)
        at = 0
        words = self._cut_question(run)
        for word, following in zip(words, [*words[1:], ""], strict=True):
            draft.stand(start + at, start + at + len(word))
            if len(word) == 1:
                self._ask_single(run, at, draft)
                pair = word + following
                if len(following) == 1 and not {word, following} & _stopwords():
                    draft.set(pair, UNKNOWN_WORD_WEIGHT)
            else:
                self._ask_word(word, draft)
            at += len(word)

    @staticmethod
    def _ask_single(run: str, at: int, draft: Draft) -> None:
        """A character cut off on its own may belong to a neighbour: any bond will do."""
        around = [(run[i : i + 2],) for i in (at - 1, at) if 0 <= i <= len(run) - 2]
        if run[at] not in _stopwords():
            draft.group(((f"'{run[at]}",), *around), required=True)

    @staticmethod
    def _ask_word(word: str, draft: Draft) -> None:
        stop = word in _stopwords()
        pairs = bigrams(word)
        number = read_numeral(word) if _CHINESE_NUMBER.fullmatch(word) else None
        amount = draft.amounts.get(draft.start)
        other = tuple((term,) for term in (amount, number and _number_name(number)) if term)
        draft.group((tuple(pairs), *other), required=not stop)
        for term in (*pairs, *(term for terms in other for term in terms)):
            draft.set(term, STOP_WEIGHT if stop else 1.0)
        if len(word) > 2 and not stop:
            draft.weigh(word, LONG_WORD_WEIGHT)

    def _cut_question(self, run: str) -> list[str]:
        """Words, with numerals kept apart from the units behind them."""
        words: list[str] = []
        end = 0
        for match in _CHINESE_NUMBER.finditer(run):
            words += [*self._cut_han(run[end : match.start()]), match.group()]
            end = match.end()
        return words + self._cut_han(run[end:])

    def _phrase_terms(self, phrase: str) -> tuple[str, ...]:
        terms: list[str] = []
        for piece in _PIECES.finditer(phrase):
            run = piece["han"]
            if not run:
                terms.append(self._plain_term(piece))
            else:
                terms += bigrams(run) if len(run) > 1 else [f"'{run}"]
        return tuple(dict.fromkeys(terms))

    def _terms(self, clean: str) -> Iterator[str]:
        for piece in _PIECES.finditer(clean):
            run = piece["han"]
            if not run:
                yield self._plain_term(piece)
                continue
            yield from bigrams(run)
            yield from (word for word in self._cut_han(run) if len(word) > 2)
            for match in _CHINESE_NUMBER.finditer(run):
                number = read_numeral(match.group())
                if number is not None:
                    yield _number_name(number)

    def _cut_han(self, run: str) -> list[str]:
        return self.segmenter.cut(run) if run else []

    def _plain_term(self, piece: re.Match[str]) -> str:
        plain = self._plain(piece)
        return plain if piece["number"] else self._stem(plain)

    @staticmethod
    def _plain(piece: re.Match[str]) -> str:
        if piece["number"]:
            value = float(piece["number"].replace(",", "")) * _SCALES[piece["scale"]]
            return _number_name(value)
        return piece["word"].replace("’", "'").removesuffix("'s")[:MAX_WORD]

    def _stem(self, word: str) -> str:
        stemmer = getattr(self._own, "stemmer", None)
        if stemmer is None:
            stemmer = self._own.stemmer = Stemmer.Stemmer("english")
        stem: str = stemmer.stemWord(word)
        return stem


def needle(term: str) -> str:
    """What of a text that ``Analyzer.flat`` made is the term."""
    word = term.removeprefix("'")
    return word if _HAN_BREAK.fullmatch(word) else f" {word} "


def bigrams(run: str) -> list[str]:
    """Every two neighbouring characters."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _number_name(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") if value < 1e15 else f"{value:.6e}"


def _take(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """The first groups of all matches, and the text without them."""
    return [match.group(1) for match in pattern.finditer(text)], pattern.sub(" ", text)
