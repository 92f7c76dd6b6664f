"""What must be in place before a site starts, and what it says once it runs.

A room adds a step while it registers. A step looks for itself whether there is anything to do
and returns quickly when there is not, because every start runs all steps. A room may also add
lines that are printed when the site answers, for example how to sign in.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TextIO

from flask import Flask
from flask_migrate import upgrade

from exchange.kernel.database import db
from exchange.kernel.starting import check_start
from exchange.web.acting import house

STEPS = "exchange.preparation"
ANNOUNCEMENTS = "exchange.announcements"
QUIET_SECONDS = 1.0

Progress = Callable[[int, int], None]
Step = Callable[[Flask, Progress], None]
Announcement = Callable[[], Sequence[str]]


@dataclass(frozen=True)
class PreparationStep:
    """A named step; lower order runs first. The label is shown to whoever starts the site."""

    order: int
    label: str
    run: Step


def add_preparation_step(app: Flask, order: int, label: str, step: Step) -> None:
    """Run ``step(app, progress)`` at every start, within an application context.

    ``progress(done, total)`` may be called as often as it likes. Orders in use: 10 divisions and
    other reference data, 50 demonstration data, 80 search index, 90 suggestions.
    """
    steps = app.extensions.setdefault(STEPS, [])
    steps.append(PreparationStep(order, label, step))
    steps.sort(key=lambda item: item.order)


def add_announcement(app: Flask, lines: Announcement) -> None:
    """Print these lines when the site answers; called within an application context."""
    app.extensions.setdefault(ANNOUNCEMENTS, []).append(lines)


def announcements(app: Flask) -> list[str]:
    """All lines of all rooms."""
    with app.app_context():
        return [line for lines in app.extensions.get(ANNOUNCEMENTS, ()) for line in lines()]


def prepare_site(app: Flask, out: TextIO | None = None) -> None:
    """Migrate the database, then run every step in order; a second call finds nothing to do."""
    with app.app_context():
        house().settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
        with ProgressLine("Database", out or sys.stdout):
            upgrade()
        check_start(house(), db.engine)
        for step in app.extensions.get(STEPS, ()):
            with ProgressLine(step.label, out or sys.stdout) as line:
                step.run(app, line.show)


class ProgressLine:
    """One line per step: nothing while it is quick, a percentage while it is long.

    On a terminal the line is rewritten; elsewhere each tenth gets a line of its own.
    """

    def __init__(self, label: str, out: TextIO) -> None:
        self.label = label
        self.out = out
        self.started = time.monotonic()
        self.shown = -1
        self.live = out.isatty()

    def show(self, done: int, total: int) -> None:
        """Show how far it is, once it has lasted longer than a moment."""
        percent = min(100, 100 * done // total) if total else 100
        step = 1 if self.live else 10
        waited = time.monotonic() - self.started
        if waited < QUIET_SECONDS or percent // step == self.shown // step:
            return
        self.shown = percent
        self._write(f"{self.label}: {percent} %")

    def _write(self, text: str, *, end: bool = False) -> None:
        self.out.write(f"\r\033[K{text}" if self.live else text)
        self.out.write("\n" if end or not self.live else "")
        self.out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        waited = time.monotonic() - self.started
        if self.shown >= 0 or waited >= QUIET_SECONDS:
            ending = "done" if kind is None else "stopped"
            self._write(f"{self.label}: {ending} ({waited:.0f} s)", end=True)
