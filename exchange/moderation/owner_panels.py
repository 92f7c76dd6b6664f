"""What an owner reads of a case about their own: what was decided and said, never who reported."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from exchange.accounts.kinds import Verification
from exchange.accounts.queries import full_label
from exchange.kernel.actor import Actor
from exchange.moderation.kinds import CaseState, TargetKind, Verdict
from exchange.moderation.labels import LOOKS_AGAIN, OWNER_VERDICTS
from exchange.moderation.models import Appeal, ModerationCase
from exchange.moderation.permissions import can_appeal
from exchange.moderation.queries import appeals_of, is_holding
from exchange.moderation.rules import APPEAL_WITHIN, may_appeal
from exchange.moderation.second_look import second_look
from exchange.web.acting import house
from exchange.web.dates import local_day
from exchange.web.locale import locale_code


@dataclass(frozen=True)
class AppealView:
    """An appeal and what came of it."""

    text: str
    when: str
    upheld: bool | None
    answer: str


@dataclass(frozen=True)
class DecisionView:
    """The page of a decision, for the owner."""

    title: str
    url: str
    edit_url: str
    words: Any
    said: str
    when: str
    is_held: bool
    is_closed: bool
    may_appeal: bool
    appeal_until: str
    appeals: tuple[AppealView, ...]
    looks_again: str


def decision_view(session: Session, actor: Actor, case: ModerationCase) -> DecisionView:
    """Everything on the page. Without a decision of somebody it says that it is looked into."""
    held = is_holding(session, case.id)
    appeals = appeals_of(session, case.id)
    owner = case.organisation
    suspended = owner is not None and owner.verification is Verification.SUSPENDED
    allowed = may_appeal(
        case.verdict, case.decided_at, house().clock.now(),
        appealed=any(one.verdict is case.verdict for one in appeals),
        in_force=suspended if case.verdict is Verdict.SUSPEND else held,
    )  # fmt: skip
    waits = any(one.decided_at is None for one in appeals)
    until = local_day(case.decided_at + APPEAL_WITHIN) if case.decided_at else ""
    return DecisionView(
        title=_title(case),
        url=_url(case),
        edit_url=_edit_url(case) if case.state is CaseState.WAITING else "",
        words=OWNER_VERDICTS[case.verdict] if case.verdict else "",
        said=case.said,
        when=local_day(case.decided_at or case.opened_at),
        is_held=held,
        is_closed=case.state is CaseState.CLOSED,
        may_appeal=bool(allowed) and can_appeal(actor, case),
        appeal_until=until,
        appeals=tuple(appeal_view(one) for one in appeals),
        looks_again=str(LOOKS_AGAIN[second_look(session, case).nearest]) if waits else "",
    )


def appeal_view(one: Appeal) -> AppealView:
    """An appeal as it stands on a page."""
    return AppealView(one.text, local_day(one.created_at), one.upheld, one.answer)


def _title(case: ModerationCase) -> str:
    if case.thing is not None:
        return case.thing.title
    if case.organisation is not None:
        return full_label(case.organisation, locale_code())
    return case.about_person.name if case.about_person else ""


def _url(case: ModerationCase) -> str:
    if case.listing is not None:
        return url_for("listings.show", public_id=case.listing.public_id)
    if case.project is not None:
        return url_for("projects.show", public_id=case.project.public_id)
    if case.activity is not None:
        return url_for("volunteering.show", public_id=case.activity.public_id)
    if case.organisation is not None:
        return url_for("accounts.organisation", public_id=case.organisation.public_id)
    return ""


def _edit_url(case: ModerationCase) -> str:
    """Where the owner puts right what was asked; a person in a match has nothing to edit."""
    if case.listing is not None:
        return url_for("listings.edit", public_id=case.listing.public_id)
    if case.project is not None:
        return url_for("projects.edit", public_id=case.project.public_id)
    if case.activity is not None:
        return url_for("volunteering.edit", public_id=case.activity.public_id)
    if case.organisation is not None and case.kind is TargetKind.ORGANISATION:
        return url_for("accounts.edit", public_id=case.organisation.public_id)
    return ""
