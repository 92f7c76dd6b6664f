"""Search: the port to an engine, the analysis of text, meaning as vectors, reading facts in a text.

A room that has something to find registers a ``sources.Source`` of documents and asks for indexing
within its acts; search knows no such room. Every engine stands behind ``port.SearchIndex`` and
passes one contract test suite; ``wiring.search_index`` opens the one of this application.
"""

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.search import cli
from exchange.search.wiring import can_answer
from exchange.web.preparation import add_preparation_step
from exchange.web.sentences import add_sentences


def register(app: Flask) -> None:
    """Look at the index before each start, and say whether it can answer."""
    house = app.extensions["exchange"]
    house.resources.setdefault("readiness", {})["search"] = partial(can_answer, house)
    add_preparation_step(app, 80, "Search index", cli.ensure_index_step)
    add_sentences(
        {
            "search_index_unavailable": _l(
                "The search is being set up anew. Please try again soon."
            ),
            "search_index_busy": _l("The search is busy. Please try again in a moment."),
            "invalid_cursor": _l("This page of results is no longer valid. Please search again."),
        }
    )
