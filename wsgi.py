"""The application for gunicorn and the flask command."""

from exchange import create_app

app = create_app()
