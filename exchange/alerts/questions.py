"""A question as it is kept: the parameters of the search page's address, in one fixed order."""

import hashlib
from urllib.parse import parse_qs, urlencode

from exchange.discovery.forms import known_values
from exchange.discovery.rules import LITERAL, Asked, parameters, read_asked

LONGEST_QUESTION = 4_000
MOST_PARAMETERS = 100
# What says where to look and in which order, but narrows nothing.
NOT_NARROWING = ("side", "state", "sort", "literal")
NOT_KEPT = ("sort", "literal")


def write_question(asked: Asked) -> str:
    """The question without its order, the same for every way of asking it."""
    return urlencode(sorted(parameters(asked, without=NOT_KEPT)))


def read_question(text: str) -> Asked | None:
    """The question that was kept or sent; None when a part of it makes no sense (any more).

    A part that is left out would make the question wider than it was meant. Its words are taken as
    they stand: what was read out of them when it was saved, a place, is a filter by now.
    """
    if len(text) > LONGEST_QUESTION:
        return None
    try:
        values = parse_qs(text, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return None
    asked, ignored = read_asked(values, known_values())
    return None if ignored else asked.but(literal=LITERAL)


def is_narrow(asked: Asked) -> bool:
    """Whether the question has words or a filter: whoever follows everything follows nothing."""
    return any(True for _ in parameters(asked, without=NOT_NARROWING))


def question_hash(question: str) -> str:
    """The form in which a question is compared."""
    return hashlib.sha256(question.encode()).hexdigest()
