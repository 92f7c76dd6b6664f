"""The dictionary of Chinese words: cuts runs of characters and says how usual a word is.

A dictionary takes 26 MB, so a process makes one and shares it.
"""

from collections.abc import Iterable

import rjieba

# Importing the package loads a dictionary. The first to need one takes it, and nobody else.
_loaded = [rjieba._DEFAULT_JIEBA]


class Segmenter:
    """A dictionary of general words, and ``domain_words`` for the cut. Safe to share."""

    def __init__(self, domain_words: Iterable[str] = ()) -> None:
        self._jieba = _loaded.pop() if _loaded else rjieba.Jieba()
        domain = list(domain_words)
        self._domain = {word: self._known(word) for word in domain}
        for word in domain:  # one that is named twice weighs a little more
            self._jieba.add_word(word, None, None)

    def cut(self, run: str) -> list[str]:
        """The words of a run of characters, without guesses at unknown ones."""
        words: list[str] = self._jieba.cut(run, hmm=False)
        return words

    def frequency(self, word: str) -> int:
        """How usual a word or character is anywhere; 0 for one that only the domain knows."""
        general = self._domain.get(word)
        return self._known(word) if general is None else general

    def _known(self, word: str) -> int:
        return int(self._jieba.suggest_freq(word)) if self._jieba.has_word(word) else 0
