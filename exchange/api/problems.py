"""Errors of the API as problem details (RFC 9457), in the reader's language.

``code`` is stable and for programs; ``title`` names the kind of problem, ``detail`` says what is
wrong this time, ``errors`` holds codes and sentences by the path of the field.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, json, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from exchange.kernel.errors import ExchangeError, Invalid
from exchange.web.error_pages import PROBLEM
from exchange.web.locale import API_PREFIX, locale_code
from exchange.web.logs import request_id
from exchange.web.sentences import SENTENCES as KNOWN
from exchange.web.sentences import spoken

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/problems/"
TITLES: dict[int, Any] = {
    400: _l("The request cannot be understood"),
    401: _l("A valid token is needed"),
    403: _l("Not allowed"),
    404: _l("Not found"),
    405: _l("This method is not possible here"),
    409: _l("The present state does not allow this"),
    412: _l("It has changed meanwhile"),
    413: _l("Too large"),
    415: _l("Please send JSON"),
    422: _l("Some values are refused"),
    429: _l("Too many requests"),
    500: _l("Something broke on our side"),
    503: _l("Not available for a moment"),
}
SENTENCES: dict[str, Any] = {
    "token_needed": _l("Please send a token: Authorization: Bearer vre_…"),
    "token_invalid": _l("This token is unknown, has expired or was taken back."),
    "token_read_only": _l("This token may only read."),
    "api_http_400": _l("Please send a request as the document of the API describes it."),
    "api_http_404": _l("There is nothing under this address, or not for you."),
    "api_http_405": _l("This address exists, but not for this method."),
    "api_http_413": _l("The body of the request is too large."),
    "api_http_415": _l("The body needs the content type application/json."),
    "json_unreadable": _l("The body is not JSON that we can read."),
    "quantity_too_fine": _l("At most three decimals, please."),
    "unknown_reference": _l("There is no such thing, or not for you."),
    "field_null": _l("This field may not be null."),
    "field_type": _l("This value has the wrong type."),
    "field_unknown": _l("There is no such field."),
    "field_choice": _l("This is none of the possible values."),
    "field_range": _l("This number is out of range."),
    "field_day": _l("This day cannot be right."),
    "field_length": _l("This is too short or too long."),
    "field_form": _l("This value does not have the right form."),
    "changed_since": _l("It is not the version that your If-Match names any more."),
}


class PreconditionFailed(ExchangeError):
    """The version that the caller named is not the present one."""

    status = 412
    code = "changed_since"


class MediaType(ExchangeError):
    """The body is not JSON by its own account."""

    status = 415
    code = "api_http_415"


class Unreadable(ExchangeError):
    """The body cannot be read."""

    status = 400
    code = "json_unreadable"


class _Gaps(dict[str, Any]):
    """Values of a sentence; what is not known becomes an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def install(app: Flask) -> None:
    """Answer every error below /api/ as a problem, and say which language an answer is in."""
    app.extensions[PROBLEM] = problem
    app.after_request(_language)


def said(code: str, params: Mapping[str, Any]) -> str:
    """The sentence for a code; an unknown code gets the general one."""
    text = str(KNOWN.get(code, KNOWN["error"]))
    return text % _Gaps(spoken(params)) if "%(" in text else text


def problem(error: Exception) -> Response:
    """The answer for an error."""
    if isinstance(error, ExchangeError):
        return _of_named(error)
    if isinstance(error, HTTPException) and error.code:
        return _of_http(error)
    return _answer(500, "http_500", {})


def _of_named(error: ExchangeError) -> Response:
    fields = error.fields if isinstance(error, Invalid) else {}
    code = "api_http_404" if error.code == "not_found" else error.code
    code = "token_needed" if code == "sign_in_needed" else code
    answer = _answer(error.status, code, error.params, fields)
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if error.status == 429:
        answer.headers["Retry-After"] = str(error.params.get("retry_after", 60))
    return answer


def _of_http(error: HTTPException) -> Response:
    status = error.code or 500
    code = f"api_http_{status}"
    answer = _answer(status, code if code in SENTENCES else f"http_{status}", {})
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _answer(
    status: int,
    code: str,
    params: Mapping[str, Any],
    fields: Mapping[str, list[str]] | None = None,
) -> Response:
    public = code.removeprefix("api_")
    body: dict[str, Any] = {
        "type": f"{TYPES}{public}",
        "title": str(TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": said(code, params),
        "code": public,
        "request_id": request_id(),
    }
    if fields:
        body["errors"] = {
            name: [{"code": one, "detail": said(one, params)} for one in codes]
            for name, codes in fields.items()
        }
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=MEDIA_TYPE)


def _language(response: Response) -> Response:
    if request.path.startswith(API_PREFIX) and str(response.mimetype).endswith("json"):
        response.headers.setdefault("Content-Language", locale_code())
        response.vary.update(("Accept-Language", "Authorization"))
    return response
