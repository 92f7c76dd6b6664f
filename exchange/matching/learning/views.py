"""The report on what suggestions have learned, and what can be decided about it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict
from exchange.matching.learning import panels
from exchange.matching.learning.jobs import request_learning
from exchange.matching.learning.models import LONGEST_VERSION, LearnedWeights
from exchange.matching.learning.queries import (
    cause_counts,
    decided,
    learning_of,
    may_set,
    versions,
    weights_in_force,
    weights_of,
)
from exchange.matching.learning.rules import ENOUGH, ENOUGH_EACH, SHIPPED
from exchange.matching.learning.service import choose_weights, switch_learning
from exchange.matching.scoring import Weights, shipped_weights
from exchange.web.access import Access, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import HouseForm
from exchange.web.sentences import sentence

bp = Blueprint("learning", __name__, url_prefix="/console/learning")
READERS = Access("supervisor or operator", lambda one: one.is_operator or bool(one.supervises))


class UseForm(HouseForm):
    """Which weights are to be in force."""

    version = StringField("", [InputRequired(), Length(max=LONGEST_VERSION)])


@bp.get("")
@access(READERS)
def show() -> ResponseReturnValue:
    """Decisions, what changed, versions, buttons."""
    session, actor = read_session(), current_actor()
    rows, present = versions(session), weights_in_force(house(), session)
    found = [one.sample.label for one in decided(session)]
    shown = _shown(rows, present)
    changes, unchanged = panels.change_lines(shown) if shown else ([], "")
    return render_template(
        "matching/learning.html",
        is_on=learning_of(session).is_on,
        is_learned=present is not shipped_weights(),
        present=present.version,
        count=len(found),
        yes=sum(found),
        enough=ENOUGH,
        each=ENOUGH_EACH,
        missing=_missing(found),
        causes=panels.cause_lines(cause_counts(session)),
        shown=shown,
        changes=changes,
        unchanged=unchanged,
        base=panels.base_words(shown) if shown else "",
        lines=panels.version_lines(rows),
        shipped=SHIPPED,
        may_set=may_set(session, actor),
    )


def _shown(rows: list[LearnedWeights], present: Weights) -> Weights | None:
    """The asked version, else the one in force, else the newest; None where nothing was learned."""
    asked = request.args.get("version", "")
    for wanted in (asked, present.version):
        for row in rows:
            if row.version == wanted:
                return weights_of(row)
    return weights_of(rows[0]) if rows else None


def _missing(labels: list[bool]) -> int:
    """How many decisions are still to come before anything is learned."""
    good = sum(labels)
    of_each = sum(max(0, ENOUGH_EACH - some) for some in (good, len(labels) - good))
    return max(ENOUGH - len(labels), of_each, 0)


@bp.post("/learn")
@access(READERS)
def learn_now() -> ResponseReturnValue:
    """Learn from what there is."""
    return _tap(request_learning, _("It is being looked at. Come back in a minute."))


@bp.post("/<any(on, off):order>")
@access(READERS)
def switch(order: str) -> ResponseReturnValue:
    """Let it learn by itself, or not."""
    return _tap(lambda act: switch_learning(act, on=order == "on"), _("Saved."))


@bp.post("/use")
@access(READERS)
def use() -> ResponseReturnValue:
    """Put a version in force by hand."""
    version = UseForm().version.data or ""
    done = _("Saved. Nothing is learned by itself until you switch it on again.")
    return _tap(lambda act: choose_weights(act, version[:LONGEST_VERSION]), done)


def _tap(work: Callable[[Act], object], done: str) -> ResponseReturnValue:
    try:
        with acting() as act:
            work(act)
        flash(done, "success")
    except Conflict as error:
        flash(sentence(error.code, error.params), "warning")
    return redirect(url_for("learning.show"))
