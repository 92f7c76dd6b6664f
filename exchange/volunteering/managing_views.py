"""The pages of those who look after activities."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import members_of
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, ExchangeError, Forbidden, Invalid
from exchange.volunteering.attempting import attempt_named, number
from exchange.volunteering.coordinating_service import (
    RoleValues,
    add_role,
    name_coordinator,
    release_coordinator,
    remove_role,
)
from exchange.volunteering.forms import (
    ActivityForm,
    NewActivityForm,
    ReasonForm,
    RoleForm,
    activity_data,
)
from exchange.volunteering.messaging.queries import silent_shifts
from exchange.volunteering.models import Activity
from exchange.volunteering.permissions import may_manage, may_run
from exchange.volunteering.queries import answered_ids, roles_of, seen_activity
from exchange.volunteering.readers import reader
from exchange.volunteering.searching import managed_activities
from exchange.volunteering.service import (
    cancel_activity,
    change_activity,
    discard_activity,
    make_activity,
    publish_activity,
)
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.showing import activity_page, managed_cards, managed_state
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.queries import offerable, required_by
from exchange.volunteering.training.requiring_service import require_trainings
from exchange.volunteering.views import bp, page_number
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.forms import attempt
from exchange.web.sentences import sentence


@bp.get("/my/activities")
@access(SIGNED_IN)
def managed() -> ResponseReturnValue:
    """The activities that the reader looks after."""
    session, who, page = read_session(), reader(), page_number()
    rows, more = managed_activities(session, who.actor, who.now, page)
    return render_template(
        "volunteering/managed.html",
        cards=managed_cards(session, who, rows),
        silent=silent_shifts(session, who.actor, who.now) if page == 1 else [],
        since=local_moment,
        may_begin=may_run(who.actor, who.actor.organisation_id or 0),
        prev_url=url_for("volunteering.managed", page=page - 1) if page > 1 else None,
        next_url=url_for("volunteering.managed", page=page + 1) if more else None,
    )


@bp.route("/activities/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new() -> ResponseReturnValue:
    """Make an activity with its first shift: what, where, when, how many."""
    actor = current_actor()
    owner_id = actor.organisation_id
    if owner_id is None or not may_run(actor, owner_id):
        raise Forbidden("activity_begun_by_managers")
    form = NewActivityForm(data=None if request.form else {"division": actor.division or ""})
    form.offer_trainings(_requirable(owner_id))
    publish = request.form.get("do") != "draft"

    def work(act: Act) -> tuple[str, ExchangeError | None]:
        activity = make_activity(act, owner_id, form.values)
        add_shifts(act, activity, form.shift_values(_zone()), *form.repeats)
        require_trainings(act, activity, form.trainings.data or ())
        return activity.public_id, _published(act, activity) if publish else None

    made = attempt_named(form, work)
    if made is None:
        return render_template(
            "volunteering/activity_new.html",
            form=form, verified=actor.organisation_verified,
        ), 422 if form.errors else 200  # fmt: skip
    public_id, refusal = made
    flash("activity", "kept")  # saved: the phone forgets what was typed
    if refusal is not None:
        flash(sentence(refusal.code, refusal.params), "warning")
    elif publish:
        flash(_("Published. People can sign up now."), "success")
    else:
        flash(_("Saved as a draft."), "success")
    return redirect(url_for("volunteering.show", public_id=public_id))


def _published(act: Act, activity: Activity) -> ExchangeError | None:
    """Publish what was just made; a refusal leaves the draft, and is told."""
    try:
        publish_activity(act, activity)
    except Conflict as error:
        return error
    return None


@bp.route("/activities/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Say something else of an activity."""
    activity = managed_activity(public_id)
    asked = required_by(read_session(), activity.id)
    form = ActivityForm(
        data={**activity_data(activity), "trainings": [one.public_id for one in asked]}
    )
    form.offer_trainings(_requirable(activity.organisation_id, asked))

    def work(act: Act) -> bool:
        found = change_activity(act, _again(act, public_id), form.values, number(form.version.data))
        require_trainings(act, found, form.trainings.data or ())
        return True

    if attempt_named(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("volunteering.show", public_id=public_id))
    if form.errors:
        form.version.data = str(managed_activity(public_id).version)
    status = 422 if form.errors else 200
    return render_template(
        "volunteering/activity_edit.html", form=form, public_id=public_id
    ), status


def _requirable(organisation_id: int, asked: Sequence[Training] = ()) -> dict[str, str]:
    """What activities of an organisation may ask for, and what one asks for already."""
    found = offerable(read_session(), current_actor(), organisation_id)
    known = {one.id for one in found}
    chosen = [*found, *(one for one in asked if one.id not in known)]
    return {
        one.public_id: one.title if one.is_public else _("%(title)s (members)", title=one.title)
        for one in chosen
    }


@bp.post("/activities/<public_id>/publish")
@access(SIGNED_IN)
def publish(public_id: str) -> ResponseReturnValue:
    """Put a draft before people."""
    return change(public_id, publish_activity, _("Published. People can sign up now."))


