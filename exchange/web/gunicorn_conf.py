"""How gunicorn runs the site: ``gunicorn --config python:exchange.web.gunicorn_conf wsgi:app``.

``exchange serve`` reads the same file and hands over a socket that is already open.
"""

import os
from typing import Any

from flask import Flask

from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from exchange.web.warming import warm

_settings = load_settings()

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = _settings.web_workers
threads = _settings.web_threads
worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 4
keepalive = 5
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Load what all processes share before they part."""
    application = server.app.wsgi()
    if isinstance(application, Flask):
        warm(application)


def post_fork(server: Any, _worker: Any) -> None:
    """Leave the parent's database connections to the parent: they must not be shared."""
    application = server.app.wsgi()
    if isinstance(application, Flask):
        with application.app_context():
            db.engine.dispose(close=False)
