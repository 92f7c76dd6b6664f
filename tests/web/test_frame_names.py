"""A page leaves the names of the frame alone: what it hands over would stand in the header."""

import ast
from pathlib import Path

ROOM = Path(__file__).parents[2] / "exchange"
FRAME = {
    "account", "actor", "care_mode", "current_locale", "home_url", "navigation", "place",
    "sign_in_url",
}  # fmt: skip


def names_handed_over(source: str) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {
        word.arg
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "render_template"
        for word in call.keywords
        if word.arg
    }


def test_no_view_takes_a_name_of_the_frame() -> None:
    assert names_handed_over("render_template('a.html', place=1)") & FRAME == {"place"}
    taken = {
        str(path.relative_to(ROOM)): sorted(names)
        for path in sorted(ROOM.rglob("*.py"))
        if (names := names_handed_over(path.read_text(encoding="utf-8")) & FRAME)
    }
    shows_it = ("discovery/activity_views.py", "discovery/views.py")  # the reader's place itself
    assert taken == {name: ["place"] for name in shows_it}
