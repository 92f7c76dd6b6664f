"""The pages of open accounts that everybody reads, and what is taken away from them."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import organisation_label
from exchange.kernel.clock import civil_date
from exchange.listings.sharing.content import address_of
from exchange.projects.ledger.booking import limit_of
from exchange.projects.ledger.forms import PeriodForm
from exchange.projects.ledger.notice_panels import notice_of
from exchange.projects.ledger.page_panels import (
    address,
    book_figures,
    book_name,
    entry_lines,
    present_numbers,
    rule_text,
    waiting_lines,
)
from exchange.projects.ledger.permissions import Rights, has_book, rights_of, sees_documents
from exchange.projects.ledger.queries import (
    appeals_of,
    entries_page,
    holders_of,
    ledger_of,
    refused_requests,
    waiting_requests,
)
from exchange.projects.ledger.rules import quarter_of
from exchange.projects.ledger.standing import seen_book
from exchange.projects.ledger.standing_panels import missing_people
from exchange.projects.ledger.table_panels import book_items, csv_lines, entry_items
from exchange.projects.models import Project
from exchange.projects.permissions import can_see
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import day_text
from exchange.web.locale import locale_code
from exchange.web.qr import qr_svg

bp = Blueprint("project_accounts", __name__)


@bp.get("/projects/<public_id>/accounts")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """What came, what went, what is there; the budget; every entry, the newest first."""
    session, actor = read_session(), current_actor()
    project = seen_book(session, actor, public_id)
    holders = holders_of(session, project.id)
    rights = rights_of(actor, project, holders)
    before = asked_number("before")
    entries, more = entries_page(session, project.id, before)
    lines = entry_lines(session, project, entries, locale_code())
    return render_template(
        "projects/ledger/show.html",
        **frame(project, rights),
        figures=book_figures(
            session, project, locale_code(), is_shown=can_see(actor, project)
        ),
        lines=lines,
        pages={
            "newer": bool(before),
            "older": more,
            "position": present_numbers(lines) if before or more else "",
        },
        rule=rule_text(limit_of(house(), ledger_of(session, project.id))),
        appeals=[one for one in appeals_of(session, project.id) if one.organisation.is_verified],
        charity_name=lambda one: organisation_label(one, locale_code()),
        missing=missing_people(holders) if rights.manage else "",
        **_behind(project, rights),
    )


def _behind(project: Project, rights: Rights) -> dict[str, Any]:
    """What waits and what was refused, for who may look behind the book."""
    if not rights.documents:
        return {"waiting": [], "refused": []}
    session, actor, locale = read_session(), current_actor(), locale_code()
    waiting = waiting_requests(session, project.id)
    refused = refused_requests(session, project.id)
    return {
        "waiting": waiting_lines(project, waiting, locale, actor.person_id),
        "refused": waiting_lines(project, refused, locale, actor.person_id),
    }


@bp.get("/projects/<public_id>/accounts.csv")
@access(PUBLIC)
def as_table(public_id: str) -> ResponseReturnValue:
    """The whole book for a spreadsheet."""
    session, actor = read_session(), current_actor()
    project = seen_book(session, actor, public_id)
    lines = csv_lines(session, project, names=sees_documents(actor, project))
    answer = Response("".join(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="accounts-{public_id}.csv"'
    return answer


@bp.get("/projects/<public_id>/accounts.json")
@access(PUBLIC)
def as_json(public_id: str) -> ResponseReturnValue:
    """The whole book for a program."""
    session, actor = read_session(), current_actor()
    project = seen_book(session, actor, public_id)
    is_shown, names = can_see(actor, project), sees_documents(actor, project)
    title = book_name(project, locale_code(), is_shown=is_shown)
    answer = jsonify(
        {
            "project": {"id": project.public_id, "title": title},
            **book_items(session, project, is_shown=is_shown),
            "entries": list(entry_items(session, project, names=names)),
        }
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="accounts-{public_id}.json"'
    return answer


@bp.get("/projects/<public_id>/accounts/notice")
@access(PUBLIC)
def notice(public_id: str) -> ResponseReturnValue:
    """A sheet for the village's notice board: a period, with lines to sign and a code to scan."""
    session, now = read_session(), today()
    project = seen_book(session, current_actor(), public_id)
    form = PeriodForm(request.args)
    first, last = _period(form, now)
    link = address_of(address(project))
    locale = locale_code()
    return render_template(
        "projects/ledger/notice.html",
        name=book_name(project, locale, is_shown=can_see(current_actor(), project)),
        back=address(project),
        form=form,
        notice=notice_of(session, project, first, last, now, locale),
        owner=organisation_label(project.organisation, locale),
        first=day_text(first, now, locale, with_year=True),
        last=day_text(last, now, locale, with_year=True),
        printed=day_text(now, now, locale, with_year=True),
        link=link,
        qr=qr_svg(link, _("Code that leads to these accounts")),
    ), 422 if form.errors else 200


def _period(form: PeriodForm, now: date) -> tuple[date, date]:
    """What was asked for; the present quarter where nothing was, or where it makes no sense."""
    usual_first, usual_last = quarter_of(now)
    asked = bool(request.args) and form.validate()
    first = (form.first.data if asked else None) or usual_first
    last = (form.last.data if asked else None) or usual_last
    if last < first:
        form.last.errors = [_("The last day is before the first.")]
        first, last = usual_first, usual_last
    if not form.errors:
        form.first.data, form.last.data = first, last
    return first, last


def frame(project: Project, rights: Rights) -> dict[str, Any]:
    """What every page of a book needs."""
    is_shown = can_see(current_actor(), project)
    return {
        "project": project,
        "name_of_book": book_name(project, locale_code(), is_shown=is_shown),
        "is_shown": is_shown,
        "book_url": address(project),
        "back": f"/projects/{project.public_id}" if is_shown else "/projects",
        "rights": rights,
        "is_open": has_book(project),
    }


def today() -> date:
    """The civil date of this request."""
    kept = house()
    return civil_date(kept.clock.now(), kept.settings.time_zone)


def asked_number(name: str) -> int | None:
    """The number of an entry in the address; None for what none can have."""
    found = request.args.get(name, "")
    return int(found) if found.isascii() and found.isdigit() and 0 < len(found) < 10 else None
