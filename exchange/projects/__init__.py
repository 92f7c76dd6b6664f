"""Projects: longer undertakings with a plan, news, partners, and open accounts.

``slots`` names where the subjects of this room and later rooms stand on a project's page.
"""

from flask import Flask

from exchange.projects import models
from exchange.projects.pages import views

# Importing the models declares the tables.
__all__ = ["models", "register"]

BLUEPRINTS = (views.bp,)


def register(app: Flask) -> None:
    """Install the doors of this room."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
