"""A new draft after an activity that went well: the same words, roles and shifts on other days."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.volunteering.copying import api, views

# Importing the pages declares them.
__all__ = ["register", "views"]


def register(app: Flask) -> None:
    """Install the doors of this subject."""
    register_blueprint(app, api.blp)
