"""What happens to deliveries and completed matches by the clock."""

from collections.abc import Callable, Sequence

from exchange.brokering.deeds.delivering import due_for_reminder, remind_unconfirmed
from exchange.brokering.deeds.following_up import follow_ups_to_tell, tell_due
from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.act import Act


@job("brokering.remind_of_deliveries", every_minutes=60)
def remind_of_deliveries(run: Run, _payloads: Sequence[Payload]) -> None:
    """Ask the receiving side once more about what it has not confirmed, each in its own act."""
    _each(run, due_for_reminder, remind_unconfirmed)


@job("brokering.tell_follow_ups", every_minutes=60)
def tell_follow_ups(run: Run, _payloads: Sequence[Payload]) -> None:
    """Tell brokers of follow-ups whose day has come, each in its own act."""
    _each(run, follow_ups_to_tell, tell_due)


def _each(
    run: Run, find: Callable[[Act], Sequence[int]], tell: Callable[[Act, int], bool]
) -> None:
    """As long as there is anything to tell; what was told once is not found again."""
    told = True
    while told:
        with run.act() as act:
            found = find(act)
        told = False
        for row_id in found:
            with run.act() as act:
                told = tell(act, row_id) or told
