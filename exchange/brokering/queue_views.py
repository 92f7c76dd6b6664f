"""The broker's day."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.permissions import can_see_organisation
from exchange.accounts.queries import full_label, organisation_label
from exchange.brokering.centre_settings import centre_settings_for
from exchange.brokering.discretion import title_of
from exchange.brokering.form_panels import with_ids
from exchange.brokering.forms import DismissForm
from exchange.brokering.models import Match
from exchange.brokering.nav_panels import side_nav
from exchange.brokering.planned import planned_pairs
from exchange.brokering.queue import Task, live_count, tasks_of
from exchange.brokering.routed_pairs import desk_pairs
from exchange.brokering.rules import PROGRESS
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.cards import listing_cards, shown_title
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.exposure import exposure_of
from exchange.matching.panels import pair_needs_check, seen_words
from exchange.matching.queries import Suggested
from exchange.matching.scoring import percent_of
from exchange.matching.sentences import reason_lines
from exchange.web.access import BROKER, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import day_here
from exchange.web.locale import locale_code

bp = Blueprint("queue", __name__)
PAGE = 20
STEPS = 5


@dataclass(frozen=True)
class PairLine:
    """A suggested pair as one line of work, with the reasons beside it."""

    key: str
    need_id: str
    offer_id: str
    need: str
    offer: str
    url: str
    near_url: str
    text: str
    score: int
    selected: bool
    tags: tuple[tuple[str, str], ...] = ()


@bp.get("/today")
@access(BROKER)
def today() -> ResponseReturnValue:
    """What is to be done today, with the reasons of the pair that is looked at."""
    session, actor = read_session(), current_actor()
    settings, moment = house().settings, house().clock.now()
    day = civil_date(moment, settings.time_zone)
    page = desk_pairs(
        session, actor, day, least=settings.display_threshold, limit=PAGE,
        cursor=request.args.get("after"), exposure=exposure_of(house()),
    )  # fmt: skip
    tasks = tasks_of(session, actor, day)
    planned = planned_pairs(session, actor, moment, day, PAGE)
    known = {pair.suggestion_id for pair in planned}
    others = tuple(pair for pair in page.pairs if pair.suggestion_id not in known)
    chosen = _chosen(planned + others, request.args.get("pair"))
    cards = listing_cards(
        session, actor, [chosen.need, chosen.offer] if chosen else [], locale_code(), day
    )
    return render_template(
        "brokering/today.html",
        groups=_groups(tasks),
        task_count=len(tasks),
        planned=[_pair_line(pair, pair is chosen) for pair in planned],
        pairs=[_pair_line(pair, pair is chosen) for pair in others],
        chosen=chosen,
        chosen_line=_pair_line(chosen, selected=True) if chosen else None,
        cards=cards,
        reasons=reason_lines(chosen.reasons) if chosen else (),
        dismiss={
            place: with_ids(DismissForm(formdata=None), f"dismiss-{place}")
            for place in ("aside", "here")
        },
        more=url_for("queue.today", after=page.next_cursor) if page.next_cursor else None,
        nav=side_nav("today", len(tasks), session, actor),
        live=live_count(session, actor),
        limit=centre_settings_for(session, actor.serves[0]).caseload_limit,
        date=format_date(day, "full"),
    )


def _chosen(pairs: tuple[Suggested, ...], key: str | None) -> Suggested | None:
    for pair in pairs:
        if _key(pair) == key:
            return pair
    return pairs[0] if pairs else None


def _key(pair: Suggested) -> str:
    return f"{pair.need.public_id}-{pair.offer.public_id}"


def _pair_line(pair: Suggested, selected: bool) -> PairLine:
    actor, after = current_actor(), request.args.get("after")
    return PairLine(
        key=_key(pair),
        need_id=pair.need.public_id,
        offer_id=pair.offer.public_id,
        need=shown_title(actor, pair.need),
        offer=shown_title(actor, pair.offer),
        url=url_for("queue.today", pair=_key(pair), after=after) + "#why",
        near_url=url_for("queue.today", pair=_key(pair), after=after) + "#chosen",
        text=f"{_owner(actor, pair.need)} → {_owner(actor, pair.offer)}",
        score=percent_of(pair.score),
        selected=selected,
        tags=_tags(pair),
    )


def _tags(pair: Suggested) -> tuple[tuple[str, str], ...]:
    tags = [(seen_words(pair), "")] if pair.seen else []
    if pair_needs_check(pair.need, pair.offer):
        tags.append((str(_("Verify and check before introducing")), "warn"))
    return tuple(tags)


def _owner(actor: Actor, listing: Listing) -> str:
    """The owner's name; a private person from elsewhere is somebody."""
    owner = listing.organisation
    if can_see_organisation(actor, owner):
        return full_label(owner, locale_code())
    if owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        return str(_("a villager") if listing.side is Side.NEED else _("a volunteer"))
    return organisation_label(owner, locale_code())


def _titles(match: Match) -> dict[str, str]:
    return {side.value: title_of(current_actor(), match, side, locale_code()) for side in Side}


def _ring(match: Match, *, pressing: bool) -> dict[str, Any]:
    """How far the match has come, as a ring."""
    step = PROGRESS.get(match.state)
    words = "–" if step is None else "✓" if step == STEPS else f"{step}/{STEPS}"
    return {
        "score": 100 * (step or 0) // STEPS,
        "ring_text": words,
        "ring_tone": "need" if pressing else "",
    }


def _groups(tasks: tuple[Task, ...]) -> list[dict[str, Any]]:
    labels = {
        "due": (_("Due soon"), "need", _("See what is missing")),
        "answer_arrived": (_("Answers arrived"), "", _("Look")),
        "agree_amount": (_("Both said yes: agree what is given"), "", _("Agree the amount")),
        "to_propose": (_("Taken up, not yet asked"), "", _("Ask both sides")),
    }
    return [
        {
            "title": title,
            "tone": tone,
            "act": act_label,
            "lines": [_task_line(task) for task in tasks if task.code == code],
        }
        for code, (title, tone, act_label) in labels.items()
        if any(task.code == code for task in tasks)
    ]


def _task_line(task: Task) -> dict[str, Any]:
    text = _("due on %(date)s", date=day_here(task.due_on)) if task.due_on else ""
    return {
        **_titles(task.match),
        "url": url_for("brokering.show", public_id=task.match.public_id),
        "text": text,
        **_ring(task.match, pressing=task.code == "due"),
    }
