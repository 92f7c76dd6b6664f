"""Absences begin and end by the clock."""

from collections.abc import Sequence

from exchange.accounts.absence.service import begin_absence, due_absences, end_absence
from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.clock import civil_date


@job("accounts.absences", every_minutes=10)
def absences_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Begin and end what is due, each in an act of its own; a second run finds nothing."""
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    for absence_id in due_absences(run.read(), today):
        with run.act() as act:
            if not end_absence(act, absence_id):
                begin_absence(act, absence_id)
