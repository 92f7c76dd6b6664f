"""How gunicorn runs the site. The supervisor hands over the listening socket by its number."""

import os
from typing import Any

from flask import Flask

from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from exchange.kernel.supervision import stop_with_supervisor

_settings = load_settings()

bind = os.environ.get("EXCHANGE_BIND", "127.0.0.1:8000")
workers = _settings.web_workers
threads = _settings.web_threads
worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 4
keepalive = 5
max_requests = 0
loglevel = "warning"
control_socket_disable = True


def when_ready(_server: Any) -> None:
    """Stop with the supervisor that started this process."""
    stop_with_supervisor()


def post_fork(server: Any, _worker: Any) -> None:
    """Leave the parent's database connections to the parent: they must not be shared."""
    application = server.app.wsgi()
    if isinstance(application, Flask):
        with application.app_context():
            db.engine.dispose(close=False)
