"""Language and reading comfort, for everybody."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from exchange.web.access import PUBLIC, access
from exchange.web.acting import house
from exchange.web.locale import LOCALES
from exchange.web.specimens import SpecimenForm

bp = Blueprint("web", __name__)


def safe_next(target: str | None, fallback: str = "/") -> str:
    """A path on this site, or the fallback: never an address elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    try:
        parts = urlsplit(target)
    except ValueError:
        return fallback
    return target if not parts.scheme and not parts.netloc and "\\" not in target else fallback


@bp.get("/locale/<code>")
@access(PUBLIC)
def set_locale(code: str) -> ResponseReturnValue:
    """Remember the language for this browser."""
    if code not in LOCALES:
        abort(404)
    session["locale"] = code
    session.permanent = True
    return redirect(safe_next(request.args.get("next")))


@bp.get("/care/<state>")
@access(PUBLIC)
def set_care(state: str) -> ResponseReturnValue:
    """Larger type and targets, on or off, for this browser."""
    session["care"] = state == "on"
    session.permanent = True
    return redirect(safe_next(request.args.get("next")))


@bp.get("/style")
@access(PUBLIC)
def style() -> ResponseReturnValue:
    """The components of the interface, for developers."""
    if house().settings.env != "development":
        abort(404)
    return render_template("web/style.html", form=SpecimenForm(formdata=None))
