"""The figures of a book: what came, what went, what is there, and how that compares to the plan.

A counter-entry counts against what it takes back: a payment that was taken back is no payment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exchange.projects.ledger.kinds import AccountKind, EntryKind
from exchange.projects.ledger.models import Entry
from exchange.projects.ledger.queries import Balance, Sum
from exchange.projects.ledger.rules import share
from exchange.projects.models import BudgetLine


@dataclass(frozen=True)
class AccountFigures:
    """What came into an account and went out of it, in fen or thousandths."""

    kind: AccountKind
    name: str
    unit: str
    came: int
    went: int
    balance: int


@dataclass(frozen=True)
class BudgetFigures:
    """A line of the budget, in fen. ``percent`` may pass 100; ``is_gone``: the plan dropped it."""

    key: str
    name: str
    planned: int
    spent: int
    is_gone: bool = False

    @property
    def percent(self) -> int:
        return share(self.spent, self.planned)

    @property
    def left(self) -> int:
        """What is planned and not spent; below zero where more was spent."""
        return self.planned - self.spent


def account_figures(balances: Sequence[Balance], sums: Iterable[Sum]) -> list[AccountFigures]:
    """By account, in the order of the balances."""
    came: dict[int, int] = {}
    went: dict[int, int] = {}
    for one in sums:
        more, less = came_and_went(one)
        came[one.account_id] = came.get(one.account_id, 0) + more
        went[one.account_id] = went.get(one.account_id, 0) + less
    return [
        AccountFigures(
            one.account.kind, one.account.name, one.account.unit,
            came.get(one.account.id, 0), went.get(one.account.id, 0), one.balance,
        )
        for one in balances
    ]  # fmt: skip


def budget_figures(
    budget: Sequence[BudgetLine], money_id: int | None, sums: Iterable[Sum]
) -> list[BudgetFigures]:
    """The lines of the budget with what was spent; then what was spent on lines that are gone, and
    on none ("").
    """
    spent: dict[str, int] = {}
    names: dict[str, str] = {}
    for one in sums:
        if one.account_id == money_id:
            spent[one.budget_key] = spent.get(one.budget_key, 0) + came_and_went(one)[1]
            names[one.budget_key] = one.budget_name
    lines = [
        BudgetFigures(line.public_id, line.purpose, line.planned_fen, spent.pop(line.public_id, 0))
        for line in budget
    ]
    gone = [
        BudgetFigures(key, names[key], 0, amount, is_gone=True)
        for key, amount in sorted(spent.items(), key=lambda item: (not item[0], item[0]))
        if amount
    ]
    return [*lines, *gone]


def budget_total(lines: Iterable[BudgetFigures]) -> BudgetFigures:
    """All lines together."""
    every = list(lines)
    planned, spent = sum(one.planned for one in every), sum(one.spent for one in every)
    return BudgetFigures("", "", planned, spent)


def came_and_went(one: Entry | Sum) -> tuple[int, int]:
    """What counts as come and what as gone: a counter-entry stands in the column of what it
    takes back, below nothing, so that columns add up.
    """
    if one.kind is EntryKind.COUNTER:
        return (-one.amount, 0) if one.sign < 0 else (0, -one.amount)
    return (one.amount, 0) if one.kind is EntryKind.RECEIPT else (0, one.amount)
