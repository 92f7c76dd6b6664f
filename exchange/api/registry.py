"""The API of the application: later rooms register their operations here."""

from http import HTTPStatus
from typing import cast

from flask import Flask
from flask_smorest import Api
from marshmallow import fields
from werkzeug.routing import BaseConverter

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import ApiSchema, Quantity
from exchange.api.problems import MEDIA_TYPE, TITLES

EXTENSION = "exchange.api"
VERSION = "v1"
OPENAPI = "3.1.0"


class PublicId(BaseConverter):
    """A public id: small letters and digits. Anything else is no address."""

    regex = "[0-9a-z]{1,20}"


class DivisionCode(BaseConverter):
    """A division code."""

    regex = "[0-9]{2,12}"


class FieldErrorSchema(ApiSchema):
    """What is wrong with one field."""

    code = fields.String(required=True, metadata={"example": "required"})
    detail = fields.String(required=True, metadata={"example": "Please fill this in."})


class ProblemSchema(ApiSchema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True, metadata={"example": "/api/v1/problems/invalid"})
    title = fields.String(required=True, metadata={"example": "Some values are refused"})
    status = fields.Integer(required=True, metadata={"example": 422})
    detail = fields.String(required=True, metadata={"example": "Please look at these points."})
    code = fields.String(
        required=True, metadata={"description": "Stable, for programs.", "example": "invalid"}
    )
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(FieldErrorSchema)),
        metadata={"description": "By the path of the field."},
    )
    request_id = fields.String(
        required=True, metadata={"description": "To name when you report a fault."}
    )


class HouseApi(Api):  # type: ignore[misc]  # flask-smorest is untyped
    """flask-smorest's API with our own error answers; it serves no pages of its own."""

    ERROR_SCHEMA = ProblemSchema
    blueprints: list[ApiBlueprint]

    def _register_error_handlers(self) -> None:
        """Errors have one handler each, in web."""

    def _register_responses(self) -> None:
        """The error answers that operations refer to."""
        for name, description in responses().items():
            content = {MEDIA_TYPE: {"schema": ProblemSchema}}
            self.spec.components.response(
                name, {"description": description, "content": content}, lazy=True
            )


def responses() -> dict[str, str]:
    """The names of the error answers, with what they stand for."""
    names = {f"PROBLEM_{status}": HTTPStatus(status).phrase for status in TITLES}
    refused = names["PROBLEM_422"]
    return {
        **names,
        "UNPROCESSABLE_ENTITY": refused,
        "UNPROCESSABLE_CONTENT": refused,
        "DEFAULT_ERROR": "Any other problem",
    }


def install(app: Flask) -> None:
    """Make the API ready for the rooms."""
    app.config.update(API_TITLE="Village Resource Exchange", API_VERSION=VERSION)
    app.config.update(OPENAPI_VERSION=OPENAPI, OPENAPI_URL_PREFIX=None)
    app.url_map.converters.update(public_id=PublicId, division_code=DivisionCode)
    api = HouseApi(app)
    api.blueprints = []
    api.register_converter(PublicId, lambda _c: {"type": "string", "pattern": PublicId.regex})
    api.register_converter(DivisionCode, lambda _c: {"type": "string", "pattern": "^[0-9]{2,12}$"})
    api.register_field(Quantity, "number", None)
    app.extensions[EXTENSION] = api


def api_of(app: Flask) -> HouseApi:
    """The API of an application."""
    return cast("HouseApi", app.extensions[EXTENSION])


def register_blueprint(app: Flask, blueprint: ApiBlueprint) -> None:
    """Add a room's operations to the API and to its document."""
    api = api_of(app)
    api.register_blueprint(blueprint)
    api.blueprints.append(blueprint)
