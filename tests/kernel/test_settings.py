"""Settings: read from the environment, refused where unsafe, documented."""

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings, load_settings, new_key

SOME_KEY = "A" * 43 + "="
DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"


def production(folder: Path, **changes: str) -> dict[str, str]:
    return {
        "EXCHANGE_ENV": "production",
        "EXCHANGE_DATA_DIR": str(folder),
        "EXCHANGE_SECRET_KEY": "correct horse battery staple, 42!",
        "EXCHANGE_ENCRYPTION_KEYS": f"k1:{new_key()}",
        "EXCHANGE_LOOKUP_KEY": new_key(),
        **changes,
    }


def test_production_starts_with_strong_secrets(tmp_path: Path) -> None:
    assert load_settings(production(tmp_path)).is_production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXCHANGE_SECRET_KEY", ""),
        ("EXCHANGE_SECRET_KEY", "short"),
        ("EXCHANGE_SECRET_KEY", "a" * 64),
        ("EXCHANGE_SECRET_KEY", "changeme-changeme-changeme-changeme12"),
        ("EXCHANGE_ENCRYPTION_KEYS", "k1:" + "A" * 43 + "="),
        ("EXCHANGE_LOOKUP_KEY", "A" * 43 + "="),
        ("EXCHANGE_ENCRYPTION_KEYS", ""),
        ("EXCHANGE_ENCRYPTION_KEYS", "k1:c2hvcnQ="),
        ("EXCHANGE_ENCRYPTION_KEYS", f"2026.1:{SOME_KEY}"),
        ("EXCHANGE_ENCRYPTION_KEYS", f":{SOME_KEY}"),
        ("EXCHANGE_ENCRYPTION_KEYS", f"k1:{SOME_KEY},k1:{SOME_KEY}"),
        ("EXCHANGE_LOOKUP_KEY", ""),
        ("EXCHANGE_LOOKUP_KEY", "not base64!"),
        ("EXCHANGE_NOW", "2026-11-22"),
        ("EXCHANGE_ENCODER", "hash"),
    ],
)
def test_production_refuses_what_is_weak_or_for_tests(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError, match=name):
        load_settings(production(tmp_path, **{name: value}))


def test_production_refuses_one_key_for_two_purposes(tmp_path: Path) -> None:
    same = new_key()
    keys = {"EXCHANGE_ENCRYPTION_KEYS": f"k1:{same}", "EXCHANGE_LOOKUP_KEY": same}
    with pytest.raises(ConfigurationError, match="differ"):
        load_settings(production(tmp_path, **keys))


def test_production_makes_no_secrets_of_its_own(tmp_path: Path) -> None:
    load_settings(production(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_development_keeps_the_secrets_of_its_first_start_for_the_owner_only(
    tmp_path: Path,
) -> None:
    first = load_settings({"EXCHANGE_DATA_DIR": str(tmp_path)})
    second = load_settings({"EXCHANGE_DATA_DIR": str(tmp_path)})
    assert first == second
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXCHANGE_ENV", "staging"),
        ("EXCHANGE_UPLOAD_LIMIT", "many"),
        ("EXCHANGE_SECURE_COOKIES", "perhaps"),
        ("EXCHANGE_NOW", "tomorrow"),
        ("EXCHANGE_TIME_ZONE", "Mars"),
        ("EXCHANGE_TIME_ZONE", "../../etc/passwd"),
        ("EXCHANGE_LOG_LEVEL", "LOUD"),
        ("EXCHANGE_DATABASE_URL", "nonsense"),
        ("EXCHANGE_MAIL_URL", "http://mail.example"),
        ("EXCHANGE_SMS_URL", "smtp://mail.example"),
        ("EXCHANGE_LOCALE", "xx"),
        ("EXCHANGE_SEARCH_URL", "elastic://search.example"),
        ("EXCHANGE_SEARCH_URL", "elastic:"),
        ("EXCHANGE_SEARCH_URL", "whoosh:folder"),
        ("EXCHANGE_SEARCH_URL", "postgresql://127.0.0.1"),
    ],
)
def test_an_unreadable_value_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError):
        load_settings({"EXCHANGE_DATA_DIR": str(tmp_path), name: value})


def test_the_port_moves_the_address_unless_one_is_given(tmp_path: Path) -> None:
    environ = {"EXCHANGE_DATA_DIR": str(tmp_path), "PORT": "8123"}
    assert load_settings(environ).base_url == "http://127.0.0.1:8123"
    environ["EXCHANGE_BASE_URL"] = "https://exchange.example"
    assert load_settings(environ).base_url == "https://exchange.example"


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    loaded = load_settings(production(tmp_path, EXCHANGE_MAIL_URL="smtp://a:pass-word@mail"))
    shown = repr(loaded)
    for secret in (loaded.secret_key, loaded.encryption_keys, loaded.lookup_key, "pass-word"):
        assert secret not in shown


@pytest.mark.parametrize(
    "address", ["", "whoosh:", "postgresql://user:pass-word@db/search", "postgresql+psycopg:///a"]
)
def test_a_search_engine_can_be_named(tmp_path: Path, address: str) -> None:
    environ = {"EXCHANGE_DATA_DIR": str(tmp_path), "EXCHANGE_SEARCH_URL": address}
    loaded = load_settings(environ)
    assert loaded.search_url == address
    assert "pass-word" not in repr(loaded)


def shown_default(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"`{default}`" if str(default) else "–"


def test_the_operations_guide_lists_every_setting() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(EXCHANGE_\w+)` \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    expected = [
        (f"EXCHANGE_{item.name.upper()}", shown_default(item.default), item.metadata["doc"])
        for item in fields(Settings)
    ]
    assert rows == expected
