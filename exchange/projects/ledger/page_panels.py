"""What the pages of open accounts say, as plain values: lines, bars, the rule of two people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.accounts.queries import organisation_label
from exchange.files.documents import MEDIA_TYPE as PDF
from exchange.projects.ledger.amounts import amount_text
from exchange.projects.ledger.figures import (
    AccountFigures,
    BudgetFigures,
    account_figures,
    budget_figures,
    budget_total,
)
from exchange.projects.ledger.kinds import AccountKind, CopyKind, Counterparty, EntryKind
from exchange.projects.ledger.labels import ACCOUNTS, KINDS, PRIVATE, TONES
from exchange.projects.ledger.models import Account, DocumentCopy, Entry, EntryRequest
from exchange.projects.ledger.queries import (
    balances_of,
    copies_of,
    corrected_by,
    of_kind,
    sums_of,
)
from exchange.projects.models import Project
from exchange.projects.rules import yuan
from exchange.taxonomy.units import unit_name
from exchange.web.dates import day_here

PLUS, MINUS = "+", "\N{MINUS SIGN}"


@dataclass(frozen=True)
class CopyLink:
    """A file that can be opened."""

    file_id: str
    is_pdf: bool


@dataclass(frozen=True)
class EntryLine:
    """A booked entry for everybody: no name of a person, only copies for the public."""

    number: int
    url: str
    label: str
    tone: str
    amount: str
    account: str
    purpose: str
    budget: str
    counterparty: str
    day: str
    booked: str
    balance: str
    two_people: bool
    corrects: int | None
    corrected_by: int | None
    copies: tuple[CopyLink, ...] = ()
    no_copy: str = ""


@dataclass(frozen=True)
class WaitingLine:
    """What waits for the second person, or was refused."""

    url: str
    label: str
    tone: str
    amount: str
    purpose: str
    day: str
    who: str
    reason: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class Bar:
    """Plan and what became of it, with words for who sees no bar."""

    name: str
    said: str
    percent: int
    tone: str


@dataclass(frozen=True)
class AccountCard:
    """An account: what came, what went, what is there."""

    name: str
    came: str
    went: str
    balance: str
    is_money: bool
    used: int


@dataclass(frozen=True)
class Figures:
    """The whole of a book in figures."""

    accounts: list[AccountCard] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    total: Bar | None = None

    @property
    def money(self) -> AccountCard | None:
        return next((one for one in self.accounts if one.is_money), None)

    @property
    def goods(self) -> list[AccountCard]:
        return [one for one in self.accounts if not one.is_money]


def address(project: Project) -> str:
    """Where the accounts of a project stand."""
    return f"/projects/{project.public_id}/accounts"


def account_name(account: Account | AccountFigures, locale: str) -> str:
    """Money, or the goods with their unit."""
    if account.kind is AccountKind.MONEY:
        return str(ACCOUNTS[AccountKind.MONEY])
    unit = unit_name(account.unit, locale)
    return str(_("%(goods)s (%(unit)s)", goods=account.name, unit=unit))


def signed_text(row: Entry | EntryRequest, locale: str) -> str:
    """An amount with its direction."""
    text = amount_text(row.amount, row.account.kind, row.account.unit, locale)
    return f"{PLUS if row.sign > 0 else MINUS}{text}"


def counterparty_text(row: Entry | EntryRequest) -> str:
    """The organisation; of a person only that it is one."""
    return str(PRIVATE) if row.counterparty is Counterparty.PERSON else row.counterparty_name


def entry_lines(
    session: Session, project: Project, entries: Sequence[Entry], locale: str
) -> list[EntryLine]:
    """Entries for everybody; the number of queries does not grow with them."""
    copies = copies_of(session, [one.request_id for one in entries])
    back = corrected_by(session, [one.id for one in entries])
    here = address(project)
    return [_line(one, here, copies, back, locale) for one in entries]


def _line(
    entry: Entry, here: str, copies: Mapping[int, list[DocumentCopy]], back: Mapping[int, int],
    locale: str,
) -> EntryLine:  # fmt: skip
    account = entry.account
    public = copy_links(of_kind(copies.get(entry.request_id, []), CopyKind.PUBLIC))
    return EntryLine(
        number=entry.number,
        url=f"{here}/entries/{entry.number}",
        label=str(KINDS[entry.kind]),
        tone=TONES[entry.kind],
        amount=signed_text(entry, locale),
        account="" if account.kind is AccountKind.MONEY else account.name,
        purpose=entry.purpose,
        budget=entry.budget_name,
        counterparty=counterparty_text(entry),
        day=day_here(entry.happened_on),
        booked=day_here(entry.booked_on),
        balance=amount_text(entry.balance_after, account.kind, account.unit, locale),
        two_people=entry.approved_by_id is not None,
        corrects=entry.corrects.number if entry.corrects else None,
        corrected_by=back.get(entry.id),
        copies=public,
        no_copy="" if public else why_no_copy(entry.request),
    )


def why_no_copy(request: EntryRequest) -> str:
    """What the public reads where there is no copy for it."""
    if request.kind is EntryKind.COUNTER:
        return ""
    if request.no_public_reason:
        return request.no_public_reason
    if request.no_document_reason:
        return request.no_document_reason
    return str(_("A copy for the public is still to come."))


def copy_links(copies: Sequence[DocumentCopy]) -> tuple[CopyLink, ...]:
    """Files to open."""
    return tuple(
        CopyLink(one.file.public_id, is_pdf=one.file.media_type == PDF) for one in copies
    )


def waiting_lines(
    project: Project, requests: Sequence[EntryRequest], locale: str, person_id: int | None
) -> list[WaitingLine]:
    """What is proposed, for who may look behind the book."""
    here = address(project)
    return [
        WaitingLine(
            url=f"{here}/requests/{one.public_id}",
            label=str(KINDS[one.kind]),
            tone=TONES[one.kind],
            amount=signed_text(one, locale),
            purpose=one.purpose,
            day=day_here(one.happened_on),
            who=one.proposed_by.name,
            reason=one.reason,
            is_own=one.proposed_by_id == person_id,
        )
        for one in requests
    ]


def book_name(project: Project, locale: str, *, is_shown: bool) -> str:
    """What the book is of. Words of a project whose page is not shown stand nowhere meanwhile."""
    if is_shown:
        return project.title
    owner = organisation_label(project.organisation, locale)
    return str(_("A project of %(name)s", name=owner))


def book_figures(
    session: Session, project: Project, locale: str, *, is_shown: bool = True
) -> Figures:
    """Accounts and budget of one book; the plan only where the project's page is shown."""
    balances, sums = balances_of(session, project.id), sums_of(session, project.id)
    money = next(
        (one.account.id for one in balances if one.account.kind is AccountKind.MONEY), None
    )
    lines = budget_figures(project.budget if is_shown else (), money, sums)
    planned = [one for one in lines if not one.is_gone]
    return Figures(
        accounts=[account_card(one, locale) for one in account_figures(balances, sums)],
        bars=[_bar(one) for one in lines] if planned else [],
        total=_bar(budget_total(lines), str(_("All together"))) if planned else None,
    )


