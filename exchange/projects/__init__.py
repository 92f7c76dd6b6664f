"""Projects: longer undertakings with a plan, news, partners, and open accounts."""

from flask import Flask

from exchange.projects import models

# Importing the models declares the tables.
__all__ = ["models", "register"]


def register(app: Flask) -> None:
    """Nothing is shown yet."""
