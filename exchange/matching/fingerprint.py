"""Which weights, tables and encoder a score comes from, as one short name."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.matching.learning.queries import weights_in_force
from exchange.matching.scoring import Weights
from exchange.search.meaning import encoder_of

ROOM = Path(__file__).parent
# What a score is computed by; the weights and tables in ``data`` count as well.
CODE = (
    "amounts.py", "categories.py", "direction.py", "explanation.py", "features.py", "readings.py",
    "rules.py", "scoring.py", "trust.py", "word_meanings.py", "words.py",
)  # fmt: skip
LANGUAGE = ROOM.parent / "search" / "reading"  # concepts and stances that are read in a text
LONGEST = 80  # characters of ``Suggestion.engine``


def engine_name(house: House, session: Session) -> str:
    """The name of what scores are made by now, with the weights in force.

    Another name means that scores may differ: the suggestions are computed anew.
    """
    return engine_with(house, weights_in_force(house, session))


def engine_with(house: House, weights: Weights) -> str:
    """The version of the weights, the encoder, and a hash of all that scores are computed from."""
    tail = f"+{encoder_of(house).name}+{hash_of_files(ROOM)}"
    return weights.version[: LONGEST - len(tail)] + tail


@cache
def hash_of_files(room: Path) -> str:
    """Eight hexadecimal digits of the files that decide a score."""
    digest = blake2b(digest_size=4)
    code = [room / name for name in CODE if (room / name).is_file()]
    data = sorted(path for path in (room / "data").rglob("*") if path.is_file())
    language = sorted((*LANGUAGE.glob("*.py"), *LANGUAGE.rglob("*.tsv")))
    for path in (*code, *data, *language):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
