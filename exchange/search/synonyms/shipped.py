"""The synonyms that come with the program: ``data/synonyms.txt``."""

from functools import cache
from hashlib import blake2s
from pathlib import Path

from exchange.search.synonyms.groups import WordGroup, read_lines
from exchange.search.synonyms.rules import key_of
from exchange.search.wiring import shared_analyzer

FILE = Path(__file__).parent.parent / "data" / "synonyms.txt"
MARK = "s-"  # a public id has no hyphen


@cache
def shipped_groups() -> dict[str, WordGroup]:
    """The shipped groups by their keys (see ``synonym_rules.key_of``), in the order of the file."""
    normalize = shared_analyzer().normalize
    lines = read_lines(FILE.read_text(encoding="utf-8"))
    return {key_of(line.group, normalize): line.group for line in lines}


@cache
def keys_by_reference() -> dict[str, str]:
    """The keys of the shipped groups by what stands for them in an address."""
    return {reference_of(key): key for key in shipped_groups()}


def reference_of(key: str) -> str:
    """What stands for a shipped group in an address."""
    return MARK + blake2s(key.encode(), digest_size=6).hexdigest()
