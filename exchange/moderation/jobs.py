"""Work of the moderation room after the commit, and by the clock."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.moderation.appeal_service import release_after_lifting
from exchange.moderation.upkeep_service import (
    BATCH,
    forget_reports,
    look_again,
    open_unanswered,
    tell_overdue,
)


@job("moderation.look_again")
def look_again_at(run: Run, payloads: Sequence[Payload]) -> None:
    """What the owner was asked to put right has changed."""
    for payload in payloads:
        with run.act() as act:
            look_again(act, payload["target_key"])


@job("moderation.lifted")
def show_again(run: Run, payloads: Sequence[Payload]) -> None:
    """A suspension was lifted: what was hidden with it is shown again."""
    for payload in payloads:
        with run.act() as act:
            release_after_lifting(act, payload["organisation_id"])


@job("moderation.upkeep", every_minutes=60)
def keep_cases(run: Run, _payloads: Sequence[Payload]) -> None:
    """Take up what was not answered, tell of what is overdue, forget old reports, in short acts."""
    for verb in (open_unanswered, tell_overdue, forget_reports):
        full = True
        while full:
            with run.act() as act:
                full = verb(act, BATCH) >= BATCH
