"""The API's own pages: what it is, its document, and what each kind of problem means."""

from flask import Blueprint, Response, current_app, json, jsonify, render_template
from flask.typing import ResponseReturnValue

from exchange.api.documents import METHODS, document
from exchange.api.problems import said
from exchange.kernel.errors import NotFound
from exchange.web.access import PUBLIC, access
from exchange.web.sentences import SENTENCES

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.get("/")
@access(PUBLIC)
def home() -> ResponseReturnValue:
    """What programs can do here, for the people who write them."""
    made = document(current_app)
    operations = [
        (method.upper(), path, item[method].get("summary", ""), {} in item[method]["security"])
        for path, item in made["paths"].items()
        for method in METHODS
        if method in item
    ]
    return render_template("api/index.html", operations=operations)


@bp.get("/openapi.json")
@access(PUBLIC)
def openapi() -> ResponseReturnValue:
    """The OpenAPI document."""
    text = json.dumps(document(current_app), ensure_ascii=False, sort_keys=False)
    return Response(text, content_type="application/json")


@bp.get("/problems/<code>")
@access(PUBLIC)
def problem_type(code: str) -> ResponseReturnValue:
    """What a problem's code means."""
    known = next((one for one in (f"api_{code}", code) if one in SENTENCES), None)
    if known is None:
        raise NotFound
    return jsonify(code=code, detail=said(known, {}))
