"""Who acts in this request, and the one transaction of an act."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import VISITOR, Actor
from exchange.kernel.database import db

ActorLoader = Callable[[], Actor]
LOADER = "exchange.actor_loader"


def house() -> House:
    """The current application's house."""
    return cast("House", current_app.extensions["exchange"])


def current_actor() -> Actor:
    """The actor of this request, loaded once; a visitor when nobody is signed in."""
    if "actor" not in g:
        loader = cast("ActorLoader | None", current_app.extensions.get(LOADER))
        g.actor = loader() if loader else VISITOR
    return cast("Actor", g.actor)


def forget_actor() -> None:
    """Load the actor anew at the next question, after signing in, out or changing role."""
    g.pop("actor", None)


def read_session() -> Session:
    """The request's session, for reading."""
    return db.session()


@contextmanager
def acting(actor: Actor | None = None, *, via: str = "") -> Iterator[Act]:
    """Open the one writing act of this request for the current actor (or the one given).

    ``via`` stands before the address in the origin, where the actor did not sign in.
    What was read before belongs to an earlier snapshot: load inside the block what you change.
    """
    who = current_actor() if actor is None else actor
    origin = f"{via} {request.remote_addr or ''}".strip()
    with open_act(house(), read_session, who, origin=origin) as act:
        yield act
