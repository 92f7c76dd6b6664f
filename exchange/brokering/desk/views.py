"""The page that a social worker's day begins with, and its acts, which do not leave it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from exchange.accounts.absence.queries import absences_of
from exchange.brokering.centre.settings import centre_settings_for
from exchange.brokering.desk import aside_service
from exchange.brokering.desk.done_panels import done_bar
from exchange.brokering.desk.forms import (
    ASIDE,
    CLAIMED,
    DISMISSED,
    UNTIL,
    AsideForm,
    AskForm,
    UndoForm,
)
from exchange.brokering.desk.loading import (
    ALL,
    Pairs,
    first_of,
    load_area,
    load_cases,
    load_pairs,
)
from exchange.brokering.desk.panels import (
    GroupView,
    ending_lines,
    group_view,
    match_groups,
    need_lines,
    undertaking_lines,
    waiting_lines,
)
from exchange.brokering.desk.queries import Day
from exchange.brokering.desk.queue import live_count
from exchange.brokering.desk.queue_views import bp as matches_bp
from exchange.brokering.desk.rules import OF_MATCHES, Group
from exchange.brokering.forms import DismissForm, PairForm
from exchange.brokering.kinds import CloseReason
from exchange.brokering.labels import DISMISS_REASONS
from exchange.brokering.life import claiming, undoing
from exchange.brokering.page.caseload_panels import warn_of_caseload
from exchange.brokering.page.form_panels import with_ids
from exchange.brokering.page.nav_panels import side_nav
from exchange.brokering.page.pair_panels import key_of, pair_lines
from exchange.brokering.queries import own_match_of
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.cards import listing_cards
from exchange.listings.queries import seen_listing
from exchange.listings.renewal.asking import ask_whether_needed
from exchange.matching.free_time_panels import free_times
from exchange.matching.panels import with_free_time
from exchange.matching.queries import Suggested
from exchange.matching.sentences import ReasonLine, page_lines
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import day_here
from exchange.web.forms import HouseForm, attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("desk", __name__)


@matches_bp.get("/today")
@access(BROKER)
def today() -> ResponseReturnValue:
    """What is to be done today, the most pressing first; ``only`` shows one group in full."""
    return _day_page()


def _day_page(refused: DismissForm | None = None) -> str:
    session, actor = read_session(), current_actor()
    day = Day(house().clock.now(), house().settings.time_zone)
    only, start = _group_asked(), asked_id("from") or 0
    cases = load_cases(session, actor, day, only, start)
    groups = match_groups(actor, cases.places, cases.matches, day.today)
    shown = first_of(cases.needs) if only is None else cases.needs[start : start + ALL]
    if cases.needs:
        lines = need_lines(actor, shown, day.now)
        address = url_for("queue.today", only=Group.NEEDS.value)
        groups.append(group_view(Group.NEEDS, len(cases.needs), lines, address))
    page = _whole_page(day, actor, refused) if only is None else {"pairs": (), "others": ()}
    if only is not None:
        groups = [replace(one, all_url="") for one in groups if one.code == only.value]
        page["more"] = _rest_of(groups, only, start)
    nav = side_nav("today", cases.count, session, actor)
    told_of = url_for("overviews.escalations")
    return render_template(
        "brokering/today.html",
        resting=next((one for one in nav if one.url == told_of), None),
        **{**page, "jumps": _jumps(groups, page)},
        groups=groups,
        task_count=cases.count,
        only=only,
        done=done_bar(session, actor, request.args.get("did", "")),
        nav=nav,
        live=live_count(session, actor),
        limit=centre_settings_for(session, actor.serves[0]).caseload_limit,
        date=format_date(day.today, "full"),
        after=request.args.get("after"),
        away=_away(actor, day),
    )


def _away(actor: Actor, day: Day) -> str:
    """That the worker is away, until when, and who acts for them; "" for who is there."""
    if actor.person_id is None:
        return ""
    for one in absences_of(read_session(), [actor.person_id], day.today):
        if one.begun_at is not None:
            until, name = day_here(one.to_on), one.stand_in.name
            words = _("You are away until %(date)s; %(name)s stands in.", date=until, name=name)
            return str(words)
    return ""


def _rest_of(groups: Sequence[GroupView], only: Group, start: int) -> str | None:
    """The next part of a group that is looked at alone."""
    left = any(int(one.count) > start + ALL for one in groups)
    onward: dict[str, Any] = {"only": only.value, "from": start + ALL}
    return url_for("queue.today", **onward) if left else None


def _group_asked() -> Group | None:
    """The one group that is asked for, of those that can be long."""
    asked = request.args.get("only")
    return next((one for one in (*OF_MATCHES, Group.NEEDS) if one.value == asked), None)


def _reasons(chosen: Suggested) -> tuple[ReasonLine, ...]:
    free = free_times(read_session(), [chosen.offer]).get(chosen.offer.id)
    return with_free_time(tuple(page_lines(chosen.reasons)), free)


def _whole_page(day: Day, actor: Actor, refused: DismissForm | None) -> dict[str, Any]:
    """What stands below the worker's own cases: suggestions, and what waits at the station."""
    session = read_session()
    found = load_pairs(session, house(), actor, day, request.args.get("after"))
    asked = refused.key if refused is not None else request.args.get("pair")
    chosen = _chosen(found.planned + found.others, asked)
    if refused is not None and (chosen is None or key_of(chosen) != refused.key):
        flash(refused.first_error(), "warning")  # the pair is gone; no form here is about it
        refused = None
    cards = listing_cards(
        session, actor, [chosen.need, chosen.offer] if chosen else [], locale_code(), day.today
    )
    pairs = _pair_groups(found, chosen)
    return {
        "pairs": pairs,
        "others": _area_groups(day, actor),
        "chosen": next((one for group in pairs for one in group.lines if one.selected), None),
        "cards": cards,
        "reasons": _reasons(chosen) if chosen else (),
        "aside": found.aside,
        "quick_reasons": list(DISMISS_REASONS.items()),
        "untils": list(UNTIL.items()),
        "dismiss": {place: _dismissal(place, refused) for place in ("aside", "here")},
        "more": url_for("queue.today", after=found.next_cursor) if found.next_cursor else None,
    }


