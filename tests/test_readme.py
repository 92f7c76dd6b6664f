"""The README names every room and every command, and what it points at is there."""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from exchange.kernel.commands import exchange_commands

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_ROOMS = {"migrations", "static", "translations"}
MOST_BYTES = 120_000


def section(heading: str) -> str:
    """The text below a heading of the second level."""
    return README.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> set[str]:
    """What stands as code in the first column of a table."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def command_names(group: click.Group, before: str = "") -> set[str]:
    """Every command with the groups it stands in."""
    found: set[str] = set()
    for name, command in group.commands.items():
        said = f"{before}{name}"
        found |= command_names(command, f"{said} ") if isinstance(command, click.Group) else {said}
    return found


def test_every_room_is_on_the_map() -> None:
    folders = {path.parent.name for path in (ROOT / "exchange").glob("*/__init__.py")}
    assert first_cells(section("Map of the house")) == folders - NOT_ROOMS


def test_every_command_is_in_the_table(app: Flask) -> None:
    assert "exchange" in app.cli.commands
    assert first_cells(section("Commands")) == command_names(exchange_commands)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_what_it_links_to_is_there(target: str) -> None:
    assert target.startswith("https://") or (ROOT / target).exists()


def test_every_named_file_is_there() -> None:
    named = re.findall(r"`((?:exchange|scripts|tests|docs)/[\w./-]+)`", README)
    assert named
    assert not [name for name in named if not (ROOT / name).exists()]


def test_its_pictures_are_small_and_few() -> None:
    pictures = sorted((ROOT / "docs" / "images").glob("*.png"))
    assert 0 < len(pictures) <= 8
    assert not [path.name for path in pictures if path.stat().st_size > MOST_BYTES]
    assert not [path.name for path in pictures if f"docs/images/{path.name}" not in README]
