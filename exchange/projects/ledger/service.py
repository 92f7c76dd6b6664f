"""Who keeps the book, from which sum on two people are needed, documents, campaigns."""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation, Person
from exchange.accounts.queries import members_of
from exchange.files.documents import Document
from exchange.files.pictures import Picture
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.values import clean_text, one_line
from exchange.projects.ledger.booking import limit_of, rights_now
from exchange.projects.ledger.copies import keep_copies, note_look
from exchange.projects.ledger.events import (
    AppealLinked,
    AppealUnlinked,
    LedgerCopiesChanged,
    LedgerDocumentsSeen,
    LedgerLimitSet,
    LedgerNameForgotten,
    LedgerRoleEnded,
    LedgerRoleGiven,
)
from exchange.projects.ledger.kinds import CopyKind, LedgerRole
from exchange.projects.ledger.locking import fresh_request, lock_ledger
from exchange.projects.ledger.models import (
    Appeal,
    DocumentCopy,
    EntryRequest,
    Ledger,
    RoleHolder,
)
from exchange.projects.ledger.permissions import may_name, organisations_of, sees_documents
from exchange.projects.ledger.queries import appeals_of, holders_of
from exchange.projects.ledger.rules import (
    LONGEST_REASON,
    MOST_APPEALS,
    campaign_problem,
    link_problem,
)
from exchange.projects.ledger.values import public_problem, text_problem
from exchange.projects.models import Project
from exchange.projects.rules import yuan

Files = Sequence[Picture | Document]


def people_to_name(act: Act, project: Project) -> dict[str, Person]:
    """Who may be given a role, by public id: members of the project's organisations, its worker."""
    found: dict[str, Person] = {}
    for organisation in organisations_of(project):
        for member in members_of(act.session, organisation.id):
            found[member.person.public_id] = member.person
    if project.worker is not None:
        found[project.worker.public_id] = project.worker
    return found


def give_role(act: Act, project: Project, person_public_id: str, role: LedgerRole) -> RoleHolder:
    """Name a treasurer or an approver. Done twice it is done once.

    Raises Forbidden for who is no manager of the lead, Invalid for somebody from elsewhere.
    """
    _manage(act, project)
    person = people_to_name(act, project).get(person_public_id)
    if person is None:
        raise Invalid("invalid", fields={"person": ["ledger_person_elsewhere"]})
    for holder in holders_of(act.session, project.id):
        if holder.person_id == person.id and holder.role is role:
            return holder
    made = RoleHolder(
        project_id=project.id, person_id=person.id, role=role,
        named_by_id=act.actor.person_id, named_at=act.now,
    )  # fmt: skip
    act.session.add(made)
    act.session.flush()
    act.emit(LedgerRoleGiven(project.id, project.organisation_id, person.id))
    return made


def end_role(act: Act, project: Project, person_public_id: str, role: LedgerRole) -> None:
    """End somebody's role; what they did stands. Nothing where they have none. Raises Forbidden."""
    _manage(act, project)
    for holder in holders_of(act.session, project.id):
        if holder.person.public_id == person_public_id and holder.role is role:
            holder.ended_at, holder.ended_by_id = act.now, act.actor.person_id
            act.session.flush()
            act.emit(LedgerRoleEnded(project.id, project.organisation_id, holder.person_id))


def set_limit(act: Act, project: Project, fen: int | None, version: int | None = None) -> None:
    """Set above which sum two people are needed: 0 always, None as the site sets it.

    A project may only ask for more care than the site: whoever manages it may be its treasurer, and
    would book alone what they like under a higher sum. What waits goes on waiting. Raises
    Forbidden, Invalid, Conflict "changed_meanwhile".
    """
    ledger = _manage(act, project)
    if version is not None and version != ledger.version:
        raise Conflict("changed_meanwhile", version=ledger.version)
    if fen is not None and fen < 0:
        raise Invalid("invalid", fields={"limit": ["ledger_amount"]})
    most = limit_of(act.house, None)
    if fen is not None and fen > max(most, 0):
        fields = {"limit": ["ledger_limit_above"]}
        raise Invalid("invalid", fields=fields, most=yuan(max(most, 0)))
    if ledger.two_person_fen == fen:
        return
    ledger.two_person_fen = fen
    ledger.version += 1
    act.session.flush()
    act.emit(LedgerLimitSet(project.id, project.organisation_id))


def look(act: Act, project: Project, public_id: str) -> EntryRequest:
    """Look at the documents themselves, and at the name of a private person; it is written down.

    Raises NotFound, Forbidden.
    """
    request = fresh_request(act, project.id, public_id)
    if not sees_documents(act.actor, project):
        raise Forbidden("ledger_documents_inside")
    if act.actor.person_id is not None:
        note_look(act, request.id, act.actor.person_id)
        act.emit(
            LedgerDocumentsSeen(
                project.id, project.organisation_id, request.id, act.actor.person_id
            )
        )
    return request