def account_card(one: AccountFigures, locale: str) -> AccountCard:
    """The figures of an account in words."""

    def text(amount: int) -> str:
        return amount_text(amount, one.kind, one.unit, locale)

    return AccountCard(
        name=account_name(one, locale),
        came=text(one.came),
        went=text(one.went),
        balance=text(one.balance),
        is_money=one.kind is AccountKind.MONEY,
        used=one.went * 100 // one.came if one.came > 0 else 0,
    )


def _bar(line: BudgetFigures, name: str = "") -> Bar:
    if line.is_gone:
        told = name or line.name or str(_("Outside the budget"))
        return Bar(told, str(_("spent %(spent)s, not in the plan", spent=yuan(line.spent))), 0, "")
    if line.left < 0:
        said = _(
            "spent %(spent)s of %(planned)s, %(over)s more than planned",
            spent=yuan(line.spent), planned=yuan(line.planned), over=yuan(-line.left),
        )  # fmt: skip
    else:
        said = _(
            "spent %(spent)s of %(planned)s (%(percent)s%%)",
            spent=yuan(line.spent), planned=yuan(line.planned), percent=line.percent,
        )  # fmt: skip
    tone = "warn" if line.left < 0 else "project"
    return Bar(name or line.name, str(said), min(line.percent, 100), tone)


def rule_text(limit_fen: int) -> str:
    """The rule of two people, as everybody reads it."""
    if limit_fen <= 0:
        return str(_("Every entry is looked at by a second person before it counts."))
    return str(
        _(
            "Above %(sum)s, and for all goods, a second person looks at an entry before it counts.",
            sum=yuan(limit_fen),
        )
    )


def span(first: date, last: date) -> dict[str, Any]:
    """A period for the address of a page."""
    return {"from": first.isoformat(), "to": last.isoformat()}


def present_numbers(lines: Collection[EntryLine]) -> str:
    """From which number to which a page goes, for its pager."""
    numbers = [one.number for one in lines]
    if not numbers:
        return ""
    return str(_("No. %(first)s to %(last)s", first=max(numbers), last=min(numbers)))
