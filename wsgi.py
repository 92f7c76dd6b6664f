"""The application for gunicorn and the flask command."""

import os

from exchange import create_app
from exchange.kernel.database import db
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.starting import check_start

try:
    app = create_app()
    # Under the flask command each command decides: the doctor looks at a site that may not serve.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        with app.app_context():
            check_start(app.extensions["exchange"], db.engine)
except ConfigurationError as error:
    raise SystemExit(f"The exchange cannot start: {error}") from error
