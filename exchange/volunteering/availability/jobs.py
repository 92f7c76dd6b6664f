"""What happens to volunteers' time by the clock."""

from collections.abc import Sequence

import structlog

from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import ExchangeError
from exchange.volunteering.availability.queries import out_of_step
from exchange.volunteering.availability.service import keep_person_in_step

log = structlog.get_logger(__name__)


@job("volunteering.availability", every_minutes=60)
def keep_availability_in_step(run: Run, _payloads: Sequence[Payload]) -> None:
    """Bring offers in step, each in an act of its own: one that is refused holds up no other."""
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    for person_id in out_of_step(run.read(), today):
        try:
            with run.act() as act:
                keep_person_in_step(act, person_id)
        except ExchangeError as error:
            log.warning("an offer of time cannot follow", person=person_id, trouble=error.code)
