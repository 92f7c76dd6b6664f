"""What a site loads before its web processes part, so that they share it.

A room adds what it would otherwise load at the first request of every process.
"""

import ctypes
import gc
from collections.abc import Callable

import structlog
from flask import Flask

from exchange.kernel.database import db

WARMINGS = "exchange.warmings"
WARM = "exchange.is_warm"
ARENAS = -8  # M_ARENA_MAX
Warming = Callable[[Flask], None]

log = structlog.get_logger(__name__)


def add_warming(app: Flask, warming: Warming) -> None:
    """Call ``warming(app)`` once before the web processes part, within an application context."""
    app.extensions.setdefault(WARMINGS, []).append(warming)


def warm(app: Flask) -> None:
    """Load what is shared, once. What fails here fails again, and is told, at a request."""
    if app.extensions.setdefault(WARM, False):
        return
    app.extensions[WARM] = True
    with app.app_context():
        for warming in app.extensions.get(WARMINGS, ()):
            try:
                warming(app)
            except Exception:  # a site starts also with a damaged index
                log.warning("could not be loaded before the start", exc_info=True)
        for name in app.jinja_env.list_templates():
            app.jinja_env.get_template(name)
        db.session.remove()
        db.engine.dispose()
    gc.collect()
    _give_back()
    gc.freeze()  # else the first collection of each process copies every page


def _give_back() -> None:
    """Return freed memory to the system, and let threads share one heap.

    ``mallopt`` and ``malloc_trim`` of the GNU C library; elsewhere nothing happens.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.mallopt(ARENAS, 1)
        library.malloc_trim(0)
