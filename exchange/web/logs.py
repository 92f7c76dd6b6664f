"""Structured logs with a request id. They carry ids, never personal data."""

import logging
import re
import sys
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, request

REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
QUIET = ("static", "health.healthz", "health.readyz")
log = structlog.get_logger("exchange.request")


def install(app: Flask) -> None:
    """Configure structlog once and log every request."""
    level = logging.getLevelNamesMapping()[app.extensions["exchange"].settings.log_level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=_to_stderr,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    app.before_request(_begin)
    app.after_request(_end)


def _to_stderr(*_names: Any) -> structlog.PrintLogger:
    """Logs go to standard error: what a command prints stays readable by programs."""
    return structlog.PrintLogger(sys.stderr)


def request_id() -> str:
    """The id of this request, to tell a person who reports a fault."""
    return str(g.get("request_id", ""))


def _begin() -> None:
    offered = request.headers.get("X-Request-Id", "")
    g.request_id = offered if REQUEST_ID.match(offered) else uuid.uuid4().hex
    g.request_started = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if request.endpoint not in QUIET:
        values: dict[str, Any] = {
            "method": request.method,
            "endpoint": request.endpoint,
            "status": response.status_code,
            "ms": round((time.monotonic() - g.get("request_started", time.monotonic())) * 1000, 1),
        }
        log.info("request", **values)
    return response
