"""What the clock does to roadshows and visits."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.projects.visits.announcing import BATCH, remind_due
from exchange.projects.visits.indexing import index_visits_of


@job("projects.visits", every_minutes=30)
def remind_of_visits(run: Run, _payloads: Sequence[Payload]) -> None:
    """Remind those who come tomorrow, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = remind_due(act) == BATCH


@job("projects.index_visits")
def index_visits(run: Run, payloads: Sequence[Payload]) -> None:
    """Bring what projects that changed have announced in line in the index, in short acts."""
    for payload in payloads:
        after, more = 0, True
        while more:
            with run.act() as act:
                after = index_visits_of(act, payload["project_id"], after, BATCH)
            more = after > 0
