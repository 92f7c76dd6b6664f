"""What happens to consents and checks by the clock, and the message to a guardian."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from exchange.accounts.rules import AddressKind, read_address
from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.kernel.act import Act
from exchange.notifications.channels import sender_for
from exchange.notifications.kinds import Channel, Kind, Then
from exchange.notifications.letters import moment_text
from exchange.notifications.port import Message, NotSent
from exchange.notifications.service import notify
from exchange.notifications.short_links.making import make_short_link
from exchange.volunteering.safeguarding.age_service import come_of_age
from exchange.volunteering.safeguarding.forgetting_service import drop_old, forget_due
from exchange.volunteering.safeguarding.labels import link_words
from exchange.volunteering.safeguarding.link_making import path_of_link
from exchange.volunteering.safeguarding.models import GuardianConsent
from exchange.volunteering.safeguarding.sealing import guardian_of
from exchange.volunteering.safeguarding.watching_service import (
    remind_of_ends,
    return_places,
    watch_shifts,
)

log = structlog.get_logger(__name__)
BATCH = 100


@job("volunteering.safeguarding", every_minutes=10)
def watch_over_children(run: Run, _payloads: Sequence[Payload]) -> None:
    """Tell coordinators what shifts with children lack; give back places that nobody may have."""
    for verb in (watch_shifts, return_places):
        after, more = 0, True
        while more:
            with run.act() as act:
                after = verb(act, after, BATCH)
            more = after > 0


@job("volunteering.safeguarding_records", every_minutes=60)
def keep_records(run: Run, _payloads: Sequence[Payload]) -> None:
    """Forget births of those who are 18, remind of what ends, delete what is kept no longer."""
    after, more = 0, True
    while more:
        with run.act() as act:
            after = come_of_age(act, after, BATCH)
        more = after > 0
    for verb in (remind_of_ends, forget_due):
        full = True
        while full:
            with run.act() as act:
                full = verb(act, BATCH) >= BATCH
    with run.act() as act:
        drop_old(act)


@job("volunteering.guardian_link", lane=Lane.SENDING, patience=timedelta(hours=12))
def SEND_LINK(run: Run, payloads: Sequence[Payload]) -> None:  # noqa: N802 - a job is named like a constant
    """Send guardians their links; one that is sent, answered or withdrawn is left alone."""
    for payload in payloads:
        consent_id = payload["consent_id"]
        with run.act() as act:
            letter = _letter(act, consent_id)
        if letter is None:
            continue
        channel, message = letter
        try:
            sender_for(run, channel).send(message)
        except NotSent as error:
            if error.then is Then.RETRY:
                raise
            log.warning("a guardian's link cannot be sent", trouble=error.code)
            with run.act() as act:
                _tell_not_sent(act, consent_id)
        with run.act() as act:
            act.session.get_one(GuardianConsent, consent_id).link_sealed = None


def _letter(act: Act, consent_id: int) -> tuple[Channel, Message] | None:
    consent = act.session.get(GuardianConsent, consent_id)
    path = path_of_link(act.house.secrets, consent) if consent else None
    if consent is None or path is None:
        return None
    address = read_address(guardian_of(act.house.secrets, consent).reach)
    if address is None:
        return None
    settings, number = act.house.settings, f"guardian-{consent.public_id}"
    base = settings.base_url.rstrip("/")
    is_phone = address.kind is AddressKind.PHONE
    link = base + (make_short_link(act, number, path) if is_phone else path)
    subject, sentence, text = link_words(settings.locale, link)
    fields = {"text": sentence, "link": link, "time": moment_text(act.now, settings.time_zone)}
    channel = Channel.SMS if is_phone else Channel.EMAIL
    return channel, Message(address.value, subject, text, number, Kind.ANSWERS, fields)


def _tell_not_sent(act: Act, consent_id: int) -> None:
    consent = act.session.get_one(GuardianConsent, consent_id)
    if consent.recorded_by_id is not None:
        path = f"/consents/{consent.public_id}"
        notify(act, {consent.recorded_by_id}, "guardian_link_not_sent", {}, path)
