"""Where somebody lands who has signed in and was on the way to nowhere in particular."""

from collections.abc import Callable

from flask import Flask, current_app

from exchange.kernel.actor import Actor

LANDING = "exchange.landing"
Choose = Callable[[Actor], str | None]


def add_landing(app: Flask, choose: Choose) -> None:
    """A room says where those begin for whom it has a page of their own; None for others."""
    app.extensions.setdefault(LANDING, []).append(choose)


def landing_for(actor: Actor) -> str:
    """The page to begin with; the home page for those of whom no room said anything."""
    for choose in current_app.extensions.get(LANDING, ()):
        found: str | None = choose(actor)
        if found is not None:
            return found
    return "/"
