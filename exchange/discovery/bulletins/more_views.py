"""Where an editor looks for what else belongs in a list, and puts it in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.discovery.bulletins.choosing import (
    LONGEST_QUESTION,
    PAGE,
    Question,
    choices,
    choosable,
    put_in,
)
from exchange.discovery.bulletins.forms import MoreForm
from exchange.discovery.bulletins.kinds import WAITING
from exchange.discovery.bulletins.models import Bulletin
from exchange.discovery.bulletins.permissions import may_edit
from exchange.discovery.bulletins.queries import place_name, seen_bulletin
from exchange.discovery.bulletins.rules import MOST_IN_LIST
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.web.access import BROKER, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import span_here
from exchange.web.forms import attempt
from exchange.web.locale import locale_code

bp = Blueprint("bulletin_more", __name__)


@bp.route("/bulletins/<public_id>/more/<code>", methods=["GET", "POST"])
@access(BROKER)
def more(public_id: str, code: str) -> ResponseReturnValue:
    """What belongs in a list and does not stand in it, by words; what is ticked is put in."""
    issue = _editable(public_id)
    section, _choose = choosable(house(), code)
    if issue.state not in WAITING and request.method == "GET":
        return redirect(url_for("bulletins.show", public_id=public_id))
    form, ticked = MoreForm(), request.form.getlist("key")[: PAGE * 2]

    def work(act: Act) -> Bulletin:
        return put_in(act, public_id, code, ticked, _number(form.version.data))

    if attempt(form, work):
        flash(_("Put in at the end of the list."), "success")
        back = url_for("bulletin_desk.edit_page", public_id=public_id, _anchor=f"list-{code}")
        return redirect(back)
    issue = _editable(public_id)
    form.version.data = str(issue.version)
    words, page = request.args.get("q", "")[:LONGEST_QUESTION], _number(request.args.get("page"))
    question = Question(code, words, page * PAGE)
    found, follows = choices(read_session(), house(), issue, question, locale_code())
    answer = render_template(
        "discovery/bulletins/more.html",
        form=form,
        issue=issue,
        where=place_name(read_session(), issue.place, locale_code()),
        period=span_here(issue.from_on, issue.to_on),
        section=section,
        found=found,
        ticked=ticked,
        words=words,
        most=MOST_IN_LIST,
        here=_address(public_id, code, words, page),
        earlier=_address(public_id, code, words, page - 1) if page else None,
        later=_address(public_id, code, words, page + 1) if follows else None,
    )
    return answer, 422 if form.errors else 200


def _address(public_id: str, code: str, words: str, page: int) -> str:
    """The page with these words; what is sent from it comes back to it."""
    return url_for(
        "bulletin_more.more", public_id=public_id, code=code, q=words or None, page=page or None
    )


def _editable(public_id: str) -> Bulletin:
    issue = seen_bulletin(read_session(), current_actor(), public_id)
    if not may_edit(current_actor(), issue.place):
        raise NotFound
    return issue


def _number(text: object) -> int:
    """The number that was sent; 0, which no version has, for anything else."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else 0
