"""What the doctor says about the open accounts of projects."""

from sqlalchemy.orm import Session

from exchange.admin.doctor import Finding, trouble, well
from exchange.projects.ledger.reconciling import Reconciled, reconcile

ADVICE = (
    "Stop the site, keep a copy of the database, and restore the last backup in which the doctor "
    "finds the accounts sound. Nothing within the site can change a booked entry."
)
WORDS = {
    "gap": "a number is missing",
    "account_gap": "a number within the account is missing",
    "broken_chain": "it does not begin with the balance before it",
    "sum": "its balance does not follow from its amount",
    "below_zero": "it leaves less than nothing",
    "counter": "it does not take back what it refers to",
    "balance": "the sum of the account's entries is not its balance",
    "request": "it is not what was recorded and approved",
    "unbooked": "something that was approved is not in the book",
}


def ledger_findings(session: Session) -> list[Finding]:
    """Whether every book adds up."""
    return [judge_ledgers(reconcile(session))]


def judge_ledgers(found: Reconciled) -> Finding:
    """Trouble as soon as one entry of one book is wrong."""
    if not found.faults:
        said = f"{found.entries:,} entries in {found.books:,} books add up."
        return well("project accounts", said if found.books else "No project has entries yet.")
    project_id, fault = found.faults[0]
    said = (
        f"The accounts of project {project_id} are wrong at entry {fault.number}: "
        f"{WORDS[fault.code]} ({len(found.faults)} faults in all)."
    )
    return trouble("project accounts", said, ADVICE)
