"""Plans as their pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.accounts.place_forms import place_labels
from exchange.geography.queries import choices as divisions_below
from exchange.geography.queries import paths
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.listings.cards import shown_title
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see
from exchange.matching.plans.kinds import PlanState
from exchange.matching.plans.labels import (
    FIGURES,
    LIMITS,
    PRIORITIES,
    REASONS,
    STATES,
    TONES,
    WEIGHTS,
)
from exchange.matching.plans.models import MatchingPlan, PlanItem
from exchange.matching.plans.queries import GapCount, PlaceCount
from exchange.matching.plans.rules import read_choice
from exchange.matching.plans.values import MICRO, MILLI
from exchange.taxonomy.categories import taxonomy
from exchange.taxonomy.units import format_quantity
from exchange.web.acting import current_actor, read_session
from exchange.web.dates import local_moment
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

OF_ALL = {
    "needs_met": "needs", "needs_full": "needs", "vulnerable_met": "vulnerable",
    "remote_met": "remote",
}  # fmt: skip
SHOWN_PLACES = 3


@dataclass(frozen=True)
class PlanLine:
    """A plan in the list."""

    url: str
    name: str
    text: str
    state: str
    tone: str


@dataclass(frozen=True)
class PairLine:
    """A planned pair on a page: titles, what is given, and where the reasons stand."""

    need: str
    offer: str
    url: str
    text: str
    score: int
    share: int
    tags: tuple[tuple[str, str], ...] = ()
    selected: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a table: a name and its cells."""

    name: str
    cells: tuple[str, ...]


def places_to_plan(session: Session, actor: Actor, more: Iterable[str] = ()) -> dict[str, str]:
    """What a supervisor chooses from: each place they supervise, and what lies directly in it."""
    codes: list[str] = []
    for served in actor.supervises:
        below = divisions_below(session, None if served == WHOLE_COUNTRY else served)
        codes += [served, *(child.code for child in below)]
    codes = list(dict.fromkeys([*codes, *(code for code in more if code not in codes)]))
    lines, locale = paths(session, codes), locale_code()
    named = {code: lines[code][-1].label(locale) for code in codes if code in lines}
    whole = {code for code in actor.supervises if code in named}
    names = {
        code: _("All of %(place)s", place=name) if code in whole else name
        for code, name in named.items()
    }
    if WHOLE_COUNTRY in codes:
        names[WHOLE_COUNTRY] = _("The whole country")
    return names


def plan_lines(plans: Sequence[MatchingPlan]) -> list[PlanLine]:
    """Plans as the list shows them."""
    labels = place_labels([prefix for plan in plans for prefix in plan.prefixes])
    return [
        PlanLine(
            url=url_for("plans.show", public_id=plan.public_id),
            name=plan.name,
            text=f"{short_places(plan, labels)} · {local_moment(plan.created_at)}",
            state=str(STATES[plan.state]),
            tone=TONES.get(plan.state, ""),
        )
        for plan in plans
    ]


def short_places(plan: MatchingPlan, labels: Mapping[str, str]) -> str:
    """The places of a plan in a few words."""
    names = [
        _("The whole country") if code == WHOLE_COUNTRY else labels.get(code, code)
        for code in plan.prefixes
    ]
    comma = "、" if locale_code() == "zh" else ", "
    shown, rest = comma.join(names[:SHOWN_PLACES]), len(names) - SHOWN_PLACES
    return _("%(places)s and %(count)s more", places=shown, count=rest) if rest > 0 else shown