def add_copies(
    act: Act, project: Project, public_id: str, originals: Files, publics: Files,
    no_public_reason: str | None = None, children: str = "",
) -> EntryRequest:  # fmt: skip
    """Add documents, copies for the public, or say why none is public; None leaves that.

    ``children`` is what is said about children on the copies for the public.

    Raises NotFound, Forbidden for who is no treasurer, Invalid.
    """
    request = _treasurers(act, project, public_id)
    keep_copies(act, request, originals, CopyKind.ORIGINAL)
    keep_copies(act, request, publics, CopyKind.PUBLIC, children)
    changed = bool(originals or publics)
    if originals:
        request.no_document_reason = ""
    reason = "" if publics else clean_text(no_public_reason or "")
    if publics or no_public_reason is not None:
        problem = public_problem(reason)
        if problem or len(reason) > LONGEST_REASON:
            fields = {"no_public_reason": [problem or "ledger_too_long"]}
            raise Invalid("invalid", fields=fields)
        changed = changed or reason != request.no_public_reason
        request.no_public_reason = reason
    if changed:
        _copies_changed(act, project, request)
    return request


def withdraw_copy(act: Act, project: Project, public_id: str, file_public_id: str) -> None:
    """Take a public copy back, such as one on which a name can still be read.

    Done twice it is done once. Raises NotFound, Forbidden.
    """
    request = _treasurers(act, project, public_id)
    query = sa.select(DocumentCopy).where(
        DocumentCopy.request_id == request.id, DocumentCopy.kind == CopyKind.PUBLIC
    )
    copy = next(
        (one for one in act.session.scalars(query) if one.file.public_id == file_public_id), None
    )
    if copy is None:
        raise NotFound
    if copy.withdrawn_at is None:
        copy.withdrawn_at = act.now
        _copies_changed(act, project, request)


def forget_name(act: Act, project: Project, public_id: str) -> None:
    """Delete the sealed name of a private person, as they may ask; the entry stands.

    Raises NotFound, Forbidden for who is neither manager nor treasurer.
    """
    lock_ledger(act, project.id)
    request = fresh_request(act, project.id, public_id)
    rights = rights_now(act, project)
    if not (rights.manage or rights.record):
        raise Forbidden("ledger_no_treasurer")
    if request.private_sealed is not None:
        request.private_sealed = None
        act.session.flush()
        act.emit(LedgerNameForgotten(project.id, project.organisation_id, request.id))


def charities_of(project: Project) -> list[Organisation]:
    """The project's organisations that may appeal elsewhere: verified NGOs."""
    return [
        one
        for one in organisations_of(project)
        if one.kind is OrganisationKind.NGO and one.is_verified
    ]


def link_appeal(
    act: Act, project: Project, charity_public_id: str, number: str, link: str
) -> Appeal:
    """Link to a charity's filed campaign; the exchange collects nothing. Done twice, done once.

    Raises Forbidden, Invalid with the fields, Conflict when there are too many.
    """
    _manage(act, project)
    filed = one_line(number).upper().replace(" ", "")
    address = one_line(link)
    charity = next(
        (one for one in charities_of(project) if one.public_id == charity_public_id), None
    )
    wrong = {
        "charity": None if charity else "ledger_no_charity",
        "number": campaign_problem(filed, charity.credit_code if charity else None),
        "link": link_problem(address) or text_problem(address),
    }
    fields = {name: [code] for name, code in wrong.items() if code}
    if fields or charity is None:
        raise Invalid("invalid", fields=fields)
    there = appeals_of(act.session, project.id)
    for one in there:
        if (one.number, one.link) == (filed, address):
            return one
    if len(there) >= MOST_APPEALS:
        raise Conflict("ledger_too_many_appeals", most=MOST_APPEALS)
    made = Appeal(
        project_id=project.id, organisation_id=charity.id, number=filed, link=address,
        linked_by_id=act.actor.person_id, linked_at=act.now,
    )  # fmt: skip
    act.session.add(made)
    act.session.flush()
    act.emit(AppealLinked(project.id, project.organisation_id, made.id))
    return made


def unlink_appeal(act: Act, project: Project, public_id: str) -> None:
    """Take the link away. Nothing where it is gone already. Raises Forbidden."""
    _manage(act, project)
    for one in appeals_of(act.session, project.id):
        if one.public_id == public_id:
            one.unlinked_at = act.now
            act.session.flush()
            act.emit(AppealUnlinked(project.id, project.organisation_id, one.id))


def _manage(act: Act, project: Project) -> Ledger:
    ledger = lock_ledger(act, project.id)
    if not may_name(act.actor, project):
        raise Forbidden("ledger_no_manager")
    return ledger


def _treasurers(act: Act, project: Project, public_id: str) -> EntryRequest:
    """The request, under the lock. Raises Forbidden for who is no treasurer."""
    lock_ledger(act, project.id)
    request = fresh_request(act, project.id, public_id)
    if not rights_now(act, project).record:
        raise Forbidden("ledger_no_treasurer")
    return request


def _copies_changed(act: Act, project: Project, request: EntryRequest) -> None:
    request.version += 1
    act.session.flush()
    act.emit(LedgerCopiesChanged(project.id, project.organisation_id, request.id))
