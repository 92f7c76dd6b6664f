"""Which answers count for the tally of searches, and with which words."""

from exchange.discovery.rules import Asked
from exchange.discovery.searching import Outcome, Reader
from exchange.kernel.act import House
from exchange.listings.indexing import VOLUNTEER
from exchange.projects.indexing import SIDE as PROJECT
from exchange.search.tallies.tallying import note_search


def note_question(
    house: House, asked: Asked, outcome: Outcome, reader: Reader, *, is_first: bool,
    others: int = 0,
) -> None:
    """Count a question with words once: its first page, in the usual order.

    The words are those that were answered: without the place that was read out of them, and with
    their spelling mended. Found is a listing that has all of them or their synonyms, or one of
    ``others`` of other kinds: by meaning alone something is always near. Operators look at what
    others searched for, so theirs do not count. A question that people narrowed themselves and
    that finds nothing says nothing about its words.
    """
    words, found = outcome.used.q, outcome.found.full + others
    again = not is_first or asked.sort != "relevance"
    if not words or again or reader.actor.is_operator or (asked.filters and not found):
        return
    side = "" if asked.side in (PROJECT, VOLUNTEER) else asked.side
    note_search(house, words, side, reader.locale, found)
