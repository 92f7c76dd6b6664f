"""Projects: longer undertakings with a plan, news, partners, and open accounts."""

from flask import Flask

from exchange.projects import evaluation, models

# Importing the models declares the tables.
__all__ = ["models", "register"]
SUBJECTS = (evaluation,)


def register(app: Flask) -> None:
    """Install the doors and the words of every subject."""
    for subject in SUBJECTS:
        subject.register(app)
