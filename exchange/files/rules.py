"""What is said about children on a picture that others will see; names and sizes. Pure."""

import unicodedata
from enum import StrEnum
from pathlib import PurePosixPath

from exchange.kernel.decisions import Decision, allow, refuse


class PictureStatement(StrEnum):
    """What whoever sends a picture says about children on it. Words: ``labels``."""

    NO_CHILD = "no_child"
    CHILD = "child"  # may be answered, and is refused
    CHILDREN_SAFE = "children_safe"  # kept with older pictures; cannot be answered any more


ANSWERS = (PictureStatement.NO_CHILD, PictureStatement.CHILD)


def children_allowed(answer: str) -> Decision:
    """Whether pictures with this answer may be shown: children are never public."""
    if answer == PictureStatement.NO_CHILD:
        return allow()
    return refuse("children_shown" if answer == PictureStatement.CHILD else "children_unsaid")


LONGEST_NAME = 100
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # what cannot be seen, or turns other letters round


def plain_name(given: str, ending: str) -> str:
    """What a file is called, as a name that may be shown and offered for saving, with its ending.

    No folders, nothing that hides or turns letters, no dots before; at most 100 characters. Empty
    where nothing of a name is left.
    """
    whole = unicodedata.normalize("NFC", given)
    kept = "".join(one for one in whole if unicodedata.category(one) not in HIDDEN)
    last = PurePosixPath(kept.replace("\\", "/")).name
    words = " ".join("".join(one for one in last if one not in '<>:"|?*').split())
    stem = words[: -len(ending)] if words.lower().endswith(ending) else words
    stem = stem.strip(". ")[: LONGEST_NAME - len(ending)].strip(". ")
    return f"{stem}{ending}" if stem else ""


def size_words(size: int) -> tuple[str, str]:
    """A size as a number and its unit, rounded up so that nobody is told less: 34 KB, 1.2 MB."""
    if size < 1_000_000:
        return str(max(1, -(-size // 1000))), "KB"
    tenths = -(-size // 100_000)
    return f"{tenths // 10}.{tenths % 10}", "MB"
