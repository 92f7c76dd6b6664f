"""The application for gunicorn and the flask command."""

from exchange import create_app
from exchange.kernel.errors import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    raise SystemExit(f"The exchange cannot start: {error}") from error