def _dismissal(place: str, refused: DismissForm | None) -> DismissForm:
    """The form beside the list, or the one below the line; both say what was refused."""
    if refused is None:
        return with_ids(DismissForm(formdata=None), f"dismiss-{place}")
    form = with_ids(DismissForm(), f"dismiss-{place}")
    form.form_errors = list(refused.form_errors)
    for field, its in zip(form, refused, strict=True):
        field.errors = list(its.errors)
    return form


def _pair_groups(found: Pairs, chosen: Suggested | None) -> list[GroupView]:
    lines = pair_lines(found.planned + found.others, chosen, found.elsewhere)
    cut, more = len(found.planned), found.next_cursor is not None
    groups = [group_view(Group.PLANNED, cut, lines[:cut])] if cut else []
    if lines[cut:] or not cut:
        groups.append(group_view(Group.PAIRS, len(lines) - cut, lines[cut:], more=more))
    return groups


def _area_groups(day: Day, actor: Actor) -> list[GroupView]:
    found = load_area(read_session(), house(), actor, day)
    groups = (
        group_view(
            Group.EXPIRING, found.ending.count,
            ending_lines(actor, found.ending, day.now, day.today),
        ),
        group_view(
            Group.WAITING, found.waiting.count, waiting_lines(actor, found.waiting, day.now),
            url_for("routing.needs"),
        ),
        group_view(
            Group.UNDERTAKINGS, found.undertaking_count,
            undertaking_lines(found.undertakings, found.progress),
        ),
    )  # fmt: skip
    return [one for one in groups if one.lines]


def _jumps(groups: Sequence[GroupView], page: dict[str, Any]) -> list[GroupView]:
    """The bar that leads to the groups; not for one group alone."""
    every = [*groups, *(one for one in page["pairs"] if one.lines), *page["others"]]
    return every if len(every) > 1 else []


def _chosen(pairs: tuple[Suggested, ...], key: str | None) -> Suggested | None:
    for pair in pairs:
        if key_of(pair) == key:
            return pair
    return pairs[0] if pairs else None


