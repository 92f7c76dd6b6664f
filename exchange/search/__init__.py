"""Search: the port to an engine, the analysis of text, meaning as vectors, reading facts in a text.

A room that has something to find registers a ``sources.Source`` of documents and asks for indexing
within its acts; search knows no such room. Every engine stands behind ``port.SearchIndex`` and
passes one contract test suite; ``wiring.search_index`` opens the one of this application.

Here too: the words that mean the same (``synonym_wiring.synonyms_of``), and the counters of what
is searched for (``tallying.note_search``, ``tally_queries.frequent_queries``).
"""

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from threadpoolctl import threadpool_limits

from exchange.kernel.database import db
from exchange.search import cli
from exchange.search.synonyms.wiring import SHELF, SynonymShelf
from exchange.search.tallies import jobs as tally_jobs
from exchange.search.tallies.tallying import BUFFER, TallyBuffer, write_counts
from exchange.search.wiring import can_answer
from exchange.web.preparation import add_preparation_step
from exchange.web.sentences import add_sentences

__all__ = ["register", "tally_jobs"]


def register(app: Flask) -> None:
    """Look at the index before each start, say whether it can answer; keep synonyms and tally."""
    house = app.extensions["exchange"]
    threadpool_limits(limits=1, user_api="blas")  # a process answers several questions at once
    house.resources.setdefault("observed", {})["search"] = partial(can_answer, house)
    with app.app_context():
        engine = db.engine
    house.resources[SHELF] = SynonymShelf(partial(Session, engine))
    house.resources[BUFFER] = TallyBuffer(partial(write_counts, engine))
    add_preparation_step(app, 80, "Search index", cli.ensure_index_step)
    add_sentences(
        {
            "search_index_unavailable": _l(
                "The search is being set up anew. Please try again soon."
            ),
            "search_index_busy": _l("The search is busy. Please try again in a moment."),
            "invalid_cursor": _l("This page of results is no longer valid. Please search again."),
            "synonym_count": _l("Give %(least)s to %(most)s words."),
            "synonym_long": _l("“%(word)s…” is too long: a word has at most %(most)s characters."),
            "synonym_no_word": _l("“%(word)s” is not a word."),
            "synonym_twice": _l("“%(word)s” stands here twice."),
            "synonyms_exist": _l("There is already a group with exactly these words."),
            "synonyms_full": _l(
                "The site has %(most)s groups of its own already. Delete some first."
            ),
            "synonyms_gone": _l("Somebody else has deleted this group meanwhile."),
            "synonyms_changed_meanwhile": _l("Somebody else has changed this group meanwhile."),
        }
    )
