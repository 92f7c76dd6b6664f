"""The public pages of trainings, and what a volunteer does there."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.place_forms import place_label
from exchange.geography.place_search import resolve_place
from exchange.geography.rules import COUNTY_DIGITS, is_code
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.volunteering.attempting import number
from exchange.volunteering.permissions import may_run, sees_people
from exchange.volunteering.queries import seen_activity
from exchange.volunteering.readers import reader
from exchange.volunteering.showing import Reader
from exchange.volunteering.training.completing_service import Answered, answer_questions
from exchange.volunteering.training.forms import chosen_answers
from exchange.volunteering.training.kinds import MaterialKind, TrainingState
from exchange.volunteering.training.labels import WAY_LABELS
from exchange.volunteering.training.models import Training, TrainingMaterial
from exchange.volunteering.training.permissions import may_do
from exchange.volunteering.training.queries import (
    WantedTraining,
    open_trainings,
    seen_material,
    seen_training,
)
from exchange.volunteering.training.showing import people_lines, training_cards, training_page
from exchange.volunteering.views import Chip, page_number
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import day_here, day_in_address, local_day
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("trainings", __name__)
LONGEST_TYPED = 80


@bp.get("/trainings")
@access(PUBLIC)
def index() -> ResponseReturnValue:
    """Trainings on offer: those with a date ahead first; narrowed by place, day, at home."""
    session, who, page = read_session(), reader(), page_number()
    wanted, offers = _wanted(who)
    rows, more = open_trainings(session, who.actor, wanted, _span(wanted), who.now, page)
    kept = {name: value for name, value in _parameters(wanted).items() if value}
    owner_id = who.actor.organisation_id
    return render_template(
        "volunteering/trainings.html",
        cards=training_cards(session, who, rows), wanted=wanted, offers=offers,
        chips=_chips(wanted, kept, who.actor.division or ""),
        typed=request.args.get("division_text", "")[:LONGEST_TYPED],
        place_name=place_label(wanted.division), near=who.actor.division or "",
        prev_url=_url({**kept, "page": str(page - 1)}) if page > 1 else None,
        next_url=_url({**kept, "page": str(page + 1)}) if more else None,
        may_begin=owner_id is not None and may_run(who.actor, owner_id), today=who.today,
    )  # fmt: skip


def _wanted(who: Reader) -> tuple[WantedTraining, tuple[tuple[str, str], ...]]:
    """What the address asks for; what makes no sense is left out. Beside it the places that a
    typed name may mean.
    """
    given = request.args
    code, typed = given.get("division", ""), given.get("division_text")
    offers: tuple[tuple[str, str], ...] = ()
    if not is_code(code) or not place_label(code):
        code = ""
    if typed is not None and typed.strip() != place_label(code):
        words = typed.strip()[:LONGEST_TYPED]
        found = resolve_place(read_session(), words, who.actor.division) if words else ()
        codes = [one.code for one in found]
        code = code if code in codes else codes[0] if len(codes) == 1 else ""
        if not code:
            offers = tuple((one, place_label(one)) for one in codes[:6])
    day = day_in_address(given.get("day", ""))
    return WantedTraining(code, given.get("at_home") == "1", day), offers


def _span(wanted: WantedTraining) -> tuple[datetime, datetime] | None:
    if wanted.day is None:
        return None
    begins = datetime.combine(wanted.day, time(), ZoneInfo(house().settings.time_zone))
    return begins, begins + timedelta(days=1)


def _parameters(wanted: WantedTraining) -> dict[str, str]:
    return {
        "division": wanted.division,
        "day": wanted.day.isoformat() if wanted.day else "",
        "at_home": "1" if wanted.at_home else "",
    }


def _url(values: dict[str, str]) -> str:
    chosen: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for("trainings.index", **chosen)


def _chips(wanted: WantedTraining, kept: dict[str, str], near: str) -> list[Chip]:
    labels = {
        "division": place_label(wanted.division),
        "day": day_here(wanted.day) if wanted.day else "",
        "at_home": _("Can be done at home"),
    }
    chips = [
        Chip(_url({**kept, name: ""}), label, active=True, removes=True)
        for name, label in labels.items()
        if name in kept
    ]
    if "at_home" not in kept:
        chips.append(Chip(_url({**kept, "at_home": "1"}), labels["at_home"]))
    if near and "division" not in kept:
        chips.append(Chip(_url({**kept, "division": near[:COUNTY_DIGITS]}), _("In my county")))
    return chips


@bp.get("/trainings/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """A training: what one learns, the materials with their sizes, the dates."""
    session, who = read_session(), reader()
    training = seen_training(session, who.actor, public_id)
    return render_template(
        "volunteering/training.html",
        page=training_page(session, who, training), training=training, ways=WAY_LABELS,
    )  # fmt: skip


@bp.get("/trainings/<public_id>/materials/<material>")
@access(PUBLIC)
def material(public_id: str, material: str) -> ResponseReturnValue:
    """A page that was written here: to read, to print, to keep on the phone."""
    training, found = _page(public_id, material)
    return render_template(
        "volunteering/training_text.html",
        training=training, material=found, changed=local_day(found.updated_at),
    )  # fmt: skip


@bp.get("/trainings/<public_id>/materials/<material>/file")
@access(PUBLIC)
def keep(public_id: str, material: str) -> ResponseReturnValue:
    """The same page as one file that opens without a network."""
    training, found = _page(public_id, material)
    text = render_template(
        "volunteering/training_offline.html",
        training=training, material=found, changed=local_day(found.updated_at),
        language="zh-Hans" if training.lang == "zh" else training.lang,
        address=url_for("trainings.show", public_id=public_id, _external=True),
    )  # fmt: skip
    answer = Response(text, mimetype="text/html")
    name = f"{training.public_id}-{found.public_id}.html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _page(public_id: str, material: str) -> tuple[Training, TrainingMaterial]:
    training, found = seen_material(read_session(), current_actor(), public_id, material)
    if found.kind is not MaterialKind.TEXT:
        raise NotFound
    return training, found


@bp.route("/trainings/<public_id>/questions", methods=["GET", "POST"])
@access(SIGNED_IN)
def questions(public_id: str) -> ResponseReturnValue:
    """The questions, for whoever does the training at home."""
    training = seen_training(read_session(), current_actor(), public_id)
    if not training.questions or training.state is not TrainingState.PUBLISHED:
        raise NotFound
    if not may_do(current_actor(), training):
        raise Forbidden("training_members_only")
    if request.method == "POST":
        return _answered(public_id, training)
    return _questions_page(training, [None] * len(training.questions))


def _answered(public_id: str, training: Training) -> ResponseReturnValue:
    chosen = chosen_answers(request.form, len(training.questions))
    version = number(request.form.get("version"))
    try:
        with acting() as act:
            found = seen_training(act.session, act.actor, public_id)
            answered = answer_questions(act, found, chosen, version)
    except (Conflict, Invalid) as error:
        again = seen_training(read_session(), current_actor(), public_id)
        return _questions_page(again, chosen, sentence(error.code, error.params)), 422
    flash(_told(answered), "success" if answered.passed else "warning")
    return redirect(url_for("trainings.show", public_id=public_id))


def _told(answered: Answered) -> str:
    values = {"right": answered.right, "asked": answered.asked, "needed": answered.needed}
    if answered.passed:
        return str(_("%(right)s of %(asked)s right: you have completed this training.", **values))
    return str(
        _(
            "%(right)s of %(asked)s right, %(needed)s are needed. Please read the materials again, "
            "then try once more.",
            **values,
        )
    )


def _questions_page(training: Training, chosen: list[int | None], refused: str = "") -> str:
    return render_template(
        "volunteering/training_questions.html",
        training=training, chosen=chosen, refused=refused,
    )  # fmt: skip


@bp.get("/activities/<public_id>/trainings")
@access(SIGNED_IN)
def people(public_id: str) -> ResponseReturnValue:
    """Who comes to an activity, with what they have completed and lack; also on paper."""
    session, who = read_session(), reader()
    activity = seen_activity(session, who.actor, public_id)
    if not sees_people(who.actor, activity):
        raise Forbidden("activity_not_yours")
    asked, lines = people_lines(session, who, activity.id)
    return render_template(
        "volunteering/training_people.html",
        activity=activity, asked=asked, lines=lines, day=day_here(who.today),
        joint="、" if locale_code() == "zh" else ", ",
    )  # fmt: skip
