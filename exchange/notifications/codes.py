"""One-time codes on their way: by short message or e-mail, as soon as they are issued."""

from collections.abc import Sequence

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.accounts.codes.service import LIFE, CodeToSend, code_to_send, note_code_sent
from exchange.accounts.events import CodeIssued
from exchange.accounts.kinds import CodePurpose
from exchange.accounts.rules import AddressKind
from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.channels import sender_for
from exchange.notifications.kinds import Channel, Then
from exchange.notifications.port import Message, NotSent

log = structlog.get_logger(__name__)
KIND = "code"  # whose template a provider has


def register(bus: EventBus) -> None:
    """Send a code when one is issued."""
    bus.listen(CodeIssued, _issued)


def _issued(act: Act, event: CodeIssued) -> None:
    enqueue(act, SEND_CODE, {"one_time_code_id": event.one_time_code_id})


@job("notifications.send_code", lane=Lane.PROMPT, patience=LIFE)
def SEND_CODE(run: Run, payloads: Sequence[Payload]) -> None:  # noqa: N802 - a job is named like a constant
    """Send one-time codes; one that is used, sent or over is left alone.

    What a provider refuses for good is not tried again: the person sees that nothing comes.
    """
    for payload in payloads:
        code_id = payload["one_time_code_id"]
        with run.act() as act:
            code = code_to_send(act, code_id)
        if code is None:
            continue
        channel = Channel.SMS if code.address.kind is AddressKind.PHONE else Channel.EMAIL
        try:
            sender_for(run, channel).send(_message(code))
        except NotSent as error:
            if error.then is Then.RETRY:
                raise
            log.warning("a code cannot be sent", channel=channel.value, trouble=error.code)
            continue
        with run.act() as act:
            note_code_sent(act, code_id)


def _message(code: CodeToSend) -> Message:
    with force_locale(code.locale):
        if code.purpose is CodePurpose.RESET_PASSWORD:
            text = _(
                "Your code for a new password is %(code)s. "
                "It is good for ten minutes. Tell it to nobody.",
                code=code.code,
            )
        else:
            text = _(
                "Your code is %(code)s. It is good for ten minutes. Tell it to nobody.",
                code=code.code,
            )
        subject = _("Your code for the Village Resource Exchange")
    message_id = f"code-{code.public_id}"
    return Message(code.address.value, subject, text, message_id, KIND, {"code": code.code})
