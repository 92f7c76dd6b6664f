"""The port to where the bytes of files are kept, and the local folder behind it."""

import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

NAME = re.compile(r"[a-z0-9]{6,40}-(?:full|thumb)\Z")


class FileStore(Protocol):
    """Keeps bytes by name. A name is letters and digits, a dash, and the size."""

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes; when this returns they survive a crash."""
        ...

    def get(self, name: str) -> bytes | None:
        """The bytes, or None when there are none."""
        ...

    def delete(self, name: str) -> None:
        """Forget the bytes; nothing happens when there are none."""
        ...

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Every name with the moment at which it was put."""
        ...


class LocalFileStore:
    """Files in a folder, spread over sub-folders; each appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, datetime]]:
        if not self.root.is_dir():
            return
        for path in sorted(self.root.glob("??/*")):
            if NAME.match(path.name):
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        if not NAME.match(name):
            raise ValueError("not the name of a stored file")
        return self.root / name[:2] / name
