"""Named errors become a page in the reader's language (or problem+json for the API's paths)."""

from collections.abc import Mapping

import structlog
from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from exchange.kernel.errors import ExchangeError, SignInNeeded
from exchange.web.locale import is_api_request
from exchange.web.logs import request_id
from exchange.web.sentences import sentence
from exchange.web.views import safe_next

log = structlog.get_logger(__name__)
PROBLEM = "exchange.problem"
PAGES = {400, 403, 404, 409, 413, 429, 500, 503}


def install(app: Flask) -> None:
    """One handler for named errors, one for HTTP errors, one for everything else."""
    app.register_error_handler(ExchangeError, _named)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def error_page(
    status: int, code: str, params: Mapping[str, object] | None = None
) -> ResponseReturnValue:
    """Render an error page with a sentence and the way on; ``back`` is where the person was."""
    if status < 500 and _asked_from_a_page():
        return _said_there(sentence(code, params))
    template = f"errors/{status if status in PAGES else 400}.html"
    message = sentence(code, params)
    page = render_template(
        template, message=message, request_id=request_id(), status=status, back=_page_before()
    )
    return page, status


def _asked_from_a_page() -> bool:
    """Whether a part of a page asked and awaits a part; what saves by itself says so itself."""
    return "HX-Request" in request.headers and "X-Saves-Itself" not in request.headers


def _said_there(message: str) -> ResponseReturnValue:
    """The sentence among the messages of the page, which stays. An answer of success, since htmx
    shows no other.
    """
    headers = {
        "HX-Retarget": "#flashes",
        "HX-Reswap": "innerHTML show:window:top",
        "HX-Reselect": ".flash",
        "Cache-Control": "no-store",
    }
    return render_template("errors/_said.html", message=message), 200, headers


def _page_before() -> str:
    """The page of this site from which the request came; empty when there is none."""
    before = request.referrer or ""
    return safe_next(before.removeprefix(request.host_url.rstrip("/")), "")


def _for_program(error: Exception) -> ResponseReturnValue | None:
    """The answer of the API, where a program asks; None where a person does."""
    problem = current_app.extensions.get(PROBLEM) if is_api_request() else None
    answer: ResponseReturnValue | None = problem(error) if problem else None
    return answer


def _named(error: ExchangeError) -> ResponseReturnValue:
    problem = _for_program(error)
    if problem is not None:
        return problem
    if isinstance(error, SignInNeeded) and "accounts.sign_in" in current_app.view_functions:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=back))
    answer = error_page(error.status, error.code, error.params)
    if error.status == 429 and isinstance(answer, tuple) and answer[1] == 429:
        return answer[0], 429, {"Retry-After": str(error.params.get("retry_after", 60))}
    return answer


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, "page_too_old")


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    problem = _for_program(error)
    if problem is not None:
        return problem
    page = _page_above() if error.code == 405 and request.method == "GET" else ""
    return redirect(page) if page else error_page(error.code, f"http_{error.code}")


def _page_above() -> str:
    """The nearest page above an address that only takes what is sent: of a refused form that was
    opened once more, or read in another language. Empty when there is none below the first page.
    """
    routes = current_app.create_url_adapter(request)
    path = request.path.rstrip("/").rpartition("/")[0]
    while routes and path:
        if routes.test(path, "GET"):
            return path
        path = path.rpartition("/")[0]
    return ""


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected", endpoint=request.endpoint, error=type(error).__name__, exc_info=error)
    problem = _for_program(error)
    if problem is not None:
        return problem
    return error_page(500, "http_500")
