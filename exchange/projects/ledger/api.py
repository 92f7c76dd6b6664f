"""Open accounts for programs: reading, recording, the second person, documents, campaigns."""

from typing import Any

from flask import url_for

from exchange.api.blueprint import ApiBlueprint
from exchange.api.paging import PageQuery
from exchange.files.uploading import taken_file
from exchange.kernel.errors import Forbidden, Invalid
from exchange.projects.ledger.amounts import read_limit
from exchange.projects.ledger.booking import limit_of, record, record_counter
from exchange.projects.ledger.copies import is_looking
from exchange.projects.ledger.deciding import approve, refuse, withdraw
from exchange.projects.ledger.kinds import CopyKind, LedgerRole
from exchange.projects.ledger.page_panels import address
from exchange.projects.ledger.permissions import Rights, rights_of
from exchange.projects.ledger.queries import (
    appeals_of,
    copies_of,
    entries_page,
    entry_numbered,
    entry_of_request,
    holders_of,
    ledger_of,
    of_kind,
    request_called,
    waiting_requests,
)
from exchange.projects.ledger.schemas import (
    EXAMPLE,
    BookSchema,
    CopiesBody,
    CopiesChildrenBody,
    CounterBody,
    DecisionBody,
    DocumentsSchema,
    EntryPage,
    LedgerAppealBody,
    LedgerAppealSchema,
    LedgerEntrySchema,
    LedgerRoleBody,
    LimitBody,
    RecordBody,
    RefuseBody,
    RequestPage,
    RequestSchema,
    RolesSchema,
    appeal_item,
    limit_text,
    request_items,
    role_item,
    values_of,
)
from exchange.projects.ledger.service import (
    add_copies,
    end_role,
    forget_name,
    give_role,
    link_appeal,
    look,
    set_limit,
    unlink_appeal,
    withdraw_copy,
)
from exchange.projects.ledger.standing import seen_book
from exchange.projects.ledger.table_panels import book_items, items_of
from exchange.projects.models import Project
from exchange.projects.permissions import can_see
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session

blp = ApiBlueprint(
    "api_project_accounts",
    __name__,
    title="Open accounts",
    description="Money and goods of projects: entries that are booked once and never changed.",
    takes_files=True,
)
BOOK = "/projects/<public_id:public_id>/accounts"
REQUESTS = f"{BOOK}/requests"
ONE = f"{REQUESTS}/<public_id:request_id>"
Given = dict[str, Any]


@blp.get(BOOK)
@access(PUBLIC)
@blp.answers(200, BookSchema, "The accounts")
def book(public_id: str) -> Given:
    """What came, what went, what is there; the budget; links to campaigns."""
    project, rights = _opened(public_id)
    return _book(project, rights)


@blp.patch(BOOK)
@access(SIGNED_IN)
@blp.body(LimitBody, {"two_people_above": "1000"})
@blp.answers(200, BookSchema, "Set")
def change(given: Given, public_id: str) -> Given:
    """Set above which sum two people are needed. For managers of the leading organisation."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        fen = read_limit(given["two_people_above"], "two_people_above")
        set_limit(act, found, fen, given.get("version"))
    return _book(*_opened(public_id))


@blp.get(f"{BOOK}/entries")
@access(PUBLIC)
@blp.query(PageQuery)
@blp.answers(200, EntryPage, "Entries")
def entries(given: Given, public_id: str) -> Given:
    """The booked entries, the newest first. The project's people and its social workers read who
    recorded and who approved, others by which role.
    """
    project, rights = _opened(public_id)
    cursor = given["cursor"] or ""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid("invalid", fields={"cursor": ["field_form"]})
    before = int(cursor) if cursor else None
    found, more = entries_page(read_session(), project.id, before, given["limit"])
    return {
        "items": items_of(read_session(), found, names=rights.documents),
        "next_cursor": str(more) if more is not None else None,
    }


@blp.get(f"{BOOK}/entries/<int:number>")
@access(PUBLIC)
@blp.answers(200, LedgerEntrySchema, "The entry")
def entry(public_id: str, number: int) -> Given:
    """One booked entry."""
    project, rights = _opened(public_id)
    found = entry_numbered(read_session(), project.id, number)
    return items_of(read_session(), [found], names=rights.documents)[0]


@blp.post(f"{BOOK}/entries/<int:number>/correct")
@access(SIGNED_IN)
@blp.body(CounterBody, {"reason": "金额写错"})
@blp.answers(201, RequestSchema, "Recorded")
def correct(given: Given, public_id: str, number: int) -> tuple[Given, int, dict[str, str]]:
    """Take an entry back by a counter-entry over the same amount. For treasurers."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        made = record_counter(act, found, number, given["reason"], given["key"]).public_id
    return _made(public_id, made)


