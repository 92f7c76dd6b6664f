"""The second person: approving, refusing; and taking back what waits. Nobody decides on their own.
"""

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.values import clean_text
from exchange.projects.ledger.booking import book, rights_now
from exchange.projects.ledger.events import LedgerEntryRefused, LedgerEntryWithdrawn
from exchange.projects.ledger.kinds import RequestState
from exchange.projects.ledger.locking import fresh_request, lock_ledger
from exchange.projects.ledger.models import Entry, EntryRequest
from exchange.projects.ledger.queries import entry_of_request
from exchange.projects.ledger.rules import LONGEST_REASON, may_decide
from exchange.projects.ledger.values import text_problem
from exchange.projects.models import Project


def approve(act: Act, project: Project, public_id: str, version: int | None = None) -> Entry:
    """Book what somebody else recorded; ``version`` is the one that was read.

    Done twice by the same person it is booked once. Raises NotFound, Forbidden for who may not
    approve or has recorded it, Conflict when somebody else was faster or what goes out is not
    there any more.
    """
    lock_ledger(act, project.id)
    request = fresh_request(act, project.id, public_id)
    if request.state is RequestState.BOOKED and request.decided_by_id == act.actor.person_id:
        booked = entry_of_request(act.session, request.id)
        if booked is not None:
            return booked
    _may_decide(act, project, request, version)
    return book(act, project, request, act.actor.person_id)


def refuse(
    act: Act, project: Project, public_id: str, reason: str, version: int | None = None
) -> EntryRequest:
    """Say no, with a reason that the treasurer reads. Raises as approving does, and Invalid."""
    lock_ledger(act, project.id)
    request = fresh_request(act, project.id, public_id)
    why = clean_text(reason)
    same = request.state is RequestState.REFUSED and request.reason == why
    if same and request.decided_by_id == act.actor.person_id:
        return request
    _may_decide(act, project, request, version)
    problem = "required" if not why else text_problem(why)
    if problem or len(why) > LONGEST_REASON:
        raise Invalid("invalid", fields={"reason": [problem or "ledger_too_long"]})
    request.reason = why
    _close(act, request, RequestState.REFUSED)
    act.emit(LedgerEntryRefused(project.id, project.organisation_id, request.id))
    return request


def withdraw(act: Act, project: Project, public_id: str) -> EntryRequest:
    """Take back what one has recorded oneself and nobody has decided on.

    Done twice it is done once. Raises NotFound, Forbidden, Conflict.
    """
    lock_ledger(act, project.id)
    request = fresh_request(act, project.id, public_id)
    if request.proposed_by_id != act.actor.person_id:
        raise Forbidden("ledger_not_yours")
    if request.state is RequestState.WITHDRAWN:
        return request
    if request.state is not RequestState.PROPOSED:
        raise Conflict("ledger_decided")
    _close(act, request, RequestState.WITHDRAWN)
    act.emit(LedgerEntryWithdrawn(project.id, project.organisation_id, request.id))
    return request


def _may_decide(act: Act, project: Project, request: EntryRequest, version: int | None) -> None:
    decision = may_decide(
        request.state,
        is_own=request.proposed_by_id == act.actor.person_id,
        may_approve=rights_now(act, project).approve,
    )
    if not decision:
        if request.state is not RequestState.PROPOSED and decision.code == "ledger_decided":
            raise Conflict(decision.code)
        raise Forbidden(decision.code)
    if version is not None and version != request.version:
        raise Conflict("changed_meanwhile", version=request.version)


def _close(act: Act, request: EntryRequest, state: RequestState) -> None:
    request.state = state
    request.decided_by_id, request.decided_at = act.actor.person_id, act.now
    request.version += 1
    act.session.flush()
