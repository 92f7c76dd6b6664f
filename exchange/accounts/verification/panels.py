"""What the pages of verification show, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.accounts.kinds import Verification
from exchange.accounts.labels import KINDS, VERIFICATIONS
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.queries import full_label
from exchange.accounts.verification.evidence import files_of
from exchange.accounts.verification.kinds import Check
from exchange.accounts.verification.labels import CHECKS, DECISIONS
from exchange.accounts.verification.models import VerificationDecision
from exchange.accounts.verification.queries import decisions_about, namesakes
from exchange.accounts.verification.rules import claim_counts
from exchange.files.models import StoredFile
from exchange.kernel.actor import Actor
from exchange.web.acting import house
from exchange.web.dates import day_here, local_moment
from exchange.web.locale import locale_code


@dataclass(frozen=True)
class RequestLine:
    """A request in the queue."""

    public_id: str
    name: str
    kind: Any
    place: str
    waits: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RecordLine:
    """A decision on record, as a line of a timeline."""

    when: str
    moment: str
    text: str
    note: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class FileLine:
    """A file of a request."""

    public_id: str
    is_picture: bool
    label: str


def request_line(request: VerificationRequest, actor: Actor, place: str) -> RequestLine:
    """A line of the queue, for one who may decide."""
    organisation = request.organisation
    return RequestLine(
        public_id=request.public_id,
        name=full_label(organisation, locale_code()),
        kind=KINDS[organisation.kind],
        place=place,
        waits=waiting_words(request.asked_at),
        tags=tuple(_tags(request, actor)),
    )


def _tags(request: VerificationRequest, actor: Actor) -> list[tuple[str, str]]:
    tags: list[tuple[str, str]] = []
    if request.renewal:
        tags.append((str(_("Renewal")), ""))
    if request.organisation.verification is Verification.SUSPENDED:
        tags.append((str(_("Suspended")), "need"))
    if request.licence_number:
        tags.append((str(_("With a licence")), ""))
    if request.more_asked_at is not None:
        tags.append((str(_("Asked for more")), "warn"))
    if words := claim_words(request, actor):
        tags.append((words, "offer"))
    return tags


def claim_words(request: VerificationRequest, actor: Actor) -> str:
    """Who looks at it; empty when nobody does."""
    now = house().clock.now()
    if request.claimed_by_id == actor.person_id and request.claimed_by_id is not None:
        return str(_("You look at it"))
    if claim_counts(request.claimed_by_id, request.claimed_at, actor.person_id, now):
        name = request.claimed_by.name if request.claimed_by else ""
        return str(_("%(name)s looks at it", name=name))
    return ""


def waiting_words(since: datetime) -> str:
    """How long it has waited, in days."""
    days = (house().clock.now() - since).days
    if days < 1:
        return str(_("since today"))
    return str(ngettext("waits %(num)d day", "waits %(num)d days", days))


def file_lines(session: Session, request_id: int) -> list[FileLine]:
    """The files of a request."""
    return [_file_line(one, number) for number, one in enumerate(files_of(session, request_id), 1)]


def _file_line(file: StoredFile, number: int) -> FileLine:
    picture = file.media_type.startswith("image/")
    label = _("Photo %(number)s", number=number) if picture else _("PDF %(number)s", number=number)
    return FileLine(file.public_id, picture, str(label))


def record_lines(session: Session, organisation_id: int, *, names: bool) -> list[RecordLine]:
    """What was decided about an organisation, newest first; who decided only for deciders."""
    return [_record_line(one, names=names) for one in decisions_about(session, organisation_id)]


def _record_line(decision: VerificationDecision, *, names: bool) -> RecordLine:
    what = str(DECISIONS[decision.kind])
    who = decision.by.name if names and decision.by else ""
    tags = [str(_("valid until %(day)s", day=day_here(decision.until)))] if decision.until else []
    if names:
        tags += [str(CHECKS[Check(one)]) for one in decision.checked]
    return RecordLine(
        when=local_moment(decision.at),
        moment=decision.at.isoformat(),
        text=f"{what} · {who}" if who else what,
        note=decision.reason,
        tags=tuple(tags),
    )


def namesake_lines(session: Session, organisation: Organisation) -> list[str]:
    """Others with the same credit code, and where they stand."""
    return [
        f"{full_label(one, locale_code())} · {VERIFICATIONS[one.verification]}"
        for one in namesakes(session, organisation)
    ]
