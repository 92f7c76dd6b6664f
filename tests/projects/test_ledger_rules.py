"""The rules of the book as values: whatever is done, it adds up and nothing is lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.projects.ledger.amounts import plain_amount, read_amount
from exchange.projects.ledger.kinds import AccountKind, EntryKind, RequestState
from exchange.projects.ledger.rules import (
    LARGEST_AMOUNT,
    Line,
    Tip,
    campaign_problem,
    faults,
    link_problem,
    may_book,
    may_decide,
    needs_second,
    next_line,
    quarter_of,
    share,
    sign_of,
)
from exchange.projects.rules import yuan

AMOUNTS = st.integers(1, 10**9) | st.integers(LARGEST_AMOUNT - 2, LARGEST_AMOUNT)
MOVES = st.tuples(st.sampled_from(["receipt", "payment"]), st.integers(1, 3), AMOUNTS)
ACTS = st.lists(MOVES | st.tuples(st.just("counter"), st.integers(0, 30), st.just(0)), max_size=30)
Acts = list[tuple[str, int, int]]
patient = settings(deadline=None)  # the machine may be busy


def tip_of(book: list[Line], account: int) -> Tip:
    own = [line for line in book if line.account == account]
    last = own[-1] if own else None
    return Tip(len(book), last.account_number if last else 0, last.balance_after if last else 0)


def done(book: list[Line], act: tuple[str, int, int]) -> list[Line]:
    """The book after an act; the same book where the act is refused."""
    what, where, amount = act
    corrects = None
    if what == "counter":
        taken_back = {line.corrects for line in book}
        free = [one for one in book if one.corrects is None and one.number not in taken_back]
        if not free:
            return book
        other = free[where % len(free)]
        account, amount, corrects = other.account, other.amount, other.number
        sign = sign_of(EntryKind.COUNTER, other.sign)
    else:
        account, sign = where, sign_of(EntryKind(what))
    tip = tip_of(book, account)
    if not may_book(tip, sign, amount):
        return book
    return [*book, next_line(tip, account, sign, amount, corrects)]


def filled(acts: Acts) -> list[Line]:
    book: list[Line] = []
    for act in acts:
        book = done(book, act)
    return book


@patient
@given(acts=ACTS)
def test_after_any_sequence_of_acts_the_sum_of_entries_is_the_balance(acts: Acts) -> None:
    book: list[Line] = []
    for act in acts:
        before = list(book)
        book = done(book, act)
        assert book[: len(before)] == before  # no act removes or changes what was there
        assert len(book) - len(before) in (0, 1)
        for account in (1, 2, 3):
            own = [line for line in book if line.account == account]
            total = sum(line.sign * line.amount for line in own)
            assert total == tip_of(book, account).balance >= 0
    assert list(faults(book)) == []
    assert [line.number for line in book] == list(range(1, len(book) + 1))


@patient
@given(acts=ACTS)
def test_everything_taken_back_leaves_nothing(acts: Acts) -> None:
    book = filled(acts)
    for _ in range(2 * len(book)):  # payments first, so that what came in is there again
        taken_back = {line.corrects for line in book}
        open_ones = [o for o in book if o.corrects is None and o.number not in taken_back]
        for line in sorted(open_ones, key=lambda one: one.sign):
            tip = tip_of(book, line.account)
            if may_book(tip, -line.sign, line.amount):
                book.append(next_line(tip, line.account, -line.sign, line.amount, line.number))
    assert list(faults(book)) == []
    for account in (1, 2, 3):
        waits = {line.corrects for line in book}
        left = [o for o in book if o.account == account and o.corrects is None
                and o.number not in waits]  # fmt: skip
        assert left or tip_of(book, account).balance == 0


@patient
@given(acts=ACTS, data=st.data())
def test_a_book_that_somebody_has_touched_is_found_out(acts: Acts, data: st.DataObject) -> None:
    book = filled([("receipt", 1, 500), ("payment", 1, 100), ("counter", 1, 0), *acts])
    place = data.draw(st.integers(0, len(book) - 1))
    name = data.draw(
        st.sampled_from(["amount", "balance_before", "balance_after", "number", "account_number"])
    )
    changed = replace(book[place], **{name: getattr(book[place], name) + data.draw(AMOUNTS)})
    assert list(faults([*book[:place], changed, *book[place + 1 :]])) != []


@patient
@given(acts=ACTS, data=st.data())
def test_a_missing_entry_is_found_out(acts: Acts, data: st.DataObject) -> None:
    book = filled([("receipt", 1, 500), ("payment", 1, 100), *acts, ("receipt", 1, 7)])
    place = data.draw(st.integers(0, len(book) - 2))
    assert list(faults([*book[:place], *book[place + 1 :]])) != []


@pytest.mark.parametrize(
    ("account", "amount", "limit", "two"),
    [
        (AccountKind.MONEY, 100_000, 100_000, False),
        (AccountKind.MONEY, 100_001, 100_000, True),
        (AccountKind.MONEY, 1, 0, True),
        (AccountKind.GOODS, 1, 10**12, True),
    ],
)
def test_two_people_above_the_sum_and_for_goods(
    account: AccountKind, amount: int, limit: int, two: bool
) -> None:
    assert needs_second(account, amount, limit) is two


@patient
@given(
    state=st.sampled_from(RequestState), is_own=st.booleans(), may_approve=st.booleans()
)
def test_only_somebody_else_decides_and_only_what_waits(
    state: RequestState, is_own: bool, may_approve: bool
) -> None:
    decision = may_decide(state, is_own=is_own, may_approve=may_approve)
    assert bool(decision) == (state is RequestState.PROPOSED and may_approve and not is_own)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1200", 120_000), ("¥1,200.50", 120_050), ("86.5元", 8_650), ("三千", 300_000),
        ("1.2万", 1_200_000), ("0", None), ("-5", None), ("1.005", None), ("abc", None),
        ("9" * 40, None), ("", None),
    ],
)  # fmt: skip
def test_sums_are_read_as_people_write_them(text: str, fen: int | None) -> None:
    assert read_amount(text, AccountKind.MONEY) == fen


@patient
@given(fen=st.integers(1, 10**12))
def test_a_sum_that_is_written_out_is_read_again(fen: int) -> None:
    assert read_amount(plain_amount(fen, AccountKind.MONEY), AccountKind.MONEY) == fen
    assert read_amount(yuan(fen), AccountKind.MONEY) == fen


def test_campaigns_have_the_number_of_their_charity() -> None:
    code = "53520000MJ00000000"
    assert campaign_problem(f"{code}A26001", code) is None
    assert campaign_problem(f"{code}A26001", None) is None
    assert campaign_problem(f"{code}A26001", code[:-1] + "1") == "ledger_campaign_other"
    for wrong in ("", code, f"{code}B26001", f"{code}A2600", f"{code}A260011", f"x{code}A26001"):
        assert campaign_problem(wrong, code) == "ledger_campaign_form"


@pytest.mark.parametrize(
    ("link", "fits"),
    [
        ("https://gongyi.example.org/c/7?x=1", True),
        ("http://gongyi.example.org/", False),
        ("https://gongyi.example.org:8443/", False),
        ("https://user@gongyi.example.org/", False),
        ("https://127.0.0.1/", False),
        ("https://[::1]/", False),
        ("https://localhost/", False),
        ("https://[x/", False),
        ("javascript:alert(1)", False),
        ("https://gongyi.example.org/ x", False),
        ("https://募捐.example.org/", False),
        ("https://gongyi.example.org/" + "x" * 300, False),
        ("", False),
    ],
)
def test_only_plain_https_pages_are_linked_to(link: str, fits: bool) -> None:
    assert (link_problem(link) is None) is fits


def test_a_notice_shows_the_present_quarter() -> None:
    assert quarter_of(date(2026, 11, 22)) == (date(2026, 10, 1), date(2026, 11, 22))
    assert quarter_of(date(2027, 1, 1)) == (date(2027, 1, 1), date(2027, 1, 1))


def test_shares_are_whole_and_never_divide_by_nothing() -> None:
    assert [share(1, 3), share(5, 0), share(-2, 4), share(9, 3)] == [33, 0, 0, 300]
