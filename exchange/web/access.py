"""Every view says who may open it; one that does not say is refused, and a test finds it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

from exchange.kernel.actor import Actor
from exchange.kernel.errors import Forbidden, SignInNeeded
from exchange.web.acting import current_actor

F = TypeVar("F", bound=Callable[..., Any])
UNDECLARED_ALLOWED = frozenset({"static"})


@dataclass(frozen=True)
class Access:
    """A named rule about the actor alone; object-level checks stand in the services."""

    name: str
    allows: Callable[[Actor], bool]


PUBLIC = Access("public", lambda _actor: True)
SIGNED_IN = Access("signed in", lambda actor: actor.is_signed_in)
BROKER = Access("broker", lambda actor: actor.is_broker)
SUPERVISOR = Access("supervisor", lambda actor: bool(actor.supervises))
BROKER_OR_OPERATOR = Access(
    "broker or operator", lambda actor: actor.is_broker or actor.is_operator
)
OPERATOR = Access("operator", lambda actor: actor.is_operator)


def access(rule: Access) -> Callable[[F], F]:
    """Declare who may open a view."""

    def declare(view: F) -> F:
        view.__access__ = rule  # type: ignore[attr-defined]  # the declaration the check reads
        return view

    return declare


def rule_of(app: Flask, endpoint: str, method: str) -> Access | None:
    """The declared rule of an endpoint, also of a method of a class-based view."""
    view = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    target = getattr(view_class, method.lower(), view) if view_class else view
    rule = getattr(target, "__access__", None) or getattr(view, "__access__", None)
    return rule if isinstance(rule, Access) else None


def install(app: Flask) -> None:
    """Check the rule before every request."""
    app.before_request(_check)


def _check() -> None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in UNDECLARED_ALLOWED or request.method == "OPTIONS":
        return
    rule = rule_of(current_app, endpoint, "GET" if request.method == "HEAD" else request.method)
    if rule is None:
        raise Forbidden("undeclared_view")
    if rule is PUBLIC:
        return
    actor = current_actor()
    if not actor.is_signed_in:
        raise SignInNeeded
    if not rule.allows(actor):
        raise Forbidden("not_your_role")
