"""Named errors. Services raise them; one handler in web and one in api turn them into an answer.

``code`` is stable and machine-readable; ``params`` are plain values for the sentence that the
door makes of it in the reader's language.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class ExchangeError(Exception):
    """Any refusal that a person can be told about."""

    status: ClassVar[int] = 400
    code: str = "error"

    def __init__(self, code: str | None = None, /, **params: Any) -> None:
        self.code = code or type(self).code
        self.params: Mapping[str, Any] = params
        super().__init__(self.code)


class NotFound(ExchangeError):
    """It does not exist, or the actor may not know that it does."""

    status = 404
    code = "not_found"


class Forbidden(ExchangeError):
    """The actor may know that it exists but may not do this."""

    status = 403
    code = "forbidden"


class SignInNeeded(ExchangeError):
    """Nobody is signed in and the act needs somebody."""

    status = 401
    code = "sign_in_needed"


class Conflict(ExchangeError):
    """The state does not allow the act (any more), for example after somebody else acted first."""

    status = 409
    code = "conflict"


class Invalid(ExchangeError):
    """A value is refused. ``fields`` maps a field's name to error codes."""

    status = 422
    code = "invalid"

    def __init__(
        self,
        code: str | None = None,
        /,
        fields: Mapping[str, list[str]] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code, **params)
        self.fields: Mapping[str, list[str]] = fields or {}


class TooMany(ExchangeError):
    """A rate limit was reached; ``retry_after`` in seconds is among the params."""

    status = 429
    code = "too_many"


class ConfigurationError(Exception):
    """The configuration is not safe or not complete: the program refuses to start."""
