"""The pages of filing for somebody: the list, a new one, one with what is private, paper forms."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Forbidden, NotFound
from exchange.listings.filing.forms import ConsentForm, FilingForm, PaperForm, RightForm
from exchange.listings.filing.paper import give_out_forms
from exchange.listings.filing.paper_labels import paper_words
from exchange.listings.filing.permissions import can_look_after
from exchange.listings.filing.private import Villager
from exchange.listings.filing.queries import (
    filing_of_form,
    filings_of,
    printed_forms,
    seen_filing,
)
from exchange.listings.filing.rules import form_row, may_file
from exchange.listings.filing.service import (
    file_for,
    put_right,
    record_consent,
    show_villager,
    withdraw_consent,
)
from exchange.listings.filing.showing import filing_lines, reveals_of
from exchange.listings.kinds import State
from exchange.listings.sharing.content import address_of
from exchange.listings.views import page_number
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.qr import qr_svg
from exchange.web.throttle import Limit, count_try

bp = Blueprint("filings", __name__)
LARGEST_REQUEST = 36_000_000
UPLOADS = {"filings.new", "filings.consent"}
LONGEST_NUMBER = 20
STACKS = Limit("paper_forms", 20, timedelta(hours=1))


@bp.url_value_preprocessor
def _allow_pictures(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Four pictures of a phone are larger than other requests may be."""
    if endpoint in UPLOADS:
        request.max_content_length = LARGEST_REQUEST


def _insist_may_file() -> None:
    actor = current_actor()
    decision = may_file(is_broker=actor.is_broker, organisation_kind=actor.organisation_kind)
    if not decision:
        raise Forbidden(decision.code)


@bp.get("/proxy")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What one looks after of what is filed for others."""
    actor, session = current_actor(), read_session()
    found, more = filings_of(session, actor, page=page_number())
    files = may_file(is_broker=actor.is_broker, organisation_kind=actor.organisation_kind)
    return render_template(
        "listings/filings.html",
        lines=filing_lines(session, actor, found, locale_code()),
        page=page_number(),
        more=more,
        files=bool(files),
    )


@bp.route("/proxy/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new() -> ResponseReturnValue:
    """Write down for whom it is and what they say; then the listing itself goes its usual way."""
    _insist_may_file()
    form = FilingForm()
    if request.method == "GET":
        form.number.data = request.args.get("form", "")[:LONGEST_NUMBER]
        form.door.data = request.args.get("door") or None
        form.heard_by.data = current_actor().name

    def work(act: Act) -> tuple[str, str, bool]:
        filing = file_for(
            act, form.chosen_door, form.villager, form.given, form.pictures,
            form.number.data or "",
        )  # fmt: skip
        return filing.listing.public_id, filing.door.value, filing.consent is not None

    made = attempt(form, work)
    if made:
        flash(
            _("Kept. Now tidy the words for everybody to read: no names, no numbers.")
            if made[2]
            else _("Kept. It can be posted once their consent is on record.")
        )
        flash("proxy-new", "kept")
        return redirect(url_for("listings.post", door=made[1], draft=made[0]))
    return render_template(
        "listings/filing_new.html",
        form=form,
        first=_first_entry(form.number.data or ""),
        lost=form.lost_pictures,
    ), 422 if form.errors else 200


def _first_entry(number: str) -> dict[str, str] | None:
    """Where a form was entered already: its code, and a link for who may see it."""
    row_id = form_row(number)
    filing = filing_of_form(read_session(), row_id) if row_id else None
    if filing is None:
        return None
    seen = can_look_after(current_actor(), filing)
    url = url_for("filings.show", public_id=filing.public_id) if seen else ""
    return {"code": filing.code, "url": url}


@bp.get("/proxy/<public_id>")
@access(SIGNED_IN)
def show(public_id: str) -> ResponseReturnValue:
    """One filing, without what is private."""
    return _page(public_id)


def _page(
    public_id: str,
    *,
    villager: Villager | None = None,
    right: RightForm | None = None,
    consent: ConsentForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    actor, session = current_actor(), read_session()
    filing = seen_filing(session, actor, public_id)
    today = civil_date(house().clock.now(), house().settings.time_zone)
    blank = ConsentForm(formdata=None, data={"heard_by": actor.name, "consent_on": today})
    reveals = reveals_of(session, filing)
    return render_template(
        "listings/filing.html",
        filing=filing,
        line=filing_lines(session, actor, [filing], locale_code())[0],
        is_draft=filing.listing.state is State.DRAFT,
        owns=actor.belongs_to(filing.listing.organisation_id),
        reveals=reveals,
        moments=[local_moment(one.last_at) for one in reveals],
        villager=villager,
        photos=[row.file.public_id for row in filing.files] if villager else [],
        right=right,
        consent=consent or blank,
    ), status


@bp.post("/proxy/<public_id>/who")
@access(SIGNED_IN)
def who(public_id: str) -> ResponseReturnValue:
    """Show for whom it is, on record."""
    with acting() as act:
        villager = show_villager(act, public_id)
    right = RightForm(formdata=None, data={"name": villager.name, "reach": villager.reach})
    return _page(public_id, villager=villager, right=right)


@bp.post("/proxy/<public_id>/right")
@access(SIGNED_IN)
def correct(public_id: str) -> ResponseReturnValue:
    """Put right who it is for and how to reach them."""
    form = RightForm()
    done = attempt(
        form, lambda act: put_right(act, public_id, form.name.data, form.reach.data).public_id
    )
    if done is None:
        return _page(public_id, right=form, status=422)
    flash(_("Saved."))
    return redirect(url_for("filings.show", public_id=public_id))


@bp.post("/proxy/<public_id>/consent")
@access(SIGNED_IN)
def consent(public_id: str) -> ResponseReturnValue:
    """Put their consent on record."""
    form = ConsentForm()
    done = attempt(
        form, lambda act: record_consent(act, public_id, form.given, form.pictures).public_id
    )
    if done is None:
        return _page(public_id, consent=form, status=422)
    flash(_("Their consent is on record. It can be posted now."))
    return redirect(url_for("filings.show", public_id=public_id))


@bp.post("/proxy/<public_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """They do not want it any more."""
    with acting() as act:
        withdraw_consent(act, public_id)
    flash(_("Taken off the pages. Who it was for is deleted in 14 days."))
    return redirect(url_for("filings.show", public_id=public_id))


@bp.route("/proxy/forms", methods=["GET", "POST"])
@access(SIGNED_IN)
def forms() -> ResponseReturnValue:
    """How many paper forms?"""
    _insist_may_file()
    form = PaperForm()
    if request.method == "POST":
        count_try(STACKS, f"person {current_actor().person_id}")
    batch = attempt(form, lambda act: give_out_forms(act, form.count.data))
    if batch:
        return redirect(url_for("filings.print_forms", batch=batch))
    status = 422 if form.errors else 200
    return render_template("listings/paper_forms.html", form=form), status


@bp.get("/proxy/forms/<batch>")
@access(SIGNED_IN)
def print_forms(batch: str) -> ResponseReturnValue:
    """A stack of forms, a sheet each, to be printed; printed again it has the same numbers."""
    found = printed_forms(read_session(), current_actor().organisation_id, batch)
    if not found:
        raise NotFound
    address = url_for("filings.new")
    sheets = [
        {
            "number": one.number,
            "qr": qr_svg(address_of(f"{address}?form={one.number}"), _("Enter this form")),
        }
        for one in found
    ]
    return render_template("listings/paper_print.html", sheets=sheets, words=paper_words())
