"""The chain's head, kept outside the database once a day: who cuts the chain off is found out.

One file a day, written whole or not at all. Copies belong on another machine.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import structlog

from exchange.audit.chain_rules import Head
from exchange.kernel.settings import Settings

log = structlog.get_logger(__name__)
FOLDER = "audit-heads"


@dataclass(frozen=True)
class ExportedHead:
    """What a file says, or that it cannot be read."""

    name: str
    head: Head | None


def heads_folder(settings: Settings) -> Path:
    """Where the files are."""
    chosen = settings.audit_heads_dir
    return Path(chosen) if chosen else settings.data_dir / FOLDER


def file_of(settings: Settings, day: date) -> Path:
    """The file of a day."""
    return heads_folder(settings) / f"{day.isoformat()}.json"


def export_head(settings: Settings, head: Head, now: datetime, day: date) -> bool:
    """Write the head of a day and a line in the log; False when the day has its file already."""
    path = file_of(settings, day)
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".head-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({**asdict(head), "exported_at": now.isoformat()}, file)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o440)
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()
    log.info("audit head", batch=head.number, hash=head.hash, entries=head.entries)
    return True


def exported_heads(settings: Settings) -> Iterator[ExportedHead]:
    """Every head that was exported, the oldest first."""
    folder = heads_folder(settings)
    if not folder.is_dir():
        return
    for path in sorted(folder.glob("*.json")):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            head = Head(int(said["number"]), str(said["hash"]), int(said["entries"]))
        except (OSError, ValueError, KeyError, TypeError):
            yield ExportedHead(path.name, None)
        else:
            yield ExportedHead(path.name, head)
