"""Looking at every file of an index for damage.

Each file of tantivy's ends with a footer: a JSON value that holds the CRC-32 of what stands before
it, the length of that value, and a mark.
"""

import json
import struct
import zlib
from pathlib import Path

from exchange.search.backends.damage import damage_is_named
from exchange.search.backends.tantivy_reading import META, Reader, View
from exchange.search.backends.tantivy_schema import KEY, ROW
from exchange.search.port import IndexUnavailable

_TAIL = struct.Struct("<II")
_MARK = 1337
_AT_ONCE = 1 << 20


def verify(path: Path, dimensions: int, *, whole: bool) -> View:
    """Open the index anew and read all of it, or some. Raises IndexUnavailable for damage."""
    view = Reader(path, dimensions).current()
    with damage_is_named():
        try:
            contents = json.loads((path / META).read_text(encoding="utf-8"))
            for segment in contents["segments"] if whole else ():
                for file in path.glob(f"{segment['segment_id'].replace('-', '')}.*"):
                    _verify_file(file)
        except FileNotFoundError:  # merged away meanwhile; what was opened is whole
            pass
        highest = view.by(ROW, [], 1, falling=True)
        if highest and highest[0][0] is not None:
            view.vectors.packed(int(highest[0][0]))
        view.stored([address for _, address in view.by(KEY, [], 1, falling=True)])
    return view


def _verify_file(path: Path) -> None:
    with path.open("rb") as file:
        size = path.stat().st_size
        file.seek(max(0, size - _TAIL.size))
        length, mark = _TAIL.unpack(file.read(_TAIL.size))
        body = size - _TAIL.size - length
        if mark != _MARK or body < 0:
            raise IndexUnavailable(reason="damaged", detail=path.suffix)
        file.seek(body)
        told = json.loads(file.read(length))["crc"]
        file.seek(0)
        found, rest = 0, body
        while rest and (some := file.read(min(rest, _AT_ONCE))):
            found = zlib.crc32(some, found)
            rest -= len(some)
    if found != told:
        raise IndexUnavailable(reason="damaged", detail=path.suffix)
