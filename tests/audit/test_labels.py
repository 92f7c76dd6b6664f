"""Every act has a word in the audit."""

import importlib
import pkgutil
from collections.abc import Iterator

import exchange
from exchange.admin.audit_labels import COLUMNS, EVENTS, TABLES
from exchange.audit.columns import AUDITED
from exchange.kernel.events import Event


def kinds_of(kind: type[Event]) -> Iterator[type[Event]]:
    """The events that happen: those that others are not made from."""
    others = kind.__subclasses__()
    for other in others:
        yield from kinds_of(other)
    if not others and kind.__module__.startswith("exchange."):
        yield kind


def test_every_event_has_words() -> None:
    for module in pkgutil.walk_packages(exchange.__path__, "exchange."):
        if module.name.endswith("events"):
            importlib.import_module(module.name)
    names = {kind.__name__ for kind in kinds_of(Event)}
    assert len(names) > 100
    assert sorted(names - set(EVENTS)) == []


def test_every_audited_table_has_words() -> None:
    assert sorted(set(AUDITED) - set(TABLES)) == []


def test_every_column_that_is_kept_has_a_word() -> None:
    kept = {name for table in AUDITED.values() for name in table.kept}
    assert kept - COLUMNS.keys() == set()
