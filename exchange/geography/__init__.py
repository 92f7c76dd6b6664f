"""Divisions of China with their official codes: names, distance, the picker."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.geography import api, views
from exchange.geography.loading import load_divisions
from exchange.kernel.database import db
from exchange.web.preparation import Progress, add_preparation_step
from exchange.web.sentences import add_sentences


def register(app: Flask) -> None:
    """Install the doors of the place picker."""
    add_sentences(views.SENTENCES)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    add_preparation_step(app, 10, "Divisions of China", _load)


def _load(_app: Flask, progress: Progress) -> None:
    """Load every division into an empty table; a table that has some is left alone."""
    with db.engine.begin() as connection:
        load_divisions(connection, progress=progress)
