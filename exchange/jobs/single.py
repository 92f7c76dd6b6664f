"""One worker for one data folder: two would write one index and run each other's rows."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exchange.kernel.errors import ConfigurationError

NAME = "worker.lock"
LOOK_SECONDS = 0.1


@contextmanager
def only_worker(folder: Path, patience: float) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it when the process ends, however it ends.

    Waits ``patience`` seconds for one that is just ending, then raises ConfigurationError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    with (folder / NAME).open("a") as file:
        limit = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > limit:
                    raise ConfigurationError(
                        f"another site or worker runs on the data folder {folder}"
                    ) from None
                time.sleep(LOOK_SECONDS)
            else:
                break
        yield
