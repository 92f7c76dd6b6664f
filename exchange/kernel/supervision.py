"""A child process that stops by itself when the process that started it is gone."""

import os
import signal
import threading
import time

LOOK_SECONDS = 0.5


def stop_with_parent(parent: int) -> None:
    """Send this process SIGTERM once its parent, named by its id, has ended, even by kill -9."""
    threading.Thread(target=_watch, args=(parent,), name="supervision", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
