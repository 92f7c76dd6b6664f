"""The doors of those who look after the words of the search: what people asked, what it means."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.discovery import wording_panels as panels
from exchange.discovery.panels import today
from exchange.discovery.wording_forms import (
    SameAsForm,
    SynonymForm,
    joined,
    languages,
    read_version,
)
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.search.synonyms.queries import Entry, entries, entry, matching
from exchange.search.synonyms.service import (
    add_synonyms,
    change_synonyms,
    delete_synonyms,
    switch_synonyms,
)
from exchange.search.synonyms.shipped import shipped_groups
from exchange.search.synonyms.wiring import forget_synonyms
from exchange.search.tallies.queries import most_frequent
from exchange.web.access import OPERATOR, access
from exchange.web.acting import acting, house, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import day_text
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("wording", __name__, url_prefix="/console")
LAST_PAGE = 10_000
KEPT = ("q", "show", "page")  # where on the list somebody tapped


@bp.get("")
@access(OPERATOR)
def console() -> ResponseReturnValue:
    """Where those who run the site find their pages."""
    return render_template("discovery/console.html")


@bp.route("/searches/nothing", methods=["GET", "POST"])
@access(OPERATOR)
def fruitless_searches() -> ResponseReturnValue:
    """Searches that found nothing, and beside each the way to say what it means."""
    days, page = _span(), _page()
    form = SameAsForm() if request.method == "POST" else None
    if form is not None and _saved(form):
        flash(panels.what_it_finds_now(form.group.words[0]), "success")
        return redirect(url_for("wording.fruitless_searches", days=days, page=page))
    rows, more = panels.fruitless_rows(read_session(), days, page, form)
    shown = render_template(
        "discovery/searches_nothing.html",
        rows=rows,
        chips=panels.span_chips(days),
        days=days,
        page=page,
        more=more,
        languages=languages(),
        day_text=lambda day: day_text(day, today(), locale_code()),
    )
    return shown, 200 if form is None else 422


def _saved(form: SameAsForm) -> bool:
    def work(act: Act) -> bool:
        add_synonyms(act, form.group)
        return True

    done = bool(attempt(form, work))
    forget_synonyms(house())
    return done


@bp.get("/searches/frequent")
@access(OPERATOR)
def frequent_searches() -> ResponseReturnValue:
    """What people ask for again and again."""
    page = _page()
    found = most_frequent(read_session(), (page - 1) * panels.PAGE, panels.PAGE + 1)
    return render_template(
        "discovery/searches_frequent.html",
        rows=found[: panels.PAGE],
        page=page,
        more=len(found) > panels.PAGE,
    )


@bp.get("/synonyms")
@access(OPERATOR)
def synonyms() -> ResponseReturnValue:
    """All groups of words that mean the same, shipped and our own."""
    q, show, page = request.args.get("q", "").strip()[:60], request.args.get("show", ""), _page()
    found = matching(entries(read_session()), q, show)
    first = (page - 1) * panels.PAGE
    return render_template(
        "discovery/synonyms.html",
        rows=found[first : first + panels.PAGE],
        total=len(found),
        q=q,
        show=show,
        chips=panels.origin_chips(q, show),
        tags=panels.entry_tags,
        joined=joined,
        page=page,
        more=len(found) > first + panels.PAGE,
    )


@bp.route("/synonyms/new", methods=["GET", "POST"])
@access(OPERATOR)
def new_synonyms() -> ResponseReturnValue:
    """Add a group of our own."""
    form = SynonymForm()

    def work(act: Act) -> bool:
        add_synonyms(act, form.group)
        return True

    if attempt(form, work):
        return _done(form)
    page = render_template("discovery/synonym.html", form=form, present=None, joined=joined)
    return page, 422 if form.errors else 200


@bp.route("/synonyms/<reference>", methods=["GET", "POST"])
@access(OPERATOR)
def edit_synonyms(reference: str) -> ResponseReturnValue:
    """Change the words of a group."""
    form = SynonymForm()

    def work(act: Act) -> bool:
        change_synonyms(act, reference, form.group, form.version_number)
        return True

    if attempt(form, work):
        return _done(form)
    present = entry(read_session(), reference)
    if present is None and not form.is_submitted():
        raise NotFound
    return _edit_page(form, present)


def _edit_page(form: SynonymForm, present: Entry | None) -> ResponseReturnValue:
    """The form; when somebody else was faster, with what they made of the group."""
    moved = form.is_submitted() and present is not None and (form.version_number != present.version)
    if present is not None and not form.is_submitted():
        form.show(present.group, present.version)
    elif present is not None:
        form.version.data = str(present.version)
    page = render_template(
        "discovery/synonym.html",
        form=form,
        present=present,
        moved=moved,
        shipped=shipped_groups().get(present.key or "") if present else None,
        tags=panels.entry_tags,
        joined=joined,
    )
    return page, 422 if form.errors else 200


@bp.post("/synonyms/<reference>/switch/<any(on, off):state>")
@access(OPERATOR)
def switch(reference: str, state: str) -> ResponseReturnValue:
    """Let a group count, or not."""
    version = read_version(request.form.get("version", ""))
    return _tap(lambda act: switch_synonyms(act, reference, version, on=state == "on"))


@bp.post("/synonyms/<reference>/delete")
@access(OPERATOR)
def delete(reference: str) -> ResponseReturnValue:
    """Give up a group of our own, or go back to the shipped words."""
    version = read_version(request.form.get("version", ""))
    return _tap(lambda act: delete_synonyms(act, reference, version))


def _tap(work: Callable[[Act], None]) -> ResponseReturnValue:
    """One tap on the list; when somebody else was faster, the list says so."""
    try:
        with acting() as act:
            work(act)
        flash(_("Saved."), "success")
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    forget_synonyms(house())
    kept = {name: request.form.get(name, "")[:60] for name in KEPT}
    return redirect(panels.list_url(**kept))


def _done(form: SynonymForm) -> ResponseReturnValue:
    forget_synonyms(house())
    flash(_("Saved."), "success")
    return redirect(panels.list_url(q=form.group.words[0]))


def _page() -> int:
    return min(max(asked_id("page") or 1, 1), LAST_PAGE)


def _span() -> int:
    days = asked_id("days")
    return days if days in panels.SPANS else panels.USUAL_SPAN
