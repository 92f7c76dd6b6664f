"""The public pages of activities, and what a volunteer answers there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from exchange.accounts.place_forms import place_label
from exchange.geography.place_search import resolve_place
from exchange.geography.rules import COUNTY_DIGITS, is_code
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.volunteering.attempting import waiting_first
from exchange.volunteering.gates import lacking_for_places, mend_path
from exchange.volunteering.kinds import LIVE_STATES, SignupState, Skill, Work
from exchange.volunteering.labels import SKILL_LABELS, WORK_LABELS
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.permissions import may_run
from exchange.volunteering.queries import places_in_line, seen_activity, seen_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.searching import Wanted, looks_after_any, open_activities
from exchange.volunteering.showing import Reader, ShiftLine, activity_cards, activity_page
from exchange.volunteering.signups.service import say_no, sign_up, still_come
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import day_here, day_in_address
from exchange.web.sentences import sentence
from exchange.web.views import safe_next

bp = Blueprint("volunteering", __name__)
LAST_PAGE = 10_000
LONGEST_TYPED = 80


@dataclass(frozen=True)
class Chip:
    """One tap in the row of filters. ``removes``: the tap takes the filter away."""

    url: str
    label: str
    active: bool = False
    removes: bool = False


Answer = Callable[[Act, Shift], Signup]


def page_number() -> int:
    """The page asked for, within reason."""
    asked = request.args.get("page", 1, type=int) or 1
    return min(max(asked, 1), LAST_PAGE)


@bp.get("/activities")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    """Activities that are open, the next one first; narrowed by place, day, skill, free places."""
    session, who, page = read_session(), reader(), page_number()
    wanted, offers = wanted_in_request(who)
    rows, more = open_activities(session, who.actor, wanted, who.now, who.zone, page)
    kept = {name: value for name, value in parameters(wanted).items() if value}
    return render_template(
        "volunteering/activities.html",
        cards=activity_cards(session, who, rows), wanted=wanted, offers=offers,
        chips=_chips(wanted, kept, who.actor.division or ""),
        typed=request.args.get("division_text", "")[:LONGEST_TYPED],
        place_name=place_label(wanted.division),
        near=who.actor.division or "",
        prev_url=_page_url(kept, page - 1) if page > 1 else None,
        next_url=_page_url(kept, page + 1) if more else None,
        works=WORK_LABELS, skills=SKILL_LABELS,
        may_begin=_may_begin(), today=who.today, manages=looks_after_any(session, who.actor),
    )  # fmt: skip


def _page_url(kept: dict[str, Any], page: int) -> str:
    return url_for("volunteering.index", **kept, page=page)


def _chips(wanted: Wanted, kept: dict[str, str], near: str) -> list[Chip]:
    """What is set, each with a tap that takes it away, and what people set most."""
    labels = {
        "division": place_label(wanted.division),
        "day": day_here(wanted.day) if wanted.day else "",
        "work": str(WORK_LABELS[wanted.work]) if wanted.work else "",
        "skill": str(SKILL_LABELS[wanted.skill]) if wanted.skill else "",
        "free": _("With free places"),
    }

    def url(**changes: str) -> str:
        values = {**kept, **changes}
        chosen: dict[str, Any] = {name: value for name, value in values.items() if value}
        return url_for("volunteering.index", **chosen)

    chips = [
        Chip(url(**{name: ""}), label, active=True, removes=True)
        for name, label in labels.items()
        if name in kept
    ]
    if "free" not in kept:
        chips.append(Chip(url(free="1"), labels["free"]))
    if near and "division" not in kept:
        chips.append(Chip(url(division=near[:COUNTY_DIGITS]), _("In my county")))
    return chips


def parameters(wanted: Wanted) -> dict[str, str]:
    """What is looked for as parameters of an address; empty ones among them."""
    return {
        "division": wanted.division,
        "day": wanted.day.isoformat() if wanted.day else "",
        "skill": wanted.skill.value if wanted.skill else "",
        "work": wanted.work.value if wanted.work else "",
        "free": "1" if wanted.free else "",
    }


def wanted_in_request(who: Reader) -> tuple[Wanted, tuple[tuple[str, str], ...]]:
    """What the address asks for; what makes no sense is left out. Beside it the places that a
    typed name may mean.
    """
    given = request.args
    code, typed = given.get("division", ""), given.get("division_text")
    offers: tuple[tuple[str, str], ...] = ()
    if not is_code(code) or not place_label(code):
        code = ""
    if typed is not None and typed.strip() != place_label(code):
        words = typed.strip()[:LONGEST_TYPED]
        found = resolve_place(read_session(), words, who.actor.division) if words else ()
        codes = [one.code for one in found]
        code = code if code in codes else codes[0] if len(codes) == 1 else ""
        if not code:
            offers = tuple((one, place_label(one)) for one in codes[:6])
    wanted = Wanted(
        division=code,
        day=day_in_address(given.get("day", "")),
        skill=next((one for one in Skill if one.value == given.get("skill")), None),
        work=next((one for one in Work if one.value == given.get("work")), None),
        free=given.get("free") == "1",
    )
    return wanted, offers


def _may_begin() -> bool:
    actor = current_actor()
    return actor.organisation_id is not None and may_run(actor, actor.organisation_id)


@bp.get("/activities/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """An activity and its shifts, with what the reader has answered."""
    session, who = read_session(), reader()
    activity = seen_activity(session, who.actor, public_id)
    page = activity_page(session, who, activity)
    missing = missing_for(page.lines)
    return render_template(
        "volunteering/activity.html", page=page, activity=activity, missing=missing
    )


def missing_for(lines: Sequence[ShiftLine]) -> dict[int, tuple[str, str]]:
    """What places of the reader's still lack, and where it is mended, by shift."""
    shifts = {one.shift.id: one.shift for one in lines if one.state in LIVE_STATES and one.is_open}
    person_id = current_actor().person_id
    if person_id is None or not shifts:
        return {}
    found = lacking_for_places(house(), read_session(), person_id, list(shifts.values()))
    return {
        key: (sentence(code), mend_path(house(), code, shifts[key].public_id))
        for key, code in found.items()
    }


