"""The words of open accounts."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.listings.amounts import plain_largest
from exchange.projects.ledger.kinds import (
    AccountKind,
    Counterparty,
    EntryKind,
    LedgerRole,
    RequestState,
)
from exchange.projects.ledger.rules import LARGEST_AMOUNT

KINDS: dict[EntryKind, Any] = {
    EntryKind.RECEIPT: _l("Came in"),
    EntryKind.PAYMENT: _l("Went out"),
    EntryKind.COUNTER: _l("Correction"),
}
# Colours of tags: tea for what came, clay for what went, ochre for what puts something right.
TONES: dict[EntryKind, str] = {
    EntryKind.RECEIPT: "offer",
    EntryKind.PAYMENT: "need",
    EntryKind.COUNTER: "warn",
}
ACCOUNTS: dict[AccountKind, Any] = {
    AccountKind.MONEY: _l("Funds"),
    AccountKind.GOODS: _l("Goods"),
}
COUNTERPARTIES: dict[Counterparty, Any] = {
    Counterparty.ORGANISATION: _l("An organisation"),
    Counterparty.PERSON: _l("A private person"),
}
STATES: dict[RequestState, Any] = {
    RequestState.PROPOSED: _l("Waits for the second person"),
    RequestState.BOOKED: _l("Booked"),
    RequestState.REFUSED: _l("Refused"),
    RequestState.WITHDRAWN: _l("Taken back"),
}
ROLES: dict[LedgerRole, Any] = {
    LedgerRole.TREASURER: _l("Treasurer"),
    LedgerRole.APPROVER: _l("Approver"),
}
PRIVATE = _l("Private person")
SENTENCES: dict[str, Any] = {
    "ledger_amount": _l("Please write an amount such as 1200 or 86.50, above zero."),
    "ledger_goods_too_large": _l(
        "At most %(number)s, please.", number=plain_largest(LARGEST_AMOUNT)
    ),
    "ledger_not_there": _l(
        "Of the %(what)s in this account only %(there)s is there, %(missing)s too little. What is "
        "not there cannot go out."
    ),
    "ledger_no_treasurer": _l("Only the project's treasurers record what comes and goes."),
    "ledger_no_approver": _l("Only the project's approvers agree to entries."),
    "ledger_no_manager": _l("Only managers of the leading organisation set this."),
    "ledger_own_entry": _l("You recorded this yourself. Somebody else has to look at it."),
    "ledger_not_yours": _l("Only who recorded it takes it back."),
    "ledger_decided": _l("This was decided already. Please look once more."),
    "ledger_counter_stands": _l("A correction stands. Record what is right as a new entry."),
    "ledger_corrected": _l("This entry was taken back already."),
    "ledger_counter_waits": _l("A correction of this entry waits for the second person already."),
    "ledger_limit_above": _l(
        "At most %(most)s, as on this site: a project may only set a lower sum."
    ),
    "ledger_day_to_come": _l("This day is yet to come."),
    "ledger_day_long_ago": _l("This day is too long ago. Please check the year."),
    "ledger_campaign_form": _l(
        "The number of a filed campaign is the charity's 18-character credit code, then A and five "
        "digits."
    ),
    "ledger_campaign_other": _l("This number begins with another organisation's credit code."),
    "ledger_link_form": _l("Please paste the address of the campaign's page; it begins https://."),
    "ledger_no_charity": _l(
        "Only a charity that takes part in the project and is verified can be named here."
    ),
    "ledger_too_long": _l("This is too long."),
    "ledger_names_person": _l(
        "Everybody reads this. Please say what it was for without telling about one person."
    ),
    "ledger_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: everybody reads this."
    ),
    "ledger_payment_in_text": _l(
        "No account numbers or payment codes here: the exchange records and never collects."
    ),
    "ledger_no_document": _l(
        "Please add a photo of the receipt or invoice, or say below why there is none."
    ),
    "ledger_copy_and_reason": _l("There is a copy for the public, so no reason is needed."),
    "ledger_no_such_line": _l("This line is not in the budget any more. Please choose again."),
    "ledger_not_yet": _l("The accounts open when the project is published."),
    "ledger_key_taken": _l("This was sent before by somebody else. Please open the page anew."),
    "ledger_too_many_wait": _l(
        "%(most)s entries wait for the second person. Please have these looked at first."
    ),
    "ledger_too_many_accounts": _l(
        "There are %(most)s kinds of goods already. Please use one of these."
    ),
    "ledger_person_elsewhere": _l(
        "Please choose somebody who belongs to one of the project's organisations."
    ),
    "ledger_documents_inside": _l(
        "Documents themselves are for the project's people and its social workers."
    ),
    "ledger_too_many_appeals": _l("%(most)s campaigns at most. Please take one away first."),
    "ledger_period": _l("The last day is before the first."),
}
