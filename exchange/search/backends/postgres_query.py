"""Questions in PostgreSQL's words: terms and tokens as lexemes, their ANDs and ORs as a tsquery."""

from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b

from exchange.search.engine import Ask
from exchange.search.port import Filters
from exchange.search.questions import Question

LONGEST = 500  # bytes of a lexeme; PostgreSQL takes 2,046
IN_TITLE = "^"
FOR_FILTERS = "="  # no word begins like this


def lexeme(term: str) -> str:
    """A term as PostgreSQL can keep it."""
    clean = term.replace("\0", "\ufffd").encode(errors="replace")
    if len(clean) > LONGEST:
        clean = clean[: LONGEST // 2] + blake2b(clean, digest_size=16).hexdigest().encode()
    return clean.decode(errors="ignore")


def token(name: str) -> str:
    """A filter token as a lexeme."""
    return lexeme(FOR_FILTERS + name)


def quoted(name: str) -> str:
    """A lexeme within a tsquery."""
    escaped = name.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def all_of(parts: Iterable[str]) -> str:
    """AND of tsqueries; "" stands for everything."""
    known = [part for part in parts if part]
    return known[0] if len(known) == 1 else f"({' & '.join(known)})" if known else ""


def any_of(parts: Iterable[str]) -> str:
    """OR of tsqueries; everything when one of them is everything."""
    known = list(parts)
    if "" in known:
        return ""
    return known[0] if len(known) == 1 else f"({' | '.join(known)})" if known else ""


def all_terms(terms: Sequence[str], mark: str = "") -> str:
    """Documents with all the terms."""
    return all_of(quoted(lexeme(mark + term)) for term in terms)


def any_terms(terms: Iterable[str]) -> str:
    """Documents with any of the terms."""
    return any_of(quoted(lexeme(term)) for term in terms)


def required(question: Question, mark: str = "") -> list[str]:
    """What every full match has; with a mark, what it has in its title."""
    groups = [
        any_of(all_terms(terms, mark) for terms in group.alternatives)
        for group in question.groups
        if group.required
    ]
    return [*groups, *(all_terms(terms, mark) for terms in question.phrases)]


def bound(question: Question) -> list[str]:
    """What even a partial match has: quoted phrases, and nothing that is excluded."""
    phrases = [all_terms(terms) for terms in question.phrases]
    excluded = [f"!{all_terms(terms)}" for terms in question.excluded if terms]
    return phrases + excluded


def any_token(tokens: Collection[str]) -> str:
    """Documents with any of the filter tokens."""
    return any_of(quoted(token(name)) for name in sorted(tokens))


def external(filters: Filters) -> list[str]:
    """The filter that no column of ``postgres_columns`` holds; empty when it is not asked for."""
    names = {f"external:{name}" for name in filters.external_ids}
    return [any_token(names)] if names else []


def words_of(ask: Ask) -> str:
    """The words of full matches, without filters and audience."""
    parts = [*required(ask.question), *bound(ask.question)]
    return all_of([*parts, *external(ask.filters)])
