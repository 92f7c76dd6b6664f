"""What brokering does by the clock."""

from collections.abc import Sequence

from exchange.brokering.life.closing import due_to_lapse, lapse
from exchange.brokering.life.reminding import due_to_remind, remind
from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.errors import Conflict


@job("brokering.lapse", every_minutes=30)
def LAPSE(run: Run, _payloads: Sequence[Payload]) -> None:  # noqa: N802 - a job is named like a constant
    """Let proposals lapse that nobody has answered in time, each in an act of its own."""
    for public_id in due_to_lapse(run.read(), run.house.clock.now()):
        try:
            with run.act() as act:
                lapse(act, public_id)
        except Conflict:
            continue  # somebody answered a moment ago


@job("brokering.remind", every_minutes=30)
def REMIND(run: Run, _payloads: Sequence[Payload]) -> None:  # noqa: N802 - likewise
    """Remind sides that have not answered, once each, before their proposal lapses."""
    for public_id, side in due_to_remind(run.read(), run.house.clock.now()):
        try:
            with run.act() as act:
                remind(act, public_id, side)
        except Conflict:
            continue  # they answered a moment ago, or another run was faster
