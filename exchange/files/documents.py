"""Looking through an uploaded PDF before it is kept: whole, small, and without anything that acts.

The check is one of two walls. What hides from it meets the other: a document is only ever handed
out as a download, with a policy under which a browser runs nothing (``files.views``).
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from exchange.kernel.errors import Invalid

LARGEST_BYTES = 8_000_000
MOST_INFLATED = 32_000_000  # of all compressed parts together
MEDIA_TYPE = "application/pdf"
HEAD, END = b"%PDF-", b"%%EOF"
ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|Encrypt)"
    rb"(?![A-Za-z0-9])"
)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")


@dataclass(frozen=True)
class Document:
    """A PDF that was looked through, and what it is called, where that is known."""

    data: bytes
    name: str = ""


def looks_like_document(data: bytes) -> bool:
    """Whether the bytes say of themselves that they are a PDF."""
    return data[:1024].lstrip().startswith(HEAD)


def read_document(data: bytes, name: str = "") -> Document:
    """Look through a PDF of up to 8 MB; ``name`` is kept as it is given.

    Raises Invalid with "document_too_large", "document_unreadable" (cut off, or no PDF) or
    "document_active" (scripts, attached files, forms that send, a lock).
    """
    if len(data) > LARGEST_BYTES:
        raise _refused("document_too_large")
    if not looks_like_document(data) or END not in data[-2048:]:
        raise _refused("document_unreadable")
    if any(_acts(part) for part in _parts(data)):
        raise _refused("document_active")
    return Document(data, name)


def _acts(part: bytes) -> bool:
    """Whether a part names something active; names may write any letter as ``#4a``."""
    plain = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
    return ACTIVE.search(plain) is not None


def _parts(data: bytes) -> Iterator[bytes]:
    """The document as it stands, then what its compressed streams hold, up to a bound."""
    yield data
    left = MOST_INFLATED
    for found in STREAM.finditer(data):
        inflated = _inflated(data, found.end(), left)
        left -= len(inflated)
        if left <= 0:
            raise _refused("document_too_large")
        yield inflated


def _inflated(data: bytes, start: int, most: int) -> bytes:
    """What is deflated from here on; nothing where it is stored in another way."""
    try:
        return zlib.decompressobj().decompress(memoryview(data)[start:], most)
    except zlib.error:
        return b""


def _refused(code: str) -> Invalid:
    return Invalid(code, fields={"files": [code]})
