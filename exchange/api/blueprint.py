"""The blueprint of a room's operations: typed, exempt from CSRF, limited, and read strictly."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from exchange.api.authentication import check_scope
from exchange.api.limits import count_this_request
from exchange.api.parsing import StrictParser
from exchange.web.security import csrf

F = TypeVar("F", bound=Callable[..., Any])
SchemaLike = Schema | type[Schema]
PREFIX = "/api/v1"
LARGEST_BODY = 1_000_000


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest is untyped
    """Operations of one room. Views take what ``arguments`` read as their last parameters.

    With ``takes_files`` bodies may be as large as those of pages that take files.
    """

    ARGUMENTS_PARSER = StrictParser()

    def __init__(
        self, name: str, import_name: str, *, title: str, description: str,
        takes_files: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(name, import_name, url_prefix=PREFIX, description=description)
        self.title = title
        csrf.exempt(self)
        self.before_request(_prepare_files if takes_files else _prepare)

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Register a view under a rule."""
        made: Callable[[F], F] = super().route(rule, **options)
        return made

    def get(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Register a view that reads."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Register a view that does something."""
        return self.route(rule, methods=["POST"], **options)

    def patch(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Register a view that changes a part."""
        return self.route(rule, methods=["PATCH"], **options)

    def delete(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Register a view that takes something away."""
        return self.route(rule, methods=["DELETE"], **options)

    def body(self, schema: SchemaLike, example: dict[str, Any] | None = None) -> Callable[[F], F]:
        """Hand the JSON body to the view, read with the schema."""
        made: Callable[[F], F] = super().arguments(schema, location="json", example=example)
        return made

    def query(self, schema: SchemaLike) -> Callable[[F], F]:
        """Hand the parameters of the address to the view, read with the schema."""
        made: Callable[[F], F] = super().arguments(schema, location="query")
        return made

    def form(self, schema: SchemaLike) -> Callable[[F], F]:
        """Hand the fields of a multipart body to the view, read with the schema."""
        made: Callable[[F], F] = super().arguments(schema, location="form")
        return made

    def files(self, schema: SchemaLike) -> Callable[[F], F]:
        """Hand the files of a multipart body to the view."""
        made: Callable[[F], F] = super().arguments(schema, location="files")
        return made

    def answers(self, status: int, schema: SchemaLike, description: str) -> Callable[[F], F]:
        """Write what the view returns with the schema."""
        made: Callable[[F], F] = super().response(status, schema, description=description)
        return made

    def answers_nothing(self, description: str) -> Callable[[F], F]:
        """Answer 204 without a body."""
        made: Callable[[F], F] = super().response(204, description=description)
        return made

    def also_answers(self, status: int, schema: SchemaLike, description: str) -> Callable[[F], F]:
        """Document another good answer."""
        made: Callable[[F], F] = super().alt_response(
            status, schema=schema, description=description, success=True
        )
        return made

    def register_views_in_doc(self, *_given: Any, **_options: Any) -> None:
        """Nothing yet: describing every operation takes longer than the rest of a start."""

    def describe(self, app: Flask, api: Api) -> None:
        """Add the operations to the API's document."""
        super().register_views_in_doc(api, app, api.spec, name=self.name, parameters=None)


def _prepare() -> None:
    request.max_content_length = LARGEST_BODY
    _prepare_files()


def _prepare_files() -> None:
    """As large as the site allows."""
    count_this_request()
    check_scope()
