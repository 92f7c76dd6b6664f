"""Projects: longer undertakings with a plan, news, partners, and open accounts."""

from flask import Flask

from exchange.projects import models, news

# Importing the models declares the tables.
__all__ = ["models", "register"]

SUBJECTS = (news.register,)


def register(app: Flask) -> None:
    """Install the doors of every subject."""
    for subject in SUBJECTS:
        subject(app)
