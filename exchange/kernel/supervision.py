"""A child process that stops by itself when the process that started it is gone."""

import os
import signal
import threading
import time
from collections.abc import Mapping

SUPERVISOR = "EXCHANGE_SUPERVISOR_PID"
LOOK_SECONDS = 0.5


def stop_with_supervisor(environ: Mapping[str, str] | None = None) -> bool:
    """Send this process SIGTERM once its supervisor has ended, even by kill -9.

    The supervisor leaves its process id in the environment. Does nothing (and returns False) in
    a process that was started without one.
    """
    named = (os.environ if environ is None else environ).get(SUPERVISOR, "")
    if not named.isdigit():
        return False
    watch = threading.Thread(target=_watch, args=(int(named),), name="supervision", daemon=True)
    watch.start()
    return True


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