@bp.post("/today/claim")
@access(BROKER)
def claim() -> ResponseReturnValue:
    """Take a pair up, and stay on the day."""

    def work(act: Act, need_id: int, offer_id: int) -> str:
        own = own_match_of(act.session, act.actor, need_id, offer_id)
        if own is not None:
            flash(_("You have taken this pair up already. Here it is."), "success")
            return f"{CLAIMED}-{own.public_id}"
        match = claiming.claim(act, need_id, offer_id)
        warn_of_caseload(match.need.division_code)
        return f"{CLAIMED}-{match.public_id}"

    return _with_pair(PairForm(), work)


@bp.post("/today/dismiss")
@access(BROKER)
def dismiss() -> ResponseReturnValue:
    """Say why a pair does not fit; a refusal shows the day with what was typed."""
    form = DismissForm()

    def work(act: Act) -> str:
        need = seen_listing(act.session, act.actor, form.need.data)
        offer = seen_listing(act.session, act.actor, form.offer.data)
        note = form.note.data or ""
        match = claiming.dismiss(act, need.id, offer.id, form.reason.data, note)
        return f"{DISMISSED}-{match.public_id}"

    did = attempt(form, work)
    if did is None and form.note.data:
        return _day_page(form), 422
    if did is None:
        flash(form.first_error(), "error")
    return redirect(_day_url(did))


@bp.post("/today/aside")
@access(BROKER)
def set_aside() -> ResponseReturnValue:
    """Set a pair aside until a day."""
    form = AsideForm()

    def work(act: Act, need_id: int, offer_id: int) -> str:
        aside_service.set_aside(act, need_id, offer_id, form.until.data)
        return f"{ASIDE}-{form.need.data}-{form.offer.data}"

    return _with_pair(form, work)


@bp.post("/today/undo")
@access(BROKER)
def undo() -> ResponseReturnValue:
    """Take the last act back, whichever of the three it was."""
    form = UndoForm()

    def work(act: Act) -> None:
        if form.act.data == CLAIMED:
            undoing.release(act, form.match.data or "", CloseReason.OTHER)
        elif form.act.data == DISMISSED:
            undoing.restore(act, form.match.data or "")
        else:
            need = seen_listing(act.session, act.actor, form.need.data or "")
            offer = seen_listing(act.session, act.actor, form.offer.data or "")
            aside_service.bring_back(act, need.id, offer.id)

    return _answer(form, work, _("Taken back. It stands here again."))


@bp.post("/today/ask")
@access(BROKER)
def ask() -> ResponseReturnValue:
    """Ask the owner of a listing that ends soon whether it is still needed."""
    form = AskForm()

    def work(act: Act) -> None:
        ask_whether_needed(act, seen_listing(act.session, act.actor, form.listing.data))

    return _answer(form, work, _("The owner is asked. One tap from them prolongs it."))


def _with_pair(form: PairForm, work: Callable[[Act, int, int], str]) -> ResponseReturnValue:
    """Do something with a pair; ``work`` says what was done, for the bar that takes it back."""

    def both(act: Act) -> str:
        need = seen_listing(act.session, act.actor, form.need.data)
        offer = seen_listing(act.session, act.actor, form.offer.data)
        return work(act, need.id, offer.id)

    return _answer(form, both)


def _answer(
    form: HouseForm, work: Callable[[Act], str | None], words: str = ""
) -> ResponseReturnValue:
    """Do one act and show the day again, as it was looked at."""
    did = None
    if not form.validate_on_submit():
        flash(form.first_error(), "error")
    else:
        try:
            with acting() as act:
                did = work(act)
            if words:
                flash(words, "success")
        except Conflict as error:
            flash(sentence(error.code, error.params), "warning")
        except Invalid as error:
            codes = [code for found in error.fields.values() for code in found]
            flash(sentence(codes[0] if codes else error.code, error.params), "error")
    return redirect(_day_url(did))


def _day_url(did: str | None) -> str:
    return url_for("queue.today", after=request.args.get("after"), did=did, _anchor="day")
