"""The Chinese catalogue is complete, Chinese, and says nothing that nobody asks for."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from translations import CATALOGUE, DisagreementError, Key, built, merged

from exchange.web.locale import LOCALES

ROOT = Path(__file__).parent.parent
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
CHINESE = re.compile("[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
WORD = re.compile("[A-Za-z]")
THE_SAME_IN_CHINESE = {"English", "API"}


@cache
def asked_for() -> frozenset[Key]:
    """Every sentence that templates and code ask gettext for."""
    found: set[Key] = set()
    for folder, pattern, method in (
        (ROOT / "exchange", "**.py", "python"),
        (ROOT / "templates", "**.html", "jinja2"),
        (ROOT / "templates", "**.txt", "jinja2"),
    ):
        for _, _, sentence, _, context in extract_from_dir(
            folder,
            method_map=[(pattern, method)],
            options_map={},
            keywords=KEYWORDS,
            directory_filter=lambda name: not Path(name).name.startswith((".", "__")),
        ):
            singular = sentence if isinstance(sentence, str) else sentence[0]
            found.add((context or "", singular))
    return frozenset(found)


@cache
def catalogue() -> dict[Key, Message]:
    return merged()


def forms(message: Message) -> list[str]:
    """The Chinese of a message; a counted one has a single form."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


def english(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_every_sentence_has_a_chinese_entry() -> None:
    assert sorted(asked_for() - set(catalogue())) == []


def test_no_entry_is_left_over() -> None:
    assert sorted(set(catalogue()) - asked_for()) == []


def test_sentences_were_found_in_code_and_templates() -> None:
    assert ("", "Please sign in first.") in asked_for()


def test_every_chinese_entry_is_chinese() -> None:
    foreign = [
        key
        for key, message in catalogue().items()
        for form in forms(message)
        if WORD.search(PLACEHOLDER.sub("", key[1]))
        and not CHINESE.search(form)
        and key[1] not in THE_SAME_IN_CHINESE
    ]
    assert foreign == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    different = [
        key
        for key, message in catalogue().items()
        for form in forms(message)
        if set(PLACEHOLDER.findall(form))
        != {name for text in english(message) for name in PLACEHOLDER.findall(text)}
    ]
    assert different == []


def test_one_reader_is_addressed_politely() -> None:
    assert [
        form
        for message in catalogue().values()
        for form in forms(message)
        if re.search("你(?!们)", form)
    ] == []


def test_no_entry_is_marked_as_doubtful() -> None:
    assert [key for key, message in catalogue().items() if message.fuzzy] == []


def test_the_built_catalogue_is_the_current_one() -> None:
    text, binary = built()
    assert (CATALOGUE / "messages.po").read_bytes() == text, "run: make translations"
    assert (CATALOGUE / "messages.mo").read_bytes() == binary, "run: make translations"


def test_there_is_a_catalogue_for_each_language_but_english() -> None:
    built_for = {path.parent.parent.name for path in CATALOGUE.parents[1].glob("*/*/messages.mo")}
    assert built_for | {"en"} == set(LOCALES)


def test_parts_that_disagree_are_refused(tmp_path: Path) -> None:
    for name, chinese in (("one", "村"), ("two", "村庄")):
        part = tmp_path / f"{name}.po"
        part.write_text(f'msgid "Village"\nmsgstr "{chinese}"\n', encoding="utf-8")
    with pytest.raises(DisagreementError, match="Village"):
        merged(tmp_path)


def test_parts_that_agree_share_a_sentence(tmp_path: Path) -> None:
    for name in ("one", "two"):
        part = tmp_path / f"{name}.po"
        part.write_text('msgid "Village"\nmsgstr "村"\n', encoding="utf-8")
    assert list(merged(tmp_path)) == [("", "Village")]
