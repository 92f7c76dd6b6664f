"""The supervisor's pages of plans."""

from collections.abc import Callable, Iterator

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.accounts.place_forms import place_labels
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.matching.plans import panels
from exchange.matching.plans.forms import DefaultsForm, PlanForm
from exchange.matching.plans.kinds import UNFINISHED, PlanState
from exchange.matching.plans.labels import PRIORITIES, REASONS
from exchange.matching.plans.models import MatchingPlan
from exchange.matching.plans.queries import (
    PAGE,
    gap_counts,
    gap_reasons,
    items_of,
    places_of,
    plan_seen,
    plans_visible,
    queued_of,
    ready_plans,
    usual_choice,
)
from exchange.matching.plans.rules import may_discard, read_choice
from exchange.matching.plans.service import ask_for_plan, discard, release, set_defaults
from exchange.matching.plans.table_panels import gaps_table, pairs_table
from exchange.web.access import SUPERVISOR, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.asked import asked_id
from exchange.web.dates import local_day, local_moment
from exchange.web.forms import attempt
from exchange.web.sentences import sentence

bp = Blueprint("plans", __name__, url_prefix="/plans")
MOST_GAPS_SHOWN = 60
HINTS = {name: hint for name, _label, hint in PRIORITIES}


@bp.get("")
@access(SUPERVISOR)
def index() -> ResponseReturnValue:
    """Plans of the places I supervise, the newest first."""
    found = plans_visible(read_session(), current_actor(), asked_id("before"))
    older = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template(
        "matching/plans.html",
        lines=panels.plan_lines(found[:PAGE]),
        more=url_for("plans.index", before=older) if older else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@access(SUPERVISOR)
def new() -> ResponseReturnValue:
    """A new plan, or a variation of one."""
    session, actor = read_session(), current_actor()
    form = PlanForm()
    like = form.like.data if form.is_submitted() else request.args.get("like", "")
    origin = plan_seen(session, actor, like or "")
    form.offer_places(panels.places_to_plan(session, actor, origin.prefixes if origin else ()))
    if not form.is_submitted():
        _fill(form, origin)

    def work(act: Act) -> str:
        plan = ask_for_plan(
            act, form.name.data, form.divisions.data, form.choice, like=form.like.data or ""
        )
        return plan.public_id

    made = attempt(form, work)
    if made:
        flash(_("The plan is being computed. That takes seconds, for a whole city a few minutes."),
              "success")  # fmt: skip
        return redirect(url_for("plans.show", public_id=made))
    status = 422 if form.is_submitted() else 200
    return render_template("matching/plan_new.html", form=form, origin=origin, hints=HINTS), status


def _fill(form: PlanForm, origin: MatchingPlan | None) -> None:
    session, actor = read_session(), current_actor()
    if origin is None:
        form.show(usual_choice(session, actor.service_point_id)[0])
        form.name.data = _("Plan of %(day)s", day=local_day(house().clock.now()))
        form.divisions.data = [choice.value for choice in form.divisions.choices[:1]]
        return
    form.show(read_choice(origin.choice))
    form.name.data = _("%(name)s, varied", name=origin.name)[:80]
    form.divisions.data = list(origin.prefixes)
    form.like.data = origin.public_id


@bp.route("/defaults", methods=["GET", "POST"])
@access(SUPERVISOR)
def defaults() -> ResponseReturnValue:
    """What plans of our service point begin with."""
    session, actor = read_session(), current_actor()
    form = DefaultsForm()
    choice, version = usual_choice(session, actor.service_point_id)
    form.offer_places(panels.places_to_plan(session, actor, choice.remote_places))
    if not form.is_submitted():
        form.show(choice)
        form.version.data = str(version)

    def work(act: Act) -> bool:
        given = form.version.data or ""
        set_defaults(act, form.choice, int(given) if given.isdecimal() and len(given) < 9 else -1)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("plans.index"))
    status = 422 if form.is_submitted() else 200
    return render_template("matching/plan_defaults.html", form=form, hints=HINTS), status


