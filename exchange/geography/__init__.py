"""Divisions of China with their official codes: names, distance, the picker."""

from flask import Flask

from exchange.geography import views
from exchange.web.sentences import add_sentences


def register(app: Flask) -> None:
    """Install the doors of the place picker."""
    add_sentences(views.SENTENCES)
    app.register_blueprint(views.bp)
