"""Projects: longer undertakings with a plan, news, partners, and open accounts."""

from flask import Flask

from exchange.projects import models
from exchange.projects.ledger import models as ledger_models

# Importing the models declares the tables.
__all__ = ["ledger_models", "models", "register"]


def register(app: Flask) -> None:
    """Nothing is shown yet."""
