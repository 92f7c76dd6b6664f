"""The demonstration city's rows, shifted in time so that it never ages."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "demonstration"
PASSWORD = "qianxian-demo"  # noqa: S105 - printed at every start of a demonstration; refused elsewhere
DATES = ("from_date", "to_date")


@dataclass(frozen=True)
class Undertaking:
    """A name and a note, keys of the needs that belong together, and rows of new ones."""

    name: str
    note: str
    needs: tuple[str, ...]
    posts: list[dict[str, Any]]


@dataclass(frozen=True)
class City:
    """What the files hold, as of a day."""

    today: date

    @cached_property
    def story(self) -> Mapping[str, Any]:
        """Stations, people, and which pairs stand in which state."""
        told: dict[str, Any] = json.loads((FOLDER / "story.json").read_text(encoding="utf-8"))
        return told

    @property
    def shift(self) -> timedelta:
        """How far every date moves."""
        return self.today - date.fromisoformat(self.story["reference_date"])

    def organisations(self) -> list[dict[str, Any]]:
        """Rows in the exchange format."""
        return list(_rows("organisations.jsonl"))

    def listings(self) -> list[dict[str, Any]]:
        """Rows in the exchange format, with moved dates."""
        return [self._moved(row) for name in ("needs.jsonl", "offers.jsonl") for row in _rows(name)]

    def undertakings(self) -> list[Undertaking]:
        """What villages want to do, and the needs that are posted for it alone."""
        return [
            Undertaking(
                told["name"], told["note"], tuple(told["needs"]),
                [self._moved(dict(row)) for row in told["posts"]],
            )
            for told in self.story["undertakings"]
        ]  # fmt: skip

    def _moved(self, row: dict[str, Any]) -> dict[str, Any]:
        for name in DATES:
            if row.get(name):
                row[name] = (date.fromisoformat(row[name]) + self.shift).isoformat()
        return row


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (FOLDER / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
