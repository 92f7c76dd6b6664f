"""Who calls: a bearer token, or nobody. Cookies of a browser count for nothing here.

Because no cookie counts, a page elsewhere cannot make a browser act, and the API needs no CSRF
tokens.
"""

from collections.abc import Callable

from flask import Flask, request

from exchange.api.limits import REFUSED, count_request
from exchange.kernel.actor import VISITOR, Actor
from exchange.kernel.errors import Forbidden, SignInNeeded
from exchange.web.acting import LOADER, ActorLoader, current_actor
from exchange.web.locale import is_api_request
from exchange.web.throttle import visitor_key

READING = frozenset({"GET", "HEAD", "OPTIONS"})
WRITE = "write"
ALL = "all"
BearerLoader = Callable[[str], Actor | None]


def install_bearer(app: Flask, load: BearerLoader) -> None:
    """Let tokens say who acts below /api/. Call it after the loader of sessions is in place.

    ``load`` gives the actor of a token with its scopes, None for one that is not good (any more).
    """
    by_session: ActorLoader | None = app.extensions.get(LOADER)

    def load_any() -> Actor:
        if is_api_request():
            return _bearer_actor(load)
        return by_session() if by_session else VISITOR

    app.extensions[LOADER] = load_any


def _bearer_actor(load: BearerLoader) -> Actor:
    header = request.headers.get("Authorization", "").strip()
    if not header:
        return VISITOR
    scheme, _, token = header.partition(" ")
    actor = load(token.strip()) if scheme.lower() == "bearer" else None
    if actor is None:
        count_request(REFUSED, visitor_key())
        raise SignInNeeded("token_invalid")
    return actor


def check_scope() -> None:
    """Refuse a writing request whose token may only read. Raises Forbidden."""
    scopes = current_actor().scopes
    if request.method not in READING and not scopes & {WRITE, ALL}:
        raise Forbidden("token_read_only")
