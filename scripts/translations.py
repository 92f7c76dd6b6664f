"""Build the Chinese catalogue from its parts: ``python scripts/translations.py``.

Every room keeps its own translations in exchange/translations/parts/<room>.po. The catalogue is
made from them, the same to the byte every time. A sentence that two rooms share may stand in both
parts if the translations agree.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

TRANSLATIONS = Path(__file__).parent.parent / "exchange" / "translations"
PARTS = TRANSLATIONS / "parts"
CATALOGUE = TRANSLATIONS / "zh" / "LC_MESSAGES"
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
Key = tuple[str, str]


class DisagreementError(Exception):
    """Two parts translate the same sentence differently, or one holds it twice."""


def key_of(message: Message) -> Key:
    """What identifies a sentence: its context and its English form (the singular one)."""
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context or "", singular)


def read_part(path: Path) -> list[Message]:
    """The entries of one part, in their order."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh", charset="utf-8", abort_invalid=True)
    return [message for message in catalogue if message.id]


def merged(parts: Path = PARTS) -> dict[Key, Message]:
    """All entries of all parts, sorted. Raises DisagreementError."""
    found: dict[Key, tuple[Message, str]] = {}
    for path in sorted(parts.glob("*.po")):
        for message in read_part(path):
            key = key_of(message)
            earlier = found.setdefault(key, (message, path.name))
            if earlier[0].string != message.string:
                raise DisagreementError(
                    f"{earlier[1]} and {path.name} translate {key[1]!r} differently: "
                    f"{earlier[0].string!r} and {message.string!r}"
                )
    return {key: found[key][0] for key in sorted(found)}


def built(parts: Path = PARTS) -> tuple[bytes, bytes]:
    """The catalogue as text (.po) and as what gettext reads (.mo)."""
    catalogue = Catalog(
        locale="zh", project="exchange", version="1", fuzzy=False,
        header_comment="# Built from the parts: edit those.",
        creation_date=ALWAYS, revision_date=ALWAYS, last_translator="", language_team="",
    )  # fmt: skip
    for message in merged(parts).values():
        catalogue.add(message.id, message.string, context=message.context)
    text, binary = io.BytesIO(), io.BytesIO()
    write_po(text, catalogue, width=0)
    write_mo(binary, catalogue)
    return text.getvalue(), binary.getvalue()


def main() -> int:
    """Write both files."""
    try:
        text, binary = built()
    except DisagreementError as error:
        print(error, file=sys.stderr)
        return 1
    CATALOGUE.mkdir(parents=True, exist_ok=True)
    (CATALOGUE / "messages.po").write_bytes(text)
    (CATALOGUE / "messages.mo").write_bytes(binary)
    return 0


if __name__ == "__main__":
    sys.exit(main())
