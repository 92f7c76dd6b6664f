"""What every measurement says beside its figures, and where it is written down."""

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs" / "benchmarks.md"


def commit() -> str:
    """The commit, with a plus where files were changed since."""
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def machine() -> str:
    """Cores, kind of processor and load of the last minute."""
    return f"{os.cpu_count()} cores {platform.machine()}, load {os.getloadavg()[0]:.1f}"


def p50_and_p95(times: Sequence[float]) -> tuple[float, float]:
    """The median and the value that 95 of 100 do not exceed. At least one time is needed."""
    cuts = quantiles([*times, times[0]][: max(2, len(times))], n=20, method="inclusive")
    return cuts[9], cuts[18]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def section(subject: str, about: str, *parts: str) -> str:
    """A report: a heading with day, commit and subject, then what it is about, then its parts."""
    head = f"## {datetime.now(UTC):%Y-%m-%d}, commit {commit()}"
    return "\n\n".join([f"{head}: {subject}" if subject else head, about, *parts])


def report(text: str, *, write: bool) -> None:
    """Print it, and append it to docs/benchmarks.md when asked to."""
    print(text)
    if write:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")
