"""What operators look after: for now the demonstration city, loaded at the first start."""

from flask import Flask

from exchange.admin.loading import announce, load_city
from exchange.web.preparation import add_announcement, add_preparation_step


def register(app: Flask) -> None:
    """Load the demonstration city before a demonstration starts, and say how to sign in."""
    if app.extensions["exchange"].settings.env == "demonstration":
        add_preparation_step(app, 50, "Demonstration city", load_city)
        add_announcement(app, announce)