@bp.post("/shifts/<public_id>/join")
@access(SIGNED_IN)
def join(public_id: str) -> ResponseReturnValue:
    """Sign up, or wait where the shift is full and that was asked for."""
    wait = request.form.get("wait") == "1"
    note = request.form.get("note", "")
    return _answer(public_id, lambda act, shift: sign_up(act, shift, note, wait=wait))


@bp.post("/shifts/<public_id>/decline")
@access(SIGNED_IN)
def decline(public_id: str) -> ResponseReturnValue:
    """Say that one cannot come, or give a place back."""
    note = request.form.get("note", "")
    return _answer(public_id, lambda act, shift: say_no(act, shift, note))


@bp.post("/shifts/<public_id>/confirm")
@access(SIGNED_IN)
def confirm(public_id: str) -> ResponseReturnValue:
    """Say that one still comes."""
    return _answer(public_id, still_come)


def _answer(public_id: str, verb: Answer) -> ResponseReturnValue:
    shift = seen_shift(read_session(), current_actor(), public_id)
    page = url_for("volunteering.show", public_id=shift.activity.public_id)
    back = f"{safe_next(request.form.get('next'), page)}#shift-{public_id}"
    try:
        with waiting_first(public_id), acting() as act:
            signup = verb(act, seen_shift(act.session, act.actor, public_id))
            state, confirmed = signup.state, signup.confirmed_at is not None
            place = places_in_line(act.session, [signup]).get(signup.id, 0)
    except Invalid as error:
        codes = [code for some in error.fields.values() for code in some]
        flash(sentence(codes[0] if codes else error.code, error.params), "error")
        return redirect(back)
    except (Conflict, Forbidden) as error:
        mend = mend_path(house(), error.code, public_id)
        if mend:
            return redirect(f"{mend}?wait=1" if request.form.get("wait") == "1" else mend)
        flash(_refused(error), "error")
        return redirect(back)
    flash(said(state, place, confirmed=confirmed), "success")
    return redirect(back)


def _refused(error: Conflict | Forbidden) -> str:
    """The sentence; behind it the way to what mends it, where a gate names one."""
    words, address = sentence(error.code, error.params), error.params.get("address")
    if not address:
        return words
    return Markup('{} <a href="{}">{}</a>').format(words, address, _("Look at it"))


def said(state: SignupState, place: int, *, confirmed: bool = False) -> str:
    """What an answer has led to."""
    if state is SignupState.SIGNED_UP:
        return str(_("Thank you. We count on you.") if confirmed else _("You are signed up."))
    if state is SignupState.WAITING:
        words = _(
            "You are number %(place)s on the waiting list. We tell you when a place is free.",
            place=place,
        )
        return str(words)
    return str(_("Noted: you do not come. Thank you for telling."))
