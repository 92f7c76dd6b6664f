"""Every test builds an application with some eight hundred rules; to parse, compile and sort them
takes three quarters of that time. Applications with equal rules share what came of it.
"""

from threading import RLock
from typing import Any

from flask import Flask
from werkzeug.routing import Map, Rule
from werkzeug.routing.matcher import StateMachineMatcher
from werkzeug.routing.rules import RuleFactory

Key = tuple[Any, ...]
Settled = tuple[StateMachineMatcher, dict[Any, list[Rule]]]
SETTLED: dict[tuple[Key, ...], Settled] = {}
SETTLING = RLock()
SAID = (
    "rule", "endpoint", "subdomain", "host", "strict_slashes", "merge_slashes", "redirect_to",
    "build_only", "alias", "websocket", "provide_automatic_options",
)  # fmt: skip


def share_rules() -> None:
    """From now on applications of this process look for the rules of an earlier one."""
    Flask.url_map_class = SharingMap


class SharingMap(Map):
    """Waits with its rules until it is asked for one of them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._added: list[Rule] = []
        self._is_settled = True
        super().__init__(*args, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        """Note the rule down."""
        self._added.extend(rulefactory.get_rules(self))
        self._is_settled, self._remap = False, True

    def update(self) -> None:
        """Take over what an equal sequence of rules has become before, or make it."""
        with SETTLING:  # applications are asked by several threads at once
            if not self._is_settled:
                key = tuple(key_of(rule) for rule in self._added)
                if key in SETTLED:
                    self._matcher, self._rules_by_endpoint = SETTLED[key]
                    self._remap = False  # sorted already, and others may be reading them
                else:
                    self._matcher, self._rules_by_endpoint = self._settle()
                    super().update()
                    SETTLED[key] = self._matcher, self._rules_by_endpoint
                self._is_settled = True

    def _settle(self) -> Settled:
        matcher, by_endpoint = StateMachineMatcher(self.merge_slashes), {}
        for rule in self._added:
            rule.bind(self, rebind=True)
            if not rule.build_only:
                matcher.add(rule)
            by_endpoint.setdefault(rule.endpoint, []).append(rule)
        return matcher, by_endpoint


def key_of(rule: Rule) -> Key:
    """All that makes a rule what it is."""
    said = {name: getattr(rule, name, None) for name in SAID}
    return (*said.values(), frozenset(rule.methods or ()), repr(rule.defaults))
