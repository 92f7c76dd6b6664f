"""The groups of a worker's day, each line with its one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.accounts.queries import organisation_label
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.escalation_rules import days_since
from exchange.brokering.desk.area_queries import Some
from exchange.brokering.desk.rules import OF_MATCHES, Group, Place, Wait
from exchange.brokering.desk.sentences import (
    ACTS,
    SHORT,
    TITLES,
    days_text,
    line_tags,
    line_text,
)
from exchange.brokering.models import Match
from exchange.brokering.page.pair_panels import owner_name
from exchange.brokering.rules import PROGRESS
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.actor import Actor
from exchange.listings.cards import shown_title
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.renewal.asking import ASKED_AGAIN_AFTER
from exchange.listings.undertakings.models import Undertaking
from exchange.web.dates import day_here, local_day
from exchange.web.locale import locale_code

STEPS = 5
PRESSING = (Group.QUESTIONS, Group.CALLS, Group.PROMISES)



@dataclass(frozen=True)
class Line:
    """One line of work. With ``post`` its act is sent to ``act_url``; else it is a link there."""

    url: str
    act: str
    act_url: str
    title: str = ""
    need: str = ""
    offer: str = ""
    text: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    score: int = 0
    ring_text: str = "–"
    ring_tone: str = ""
    post: Mapping[str, str] | None = None


@dataclass(frozen=True)
class GroupView:
    """A group as the page shows it: its first lines, how many there are, and where all are."""

    code: str
    title: str
    short: str
    count: str
    lines: Sequence[Any]
    tone: str = ""
    all_url: str = ""


def group_view(
    group: Group, count: int, lines: Sequence[Any], all_url: str = "", *, more: bool = False
) -> GroupView:
    """A group; the way to all of it stands there only where some are left out. ``more``: there are
    more than counted.
    """
    return GroupView(
        code=group.value,
        title=str(TITLES[group]),
        short=str(SHORT[group]),
        count=f"{count}+" if more else str(count),
        lines=lines,
        tone="need" if group in PRESSING else "",
        all_url=all_url if count > len(lines) else "",
    )


def match_groups(
    actor: Actor, places: Mapping[Group, Sequence[Place]], matches: Mapping[int, Match], today: date
) -> list[GroupView]:
    """The groups of matches; of each the lines whose match was loaded."""
    return [
        group_view(
            group,
            len(places[group]),
            [
                _match_line(actor, one, matches[one.match_id], today)
                for one in places[group]
                if one.match_id in matches
            ],
            url_for("queue.today", only=group.value),
        )
        for group in OF_MATCHES
        if places.get(group)
    ]


def _match_line(actor: Actor, one: Place, match: Match, today: date) -> Line:
    words, anchor = ACTS[one.wait]
    page = url_for("brokering.show", public_id=match.public_id)
    return Line(
        need=title_of(actor, match, Side.NEED, locale_code()),
        offer=title_of(actor, match, Side.OFFER, locale_code()),
        url=page,
        act=str(words),
        act_url=f"{page}#{anchor}" if anchor else page,
        text=line_text(actor, one, match, today),
        tags=line_tags(one, today),
        **_ring(one, match, today),
    )


def _ring(one: Place, match: Match, today: date) -> dict[str, Any]:
    """How far the match has come; the days where a day counts."""
    step = PROGRESS.get(match.state) or 0
    found: dict[str, Any] = {"score": 100 * step // STEPS}
    if one.due_on is not None:
        late = one.due_on <= today
        return {
            **found, "ring_text": days_text(one.due_on, today), "ring_tone": "need" if late else "",
        }  # fmt: skip
    if one.wait in (Wait.DECLINED, Wait.LAPSED):
        return {"score": 100, "ring_text": "✗", "ring_tone": "warn"}
    answered = one.wait in (Wait.ONE_YES, Wait.BOTH_YES)
    return {**found, "ring_text": "✓" if answered else f"{step}/{STEPS}" if step else "–"}


def need_lines(
    actor: Actor, held: Sequence[NeedAssignment], now: datetime
) -> list[Line]:
    """Needs in one's own hands that nobody has taken up a pair of."""
    return [
        _listing_line(
            actor, one.need, str(_("Look for an answer")), _waits(one.need, now),
            anchor="suggestions-title", ring_text=_days(one.need, now),
        )
        for one in held
    ]  # fmt: skip


def waiting_lines(actor: Actor, found: Some, now: datetime) -> list[Line]:
    """Needs in nobody's hands: one tap takes one."""
    return [
        _listing_line(
            actor, need, str(_("Take it into my hands")), _waits(need, now),
            post_url=url_for("routing.take", public_id=need.public_id), post={},
            ring_text=_days(need, now),
        )
        for need in found.listings
    ]  # fmt: skip


def ending_lines(
    actor: Actor, found: Some, now: datetime, today: date
) -> list[Line]:
    """Listings near their last day: one tap asks the owner, once in a day."""
    lines = []
    for listing in found.listings:
        if listing.to_date is None:
            continue
        asked = listing.expiry_told_at
        lately = asked is not None and now - asked < ASKED_AGAIN_AFTER
        text = str(_("ends on %(date)s", date=day_here(listing.to_date)))
        if asked is not None:
            text += " · " + str(_("its owner was asked on %(date)s", date=local_day(asked)))
        days = (listing.to_date - today).days
        lines.append(
            _listing_line(
                actor, listing, str(_("Look") if lately else _("Ask: still needed?")), text,
                post_url="" if lately else url_for("desk.ask"),
                post=None if lately else {"listing": listing.public_id},
                ring_text=days_text(listing.to_date, today), ring_tone="need" if days < 2 else "",
            )
        )  # fmt: skip
    return lines


def undertaking_lines(
    undertakings: Sequence[Undertaking], progress: Mapping[int, tuple[int, int]]
) -> list[Line]:
    """Undertakings, how many of their needs have a partner, and the way to who could help."""
    lines = []
    for one in undertakings:
        met, counted = progress.get(one.id, (0, 0))
        page = url_for("undertakings.show", public_id=one.public_id)
        said = ngettext(
            "%(met)s of %(num)s need has a partner",
            "%(met)s of %(num)s needs have a partner",
            counted, met=met,
        )  # fmt: skip
        lines.append(
            Line(
                url=page, act=str(_("See who could help")), act_url=page, title=one.name,
                text=f"{said} · {organisation_label(one.organisation, locale_code())}",
                score=100 * met // counted if counted else 0, ring_text=f"{met}/{counted}",
            )
        )  # fmt: skip
    return lines


def _days(need: Listing, now: datetime) -> str:
    return str(_("%(num)s d", num=days_since(need.published_at or need.created_at, now)))


def _waits(need: Listing, now: datetime) -> str:
    days = days_since(need.published_at or need.created_at, now)
    return str(ngettext("posted %(num)s day ago", "posted %(num)s days ago", days))


def _listing_line(
    actor: Actor, listing: Listing, act: str, text: str, *, anchor: str = "", post_url: str = "",
    post: Mapping[str, str] | None = None, ring_text: str = "–", ring_tone: str = "",
) -> Line:  # fmt: skip
    page = url_for("listings.show", public_id=listing.public_id)
    return Line(
        url=page,
        act=act,
        act_url=post_url or (f"{page}#{anchor}" if anchor else page),
        title=shown_title(actor, listing),
        text=f"{owner_name(actor, listing)} · {text}",
        score=0,
        ring_text=ring_text,
        ring_tone=ring_tone,
        post=post,
    )
