"""The pages of the audit: for supervisors and operators, and for everybody on their own data."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from exchange.accounts.limits import HOUR
from exchange.admin.audit_forms import AuditFilter
from exchange.admin.audit_panels import lines_for, own_lines, rows_for
from exchange.admin.audit_queries import PAGE, entries_for, entry_for, may_audit, own_entries
from exchange.admin.audit_service import Opened, open_values, openable, owners_of
from exchange.audit.models import AuditEntry
from exchange.kernel.errors import Invalid
from exchange.web.access import SIGNED_IN, SUPERVISOR, Access, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.throttle import Limit, count_try

bp = Blueprint("audit", __name__)
AUDITORS = Access("supervisor or operator", may_audit)
OPENED_EACH_HOUR = Limit("audit.values", 200, HOUR)


@bp.get("/console/audit")
@access(AUDITORS)
def index() -> ResponseReturnValue:
    """Entries, the newest first, by the filters."""
    form = AuditFilter(formdata=request.args)
    form.offer_events()
    asked = form.asked()
    session, actor = read_session(), current_actor()
    found: list[AuditEntry] = []
    if asked is not None:
        try:
            cursor = request.args.get("cursor", "")[:20]
            found = list(entries_for(session, actor, asked, cursor, PAGE + 1))
        except Invalid as error:
            form.take_refusal(error)
    lines = lines_for(session, actor, found[:PAGE])
    page = render_template(
        "admin/audit.html", form=form, lines=lines, next_url=_next("audit.index", found),
        is_filtered=any(request.args.get(name) for name in ("about", "event", "since", "until")),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _next(endpoint: str, found: list[AuditEntry]) -> str | None:
    """The address of the next page, with the same filters."""
    if len(found) <= PAGE:
        return None
    names = ("about", "event", "since", "until")
    kept: dict[str, Any] = {name: value for name in names if (value := request.args.get(name))}
    return url_for(endpoint, **kept, cursor=found[PAGE - 1].public_id)


@bp.get("/console/audit/<public_id>")
@access(AUDITORS)
def show(public_id: str) -> ResponseReturnValue:
    """One entry: what changed, personal values hidden."""
    return _entry_page(public_id, None)


@bp.post("/console/audit/<public_id>/values")
@access(SUPERVISOR)
def values(public_id: str) -> ResponseReturnValue:
    """The entry with its personal values; that they were read is an entry of its own.

    The page is the answer itself, so that no address shows them again.
    """
    count_try(OPENED_EACH_HOUR, str(current_actor().person_id))
    with acting() as act:
        opened = open_values(act, public_id)
    return _entry_page(public_id, opened)


def _entry_page(public_id: str, opened: Opened | None) -> ResponseReturnValue:
    session, actor = read_session(), current_actor()
    entry = entry_for(session, actor, public_id)
    may_open = opened is None and bool(openable(session, actor, entry))
    return render_template(
        "admin/audit_entry.html",
        line=lines_for(session, actor, [entry])[0],
        rows=rows_for(session, actor, entry, opened),
        may_open=may_open,
        is_sealed=opened is None and bool(owners_of(entry)),
        is_opened=opened is not None,
    )


@bp.get("/me/audit")
@access(SIGNED_IN)
def own() -> ResponseReturnValue:
    """What was done with my data: what, when, and by whom."""
    session, actor = read_session(), current_actor()
    try:
        cursor = request.args.get("cursor", "")[:20]
        found = list(own_entries(session, actor.person_id or 0, cursor, PAGE + 1))
    except Invalid:
        found = list(own_entries(session, actor.person_id or 0, "", PAGE + 1))
    lines = own_lines(session, actor, found[:PAGE])
    return render_template("admin/audit_own.html", lines=lines, next_url=_next("audit.own", found))
