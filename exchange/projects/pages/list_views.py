"""The list of projects, and up to four of them side by side."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.accounts.place_forms import place_label
from exchange.geography.place_search import resolve_place
from exchange.listings.views import page_number
from exchange.projects.asking import Asked, parameters, read_asked, read_chosen
from exchange.projects.cards import ProjectCard, project_cards
from exchange.projects.comparing import compared
from exchange.projects.kinds import Stage, Template
from exchange.projects.labels import SCALE_LABELS, STAGE_LABELS, TEMPLATE_LABELS
from exchange.projects.list_queries import Found, chosen_projects, find_projects
from exchange.projects.pages.views import bp, today
from exchange.projects.rules import MOST_COMPARED, Scale
from exchange.taxonomy.categories import taxonomy
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, read_session
from exchange.web.locale import locale_code

NAMES = {
    "category": _l("category"),
    "division": _l("place"),
    "stage": _l("stage"),
    "scale": _l("size"),
    "template": _l("kind"),
    "missing": _l("what is missing"),
}


@dataclass(frozen=True)
class Chip:
    """One tap in the row of filters. ``removes``: the tap takes the filter away."""

    url: str
    label: str
    active: bool = False
    count: int | None = None
    removes: bool = False


def address(asked: Asked, **more: Any) -> str:
    """The address under which this question is answered."""
    values = [*parameters(asked), *more.items()]
    page = url_for("projects.index")
    return f"{page}?{urlencode(values)}" if values else page


@bp.get("/projects")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    """Projects that stand before others; what is asked for stands in the address."""
    asked, ignored = read_asked(dict(request.args.lists()))
    asked, typed, offers = _with_place(asked)
    page = page_number()
    found = find_projects(read_session(), current_actor(), asked, page)
    cards = project_cards(read_session(), current_actor(), found.projects, locale_code())
    chosen = chosen_projects(read_session(), current_actor(), asked.chosen)
    return render_template(
        "projects/index.html",
        asked=asked,
        found=found,
        chips=_chips(asked, found, place_label(asked.division)),
        choices=_choices(found),
        cards=[(card, _compare(asked, card)) for card in cards],
        chosen=[(one.title, address(asked.choosing(one.public_id))) for one in chosen],
        compare_url=_compare_url([one.public_id for one in chosen]),
        kept=list(parameters(asked, without=("division",))),
        ignored=[str(NAMES[name]) for name in ignored],
        place_name=place_label(asked.division) or typed,
        offers=offers,
        first_url=address(asked),
        prev_url=address(asked, page=page - 1) if page > 1 else None,
        next_url=address(asked, page=page + 1) if found.more else None,
    )


@bp.get("/projects/compare")
@access(PUBLIC)
def compare() -> ResponseReturnValue:
    """Side by side; one that the reader may not know of is left out."""
    asked = read_chosen(request.args.getlist("p"))
    found = chosen_projects(read_session(), current_actor(), asked)
    columns = compared(read_session(), current_actor(), found, locale_code(), today())
    ids = [one.public_id for one in columns]
    return render_template(
        "projects/compare.html",
        columns=columns,
        without={
            one: _compare_url([key for key in ids if key != one]) or url_for("projects.index")
            for one in ids
        },
        lost=len(request.args.getlist("p")) > len(columns),
        back=address(Asked(chosen=tuple(ids))),
        most=MOST_COMPARED,
    )


def _with_place(asked: Asked) -> tuple[Asked, str, list[tuple[str, str]]]:
    """The place that was chosen or typed; where a name means several, these."""
    typed = " ".join(request.args.get("division_text", "").split())[:80]
    if asked.division and (not typed or typed == place_label(asked.division)):
        return asked, typed, []
    if not typed:
        return asked.but(division="") if "division_text" in request.args else asked, "", []
    codes = [one.code for one in resolve_place(read_session(), typed, current_actor().division)]
    if asked.division in codes:
        return asked, typed, []
    if len(codes) == 1:
        return asked.but(division=codes[0]), typed, []
    return asked.but(division=""), typed, [(code, place_label(code)) for code in codes[:6]]


def _chips(asked: Asked, found: Found, place: str) -> list[Chip]:
    """What is set, each with a tap that takes it away; then the stages with their counts."""
    locale, tree = locale_code(), taxonomy()
    words = {
        "category": tree.name(asked.category, locale) if asked.category else "",
        "division": place,
        "scale": str(SCALE_LABELS[Scale(asked.scale)]) if asked.scale else "",
        "template": str(TEMPLATE_LABELS[Template(asked.template)]) if asked.template else "",
        "missing": _("Needs: %(what)s", what=tree.name(asked.missing, locale))
        if asked.missing
        else "",
    }
    chips = [
        Chip(address(asked.but(**{name: ""})), label, active=True, removes=True)
        for name, label in words.items()
        if label and getattr(asked, name)
    ]
    counts = found.counts["stage"]
    everything = Chip(
        address(asked.but(stage="")), _("All"), active=not asked.stage, count=sum(counts.values())
    )
    stages = [
        Chip(address(asked.but(stage=one.value)), str(STAGE_LABELS[one]),
             active=asked.stage == one, count=counts.get(one.value, 0))
        for one in Stage
        if counts.get(one.value) or asked.stage == one
    ]  # fmt: skip
    return [*chips, everything, *stages]


def _choices(found: Found) -> dict[str, list[tuple[str, str]]]:
    """What the form offers, with how many each would find."""
    locale = locale_code()

    def counted(name: str, value: str, label: Any) -> tuple[str, str]:
        count = found.counts[name].get(value)
        return value, f"{label} ({count})" if count else str(label)

    tops = [(one.code, one.name(locale)) for one in taxonomy().children()]
    return {
        "category": [counted("category", *pair) for pair in tops],
        "missing": [counted("missing", *pair) for pair in tops],
        "stage": [counted("stage", one.value, STAGE_LABELS[one]) for one in Stage],
        "scale": [counted("scale", one.value, SCALE_LABELS[one]) for one in Scale],
        "template": [counted("template", one.value, TEMPLATE_LABELS[one]) for one in Template],
    }


def _compare(asked: Asked, card: ProjectCard) -> tuple[str, bool] | None:
    """The tap that puts a card beside others or takes it away; None when there is no room."""
    is_chosen = card.public_id in asked.chosen
    if not is_chosen and len(asked.chosen) >= MOST_COMPARED:
        return None
    return address(asked.choosing(card.public_id)), is_chosen


def _compare_url(ids: list[str]) -> str:
    if not ids:
        return ""
    return f"{url_for('projects.compare')}?{urlencode([('p', one) for one in ids])}"
