"""What all API doors share: problems, reading JSON, bearer tokens, limits, the OpenAPI document.

Later rooms add their operations with ``registry.register_blueprint``; accounts registers the loader
of tokens with ``authentication.install_bearer``.
"""

from flask import Flask

from exchange.api import documents, problems, registry, views
from exchange.web.sentences import add_sentences


def register(app: Flask) -> None:
    """Set up the API, its error answers and its document."""
    registry.install(app)
    problems.install(app)
    documents.install(app)
    app.register_blueprint(views.bp)
    add_sentences(problems.SENTENCES)
