"""Every act has a word in the audit."""

import importlib
import pkgutil
from collections.abc import Iterator

from flask import Flask
from flask_babel import force_locale

import exchange
from exchange.admin.audit_labels import COLUMNS, EVENTS, TABLES, origin_label, value_label, words_of
from exchange.admin.audit_value_labels import VALUES
from exchange.audit.columns import AUDITED
from exchange.brokering.kinds import Answer
from exchange.kernel.database import db
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


def test_words_for_codes_are_of_columns_that_are_kept_and_leave_no_code_out() -> None:
    assert [(table, name) for table, name in VALUES if name not in AUDITED[table].kept] == []
    for where, words in VALUES.items():
        kind = type(next(iter(words)))
        assert set(kind) <= set(words), where


def test_every_kept_column_of_codes_has_words_for_all_of_them() -> None:
    silent = []
    for name, audited in AUDITED.items():
        for column in db.metadata.tables[name].columns:
            codes = getattr(column.type, "enum_class", None)
            if codes and column.name in audited.kept:
                known = {str(key) for key in words_of(name, column.name)}
                silent += [f"{name}.{column.name}: {code}" for code in codes if code not in known]
    assert silent == []


def test_an_answer_is_a_word_and_a_link_is_named(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh"):
        assert value_label("match_side", "answer", Answer.ACCEPTED.value) == "已同意"
        assert origin_label("link 10.0.0.7") == "点短信里的链接，10.0.0.7"
        assert origin_label("10.0.0.7") == "10.0.0.7"
