"""Sending: a job takes one delivery to its channel; run twice, the message id stays the same."""

from collections.abc import Sequence
from datetime import timedelta

from exchange.accounts.rules import AddressKind
from exchange.accounts.sealing import open_address
from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.act import House
from exchange.notifications.models import Delivery
from exchange.notifications.out_paths import path_out
from exchange.notifications.port import Message, Sender
from exchange.notifications.senders import mail_sender, sms_sender
from exchange.notifications.words import mail_words

SENDERS = "senders"


def sender_for(house: House, channel: str) -> Sender:
    """The sender of a channel; tests put their own into the house's resources."""
    senders: dict[str, Sender] = house.resources.setdefault(SENDERS, {})
    if channel not in senders:
        make = mail_sender if channel == "email" else sms_sender
        senders[channel] = make(house.settings)
    return senders[channel]


@job("notifications.deliver", patience=timedelta(days=1))
def DELIVER(run: Run, payloads: Sequence[Payload]) -> None:  # noqa: N802 - a job is named like a constant
    """Send e-mail for notices."""
    for payload in payloads:
        session = run.read()
        delivery = session.get(Delivery, payload["delivery_id"])
        if delivery is None or delivery.sent_at is not None:
            continue
        message = _mail(run.house, delivery)
        session.rollback()
        if message:
            sender_for(run.house, "email").send(message)
        with run.act() as act:
            sent = act.session.get(Delivery, payload["delivery_id"])
            if sent is not None:
                sent.sent_at = act.now
                sent.path_sealed = None


def _mail(house: House, delivery: Delivery) -> Message | None:
    notice, person = delivery.notice, delivery.notice.person
    address = open_address(house.secrets, person, AddressKind.EMAIL)
    if address is None or person.closed_at is not None:
        return None
    link = house.settings.base_url.rstrip("/") + path_out(house.secrets, delivery)
    words = mail_words(notice.code, notice.params, link, person.locale)
    return Message(address, words.subject, words.text, delivery.message_id)
