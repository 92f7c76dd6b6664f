"""Categories, units, terms and beneficiary groups: the words that needs and offers share."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.taxonomy import api
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.units import format_quantity, unit_name


def register(app: Flask) -> None:
    """Let templates name categories, units and quantities."""
    register_blueprint(app, api.blp)
    app.jinja_env.globals["taxonomy"] = taxonomy
    app.jinja_env.globals["unit_name"] = unit_name
    app.jinja_env.filters["quantity"] = format_quantity
