"""The verbs of a refresh of all suggestions: start, stop, go on, end."""

from datetime import timedelta

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.upserts import upsert
from exchange.matching.events import RefreshResumed, RefreshStarted, RefreshStopped
from exchange.matching.models import Refresh, RefreshState

ONLY = 1  # the id of the one row


def start_refresh(act: Act, engine: str, *, again: bool) -> bool:
    """Start one, unless one for this engine runs; returns whether it was started.

    ``again``: also what this engine has matched already is computed once more.
    """
    refresh = _locked(act)
    if refresh is None:
        _insert(act, engine, int(again))
        act.emit(RefreshStarted(engine))
        return True
    if refresh.state is RefreshState.RUNNING and refresh.engine == engine:
        return False
    refresh.round += again
    refresh.engine, refresh.state = engine, RefreshState.RUNNING
    refresh.started_at, refresh.ended_at, refresh.driven_until = act.now, None, None
    refresh.changed = refresh.failed = 0
    act.emit(RefreshStarted(engine))
    return True


def stop_refresh(act: Act) -> bool:
    """Have a running one stop where it is; returns whether one ran."""
    return _move(act, RefreshState.RUNNING, RefreshState.STOPPED)


def resume_refresh(act: Act) -> bool:
    """Have a stopped one go on where it was; returns whether one was stopped."""
    return _move(act, RefreshState.STOPPED, RefreshState.RUNNING)


def end_refresh(act: Act, number: int) -> bool:
    """All is done in this round; returns whether it still ran."""
    refresh = _locked(act)
    if refresh is None or (refresh.round, refresh.state) != (number, RefreshState.RUNNING):
        return False
    refresh.state, refresh.ended_at = RefreshState.DONE, act.now
    return True


def note_step(act: Act, number: int, changed: int, failed: int) -> None:
    """Add what a step has done, where its round still is the present one."""
    act.session.execute(
        sa.update(Refresh)
        .where(Refresh.id == ONLY, Refresh.round == number)
        .values(changed=Refresh.changed + changed, failed=Refresh.failed + failed)
        .execution_options(synchronize_session=False)
    )


def drive(act: Act, span: timedelta) -> None:
    """A command does the work for so long; the worker keeps out of it meanwhile."""
    act.session.execute(
        sa.update(Refresh)
        .where(Refresh.id == ONLY)
        .values(driven_until=act.now + span)
        .execution_options(synchronize_session=False)
    )


def _move(act: Act, before: RefreshState, after: RefreshState) -> bool:
    refresh = _locked(act)
    if refresh is None or refresh.state is not before:
        return False
    refresh.state = after
    stopped = after is RefreshState.STOPPED
    refresh.ended_at = act.now if stopped else None
    act.emit((RefreshStopped if stopped else RefreshResumed)(refresh.engine))
    return True


def _locked(act: Act) -> Refresh | None:
    query = sa.select(Refresh).with_for_update().execution_options(populate_existing=True)
    return act.session.scalars(query).first()


def _insert(act: Act, engine: str, number: int) -> None:
    """Where two start the first one at a moment, the second finds the row of the first."""
    row = {
        "id": ONLY, "engine": engine, "round": number, "state": RefreshState.RUNNING,
        "started_at": act.now, "ended_at": None, "driven_until": None, "changed": 0, "failed": 0,
    }  # fmt: skip
    upsert(act.session, Refresh, [row], ("id",))
