"""How gunicorn runs the site: ``gunicorn --config python:exchange.web.gunicorn_conf wsgi:app``.

``exchange serve`` reads the same file and hands over a socket that is already open.
"""

import os
import socket
from typing import Any

from flask import Flask

from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from exchange.web.warming import warm

SILENT_SECONDS = 30  # a connection that asks nothing is let go after about as long

_settings = load_settings()

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = _settings.web_workers
threads = _settings.web_threads
worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 4
# A process takes no more than it can work on, so that the others take the rest: connections that
# stay open would stay with one process, however busy it is.
worker_connections = threads
keepalive = 0
loglevel = "warning"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Load what all processes share before they part, and let connections wait until they ask.

    A browser opens connections in advance; each would keep a thread waiting.
    """
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        for listener in server.LISTENERS:
            if listener.sock.family in (socket.AF_INET, socket.AF_INET6):
                listener.sock.setsockopt(
                    socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_SECONDS
                )
    application = server.app.wsgi()
    if isinstance(application, Flask):
        warm(application)


def post_fork(server: Any, _worker: Any) -> None:
    """Leave the parent's database connections to the parent: they must not be shared."""
    application = server.app.wsgi()
    if isinstance(application, Flask):
        with application.app_context():
            db.engine.dispose(close=False)
