"""The book as values: how the next entry follows, what is refused, what is wrong with a book."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.projects.ledger.kinds import AccountKind, EntryKind, RequestState

LARGEST_AMOUNT = 10**14  # fen or thousandths
LONGEST_PURPOSE = 80
LONGEST_NAME = 80
LONGEST_GOODS = 40
LONGEST_UNIT = 12
LONGEST_REASON = 300
LONGEST_LINK = 300
LONGEST_KEY = 40
MOST_COPIES = 6  # originals, and public copies, of one entry
MOST_ACCOUNTS = 40
MOST_WAITING = 100
MOST_APPEALS = 5
LONG_AGO = timedelta(days=3653)
SEEN_FOR = timedelta(minutes=30)  # after which somebody who looked at a document asks again
# The credit code of the charity, A, the year and a number: how filed campaigns are numbered.
CAMPAIGN = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})A\d{5}\Z")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}\Z")


@dataclass(frozen=True)
class Tip:
    """Where a book ends: the last number of the project, the last of the account, its balance."""

    number: int = 0
    account_number: int = 0
    balance: int = 0


@dataclass(frozen=True)
class Line:
    """An entry as it stands in the book. ``corrects`` is the number of the entry it takes back."""

    number: int
    account: int
    account_number: int
    sign: int
    amount: int
    balance_before: int
    balance_after: int
    corrects: int | None = None


@dataclass(frozen=True)
class Fault:
    """Something that cannot be in a sound book: which entry, and what, as a code."""

    number: int
    code: str


def sign_of(kind: EntryKind, corrected_sign: int = 0) -> int:
    """Whether it adds (1) or takes (-1)."""
    if kind is EntryKind.COUNTER:
        return -corrected_sign
    return 1 if kind is EntryKind.RECEIPT else -1


def may_book(tip: Tip, sign: int, amount: int) -> Decision:
    """Money and goods that are not there cannot go out."""
    if not 0 < amount <= LARGEST_AMOUNT:
        return refuse("ledger_amount")
    after = tip.balance + sign * amount
    if after < 0:
        return refuse("ledger_not_there", missing=-after)
    return refuse("ledger_amount") if after > LARGEST_AMOUNT else allow()


def next_line(
    tip: Tip, account: int, sign: int, amount: int, corrects: int | None = None
) -> Line:
    """The entry that follows. The caller has asked ``may_book``."""
    return Line(
        number=tip.number + 1,
        account=account,
        account_number=tip.account_number + 1,
        sign=sign,
        amount=amount,
        balance_before=tip.balance,
        balance_after=tip.balance + sign * amount,
        corrects=corrects,
    )


def faults(lines: Iterable[Line]) -> Iterator[Fault]:
    """What is wrong with the book of one project, whose lines come in the order of numbers."""
    tips: dict[int, Tip] = {}
    before: dict[int, Line] = {}
    taken_back: set[int] = set()
    number = 0
    for line in lines:
        if line.number != number + 1:
            yield Fault(line.number, "gap")
        number = line.number
        yield from _faults_in_account(line, tips.get(line.account, Tip()))
        if line.corrects is not None:
            found = before.get(line.corrects)
            if found is None or not _takes_back(line, found) or line.corrects in taken_back:
                yield Fault(line.number, "counter")
            taken_back.add(line.corrects)
        before[line.number] = line
        tips[line.account] = Tip(number, line.account_number, line.balance_after)


def _faults_in_account(line: Line, tip: Tip) -> Iterator[Fault]:
    if line.account_number != tip.account_number + 1:
        yield Fault(line.number, "account_gap")
    if line.balance_before != tip.balance:
        yield Fault(line.number, "broken_chain")
    if line.balance_after != line.balance_before + line.sign * line.amount:
        yield Fault(line.number, "sum")
    if line.balance_after < 0 or line.amount <= 0:
        yield Fault(line.number, "below_zero")


def _takes_back(line: Line, other: Line) -> bool:
    same = (line.account, line.amount) == (other.account, other.amount)
    return same and line.sign == -other.sign and other.corrects is None


def needs_second(account: AccountKind, amount: int, limit_fen: int) -> bool:
    """Whether a second person must agree: money above the set sum, and goods always.

    Goods have no price here, so no sum can tell the small from the large.
    """
    return account is AccountKind.GOODS or amount > limit_fen or limit_fen == 0


def may_decide(
    state: RequestState, *, is_own: bool, may_approve: bool
) -> Decision:
    """Whether somebody may approve or refuse what was recorded; never their own."""
    if not may_approve:
        return refuse("ledger_no_approver")
    if is_own:
        return refuse("ledger_own_entry")
    return allow() if state is RequestState.PROPOSED else refuse("ledger_decided")


def may_correct(kind: EntryKind, *, is_corrected: bool, is_waiting: bool) -> Decision:
    """A receipt or payment can be taken back once; a counter-entry stands."""
    if kind is EntryKind.COUNTER:
        return refuse("ledger_counter_stands")
    if is_corrected:
        return refuse("ledger_corrected")
    return refuse("ledger_counter_waits") if is_waiting else allow()


def day_problem(day: date, today: date) -> str | None:
    """The code of what is wrong with the day on which money moved."""
    if day > today:
        return "ledger_day_to_come"
    return "ledger_day_long_ago" if day < today - LONG_AGO else None


def campaign_problem(number: str, credit_code: str | None) -> str | None:
    """What is wrong with the number of a filed campaign, as a code.

    It begins with the charity's own credit code, where that is known.
    """
    found = CAMPAIGN.match(number)
    if found is None:
        return "ledger_campaign_form"
    if credit_code and found[1] != credit_code:
        return "ledger_campaign_other"
    return None


def link_problem(link: str) -> str | None:
    """What is wrong with the address of a campaign: only a plain https page is linked to."""
    if len(link) > LONGEST_LINK or not link.isascii() or any(sign <= " " for sign in link):
        return "ledger_link_form"
    try:
        parts = urlsplit(link)
        plain = parts.port is None and parts.username is None
    except ValueError:
        return "ledger_link_form"
    if parts.scheme != "https" or not plain or not HOST.match(parts.hostname or ""):
        return "ledger_link_form"
    return None


def quarter_of(today: date) -> tuple[date, date]:
    """From the first day of the present quarter until today: what a village board shows."""
    return date(today.year, today.month - (today.month - 1) % 3, 1), today


def share(part: int, whole: int) -> int:
    """How much of a plan is used, in whole percent, rounded down; 0 where nothing is planned."""
    return max(part, 0) * 100 // whole if whole > 0 else 0
