"""Words that mean the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Synonyms:
    """Other wordings by word."""

    def find(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Places in a normalised text with their other wordings."""
        return []


NO_SYNONYMS = Synonyms()
