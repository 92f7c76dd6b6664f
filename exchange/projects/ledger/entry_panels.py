"""What an entry's page says to those who may look behind the book."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.kernel.secret_box import UnreadableSecret
from exchange.projects.ledger.copies import is_looking
from exchange.projects.ledger.kinds import CopyKind, Counterparty, EntryKind, RequestState
from exchange.projects.ledger.labels import KINDS, STATES, TONES
from exchange.projects.ledger.models import Entry, EntryRequest
from exchange.projects.ledger.page_panels import (
    CopyLink,
    account_name,
    copy_links,
    counterparty_text,
    signed_text,
    why_no_copy,
)
from exchange.projects.ledger.permissions import Rights
from exchange.projects.ledger.queries import (
    copies_of,
    corrected_by,
    looks_at,
    of_kind,
    waiting_counter,
)
from exchange.projects.ledger.rules import may_correct
from exchange.web.dates import day_here, local_moment
from exchange.web.locale import locale_code

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class BehindPage:
    """An entry or a request with what is behind it. ``request_id`` is its public id."""

    request_id: str
    label: str
    tone: str
    state: str
    amount: str
    account: str
    purpose: str
    facts: Pairs
    reason: str
    version: int
    publics: tuple[CopyLink, ...]
    no_copy: str
    count: int
    looking: bool
    originals: tuple[CopyLink, ...] = ()
    private: str = ""
    looks: list[tuple[str, str, int]] = field(default_factory=list)
    can_decide: bool = False
    can_withdraw: bool = False
    can_correct: bool = False
    can_forget: bool = False
    has_private: bool = False


def request_page(
    session: Session, house: House, actor: Actor, rights: Rights, request: EntryRequest
) -> BehindPage:
    """What waits, was refused or taken back."""
    is_own = request.proposed_by_id == actor.person_id
    waits = request.state is RequestState.PROPOSED
    return _behind(
        session, house, actor, rights, request,
        can_decide=waits and rights.approve and not is_own,
        can_withdraw=waits and is_own,
    )  # fmt: skip


def entry_page(
    session: Session, house: House, actor: Actor, rights: Rights, entry: Entry
) -> BehindPage | None:
    """What is behind a booked entry; None for who may not look there."""
    if not rights.documents:
        return None
    correctable = rights.record and may_correct(
        entry.kind,
        is_corrected=bool(corrected_by(session, [entry.id])),
        is_waiting=waiting_counter(session, entry.project_id, entry.number),
    )
    return _behind(
        session, house, actor, rights, entry.request, entry=entry,
        can_correct=bool(correctable),
    )  # fmt: skip


def _behind(
    session: Session, house: House, actor: Actor, rights: Rights, request: EntryRequest,
    *, entry: Entry | None = None, can_decide: bool = False, can_withdraw: bool = False,
    can_correct: bool = False,
) -> BehindPage:  # fmt: skip
    copies = copies_of(session, [request.id]).get(request.id, [])
    originals = of_kind(copies, CopyKind.ORIGINAL)
    publics = copy_links(of_kind(copies, CopyKind.PUBLIC))
    looking = is_looking(session, actor, request.id, house.clock.now())
    has_private = request.private_sealed is not None
    return BehindPage(
        request_id=request.public_id,
        label=str(KINDS[request.kind]),
        tone=TONES[request.kind],
        state=str(STATES[request.state]),
        amount=signed_text(request, locale_code()),
        account=account_name(request.account, locale_code()),
        purpose=request.purpose,
        facts=_facts(request, entry),
        reason=request.reason,
        version=request.version,
        publics=publics,
        no_copy="" if publics else why_no_copy(request),
        count=len(originals),
        looking=looking,
        originals=copy_links(originals) if looking else (),
        private=_private(house, request) if looking else "",
        looks=_looks(session, request),
        can_decide=can_decide,
        can_withdraw=can_withdraw,
        can_correct=can_correct,
        can_forget=has_private and (rights.manage or rights.record),
        has_private=has_private,
    )


def _facts(request: EntryRequest, entry: Entry | None) -> Pairs:
    approved = entry.approved_by.name if entry and entry.approved_by else ""
    takes_back = ""
    if request.kind is EntryKind.COUNTER:
        takes_back = str(_("No. %(number)s", number=request.corrects_number))
    about = [
        (_("Takes back"), takes_back),
        (_("From whom or to whom"), counterparty_text(request)),
        (_("Date"), day_here(request.happened_on)),
        (_("Line of the budget"), request.budget_name),
    ]
    done = [
        (_("No document because"), request.no_document_reason),
        (_("Recorded by"), f"{request.proposed_by.name} · {local_moment(request.proposed_at)}"),
        (_("Approved by"), approved),
    ]
    return done if entry else [*about, *done]  # what it is about stands above a booked entry


def _private(house: House, request: EntryRequest) -> str:
    """The name of a private person, for who looks at the documents."""
    if request.counterparty is not Counterparty.PERSON or request.private_sealed is None:
        return ""
    try:
        return house.secrets.open(request.private_sealed, request.place)
    except UnreadableSecret:
        return str(_("cannot be read any more"))


def _looks(session: Session, request: EntryRequest) -> list[tuple[str, str, int]]:
    """Who looked, when last, and how often."""
    found: Sequence[tuple[str, str, int]] = [
        (one.shown_to.name, local_moment(one.last_at), one.times)
        for one in looks_at(session, request.id)
    ]
    return list(found)
