"""What the pages of cases show, as plain values."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.accounts.labels import KINDS, VERIFICATIONS
from exchange.accounts.queries import full_label
from exchange.accounts.verification.panels import waiting_words
from exchange.accounts.verification.rules import claim_counts
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.listings.permissions import can_see
from exchange.moderation.kinds import CaseState, Reason
from exchange.moderation.labels import PARTS, PRIORITIES, REASONS, STATES, STEPS, TARGETS
from exchange.moderation.models import ModerationCase, Report
from exchange.moderation.naming import target_title
from exchange.moderation.queries import reports_of, steps_of
from exchange.projects.permissions import can_see as can_see_project
from exchange.volunteering.permissions import can_see as can_see_activity
from exchange.web.acting import house
from exchange.web.dates import local_day, local_moment
from exchange.web.locale import locale_code


@dataclass(frozen=True)
class CaseLine:
    """A case in the queue."""

    url: str
    title: str
    text: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TargetView:
    """What a case is about, for those who look after it."""

    title: str
    url: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StepView:
    """A line of a timeline."""

    when: str
    moment: str
    text: str
    note: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportView:
    """A report, for deciders only."""

    who: str
    when: str
    reason: str
    text: str


def case_line(case: ModerationCase, actor: Actor, reasons: list[Reason]) -> CaseLine:
    """A line of the queue."""
    words = "、" if locale_code() == "zh" else ", "
    told = words.join(str(REASONS[one]) for one in dict.fromkeys(reasons))
    return CaseLine(
        url=url_for("moderation.show", public_id=case.public_id),
        title=target_title(case, actor),
        text=f"{told} · {waiting_words(case.opened_at)}",
        tags=case_tags(case, actor),
    )


def case_tags(case: ModerationCase, actor: Actor) -> tuple[tuple[str, str], ...]:
    """How pressing it is, what it is about, who looks at it."""
    tags: list[tuple[str, str]] = []
    if case.state is CaseState.OPEN:
        words, tone = PRIORITIES[case.priority]
        tags.append((str(words), tone))
    else:
        tags.append((str(STATES[case.state]), ""))
    tags.append((str(TARGETS[case.kind]), ""))
    if case.at_centre:
        tags.append((str(_("For the centre")), ""))
    if case.state is not CaseState.CLOSED and (words := claim_words(case, actor)):
        tags.append((words, "offer"))
    return tuple(tags)


def claim_words(case: ModerationCase, actor: Actor) -> str:
    """Who looks at it; empty when nobody does."""
    if case.claimed_by_id is not None and case.claimed_by_id == actor.person_id:
        return str(_("You look at it"))
    now = house().clock.now()
    if claim_counts(case.claimed_by_id, case.claimed_at, actor.person_id, now):
        return str(_("%(name)s looks at it", name=case.claimed_by.name if case.claimed_by else ""))
    return ""


def target_view(case: ModerationCase, actor: Actor) -> TargetView:
    """What it is about, with the way to it where the actor may go there."""
    owner = case.organisation
    facts: list[tuple[str, str]] = []
    if owner is not None:
        kind, standing = str(KINDS[owner.kind]), str(VERIFICATIONS[owner.verification])
        facts.append((str(_("Whose it is")), f"{full_label(owner, locale_code())} · {kind}"))
        facts.append((str(_("Verification")), standing))
    if case.match is not None and case.part is not None:
        both = [title_of(actor, case.match, side, locale_code()) for side in Side]
        facts.append((str(_("Match")), " — ".join(both)))
        facts.append((str(_("About whom?")), str(PARTS[case.part])))
    if case.listing is not None:
        facts.append((str(_("What it says")), case.listing.text))
    if case.project is not None:
        facts.append((str(_("What it says")), case.project.aim))
    if case.activity is not None:
        facts.append((str(_("What it says")), case.activity.text))
    return TargetView(target_title(case, actor), _target_url(case, actor), tuple(facts))


def _target_url(case: ModerationCase, actor: Actor) -> str:
    if case.listing is not None:
        seen = can_see(actor, case.listing)
        return url_for("listings.show", public_id=case.listing.public_id) if seen else ""
    if case.project is not None:
        seen = can_see_project(actor, case.project)
        return url_for("projects.show", public_id=case.project.public_id) if seen else ""
    if case.activity is not None:
        seen = can_see_activity(actor, case.activity)
        return url_for("volunteering.show", public_id=case.activity.public_id) if seen else ""
    if case.match is not None:
        return url_for("brokering.show", public_id=case.match.public_id)
    if case.organisation is not None:
        return url_for("accounts.organisation", public_id=case.organisation.public_id)
    return ""


def report_views(session: Session, case: ModerationCase) -> list[ReportView]:
    """The reports of a case."""
    return [_report_view(one) for one in reports_of(session, case.id)]


def _report_view(report: Report) -> ReportView:
    who = report.reporter.name if report.reporter else str(_("Somebody without an account"))
    return ReportView(who, local_day(report.created_at), str(REASONS[report.reason]), report.text)


def step_views(session: Session, case: ModerationCase) -> list[StepView]:
    """What happened, with who did it, for deciders."""
    views = []
    for step in steps_of(session, case.id):
        words = str(STEPS[step.kind])
        text = f"{step.person.name}{_(': ')}{words}" if step.person else words
        said = (str(_("To the owner: %(said)s", said=step.said)),) if step.said else ()
        views.append(
            StepView(local_moment(step.at), step.at.isoformat(), text, step.note, said)
        )
    return views