@bp.route("/activities/<public_id>/cancel", methods=["GET", "POST"])
@access(SIGNED_IN)
def cancel(public_id: str) -> ResponseReturnValue:
    """Call an activity off with a reason."""
    activity, form = managed_activity(public_id), ReasonForm()

    def work(act: Act) -> bool:
        cancel_activity(act, _again(act, public_id), form.reason.data)
        return True

    if attempt(form, work):
        flash(_("Called off. Everybody who signed up is told."), "success")
        return redirect(url_for("volunteering.show", public_id=public_id))
    return render_template(
        "volunteering/cancel.html", form=form, activity=activity, shift=None
    ), 422 if form.errors else 200


@bp.post("/activities/<public_id>/discard")
@access(SIGNED_IN)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    try:
        with acting() as act:
            discard_activity(act, _again(act, public_id))
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("volunteering.show", public_id=public_id))
    flash(_("The draft is gone."), "success")
    return redirect(url_for("volunteering.managed"))


@bp.get("/activities/<public_id>/manage")
@access(SIGNED_IN)
def manage(public_id: str) -> ResponseReturnValue:
    """Everything that its coordinators change: words, shifts, roles, and who looks after it."""
    return manage_page(public_id, RoleForm(formdata=None))


def manage_page(public_id: str, role_form: RoleForm, status: int = 200) -> ResponseReturnValue:
    """The page; ``role_form`` may be one that was refused."""
    session, who, activity = read_session(), reader(), managed_activity(public_id)
    page = activity_page(session, who, activity)
    state, tone = managed_state(page)
    return render_template(
        "volunteering/manage.html",
        page=page,
        answered=answered_ids(session, [one.shift.id for one in page.lines]),
        activity=activity,
        roles=roles_of(session, activity.id),
        role_form=role_form,
        members=_others(activity) if may_run(who.actor, activity.organisation_id) else [],
        state=state,
        tone=tone,
    ), status


def _others(activity: Activity) -> list[Any]:
    """The members who do not look after it yet."""
    named = {one.person_id for one in activity.coordinators}
    members = members_of(read_session(), activity.organisation_id)
    return [one.person for one in members if one.person_id not in named]


@bp.post("/activities/<public_id>/coordinators")
@access(SIGNED_IN)
def add_coordinator(public_id: str) -> ResponseReturnValue:
    """Let a member look after it, too."""
    asked = request.form.get("person", "")
    person_id = _member(public_id, asked)
    return change(
        public_id, lambda act, one: name_coordinator(act, one, person_id), _("Added."), "manage"
    )


@bp.post("/activities/<public_id>/coordinators/remove")
@access(SIGNED_IN)
def remove_coordinator(public_id: str) -> ResponseReturnValue:
    """Somebody looks after it no longer."""
    person_id = _member(public_id, request.form.get("person", ""))
    own = person_id == current_actor().person_id
    back = "show" if own else "manage"
    return change(
        public_id, lambda act, one: release_coordinator(act, one, person_id), _("Removed."), back
    )


def _member(public_id: str, asked: str) -> int:
    activity = managed_activity(public_id)
    known = {one.person.public_id: one.person_id for one in activity.coordinators}
    members = members_of(read_session(), activity.organisation_id)
    known |= {one.person.public_id: one.person_id for one in members}
    return known.get(asked, 0)


@bp.post("/activities/<public_id>/roles")
@access(SIGNED_IN)
def new_role(public_id: str) -> ResponseReturnValue:
    """Add a role."""
    form = RoleForm()

    def work(act: Act) -> bool:
        values = RoleValues(form.name.data, form.note.data or "", tuple(form.skills.data or ()))
        activity = _again(act, public_id)
        before = len(roles_of(act.session, activity.id))
        add_role(act, activity, values)
        return len(roles_of(act.session, activity.id)) > before

    added = attempt(form, work)
    if added is None:
        return manage_page(public_id, form, 422)
    if added:
        flash(_("Added."), "success")
    else:
        flash(sentence("role_name_taken"), "warning")
    return redirect(url_for("volunteering.manage", public_id=public_id))


@bp.post("/activities/<public_id>/roles/remove")
@access(SIGNED_IN)
def drop_role(public_id: str) -> ResponseReturnValue:
    """Take a role away."""
    asked = request.form.get("role", "")
    return change(public_id, lambda act, one: remove_role(act, one, asked), _("Removed."), "manage")


def managed_activity(public_id: str) -> Activity:
    """The activity for those who look after it. Raises NotFound or Forbidden."""
    activity = seen_activity(read_session(), current_actor(), public_id)
    if not may_manage(current_actor(), activity):
        raise Forbidden("activity_not_yours")
    return activity


def change(
    public_id: str, verb: Callable[[Act, Activity], Any], told: str, back: str = "show"
) -> ResponseReturnValue:
    """Do one thing with an activity and say so, or say why not."""
    managed_activity(public_id)
    try:
        with acting() as act:
            verb(act, _again(act, public_id))
    except (Conflict, Invalid) as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(told, "success")
    return redirect(url_for(f"volunteering.{back}", public_id=public_id))


def _again(act: Act, public_id: str) -> Activity:
    return seen_activity(act.session, act.actor, public_id)


def _zone() -> str:
    return house().settings.time_zone