def figure_rows(kept: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The figures of several plans side by side."""
    return [
        Row(str(label), tuple(_figure(name, figures) for figures in kept))
        for name, label in FIGURES
    ]


def _figure(name: str, figures: Mapping[str, Any]) -> str:
    value = figures[name]
    if name.endswith("_milli"):
        return f"{value / MILLI:,.1f}"
    if name in OF_ALL:
        whole = figures[OF_ALL[name]]
        return f"{value:,} / {whole:,}" if whole else "–"
    if name == "largest_organisation" and figures["pairs"]:
        return f"{value:,} ({100 * value / figures['pairs']:.0f}%)"
    return f"{value:,}"


def gain_percent(figures: Mapping[str, Any], simple: Mapping[str, Any]) -> int | None:
    """How much more, in per cent and weighed by priority, than taking the best pair first."""
    before = simple["weighted_milli"]
    return round(100 * (figures["weighted_milli"] - before) / before) if before else None


def choice_rows(plans: Sequence[MatchingPlan]) -> list[Row]:
    """What was set for several plans, side by side."""
    chosen = [read_choice(plan.choice) for plan in plans]
    rows = [
        Row(str(label), tuple(str(WEIGHTS[getattr(one.weights, name)]) for one in chosen))
        for name, label, _hint in PRIORITIES
    ]
    rows += [
        Row(str(label), tuple(f"{getattr(one.limits, name):,}" for one in chosen))
        for name, label in LIMITS
    ]
    least = tuple(str(one.limits.least_micro * 100 // MICRO) for one in chosen)
    labels = place_labels(
        [code for one in chosen for code in one.remote_places if code != WHOLE_COUNTRY]
    )
    comma = "、" if locale_code() == "zh" else ", "
    remote = tuple(comma.join(labels.get(c, c) for c in one.remote_places) or "–" for one in chosen)
    return [
        *rows,
        Row(_("A pair must score at least"), least),
        Row(_("Places named as remote"), remote),
    ]


def pair_lines(items: Sequence[PlanItem]) -> list[PairLine]:
    """Planned pairs as lines of work; what the reader may see no more is only named as such."""
    return [_pair_line(item) for item in items]


def _pair_line(item: PlanItem) -> PairLine:
    need, offer = item.need, item.offer
    tags = ((sentence(item.skip_code), "warn"),) if item.skip_code else ()
    return PairLine(
        need=seen_title(need),
        offer=seen_title(offer),
        url=url_for("listings.show", public_id=need.public_id),
        text=amount_text(item),
        score=round(item.score_micro * 100 / MICRO),
        share=round(item.share_micro * 100 / MICRO),
        tags=tags,
    )


def seen_title(listing: Listing) -> str:
    """The title as this reader may see it."""
    actor = current_actor()
    if not can_see(actor, listing):
        return str(_("(not to be seen any more)"))
    return shown_title(actor, listing)


def amount_text(item: PlanItem) -> str:
    """What of the need the pair covers."""
    if item.covers_milli is None:
        return ""
    amount = format_quantity(item.covers_milli, item.need.unit or "", locale_code())
    share = round(item.share_micro * 100 / MICRO)
    return str(_("covers %(amount)s, %(share)s%% of the need", amount=amount, share=share))


def place_chips(
    plan: MatchingPlan, counts: Sequence[PlaceCount], here: str
) -> list[dict[str, Any]]:
    """A chip for each township of the plan's pairs."""
    names = own_names([one.code for one in counts])
    return [
        {
            "url": url_for("plans.show", public_id=plan.public_id, place=one.code) + "#pairs",
            "label": names.get(one.code, one.code),
            "active": one.code == here,
            "count": one.pairs,
        }
        for one in counts
    ]


def own_names(codes: Sequence[str]) -> dict[str, str]:
    """Each place's own name, without what it lies in."""
    lines, locale = paths(read_session(), codes), locale_code()
    return {code: line[-1].label(locale) for code, line in lines.items()}


def gap_rows(counts: Sequence[GapCount]) -> list[dict[str, Any]]:
    """What is lacking, by kind of thing and place."""
    names = own_names([one.place for one in counts])
    return [
        {
            "category": category_name(one.category),
            "place": names.get(one.place, one.place),
            "reason": REASONS[one.reason],
            "needs": one.needs,
            "partly": one.partly,
        }
        for one in counts
    ]


def category_name(code: str) -> str:
    """The category's name for this reader."""
    return taxonomy().path_name(code, locale_code()) if code in taxonomy() else code


def state_word(state: PlanState) -> str:
    """The state in a few words."""
    return str(STATES[state])
