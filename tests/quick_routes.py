"""Every test builds an application with some seven hundred rules; what Werkzeug compiles for a rule
depends on the rule alone, and nine tenths of the time go there. So it is compiled once for a run.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing.rules import Rule

Build = Callable[..., tuple[str, str]]
COMPILED: dict[tuple[Any, ...], Build] = {}


def compile_rules_once() -> None:
    """From now on equal rules of all applications share the functions that build addresses."""
    compiled = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Build:
        defaults = repr(sorted((rule.defaults or {}).items()))
        key = (rule.rule, tuple(rule._trace), defaults, append_unknown)
        if key not in COMPILED:
            COMPILED[key] = compiled(rule, append_unknown)
        return COMPILED[key]

    Rule._compile_builder = once  # type: ignore[method-assign, assignment] # there is no other way in
