"""Settings come from the environment, typed, each with a safe default and a line of documentation.

``docs/operations.md`` holds the same table; a test compares the two.
"""

import base64
import binascii
import json
import os
import re
import secrets
import tempfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from exchange.kernel.clock import parse_moment
from exchange.kernel.errors import ConfigurationError

PREFIX = "EXCHANGE_"
SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
DATA_DIR = Path("instance")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAIL_SCHEMES = ("file", "smtp", "smtps")
SMS_SCHEMES = ("file", "http", "https")
SEARCH_SCHEMES = ("", "whoosh", "tantivy", "postgresql", "postgresql+psycopg")
LOCALES = ("zh", "en")
KEY_ID = re.compile(r"[A-Za-z0-9_-]+")  # a ciphertext names its key up to the first dot
SECRET_NAMES = ("secret_key", "encryption_keys", "lookup_key")


def _setting(default: Any, doc: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """All settings. The environment variable is EXCHANGE_ and the name in capitals."""

    env: str = _setting("development", "development, demonstration or production")
    data_dir: Path = _setting(  # noqa: RUF009 - a path is immutable
        DATA_DIR, "folder for the database, index, uploads and logs"
    )
    database_url: str = _setting(
        "", "SQLAlchemy address; empty means SQLite in the data folder", secret=True
    )
    secret_key: str = _setting(
        "", "signs sessions and links; at least 32 characters; no default", secret=True
    )
    encryption_keys: str = _setting(
        "",
        "keys for personal data as id:base64 of 32 bytes, the current one first; no default",
        secret=True,
    )
    lookup_key: str = _setting(
        "", "base64 of 32 bytes for lookup hashes, kept apart; no default", secret=True
    )
    base_url: str = _setting("http://127.0.0.1:8000", "address under which people reach the site")
    mail_url: str = _setting(
        "file:",
        "smtp://user:password@host:587 (smtps: for TLS at once) or file: for a sink",
        secret=True,
    )
    mail_from: str = _setting("exchange@localhost", "sender of e-mail")
    sms_url: str = _setting(
        "file:",
        "https:// address of a short message gateway, or file: for a sink in the data folder",
        secret=True,
    )
    sms_key_id: str = _setting("", "name of the key with which calls to the gateway are signed")
    sms_secret: str = _setting("", "the secret of that key", secret=True)
    sms_sign_name: str = _setting(
        "牵线", "sender's name that the provider puts before every short message"
    )
    sms_templates: str = _setting(
        "", "the provider's templates by kind, such as code=SMS_1,security=SMS_2,*=SMS_3"
    )
    wechat_app_id: str = _setting("", "AppID of the official account; empty: no WeChat")
    wechat_secret: str = _setting("", "AppSecret of the official account", secret=True)
    wechat_templates: str = _setting(
        "{}",
        "JSON of templates by kind: an id, and the keywords that take text, time and link",
    )
    wechat_api_url: str = _setting("https://api.weixin.qq.com", "address of WeChat's interfaces")
    wechat_open_url: str = _setting("https://open.weixin.qq.com", "address of WeChat's sign-in")
    quiet_from: str = _setting("21:00", "from when on people get no messages but urgent ones")
    quiet_until: str = _setting("07:00", "until when; the same as the start means never")
    locale: str = _setting("zh", "language for visitors without a choice: zh or en")
    time_zone: str = _setting("Asia/Shanghai", "time zone of civil dates")
    now: str = _setting("", "freezes the clock at an ISO moment; tests and evaluations only")
    search_url: str = _setting(
        "", "search engine: whoosh:, tantivy: or a PostgreSQL address; empty follows the database",
        secret=True,
    )
    encoder: str = _setting("usem", "sentence encoder: usem, or hash (tests)")
    display_threshold: float = _setting(0.35, "suggestions below this score are not shown")
    review_verified: bool = _setting(False, "review listings of verified organisations too")
    verification_months: int = _setting(24, "months after which a verification is to be renewed")
    ledger_two_person_fen: int = _setting(
        100_000,
        "sum in fen above which a second person approves what a project pays or gets; 0: always",
    )
    audit_heads_dir: str = _setting(
        "", "folder for the daily heads of the audit chain; empty means audit-heads in data_dir"
    )
    upload_limit: int = _setting(12_000_000, "largest request in bytes")
    trusted_proxies: int = _setting(0, "number of reverse proxies in front")
    secure_cookies: bool = _setting(False, "send cookies over HTTPS only; always on in production")
    web_workers: int = _setting(2, "web processes")
    web_threads: int = _setting(2, "threads of each web process, and as many requests at once")
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR")
    template_reload: bool = _setting(False, "reload templates on change, for development")

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def frozen_now(self) -> datetime | None:
        return parse_moment(self.now) if self.now else None

    @property
    def database_address(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'exchange.db'}"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Outside production, missing secrets are made once and kept in the data folder. PORT moves the
    default of ``base_url`` along. Raises ConfigurationError when a value cannot be read or
    production would be unsafe.
    """
    env = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for item in fields(Settings):
        raw = env.get(PREFIX + item.name.upper())
        if raw is not None:
            values[item.name] = _read(item.name, raw, item.default)
    if env.get("PORT") and "base_url" not in values:
        values["base_url"] = f"http://127.0.0.1:{env['PORT']}"
    settings = Settings(**values)
    _check_readable(settings)
    if settings.env not in ("development", "demonstration", "production"):
        raise ConfigurationError("EXCHANGE_ENV is development, demonstration or production")
    if settings.is_production:
        check_production(settings)
        return settings
    missing = [name for name in SECRET_NAMES if not getattr(settings, name)]
    if missing:
        kept = _kept_secrets(settings.data_dir)
        values.update({name: kept[name] for name in missing})
    return Settings(**values)


def _read(name: str, raw: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return SWITCH[raw.strip().lower()]
        return type(default)(raw)
    except (ValueError, KeyError) as error:
        raise ConfigurationError(f"EXCHANGE_{name.upper()} cannot be read: {raw!r}") from error


def _check_readable(settings: Settings) -> None:
    """Refuse words that some later part could not read."""
    checks: dict[str, Callable[[], object]] = {
        "now": lambda: settings.frozen_now,
        "time_zone": lambda: ZoneInfo(settings.time_zone),
        "log_level": lambda: LOG_LEVELS.index(settings.log_level.upper()),
        "database_url": lambda: make_url(settings.database_address),
        "mail_url": lambda: MAIL_SCHEMES.index(urlsplit(settings.mail_url).scheme),
        "sms_url": lambda: SMS_SCHEMES.index(urlsplit(settings.sms_url).scheme),
        "sms_templates": lambda: parse_pairs(settings.sms_templates),
        "wechat_templates": lambda: parse_templates(settings.wechat_templates),
        "quiet_from": lambda: time.fromisoformat(settings.quiet_from),
        "quiet_until": lambda: time.fromisoformat(settings.quiet_until),
        "search_url": lambda: _check_search(settings.search_url),
        "locale": lambda: LOCALES.index(settings.locale),
    }
    for name, read in checks.items():
        try:
            read()
        except (ValueError, KeyError, OSError, ArgumentError) as error:
            raise ConfigurationError(f"EXCHANGE_{name.upper()} cannot be read") from error


def _check_search(address: str) -> None:
    """Raise ValueError or ArgumentError unless it names an engine, and a database where it must."""
    scheme = urlsplit(address).scheme
    SEARCH_SCHEMES.index(scheme)
    if scheme.startswith("postgresql"):
        if not make_url(address).database:
            raise ValueError("no database is named")
    elif address.strip() != f"{scheme}:" * bool(scheme):
        raise ValueError("nothing may stand behind the name of the engine")


def check_production(settings: Settings) -> None:
    """Refuse what must not be in service: weak secrets, a frozen clock, a fake encoder."""
    if len(settings.secret_key) < 32 or _repeats(settings.secret_key.encode()):
        raise ConfigurationError(
            "EXCHANGE_SECRET_KEY needs at least 32 random characters in production"
        )
    if settings.now:
        raise ConfigurationError("EXCHANGE_NOW freezes the clock and is refused in production")
    if settings.encoder == "hash":
        raise ConfigurationError("EXCHANGE_ENCODER=hash is for tests and is refused in production")
    keys = parse_keys(settings.encryption_keys)
    lookup = decode_key(settings.lookup_key, "EXCHANGE_LOOKUP_KEY")
    for name, given in (("ENCRYPTION_KEYS", list(keys.values())), ("LOOKUP_KEY", [lookup])):
        if any(_repeats(key) for key in given):
            raise ConfigurationError(f"EXCHANGE_{name} needs random bytes, not a pattern")
    if settings.lookup_key in settings.encryption_keys:
        raise ConfigurationError("EXCHANGE_LOOKUP_KEY must differ from the encryption keys")


def _repeats(secret: bytes) -> bool:
    """Whether it is a pattern or a word said again: 32 random bytes or signs do not shrink."""
    return len(zlib.compress(secret)) < 32


def parse_pairs(text: str) -> dict[str, str]:
    """Read ``name=value,name=value``. Raises ValueError."""
    pairs: dict[str, str] = {}
    for part in filter(None, (item.strip() for item in text.split(","))):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        if not (name and sign and value):
            raise ValueError(part)
        pairs[name] = value
    return pairs


def parse_templates(text: str) -> dict[str, dict[str, str]]:
    """Read templates by kind: ``{"*": {"id": "…", "text": "thing1"}}``. Raises ValueError."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 - a value of the environment that is not right
    for template in found.values():
        words = isinstance(template, dict) and all(isinstance(v, str) for v in template.values())
        if not words or not template.get("id"):
            raise ValueError("a template needs an id and keywords")
    return found


def parse_keys(text: str) -> dict[str, bytes]:
    """Read ``id:base64,id:base64`` into an ordered mapping; the first key is the current one.

    Raises ConfigurationError for an id that is not letters, digits, - and _, and for one that
    stands twice.
    """
    keys: dict[str, bytes] = {}
    for part in filter(None, (item.strip() for item in text.split(","))):
        key_id, _, encoded = part.partition(":")
        if not KEY_ID.fullmatch(key_id):
            raise ConfigurationError(
                "the ids in EXCHANGE_ENCRYPTION_KEYS are letters, digits, - and _"
            )
        if key_id in keys:
            raise ConfigurationError(f"EXCHANGE_ENCRYPTION_KEYS names {key_id} twice")
        keys[key_id] = decode_key(encoded, "EXCHANGE_ENCRYPTION_KEYS")
    if not keys:
        raise ConfigurationError("EXCHANGE_ENCRYPTION_KEYS is missing")
    return keys


def decode_key(encoded: str, name: str) -> bytes:
    """Decode 32 bytes of base64 or raise ConfigurationError that names the setting."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConfigurationError(f"{name} is not base64") from error
    if len(key) != 32:
        raise ConfigurationError(f"{name} needs 32 bytes in base64")
    return key


def new_key() -> str:
    """Base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _kept_secrets(data_dir: Path) -> dict[str, str]:
    """Secrets of a development or demonstration site, made at the first start.

    Only the owner may read them. The file appears whole or not at all, so that two processes
    that start together agree.
    """
    path = data_dir / "secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
        made = {name: new_key() for name in SECRET_NAMES}
        made["encryption_keys"] = f"k1:{new_key()}"
        descriptor, draft = tempfile.mkstemp(dir=data_dir, prefix="secrets-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file)
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept
