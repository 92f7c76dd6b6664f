"""Reporting: each report joins the one open case about its target."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid
from exchange.moderation.events import CaseHeldByItself, ReportMade
from exchange.moderation.holding import hold_by_itself, note_step
from exchange.moderation.kinds import CaseState, Part, Reason, StepKind, TargetKind
from exchange.moderation.locking import take_case
from exchange.moderation.models import ModerationCase, Report
from exchange.moderation.queries import is_holding, open_case_about
from exchange.moderation.rules import USUAL, holds_by_itself, priority_of
from exchange.moderation.targets import Target, is_served, seen_target
from exchange.moderation.things import lock_things, refs_of

LONGEST_TEXT = 1000


def report(
    act: Act,
    kind: TargetKind,
    public_id: str,
    reason: Reason,
    text: str = "",
    part: Part | None = None,
) -> Report:
    """Report a listing, a project, an activity, an organisation, or a person in a match.

    It goes to the station that serves the place, or to its centre. Three different people who
    report that a child is in danger or private data stand there hide at once what was published.
    Raises NotFound, Forbidden for one's own, Invalid, or Conflict when the person has reported it
    already.
    """
    words = text.strip()
    if reason is Reason.OTHER and not words:
        raise Invalid(fields={"text": ["report_say_what"]})
    if len(words) > LONGEST_TEXT:
        raise Invalid(fields={"text": ["report_too_long"]})
    target = seen_target(act.session, act.actor, kind, public_id, part)
    things = lock_things(act, refs_of(target))
    case, is_first = _joined(act, target)
    if not is_first and _has_reported(act, case):
        raise Conflict("reported_already")
    made = Report(
        case_id=case.id,
        reporter_id=act.actor.person_id,
        reason=reason,
        text=words,
        created_at=act.now,
    )
    act.session.add(made)
    act.session.flush()
    pressing = priority_of([reason])
    is_more_urgent = not is_first and pressing < case.priority
    case.priority = min(pressing, case.priority)
    if is_more_urgent:
        case.overdue_told_at = None
    act.emit(ReportMade(case.id, made.id, is_first, is_more_urgent))
    if things and not is_holding(act.session, case.id) and holds_by_itself(_told(act, case)):
        hold_by_itself(act, case, things)
        case.version += 1
        note_step(act, case, StepKind.HELD_BY_ITSELF, alone=True)
        act.emit(CaseHeldByItself(case.id))
    act.session.flush()
    return made


def _joined(act: Act, target: Target) -> tuple[ModerationCase, bool]:
    """The one open case about the target, locked, and whether it is new."""
    found = _locked(act, target)
    if found is not None:
        return found, False
    case = ModerationCase(
        kind=target.kind,
        target_key=target.key,
        listing_id=target.listing_id,
        organisation_id=target.organisation_id,
        match_id=target.match_id,
        project_id=target.project_id,
        activity_id=target.activity_id,
        part=target.part,
        about_person_id=target.about_person_id,
        division_code=target.division_code,
        at_centre=target.at_centre,
        unserved=not is_served(act.session, target.division_code),
        state=CaseState.OPEN,
        priority=USUAL,
        version=1,
        opened_at=act.now,
    )
    try:
        with act.session.begin_nested():
            act.session.add(case)
            act.session.flush()
    except IntegrityError:  # somebody else reported it at the same moment
        found = _locked(act, target)
        if found is None:
            raise Conflict("conflict") from None
        return found, False
    return case, True


def _locked(act: Act, target: Target) -> ModerationCase | None:
    """The open case, locked; one that was closed while we waited for it is none."""
    found = open_case_about(act.session, target.key)
    if found is None:
        return None
    take_case(act, found)
    return found if found.state is not CaseState.CLOSED else None


def _has_reported(act: Act, case: ModerationCase) -> bool:
    if act.actor.person_id is None:
        return False
    query = sa.select(Report.id).where(
        Report.case_id == case.id, Report.reporter_id == act.actor.person_id
    )
    return act.session.execute(query).first() is not None


def _told(act: Act, case: ModerationCase) -> list[tuple[Reason, int | None]]:
    query = sa.select(Report.reason, Report.reporter_id).where(Report.case_id == case.id)
    return [(reason, person_id) for reason, person_id in act.session.execute(query)]
