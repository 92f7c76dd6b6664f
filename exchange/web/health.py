"""Is the process alive, and can it serve?"""

import sqlalchemy as sa
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from exchange.web.access import PUBLIC, access
from exchange.web.acting import house, read_session

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@access(PUBLIC)
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@access(PUBLIC)
def readyz() -> ResponseReturnValue:
    """Database and everything that rooms have registered as needed are there.

    What the site can do without for a while is named too, but does not take it out of service;
    nor does what rooms have registered to be counted.
    """
    checks: dict[str, bool] = {}
    try:
        read_session().execute(sa.text("SELECT 1"))
        checks["database"] = True
    except SQLAlchemyError:
        checks["database"] = False
    for name, check in house().resources.get("readiness", {}).items():
        checks[name] = bool(check())
    ready = all(checks.values())
    for name, check in house().resources.get("observed", {}).items():
        checks[name] = bool(check())
    counted = house().resources.get("counted", {}) if checks["database"] else {}
    counts = {name: count() for name, count in counted.items()}
    status = "ready" if ready else "not ready"
    return jsonify(status=status, checks=checks, counts=counts), 200 if ready else 503
