"""What the interface promises to slow networks, old browsers and a strict content policy."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "exchange" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted(STATIC.rglob("*.css"))
SCRIPTS = sorted(STATIC.rglob("*.js"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
KB = 1024


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_styles_of_every_page_stay_small_and_those_of_some_smaller() -> None:
    frame = (ROOT / "templates" / "base.html").read_text("utf-8")
    everywhere = [path for path in STYLES if path.relative_to(STATIC).as_posix() in frame]
    assert 0 < sum(path.stat().st_size for path in everywhere) < 40 * KB
    assert all(path.stat().st_size < 5 * KB for path in STYLES if path not in everywhere)


def test_scripts_of_every_page_stay_small_and_those_of_some_smaller() -> None:
    frame = (ROOT / "templates" / "base.html").read_text("utf-8")
    everywhere = [path for path in SCRIPTS if path.relative_to(STATIC).as_posix() in frame]
    assert 0 < sum(path.stat().st_size for path in everywhere) < 60 * KB
    assert all(path.stat().st_size < 10 * KB for path in SCRIPTS if path not in everywhere)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_holds_nothing_that_the_content_policy_blocks(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), "a style attribute"
    is_kept_as_a_file = path.stem.endswith("_offline")  # no page: it brings its own style along
    assert is_kept_as_a_file or "<style" not in text
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler"
    assert "hx-on" not in text
    assert "javascript:" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "an inline script"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_can_be_read(path: Path) -> None:
    reader = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    assert reader.parse(path.read_text("utf-8")).body


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_loads_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", path.read_text("utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_icon_named_is_in_the_sprite(path: Path) -> None:
    calls = re.findall(r"\bicon\(\s*'([a-z0-9-]+)'", path.read_text("utf-8"))
    calls += re.findall(r"'icon': '([a-z0-9-]+)'", path.read_text("utf-8"))
    assert set(calls) <= SPRITE


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_styles_need_no_browser_after_2020(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for newer in (":has(", ":where(", "@layer", "@container", "color-mix(", "&"):
        assert newer not in text, f"{newer} is not known to Chromium 87"
    assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", text)


@pytest.mark.parametrize("name", ["htmx", "modern-normalize", "lucide"])
def test_vendored_library_stands_beside_its_licence(name: str) -> None:
    assert (STATIC / "vendor" / name / "LICENSE").stat().st_size > 300
    assert f"| {name} |" in (STATIC / "vendor" / "README.md").read_text("utf-8")