@blp.get(REQUESTS)
@access(SIGNED_IN)
@blp.answers(200, RequestPage, "What waits")
def waiting(public_id: str) -> Given:
    """What waits for the second person. For the project's people and its social workers."""
    project, rights = _opened(public_id)
    _insist_on_inside(rights)
    found = waiting_requests(read_session(), project.id)
    return {"items": request_items(read_session(), found, {}), "next_cursor": None}


@blp.post(REQUESTS)
@access(SIGNED_IN)
@blp.body(RecordBody, EXAMPLE)
@blp.answers(201, RequestSchema, "Recorded")
def create(given: Given, public_id: str) -> tuple[Given, int, dict[str, str]]:
    """Record a receipt or a payment. It is booked, or waits for a second person. For treasurers."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        made = record(act, found, values_of(given)).public_id
    return _made(public_id, made)


@blp.get(ONE)
@access(SIGNED_IN)
@blp.answers(200, RequestSchema, "The request")
def show(public_id: str, request_id: str) -> Given:
    """What a treasurer recorded, and what became of it."""
    return _read(public_id, request_id)


@blp.post(f"{ONE}/approve")
@access(SIGNED_IN)
@blp.body(DecisionBody, {"version": 1})
@blp.answers(200, RequestSchema, "Booked")
def agree(given: Given, public_id: str, request_id: str) -> Given:
    """Approve what somebody else recorded: it is booked. For approvers."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        approve(act, found, request_id, given.get("version"))
    return _read(public_id, request_id)


@blp.post(f"{ONE}/refuse")
@access(SIGNED_IN)
@blp.body(RefuseBody, {"reason": "发票抬头不对"})
@blp.answers(200, RequestSchema, "Refused")
def say_no(given: Given, public_id: str, request_id: str) -> Given:
    """Refuse what somebody else recorded, with a reason. For approvers."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        refuse(act, found, request_id, given["reason"], given.get("version"))
    return _read(public_id, request_id)


@blp.post(f"{ONE}/withdraw")
@access(SIGNED_IN)
@blp.answers(200, RequestSchema, "Taken back")
def take_back(public_id: str, request_id: str) -> Given:
    """Take back what you recorded and nobody has decided on."""
    with acting() as act:
        withdraw(act, seen_project(act.session, act.actor, public_id), request_id)
    return _read(public_id, request_id)


@blp.post(f"{ONE}/look")
@access(SIGNED_IN)
@blp.answers(200, DocumentsSchema, "The documents")
def look_at(public_id: str, request_id: str) -> Given:
    """Look at the documents themselves for half an hour. That you looked is written down."""
    with acting() as act:
        look(act, seen_project(act.session, act.actor, public_id), request_id)
    project, _rights = _opened(public_id)
    session = read_session()
    found = request_called(session, project.id, request_id)
    seen = is_looking(session, current_actor(), found.id, house().clock.now())
    originals = of_kind(copies_of(session, [found.id]).get(found.id, []), CopyKind.ORIGINAL)
    sealed = found.private_sealed
    return {
        "originals": [f"/files/{one.file.public_id}/full" for one in originals if seen],
        "private_name": house().secrets.open(sealed, found.place) if seen and sealed else None,
    }


@blp.post(f"{ONE}/forget-name")
@access(SIGNED_IN)
@blp.answers(200, RequestSchema, "Deleted")
def forget(public_id: str, request_id: str) -> Given:
    """Delete the sealed name of a private person; the entry stands."""
    with acting() as act:
        forget_name(act, seen_project(act.session, act.actor, public_id), request_id)
    return _read(public_id, request_id)


@blp.post(f"{ONE}/documents")
@access(SIGNED_IN)
@blp.form(CopiesChildrenBody)
@blp.files(CopiesBody)
@blp.answers(201, RequestSchema, "Added")
def add(said: Given, given: Given, public_id: str, request_id: str) -> Given:
    """Add documents, and copies for the public with everything personal covered."""
    _project, rights = _opened(public_id)
    if not rights.record:
        raise Forbidden("ledger_no_treasurer")
    originals, publics = (
        [taken_file(one.read()) for one in given[name] if one.filename]
        for name in ("files", "public_files")
    )
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        add_copies(act, found, request_id, originals, publics, children=said["children"])
    return _read(public_id, request_id)


@blp.delete(f"{ONE}/documents/<public_id:file_id>")
@access(SIGNED_IN)
@blp.answers(200, RequestSchema, "Taken from the public")
def take_copy_back(public_id: str, request_id: str, file_id: str) -> Given:
    """Take a copy from the public, such as one on which a name can still be read."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        withdraw_copy(act, found, request_id, file_id)
    return _read(public_id, request_id)


