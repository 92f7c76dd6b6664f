"""An intention as a page shows it to one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.accounts.queries import full_label, organisation_label
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.cards import shown_title
from exchange.listings.permissions import can_see as can_see_listing
from exchange.projects.intentions.kinds import OPEN_STATES, Party, Step
from exchange.projects.intentions.labels import (
    KIND_LABELS,
    REASON_LABELS,
    STATE_LABELS,
    STATE_TONES,
)
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.outcomes import Outcome, outcomes_of
from exchange.projects.intentions.permissions import may, parties_of
from exchange.projects.intentions.queries import messages_of
from exchange.projects.intentions.rules import carries_risk
from exchange.taxonomy.panels import TERMS_LABELS
from exchange.taxonomy.units import format_quantity
from exchange.web.dates import day_text, local_moment


@dataclass(frozen=True)
class Line:
    """One intention in a list."""

    public_id: str
    who: str
    verified: bool
    project: str
    project_id: str
    kind: str
    state: str
    tone: str
    amount: str
    text: str
    until: str
    need: str
    outcome: Outcome | None
    waits: bool


@dataclass(frozen=True)
class Said:
    """One message of the talk."""

    who: str
    when: str
    moment: str
    text: str
    is_mine: bool


@dataclass(frozen=True)
class View:
    """One intention with everything that its page shows."""

    line: Line
    version: int
    organisation_id: str
    terms: str
    risk: bool
    need_url: str
    declared: str
    answered: str
    reason: str
    note: str
    follow_up: str
    messages: Sequence[Said]
    may: frozenset[str]
    parties: frozenset[str]
    text: str


def named(actor: Actor, organisation: Organisation, locale: str) -> str:
    """The organisation's name; a private person's is masked for others."""
    label = full_label if actor.belongs_to(organisation.id) else organisation_label
    return label(organisation, locale)


def lines_of(
    session: Session, house: House, actor: Actor, found: Sequence[Intention],
    locale: str, today: date,
) -> list[Line]:  # fmt: skip
    """A line for each; the number of queries does not grow with the list."""
    reached = outcomes_of(house, session, actor, [one.id for one in found])
    return [_line(actor, one, reached, locale, today) for one in found]


def _line(
    actor: Actor, one: Intention, reached: Mapping[int, Outcome], locale: str, today: date
) -> Line:
    need = one.need if one.need is not None and can_see_listing(actor, one.need) else None
    return Line(
        public_id=one.public_id,
        who=named(actor, one.organisation, locale),
        verified=one.organisation.is_verified,
        project=one.project.title,
        project_id=one.project.public_id,
        kind=str(KIND_LABELS[one.kind]),
        state=str(STATE_LABELS[one.state]),
        tone=STATE_TONES.get(one.state, ""),
        amount=format_quantity(one.quantity_milli, one.unit or "", locale),
        text=one.text,
        until=day_text(one.until, today, locale),
        need=shown_title(actor, need) if need else "",
        outcome=reached.get(one.id),
        waits=one.state in OPEN_STATES,
    )


def view_of(
    session: Session, house: House, actor: Actor, one: Intention, locale: str, today: date
) -> View:
    """The whole of it. The caller has made sure that the actor may see it."""
    line = lines_of(session, house, actor, [one], locale, today)[0]
    reason = str(REASON_LABELS[one.decline_reason]) if one.decline_reason else ""
    return View(
        line=line,
        version=one.version,
        organisation_id=one.organisation.public_id,
        terms=str(TERMS_LABELS[one.terms]),
        risk=carries_risk(one.kind),
        need_url=f"/listings/{one.need.public_id}" if line.need and one.need else "",
        declared=local_moment(one.created_at),
        answered=_answered(one),
        reason=reason,
        note=one.close_note,
        follow_up=day_text(one.follow_up_on, today, locale) if one.follow_up_on else "",
        messages=_said(session, actor, one, locale),
        may=frozenset(step.value for step in Step if may(actor, one, step)),
        parties=frozenset(party.value for party in parties_of(actor, one)),
        text=one.text,
    )


def _answered(one: Intention) -> str:
    if one.answered_at is None:
        return ""
    who = one.answered_by.name if one.answered_by else ""
    return " · ".join(part for part in (who, local_moment(one.answered_at)) if part)


def _said(session: Session, actor: Actor, one: Intention, locale: str) -> list[Said]:
    sides: dict[Party, Any] = {
        Party.DECLARER: named(actor, one.organisation, locale),
        Party.PROJECT: named(actor, one.project.organisation, locale),
    }
    return [
        Said(
            who=sides.get(row.party) or (row.author.name if row.author else ""),
            when=local_moment(row.at),
            moment=row.at.isoformat(),
            text=row.text,
            is_mine=row.author_id is not None and row.author_id == actor.person_id,
        )
        for row in messages_of(session, one.id)
    ]