@bp.get("/<public_id>")
@access(SUPERVISOR)
def show(public_id: str) -> ResponseReturnValue:
    """A plan: what it comes to, its pairs by township, and what stays unmet."""
    session, actor = read_session(), current_actor()
    plan = _plan(session, public_id)
    if plan.figures is None:
        return render_template("matching/plan.html", **_head(plan), ready=False)
    counts = places_of(session, plan.id)
    here = request.args.get("place") or ""
    codes = [one.code for one in counts]
    here = here if here in codes else (codes[0] if codes else "")
    after = asked_id("after")
    items = items_of(session, plan.id, here, -1 if after is None else min(after, 2**31 - 1))
    gaps = gap_counts(session, plan.id, MOST_GAPS_SHOWN + 1)
    more = len(items) > PAGE
    return render_template(
        "matching/plan.html",
        **_head(plan),
        ready=True,
        rows=panels.figure_rows([plan.figures, plan.simple_figures or plan.figures]),
        gain=panels.gain_percent(plan.figures, plan.simple_figures or plan.figures),
        chips=panels.place_chips(plan, counts, here),
        lines=panels.pair_lines(items[:PAGE]),
        more=url_for("plans.show", public_id=public_id, place=here, after=items[PAGE - 1].rank)
        + "#pairs" if more else None,
        gaps=panels.gap_rows(gaps[:MOST_GAPS_SHOWN]),
        more_gaps=len(gaps) > MOST_GAPS_SHOWN,
        reasons=[(REASONS[why], count) for why, count in gap_reasons(session, plan.id).items()],
        queued=queued_of(session, plan.id) if plan.released_at else None,
        skip_word=sentence,
        others=ready_plans(session, actor, plan.id),
    )  # fmt: skip


def _head(plan: MatchingPlan) -> dict[str, object]:
    places = place_labels(list(plan.prefixes))
    return {
        "plan": plan,
        "places": panels.short_places(plan, places),
        "state": panels.state_word(plan.state),
        "is_unfinished": plan.state in UNFINISHED,
        "may_release": plan.state is PlanState.READY,
        "may_discard": bool(may_discard(plan.state)),
        "choices": panels.choice_rows([plan]),
        "made": local_moment(plan.created_at),
        "released": local_moment(plan.released_at) if plan.released_at else "",
    }


@bp.get("/<public_id>/compare")
@access(SUPERVISOR)
def compare(public_id: str) -> ResponseReturnValue:
    """Two plans side by side."""
    session = read_session()
    plan = _plan(session, public_id)
    other = _plan(session, request.args.get("with", ""))
    if plan.figures is None or other.figures is None:
        raise NotFound
    both = [plan, other]
    labels = place_labels([code for one in both for code in one.prefixes])
    return render_template(
        "matching/plan_compare.html",
        plans=both,
        places=[panels.short_places(one, labels) for one in both],
        rows=panels.figure_rows([plan.figures, other.figures]),
        choices=panels.choice_rows(both),
    )


@bp.post("/<public_id>/release")
@access(SUPERVISOR)
def release_plan(public_id: str) -> ResponseReturnValue:
    """Hand the pairs to the brokers of the places."""
    done = _("Released. The pairs appear in the stations' lists for today within a minute.")
    return _tap(public_id, lambda act: release(act, public_id), done)


@bp.post("/<public_id>/discard")
@access(SUPERVISOR)
def discard_plan(public_id: str) -> ResponseReturnValue:
    """Give a plan up."""
    return _tap(public_id, lambda act: discard(act, public_id), _("The plan is given up."))


def _tap(public_id: str, work: Callable[[Act], None], done: str) -> ResponseReturnValue:
    try:
        with acting() as act:
            work(act)
        flash(done, "success")
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    return redirect(url_for("plans.show", public_id=public_id))


@bp.get("/<public_id>/<any(pairs, gaps):what>.csv")
@access(SUPERVISOR)
def table(public_id: str, what: str) -> ResponseReturnValue:
    """The pairs, or what stays unmet, for a spreadsheet."""
    session = read_session()
    plan = _plan(session, public_id)
    made: Callable[[Session, MatchingPlan], Iterator[str]]
    made = pairs_table if what == "pairs" else gaps_table
    lines = _closing(session, made(session, plan))
    answer = Response(stream_with_context(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="plan-{what}.csv"'
    return answer


def _closing(session: Session, lines: Iterator[str]) -> Iterator[str]:
    """The lines; then the session is closed, which has been used after the request's own end."""
    try:
        yield from lines
    finally:
        session.close()


def _plan(session: Session, public_id: str) -> MatchingPlan:
    plan = plan_seen(session, current_actor(), public_id)
    if plan is None:
        raise NotFound
    return plan