@blp.get(f"{BOOK}/people")
@access(SIGNED_IN)
@blp.answers(200, RolesSchema, "Who keeps the accounts")
def people(public_id: str) -> Given:
    """Treasurers and approvers. For the project's people and its social workers."""
    project, rights = _opened(public_id)
    _insist_on_inside(rights)
    return {"items": [role_item(one) for one in holders_of(read_session(), project.id)]}


@blp.post(f"{BOOK}/people")
@access(SIGNED_IN)
@blp.body(LedgerRoleBody, {"person": "7k2mq9xw4tzr", "role": "approver"})
@blp.answers(200, RolesSchema, "Named")
def name_person(given: Given, public_id: str) -> Given:
    """Name a treasurer or an approver. For managers of the leading organisation."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        give_role(act, found, given["person"], LedgerRole(given["role"]))
    return people(public_id)


@blp.post(f"{BOOK}/people/end")
@access(SIGNED_IN)
@blp.body(LedgerRoleBody, {"person": "7k2mq9xw4tzr", "role": "approver"})
@blp.answers(200, RolesSchema, "Ended")
def end(given: Given, public_id: str) -> Given:
    """End somebody's role. For managers of the leading organisation."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        end_role(act, found, given["person"], LedgerRole(given["role"]))
    return people(public_id)


@blp.post(f"{BOOK}/appeals")
@access(SIGNED_IN)
@blp.body(LedgerAppealBody)
@blp.answers(201, LedgerAppealSchema, "Linked")
def appeal(given: Given, public_id: str) -> tuple[Given, int]:
    """Link to a charity's filed campaign. For managers of the leading organisation."""
    with acting() as act:
        found = seen_project(act.session, act.actor, public_id)
        made = link_appeal(act, found, given["charity"], given["number"], given["link"])
        return appeal_item(act.actor, made), 201


@blp.delete(f"{BOOK}/appeals/<public_id:appeal_id>")
@access(SIGNED_IN)
@blp.answers_nothing("Taken away")
def unlink(public_id: str, appeal_id: str) -> None:
    """Take the link to a campaign away."""
    with acting() as act:
        unlink_appeal(act, seen_project(act.session, act.actor, public_id), appeal_id)


def _opened(public_id: str) -> tuple[Project, Rights]:
    session, actor = read_session(), current_actor()
    project = seen_book(session, actor, public_id)
    return project, rights_of(actor, project, holders_of(session, project.id))


def _insist_on_inside(rights: Rights) -> None:
    if not rights.documents:
        raise Forbidden("ledger_documents_inside")


def _book(project: Project, rights: Rights) -> Given:
    session, actor = read_session(), current_actor()
    ledger = ledger_of(session, project.id)
    return {
        **book_items(session, project, is_shown=can_see(actor, project)),
        "appeals": [
            appeal_item(actor, one)
            for one in appeals_of(session, project.id)
            if one.organisation.is_verified
        ],
        "two_people_above": limit_text(limit_of(house(), ledger)),
        "version": ledger.version if ledger else 1,
        "may_record": rights.record,
        "may_approve": rights.approve,
        "url": address(project),
    }


def _made(public_id: str, request_id: str) -> tuple[Given, int, dict[str, str]]:
    where = url_for("api_project_accounts.show", public_id=public_id, request_id=request_id)
    return _read(public_id, request_id), 201, {"Location": where}


def _read(public_id: str, request_id: str) -> Given:
    project, rights = _opened(public_id)
    _insist_on_inside(rights)
    session = read_session()
    found = request_called(session, project.id, request_id)
    booked = entry_of_request(session, found.id)
    return request_items(session, [found], {found.id: booked.number} if booked else {})[0]
