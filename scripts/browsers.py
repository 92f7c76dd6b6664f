"""Which browser tests and screenshots use: an installed Chromium or Chrome, else Playwright's.

``python scripts/browsers.py`` downloads Playwright's own where none is installed.
"""

import shutil
import subprocess
import sys
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def installed_browser() -> str | None:
    """The path of a browser that is installed on this machine."""
    return next(filter(None, (shutil.which(name) for name in NAMES)), None)


def launch_options() -> dict[str, Any]:
    """Keyword arguments for Playwright's ``chromium.launch``."""
    installed = installed_browser()
    return {"args": ARGUMENTS, **({"executable_path": installed} if installed else {})}


if __name__ == "__main__" and installed_browser() is None:
    sys.exit(subprocess.call([sys.executable, "-m", "playwright", "install", "chromium"]))
