"""Which answers count for the tally of searches."""

from exchange.discovery.finding import Found
from exchange.discovery.rules import Asked
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.search.tallying import note_search


def note_question(
    house: House, actor: Actor, asked: Asked, found: Found, locale: str, *, is_first: bool
) -> None:
    """Count a question with words once: its first page, in the usual order.

    Operators look at what others searched for, so theirs do not count. A narrowed question that
    finds nothing says nothing about its words.
    """
    again = not is_first or asked.sort != "relevance"
    if not asked.q or again or actor.is_operator or (asked.filters and not found.listings):
        return
    note_search(house, asked.q, asked.side, locale, len(found.listings))
