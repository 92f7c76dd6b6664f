"""What stands on the printed notice of a period: each account from its beginning to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.projects.ledger.amounts import amount_text
from exchange.projects.ledger.figures import came_and_went
from exchange.projects.ledger.kinds import AccountKind
from exchange.projects.ledger.models import Account, Entry
from exchange.projects.ledger.page_panels import account_name, counterparty_text
from exchange.projects.ledger.queries import accounts_of, balances_before, entries_between
from exchange.projects.models import Project
from exchange.web.dates import day_text


@dataclass(frozen=True)
class NoticeAccount:
    """An account in a period: opening and what came, less what went, is what is there at its end.
    """

    name: str
    opening: str
    came: str
    went: str
    closing: str


@dataclass(frozen=True)
class NoticeRow:
    """An entry in a period; one of the two amounts is empty."""

    number: int
    day: str
    purpose: str
    counterparty: str
    came: str
    went: str
    balance: str


@dataclass(frozen=True)
class Notice:
    """A period of a book."""

    accounts: list[NoticeAccount]
    rows: list[NoticeRow]


def notice_of(
    session: Session, project: Project, first: date, last: date, today: date, locale: str
) -> Notice:
    """What was booked from a first to a last day."""
    entries = entries_between(session, project.id, first, last)
    before = balances_before(session, project.id, first)
    shown = {one.account_id for one in entries} | before.keys()
    accounts = [one for one in accounts_of(session, project.id) if one.id in shown]
    accounts.sort(key=lambda one: (one.kind is AccountKind.GOODS, one.id))
    several = len(accounts) > 1
    return Notice(
        [_account(one, before.get(one.id, 0), entries, locale) for one in accounts],
        [_row(one, today, locale, several=several) for one in entries],
    )


def _account(
    account: Account, opening: int, entries: Sequence[Entry], locale: str
) -> NoticeAccount:
    came = went = 0
    for entry in entries:
        if entry.account_id != account.id:
            continue
        more, less = came_and_went(entry)
        came, went = came + more, went + less

    def text(amount: int) -> str:
        return amount_text(amount, account.kind, account.unit, locale)

    return NoticeAccount(
        account_name(account, locale), text(opening), text(came), text(went),
        text(opening + came - went),
    )  # fmt: skip


def _row(entry: Entry, today: date, locale: str, *, several: bool) -> NoticeRow:
    account = entry.account
    is_goods = account.kind is AccountKind.GOODS
    purpose = entry.purpose
    if several and is_goods:
        purpose = f"{account.name} · {purpose}"
    if entry.corrects is not None:
        purpose = str(
            _("Takes back no. %(number)s: %(why)s", number=entry.corrects.number, why=purpose)
        )
    came, went = (
        amount_text(one, account.kind, account.unit, locale) if one else ""
        for one in came_and_went(entry)
    )
    return NoticeRow(
        number=entry.number,
        day=day_text(entry.happened_on, today, locale),
        purpose=purpose,
        counterparty=counterparty_text(entry),
        came=came,
        went=went,
        balance=amount_text(entry.balance_after, account.kind, account.unit, locale),
    )
