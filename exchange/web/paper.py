"""What others read on a noticeboard or in a chat group: in their language, whoever prints it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import render_template, request
from flask_babel import force_locale
from markupsafe import Markup

from exchange.web.acting import house
from exchange.web.locale import LOCALES


@contextmanager
def language_of_readers() -> Iterator[str]:
    """The site's own language, or the one that the address asks for: ``?language=en``."""
    chosen = request.args.get("language")
    language = chosen if chosen in LOCALES else house().settings.locale
    with force_locale(language):
        yield language


def poster_page(sheet: str, language: str, back: str, hint: str) -> str:
    """The page of a poster, in the language of who prints it. ``sheet`` was made for its readers.

    ``hint`` says above it what it is for.
    """
    values: dict[str, Any] = {"language": language, "back": back, "hint": hint}
    marked = Markup(sheet)  # noqa: S704 - a template of ours has escaped it
    return render_template("web/poster.html", sheet=marked, **values)
