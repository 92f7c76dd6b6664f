"""What all page doors share.

Access rules, acts of the current actor, panels, language, errors, health, and the start of a site.
"""

from flask import Flask

from exchange.web import access, cli, context, error_pages, health, locale, logs, security, views
from exchange.web.requests import HouseRequest


def register(app: Flask) -> None:
    """Install the shared doors on the application."""
    app.request_class = HouseRequest
    logs.install(app)
    security.install(app)
    locale.install(app)
    access.install(app)
    context.install(app)
    error_pages.install(app)
    cli.install(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(views.bp)
