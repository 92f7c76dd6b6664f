"""Lines of matches and needs for whoever gives them to workers."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.accounts.models import Person
from exchange.brokering.board.postponing_queries import rests_until
from exchange.brokering.centre.behind_queries import Behind
from exchange.brokering.centre.caseload_queries import assignments_of, brokers_of_needs
from exchange.brokering.centre.overview_queries import Moment
from exchange.brokering.centre.overview_values import days_between
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.labels import pair_words, state_label, state_tone
from exchange.brokering.models import Match
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.actor import Actor
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.web.dates import day_here, local_day
from exchange.web.locale import locale_code


@dataclass(frozen=True)
class Line:
    """A case in a list; ``key`` names it in the form, "" where it cannot be given away."""

    key: str
    title: str
    url: str
    tags: tuple[tuple[str, str], ...]
    text: str


def case_lines(session: Session, actor: Actor, page: Behind, moment: Moment) -> list[Line]:
    """The lines of a page, in two queries whatever their number."""
    ids = [need.id for need in page.needs]
    assigned, brokered = assignments_of(session, ids), brokers_of_needs(session, ids)
    found = [_of_match(actor, match, moment) for match in page.matches]
    for need in page.needs:
        kept = assigned.get(need.id)
        owner = kept.person if kept else None
        found.append(_of_need(actor, need, owner, brokered.get(need.id, ()), moment))
    return found


def _of_match(actor: Actor, match: Match, moment: Moment) -> Line:
    names = [title_of(actor, match, side, locale_code()) for side in (Side.NEED, Side.OFFER)]
    live = match.state in LIVE_STATES
    rests = int(days_between(match.updated_at, moment.now))
    said = [_touched(rests)] if live else []
    if match.state is MatchState.PROPOSED and match.proposed_at is not None:
        said.insert(0, str(_("asked on %(date)s", date=local_day(match.proposed_at))))
    return Line(
        key=f"match:{match.public_id}:{match.broker.public_id}" if live else "",
        title=pair_words(*names),
        url=url_for("brokering.show", public_id=match.public_id),
        tags=(
            (state_label(match), state_tone(match.state)),
            (match.broker.name, ""),
            *_aside(match, moment),
        ),
        text=" · ".join(said),
    )


def _aside(match: Match, moment: Moment) -> tuple[tuple[str, str], ...]:
    """Until when its worker has set it aside."""
    until = rests_until(match, moment.today)
    return ((str(_("set aside until %(day)s", day=day_here(until))), "warn"),) if until else ()


def _touched(days: int) -> str:
    if not days:
        return str(_("touched today"))
    return str(ngettext("last touched %(num)s day ago", "last touched %(num)s days ago", days))


def _posted(days: int) -> str:
    if not days:
        return str(_("posted today"))
    return str(ngettext("posted %(num)s day ago", "posted %(num)s days ago", days))


def _of_need(
    actor: Actor, need: Listing, owner: Person | None, brokers: Sequence[str], moment: Moment
) -> Line:
    """A need with who has it. One with a live match goes to others with that match alone."""
    waits = int(days_between(need.published_at or need.created_at, moment.now))
    names = brokers or ([owner.name] if owner else [])
    tags = tuple((name, "") for name in names) or ((str(_("In nobody's hands")), "warn"),)
    key = f"need:{need.public_id}:{owner.public_id if owner else ''}"
    return Line(
        key="" if brokers else key,
        title=shown_title(actor, need),
        url=url_for("listings.show", public_id=need.public_id),
        tags=tags,
        text=_posted(waits),
    )
