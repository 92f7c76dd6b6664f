"""Recording and booking: the one way in which entries come about.

Every verb locks the book first and reads afresh under the lock. A treasurer records; above the set
sum, and for goods, what was recorded waits for a second person; below it is booked at once.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.files.documents import Document
from exchange.files.pictures import Picture
from exchange.kernel.act import Act, House
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.values import one_line
from exchange.projects.ledger.amounts import named, said_amount
from exchange.projects.ledger.copies import keep_copies
from exchange.projects.ledger.events import LedgerEntryBooked, LedgerEntryProposed
from exchange.projects.ledger.kinds import (
    CopyKind,
    Counterparty,
    EntryKind,
    RequestState,
)
from exchange.projects.ledger.locking import lock_ledger
from exchange.projects.ledger.models import Account, Entry, EntryRequest, Ledger
from exchange.projects.ledger.permissions import Rights, has_book, organisations_of, rights_of
from exchange.projects.ledger.queries import (
    accounts_of,
    corrected_by,
    count_waiting,
    entry_numbered,
    holders_of,
    tip_of,
    waiting_counter,
)
from exchange.projects.ledger.rules import (
    LONGEST_KEY,
    LONGEST_PURPOSE,
    MOST_ACCOUNTS,
    MOST_WAITING,
    Tip,
    may_book,
    may_correct,
    needs_second,
    next_line,
    sign_of,
)
from exchange.projects.ledger.values import EntryValues, problems_of, public_problem
from exchange.projects.models import Project

Files = Sequence[Picture | Document]


def limit_of(house: House, ledger: Ledger | None) -> int:
    """Above which sum, in fen, two people are needed: as the project has set it, and never more
    than the site's own.
    """
    most = house.settings.ledger_two_person_fen
    if ledger is None or ledger.two_person_fen is None:
        return most
    return min(ledger.two_person_fen, most)


def record(
    act: Act, project: Project, values: EntryValues, originals: Files = (), publics: Files = (),
    children: str = "",
) -> EntryRequest:  # fmt: skip
    """Record a receipt or payment with its documents; it is booked, or waits for a second person.

    ``children`` is what is said about children on the copies for the public.

    The caller has made sure that the actor may see the project. Sent twice it is recorded once.
    Raises Forbidden for who is no treasurer, Invalid with the fields, Conflict when more goes out
    than is there.
    """
    ledger, known = _begin(act, project, values.sent_key)
    if known is not None:
        return known
    clean = values.cleaned()
    wrong = problems_of(
        clean, act.today, has_original=bool(originals), has_public=bool(publics)
    )
    budget = {line.public_id: line.purpose for line in project.budget}
    if clean.budget_key and clean.budget_key not in budget:
        wrong.setdefault("budget_key", []).append("ledger_no_such_line")
    if wrong:
        raise Invalid("invalid", fields=wrong)
    account = _account(act, project, clean)
    sign = sign_of(clean.kind)
    assert clean.amount is not None  # noqa: S101 - looked through above
    _insist(tip_of(act.session, project.id, account.id), sign, clean.amount, account)
    made = EntryRequest(
        kind=clean.kind, sign=sign, amount=clean.amount, purpose=clean.purpose,
        budget_key=clean.budget_key, budget_name=budget.get(clean.budget_key, ""),
        counterparty=clean.counterparty, happened_on=clean.happened_on,
        no_document_reason="" if originals else clean.no_document_reason,
        no_public_reason=clean.no_public_reason, sent_key=clean.sent_key or new_public_id(),
    )  # fmt: skip
    _keep(act, project, ledger, account, made)
    _name_counterparty(act, project, made, clean)
    keep_copies(act, made, originals, CopyKind.ORIGINAL)
    keep_copies(act, made, publics, CopyKind.PUBLIC, children)
    return _go_on(act, project, made)


def record_counter(
    act: Act, project: Project, number: int, reason: str, sent_key: str = ""
) -> EntryRequest:
    """Take an entry back by a counter-entry over the same amount; the entry itself stays.

    Sent twice it is recorded once. Raises as recording does; NotFound where there is no such entry;
    Conflict when it was taken back already, is a counter-entry itself, or what it brought in has
    been spent since.
    """
    ledger, known = _begin(act, project, sent_key)
    if known is not None:
        return known
    why = one_line(reason)
    problem = "required" if not why else public_problem(why)
    if problem or len(why) > LONGEST_PURPOSE:
        raise Invalid("invalid", fields={"reason": [problem or "ledger_too_long"]})
    entry = entry_numbered(act.session, project.id, number)
    decision = may_correct(
        entry.kind,
        is_corrected=bool(corrected_by(act.session, [entry.id])),
        is_waiting=waiting_counter(act.session, project.id, number),
    )
    if not decision:
        raise Conflict(decision.code)
    account, sign = entry.account, sign_of(EntryKind.COUNTER, entry.sign)
    _insist(tip_of(act.session, project.id, account.id), sign, entry.amount, account)
    made = EntryRequest(
        kind=EntryKind.COUNTER, sign=sign, amount=entry.amount, corrects_number=number,
        purpose=why, budget_key=entry.budget_key, budget_name=entry.budget_name,
        counterparty=entry.counterparty, counterparty_name=entry.counterparty_name,
        happened_on=act.today, sent_key=one_line(sent_key)[:LONGEST_KEY] or new_public_id(),
    )  # fmt: skip
    _keep(act, project, ledger, account, made)
    return _go_on(act, project, made)


def rights_now(act: Act, project: Project) -> Rights:
    """What the actor may do, read under the lock of the book."""
    return rights_of(act.actor, project, holders_of(act.session, project.id))


def book(act: Act, project: Project, request: EntryRequest, approver_id: int | None) -> Entry:
    """Put a request into the book. The caller holds the lock and has asked who may.

    Raises Conflict when what it takes is not there, or what it corrects was corrected meanwhile.
    """
    account = request.account
    tip = tip_of(act.session, project.id, account.id)
    _insist(tip, request.sign, request.amount, account)
    line = next_line(tip, account.id, request.sign, request.amount, request.corrects_number)
    corrects = None
    if line.corrects is not None:
        corrects = entry_numbered(act.session, project.id, line.corrects)
        if corrected_by(act.session, [corrects.id]):
            raise Conflict("ledger_corrected")
    made = Entry(
        project_id=project.id, number=line.number, previous_number=line.number - 1 or None,
        account_id=account.id, account_number=line.account_number,
        previous_in_account=line.account_number - 1 or None, kind=request.kind, sign=line.sign,
        amount=line.amount, balance_before=line.balance_before, balance_after=line.balance_after,
        corrects_id=corrects.id if corrects else None,
        corrects_sign=corrects.sign if corrects else None, purpose=request.purpose,
        budget_key=request.budget_key, budget_name=request.budget_name,
        counterparty=request.counterparty, counterparty_name=request.counterparty_name,
        happened_on=request.happened_on, booked_on=act.today, booked_at=act.now,
        request_id=request.id, recorded_by_id=request.proposed_by_id, approved_by_id=approver_id,
    )  # fmt: skip
    act.session.add(made)
    request.state = RequestState.BOOKED
    request.decided_by_id, request.decided_at = approver_id, act.now
    request.version += 1
    act.session.flush()
    act.emit(LedgerEntryBooked(project.id, project.organisation_id, request.id, made.id))
    return made


def _begin(act: Act, project: Project, sent_key: str) -> tuple[Ledger, EntryRequest | None]:
    """The book, locked; and what was recorded already under this key by the same person."""
    ledger = lock_ledger(act, project.id)
    if not rights_now(act, project).record:
        raise Forbidden("ledger_no_treasurer")
    if not has_book(project):
        raise Conflict("ledger_not_yet")
    key = one_line(sent_key)[:LONGEST_KEY]
    query = sa.select(EntryRequest).where(
        EntryRequest.project_id == project.id, EntryRequest.sent_key == key
    )
    known = act.session.scalars(query).first() if key else None
    if known is not None and known.proposed_by_id != act.actor.person_id:
        raise Conflict("ledger_key_taken")
    return ledger, known


def _keep(
    act: Act, project: Project, ledger: Ledger, account: Account, made: EntryRequest
) -> None:
    made.project_id, made.account_id = project.id, account.id
    made.public_id = new_public_id()
    made.state = RequestState.PROPOSED
    made.needs_second = needs_second(account.kind, made.amount, limit_of(act.house, ledger))
    if made.needs_second and count_waiting(act.session, project.id) >= MOST_WAITING:
        raise Conflict("ledger_too_many_wait", most=MOST_WAITING)
    assert act.actor.person_id is not None  # noqa: S101 - treasurers are people
    made.proposed_by_id, made.proposed_at = act.actor.person_id, act.now
    act.session.add(made)
    act.session.flush()


def _go_on(act: Act, project: Project, made: EntryRequest) -> EntryRequest:
    if made.needs_second:
        act.session.flush()
        act.emit(LedgerEntryProposed(project.id, project.organisation_id, made.id))
    else:
        book(act, project, made, None)
    return made


def _name_counterparty(
    act: Act, project: Project, made: EntryRequest, values: EntryValues
) -> None:
    """The name of an organisation stands in the book; that of a person is sealed apart from it."""
    if values.counterparty is Counterparty.PERSON:
        made.private_sealed = act.house.secrets.seal(values.counterparty_name, made.place)
        return
    made.counterparty_name = values.counterparty_name
    made.counterparty_organisation_id = next(
        (
            one.id
            for one in organisations_of(project)
            if values.counterparty_name in (one.name_zh, one.name_en)
        ),
        None,
    )


def _account(act: Act, project: Project, values: EntryValues) -> Account:
    """The account of this money or of these goods, opened where it is new."""
    wanted = (values.account_kind, values.goods, values.unit)
    there = accounts_of(act.session, project.id)
    for one in there:
        if (one.kind, one.name, one.unit) == wanted:
            return one
    if len(there) >= MOST_ACCOUNTS:
        raise Conflict("ledger_too_many_accounts", most=MOST_ACCOUNTS)
    made = Account(
        project_id=project.id, kind=wanted[0], name=wanted[1], unit=wanted[2], opened_at=act.now
    )
    act.session.add(made)
    act.session.flush()
    return made


def _insist(tip: Tip, sign: int, amount: int, account: Account) -> None:
    decision = may_book(tip, sign, amount)
    if decision:
        return
    if decision.code == "ledger_not_there":
        raise Conflict(
            decision.code,
            what=named(account.kind, account.name),
            there=said_amount(tip.balance, account.kind, account.unit),
            missing=said_amount(decision.params["missing"], account.kind, account.unit),
        )
    raise Invalid("invalid", fields={"amount": [decision.code]})
