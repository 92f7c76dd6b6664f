"""Reading a question that is typed wrong or in pinyin."""

from collections.abc import Iterable, Sequence

from exchange.search.understanding.areas import folded, free_spans, han_runs, letter_areas
from exchange.search.understanding.characters import CharacterReader
from exchange.search.understanding.letters import LetterReader
from exchange.search.understanding.lexicon import Lexicon
from exchange.search.understanding.rewriting import Piece, Reading, assemble

MOST_READ = 300  # characters of a question that are looked at


class Speller:
    """Reads questions with the words of a lexicon. Safe to share between threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._characters = CharacterReader(lexicon)
        self._letters = LetterReader(lexicon)

    def read(self, text: str, protected: Iterable[tuple[int, int]] = ()) -> Reading:
        """How the text may have been meant; never raises, whatever the text.

        ``protected`` are spans (start, end) that stay as they are, such as names of places. The
        same text gives the same answer. What stands behind the first 300 characters stays too.
        """
        plain = folded(text[:MOST_READ])
        pieces: list[Piece] = []
        known = False
        for span in free_spans(plain, protected):
            inside = " " * span[0] + plain[span[0] : span[1]]
            for tokens in letter_areas(plain, span):
                found, knows = self._letters.read(tokens, inside, text)
                pieces += found
                known = known or knows
            for start, run in han_runs(plain, span):
                found, knows = self._characters.read(run, start)
                pieces += [piece for piece in found if not _overlaps(piece, pieces)]
                known = known or knows
        return assemble(text, pieces, has_known_word=known)


def _overlaps(piece: Piece, others: Sequence[Piece]) -> bool:
    return any(piece.start < other.end and other.start < piece.end for other in others)
