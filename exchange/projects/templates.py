"""Outlines that a new project may start from: an aim to fill in, steps by days, usual needs."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exchange.projects.kinds import Template

DATA = Path(__file__).parent / "data" / "templates.toml"


@dataclass(frozen=True)
class Outline:
    """One kind of project in one language.

    ``milestones`` are pairs of days after the first day and words; ``needs`` are categories that
    such projects usually need, ``groups`` whom they are for.
    """

    template: Template
    line: str
    aim: str
    milestones: tuple[tuple[int, str], ...]
    needs: tuple[str, ...]
    category: str | None
    groups: tuple[str, ...]


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


@cache
def outline_of(template: Template, locale: str) -> Outline:
    """The outline in the reader's language."""
    told = _table()[template.value]
    words = told["zh" if locale.startswith("zh") else "en"]
    days = told.get("days", [])
    return Outline(
        template=template,
        line=words["line"],
        aim=words["aim"],
        milestones=tuple(zip(days, words.get("milestones", []), strict=True)),
        needs=tuple(told.get("needs", [])),
        category=told.get("category"),
        groups=tuple(told.get("groups", [])),
    )
