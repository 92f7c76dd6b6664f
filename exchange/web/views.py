"""Language and reading comfort, for everybody."""

import re

from flask import Blueprint, abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from exchange.web.access import PUBLIC, access
from exchange.web.acting import house
from exchange.web.locale import LOCALES
from exchange.web.specimens import SpecimenForm

bp = Blueprint("web", __name__)
# One slash, then neither a backslash nor what browsers leave out of an address or headers refuse.
PATH_HERE = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f-\x9f\ud800-\udfff]*")


def safe_next(target: str | None, fallback: str = "/") -> str:
    """A path on this site, or the fallback: never an address elsewhere."""
    return target if target and PATH_HERE.fullmatch(target) else fallback


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
