"""The doors of an absence: one's own, or that of somebody whom one supervises."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.absence.models import Absence
from exchange.accounts.absence.queries import absences_of, colleagues_of
from exchange.accounts.absence.service import come_back, may_set_absence, set_absence
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.accounts.points.forms import AbsenceForm
from exchange.accounts.views import bp
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import NotFound
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import day_here
from exchange.web.forms import attempt


def worker_seen(public_id: str) -> Person:
    """A worker whose absence the reader may set. Raises NotFound for anybody else."""
    session = read_session()
    person = session.scalar(
        sa.select(Person).where(Person.public_id == public_id, Person.closed_at.is_(None))
    )
    if person is None or not may_set_absence(current_actor(), load_actor(session, person.id)):
        raise NotFound
    return person


@bp.get("/me/absence")
@access(BROKER)
def my_absence() -> ResponseReturnValue:
    """One's own page."""
    person = read_session().get_one(Person, current_actor().person_id)
    return redirect(url_for("accounts.absence", public_id=person.public_id))


@bp.route("/workers/<public_id>/absence", methods=["GET", "POST"])
@access(BROKER)
def absence(public_id: str) -> ResponseReturnValue:
    """When a worker is away, and who stands in."""
    person = worker_seen(public_id)
    today = civil_date(house().clock.now(), house().settings.time_zone)
    form = AbsenceForm()
    form.offer({one.public_id: one.name for one in colleagues_of(read_session(), person.id)})
    values = {
        "name": person.name,
        "is_own": person.id == current_actor().person_id,
        "lines": _lines(absences_of(read_session(), [person.id], today)),
        "public_id": public_id,
    }

    def work(act: Act) -> bool:
        set_absence(act, public_id, form.stand_in.data, form.from_on.data, form.to_on.data)
        return True

    if attempt(form, work):
        flash(_("On record. Whoever stands in is told."), "success")
        return redirect(url_for("accounts.absence", public_id=public_id))
    page = render_template("accounts/absence.html", form=form, **values)
    return page, 422 if form.is_submitted() else 200


@bp.post("/workers/<public_id>/absence/<absence_id>/end")
@access(BROKER)
def end_of_absence(public_id: str, absence_id: str) -> ResponseReturnValue:
    """The worker is back, or does not go."""
    worker_seen(public_id)
    with acting() as act:
        come_back(act, absence_id)
    flash(_("The absence has ended."), "success")
    return redirect(url_for("accounts.absence", public_id=public_id))


def _lines(found: Sequence[Absence]) -> list[dict[str, object]]:
    return [
        {
            "public_id": one.public_id,
            "days": _(
                "%(first)s to %(last)s", first=day_here(one.from_on), last=day_here(one.to_on)
            ),
            "stand_in": one.stand_in.name,
            "now": one.begun_at is not None,
        }
        for one in found
    ]
