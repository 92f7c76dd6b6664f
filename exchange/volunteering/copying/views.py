"""Copying an activity to other days."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import DateField
from wtforms.validators import InputRequired

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.volunteering.copying.rules import usual_first_day
from exchange.volunteering.copying.service import copy_activity, shifts_to_copy
from exchange.volunteering.managing_views import managed_activity
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.queries import seen_activity, shifts_of
from exchange.volunteering.readers import reader
from exchange.volunteering.views import bp
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import read_session
from exchange.web.dates import day_here
from exchange.web.forms import HouseForm, attempt


class CopyForm(HouseForm):
    """The day on which the copy begins."""

    first_day = DateField(
        _l("On which day does it begin?"),
        [InputRequired(_l("Please fill this in."))],
        render_kw={"type": "date"},
    )


@bp.route("/activities/<public_id>/copy", methods=["GET", "POST"])
@access(SIGNED_IN)
def copy(public_id: str) -> ResponseReturnValue:
    """Make a draft of the same words, roles and shifts on other days."""
    activity, who = managed_activity(public_id), reader()
    shifts = _shifts(activity)
    first = civil_date(shifts[0].starts_at, who.zone) if shifts else None
    form = CopyForm(data={"first_day": usual_first_day(first, who.today)} if first else None)

    def work(act: Act) -> tuple[str, int]:
        day: date = form.first_day.data
        made = copy_activity(act, seen_activity(act.session, act.actor, public_id), day)
        return made.activity.public_id, made.left_out

    made: Any = attempt(form, work)
    if made is not None:
        _tell(made[1])
        return redirect(url_for("volunteering.manage", public_id=made[0]))
    return render_template(
        "volunteering/copy.html",
        form=form,
        activity=managed_activity(public_id),
        count=len(shifts),
        first=day_here(first) if first else "",
    ), 422 if form.errors else 200


def _tell(left_out: int) -> None:
    words = ngettext(
        "The draft is there. %(num)s shift was left out: it would be more than a year ahead.",
        "The draft is there. %(num)s shifts were left out: they would be more than a year ahead.",
        left_out,
    )
    done = _l("The draft is there. Look at it once more, then publish it.")
    flash(words if left_out else str(done), "warning" if left_out else "success")


def _shifts(activity: Activity) -> list[Shift]:
    found = shifts_of(read_session(), [activity.id])[activity.id]
    return shifts_to_copy(found, reader().now)
