"""Approved hours summed up by organisation, by village and by kind of work."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.volunteering.hours_report import api, panels, views

# Importing the pages declares them.
__all__ = ["register", "views"]


def register(app: Flask) -> None:
    """Install the doors of this subject."""
    register_blueprint(app, api.blp)
    panels.install(app)
