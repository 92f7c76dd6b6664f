"""What villagers open: the questions by link, without signing in. Large type, plain words.

The act that takes an answer carries no address: nothing is kept of who, when and from where.
"""

from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from exchange.accounts.links.panels import HEADERS, NO_FRAME
from exchange.kernel.act import open_act
from exchange.kernel.actor import VISITOR
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.views import today
from exchange.projects.evaluation.forms import SurveyForm
from exchange.projects.evaluation.kinds import RoundState
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.queries import round_by_code
from exchange.projects.evaluation.survey_service import answer_by_link, asks_by_link, has_answered
from exchange.projects.permissions import can_see
from exchange.web.access import PUBLIC, access
from exchange.web.acting import house, read_session
from exchange.web.sentences import sentence
from exchange.web.throttle import Limit, count_try, visitor_key

bp = Blueprint("survey", __name__)
ADDRESS = "/v/<string(maxlength=20):code>"
COOKIE = "survey_device"
KEPT = timedelta(days=150)
WRONG = Limit("survey.wrong", 40, timedelta(minutes=15))
SENT = Limit("survey.sent", 120, timedelta(hours=1))  # a village may share one address
PAGE = "projects/evaluation/survey.html"


@bp.get(ADDRESS)
@access(PUBLIC)
def ask(code: str) -> ResponseReturnValue:
    """The questions, or why there are none."""
    found = round_by_code(read_session(), code)
    if found is None:
        return _unknown()
    if not asks_by_link(found, today()):
        return _closed(found)
    if has_answered(read_session(), house(), found, _device()):
        return _page(200, found=found, form=None, thanks=True)
    return _remembered(_page(200, found=found, form=SurveyForm(formdata=None)), code)


@bp.post(ADDRESS)
@access(PUBLIC)
def answer(code: str) -> ResponseReturnValue:
    """Take one answer of this device."""
    count_try(SENT, visitor_key())
    found, form = round_by_code(read_session(), code), SurveyForm()
    if found is None:
        return _unknown()
    if not asks_by_link(found, today()):
        return _closed(found, 409)
    if not form.validate_on_submit():
        return _page(422, found=found, form=form)
    if not _device():
        again = _page(422, found=found, form=form, refused=sentence("survey_once_more"))
        return _remembered(again, code)
    try:
        with open_act(house(), read_session, VISITOR, origin="survey") as act:
            answer_by_link(
                act, code, _device(), form.given, form.words.data or "",
                is_old_enough=bool(form.adult.data),
            )  # fmt: skip
    except Invalid as error:
        form.take_refusal(error)
        return _page(422, found=round_by_code(read_session(), code), form=form)
    except Conflict:
        return _closed(found, 409)
    return redirect(request.path, 303)


def _device() -> str:
    kept = request.cookies.get(COOKIE, "")
    return kept if kept.isalnum() and kept.isascii() and len(kept) <= 28 else ""


def _remembered(response: Response, code: str) -> Response:
    """A random number on the device, for this survey alone."""
    if not _device():
        response.set_cookie(
            COOKIE, new_public_id() + new_public_id(), max_age=KEPT, path=f"/v/{code}",
            secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")), httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response


def _unknown() -> Response:
    count_try(WRONG, visitor_key())
    return _page(404, closed=sentence("survey_unknown"))


def _closed(found: EvaluationRound, status: int = 200) -> Response:
    public = can_see(VISITOR, found.project) and found.state is RoundState.CLOSED
    return _page(
        status, closed=sentence("survey_not_open"), results=found.project if public else None
    )


def _page(status: int, **values: object) -> Response:
    shown = {"found": None, "form": None, "thanks": False, "closed": "", "refused": "",
             "results": None}  # fmt: skip
    text = render_template(PAGE, **{**NO_FRAME, **shown, **values})
    response = make_response(text, status)
    response.headers.update(HEADERS)
    return response
