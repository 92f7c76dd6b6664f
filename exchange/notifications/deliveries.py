"""Sending: a job takes what is due to its channel; run twice, the message id stays the same.

Three steps, each of which may be the last of a process: an act that counts the try and settles what
is in the message; the call to the provider; an act that notes what came of it. A repeat has the
same id and the same lines. So the only way to a second message is a process that ends between the
provider's acceptance and the last commit.
"""

from collections.abc import Sequence
from datetime import timedelta

from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.kernel.errors import ConfigurationError
from exchange.notifications.channels import sender_for
from exchange.notifications.delivering import note_sent, note_trouble, take
from exchange.notifications.port import NotSent


@job("notifications.deliver", lane=Lane.SENDING, patience=timedelta(days=1))
def DELIVER(run: Run, payloads: Sequence[Payload]) -> None:  # noqa: N802 - a job is named like a constant
    """Send notices by e-mail, short message and WeChat."""
    for payload in payloads:
        _deliver(run, payload["delivery_id"])


def _deliver(run: Run, delivery_id: int) -> None:
    with run.act() as act:
        letter = take(act, delivery_id)
    if letter is None:
        return
    try:
        sender_for(run, letter.channel).send(letter.message)
    except (NotSent, ConfigurationError) as error:
        refusal = error if isinstance(error, NotSent) else NotSent("not_configured")
        with run.act() as act:
            note_trouble(act, delivery_id, refusal, DELIVER)
        return
    with run.act() as act:
        note_sent(act, delivery_id)
