"""One contract for every sender, the fake among them; each against a server of its protocol."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings
from exchange.notifications.channels import check_channels
from exchange.notifications.http_calls import _seconds, checked_address
from exchange.notifications.kinds import Then
from exchange.notifications.port import Message, NotSent, Sender
from exchange.notifications.senders import FileSender, SmtpSender
from exchange.notifications.sms_gateway import SmsGateway, signature
from exchange.notifications.wechat.official_account import WechatAccount, WechatSender, cut_for
from tests.notifications.servers import (
    APP_ID,
    APP_SECRET,
    KEY_ID,
    SECRET,
    TEMPLATE,
    Provider,
    Taken,
    mail_server,
    sms_server,
    wechat_server,
)

FIELDS = {"text": "有人回音了", "link": "https://x.example/s/abc", "time": "2026-11-27 10:00"}
MESSAGES = {
    "mail": Message("wei@example.org", "有回音", "有人回音了\n\n点这里看：…", "m1", "answers"),
    "sms": Message("13900000001", "", "有人回音了，点开看：https://…", "m1", "answers", FIELDS),
    "wechat": Message("o-openid-1", "", "有人回音了", "m1", "answers", FIELDS),
    "file": Message("wei@example.org", "有回音", "有人回音了", "m1", "answers", FIELDS),
}


@dataclass
class KeptHere:
    """The token, as one process keeps it."""

    token: str | None = None
    kept: list[tuple[str, int]] = field(default_factory=list)

    def fresh(self) -> str | None:
        return self.token

    def keep(self, token: str, seconds: int) -> None:
        self.token = token
        self.kept.append((token, seconds))


@dataclass
class Fixture:
    """A sender, its server, its message, and what it looks like when the server refuses."""

    sender: Sender
    provider: Provider
    message: Message
    away: Any = None
    for_good: Any = None


@dataclass
class Sink(Provider):
    """The file as a provider: what stands in it has been taken."""

    path: Path = Path()

    def read(self) -> None:
        if self.path.exists():
            lines = self.path.read_text(encoding="utf-8").splitlines()
            found = [json.loads(line) for line in lines]
            self.taken = [Taken(one["message_id"], one["to"], one["text"]) for one in found]


@contextmanager
def mail(_folder: Path) -> Iterator[Fixture]:
    with mail_server() as server:
        sender = SmtpSender(urlsplit(server.address), "exchange@example.org")
        gone = "550 no mailbox wei@example.org"
        yield Fixture(sender, server, MESSAGES["mail"], "451 later wei@example.org", gone)


@contextmanager
def sms(_folder: Path) -> Iterator[Fixture]:
    with sms_server() as server:
        sender = gateway(server.address)
        yield Fixture(
            sender, server, MESSAGES["sms"], (503, "busy", 0), (422, "bad_number", 0)
        )


@contextmanager
def wechat(_folder: Path) -> Iterator[Fixture]:
    with wechat_server() as server:
        sender = WechatSender(account(server.address), KeptHere())
        yield Fixture(sender, server, MESSAGES["wechat"], -1, 40037)


@contextmanager
def sink(folder: Path) -> Iterator[Fixture]:
    path = folder / "sent" / "mail.jsonl"
    yield Fixture(FileSender(path), Sink(path=path), MESSAGES["file"])


def gateway(address: str, secret: str = SECRET) -> SmsGateway:
    return SmsGateway(address, KEY_ID, secret, "牵线", {"*": "SMS_9"}, now=time.time)


def account(address: str) -> WechatAccount:
    templates = {"*": {"id": TEMPLATE, "text": "thing1", "time": "time2"}}
    return WechatAccount(APP_ID, APP_SECRET, address, "https://open.example", templates)


SENDERS: dict[str, Callable[[Path], Any]] = {"mail": mail, "sms": sms, "wechat": wechat}


def taken(made: Fixture) -> list[Taken]:
    if isinstance(made.provider, Sink):
        made.provider.read()
    return made.provider.taken


@pytest.mark.parametrize("name", [*SENDERS, "file"])
def test_what_was_sent_has_arrived_under_its_id(name: str, tmp_path: Path) -> None:
    with {**SENDERS, "file": sink}[name](tmp_path) as made:
        made.sender.send(made.message)
        [found] = taken(made)
        assert (found.message_id, found.to) == ("m1", made.message.to)
        assert "有人回音了" in found.text


@pytest.mark.parametrize("name", SENDERS)
def test_a_repeat_has_the_same_id_and_the_same_words(name: str, tmp_path: Path) -> None:
    with SENDERS[name](tmp_path) as made:
        made.sender.send(made.message)
        made.sender.send(made.message)
        assert len(taken(made)) == 1
        assert made.provider.again == {"m1": 1}
        assert made.provider.changed == []


@pytest.mark.parametrize("name", SENDERS)
def test_a_provider_that_is_busy_is_tried_again(name: str, tmp_path: Path) -> None:
    with SENDERS[name](tmp_path) as made:
        made.provider.refusals = [made.away]
        with pytest.raises(NotSent) as refusal:
            made.sender.send(made.message)
        assert refusal.value.then is Then.RETRY
        assert not taken(made)
        made.sender.send(made.message)
        assert len(taken(made)) == 1


@pytest.mark.parametrize("name", SENDERS)
def test_what_can_never_arrive_is_given_up_and_names_nobody(name: str, tmp_path: Path) -> None:
    with SENDERS[name](tmp_path) as made:
        made.provider.refusals = [made.for_good]
        with pytest.raises(NotSent) as refusal:
            made.sender.send(made.message)
        assert refusal.value.then is Then.GIVE_UP
        assert made.message.to not in str(refusal.value)
        assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@pytest.mark.parametrize("name", SENDERS)
def test_a_provider_that_is_gone_is_tried_again(name: str, tmp_path: Path) -> None:
    with SENDERS[name](tmp_path) as made:
        pass
    with pytest.raises(NotSent) as refusal:
        made.sender.send(made.message)
    assert refusal.value.then is Then.RETRY


# What is special to one of them


@pytest.mark.parametrize("goodbye", ["421 too many", "", "not SMTP at all"])
def test_what_a_mail_server_has_taken_is_sent_however_it_says_goodbye(goodbye: str) -> None:
    """An error would let it be sent once more."""
    with mail_server() as server:
        server.goodbye = goodbye
        SmtpSender(urlsplit(server.address), "exchange@example.org").send(MESSAGES["mail"])
        assert [one.message_id for one in server.taken] == ["m1"]


def test_a_call_with_another_secret_is_refused() -> None:
    with sms_server() as server:
        with pytest.raises(NotSent) as refusal:
            gateway(server.address, "not the secret").send(MESSAGES["sms"])
        assert (refusal.value.code, refusal.value.then) == ("http_401", Then.RETRY)
        assert not server.taken


def test_every_part_of_a_call_is_signed() -> None:
    parts = {
        "method": "POST", "path": "/v1", "moment": "1", "nonce": "n", "body": b"{}",
        "message_id": "m",
    }  # fmt: skip
    known = signature(SECRET, **parts)
    for name, value in parts.items():
        changed = value + (b" " if isinstance(value, bytes) else "x")
        assert signature(SECRET, **(parts | {name: changed})) != known
    assert len(known) == 64


def test_a_gateway_says_how_long_it_wants_to_be_left_alone() -> None:
    with sms_server() as server:
        server.refusals = [(429, "slow_down", 900), (429, "slow_down", 1)]
        for wait in (timedelta(minutes=15), timedelta(minutes=5)):
            with pytest.raises(NotSent) as refusal:
                gateway(server.address).send(MESSAGES["sms"])
            assert refusal.value.after == wait


@pytest.mark.parametrize(
    ("wish", "seconds"), [("900", 900), ("9" * 5000, 86_400), ("soon", 0), ("-5", 0), ("", 0)]
)
def test_a_wish_to_be_left_alone_is_a_number_of_seconds_or_nothing(
    wish: str, seconds: int
) -> None:
    assert _seconds(wish) == timedelta(seconds=seconds)


@pytest.mark.parametrize("address", ["http://sms.example/v1", "ftp://x", "sms.example", "http://"])
def test_secrets_go_over_tls_only(address: str) -> None:
    with pytest.raises(ConfigurationError):
        checked_address(address, "EXCHANGE_SMS_URL")


@pytest.mark.parametrize(
    "half",
    [
        {"sms_url": "https://sms.example/v1"},
        {"sms_url": "http://sms.example/v1", "sms_key_id": "k", "sms_secret": "s"},
        {"wechat_app_id": "wx1"},
        {"wechat_app_id": "wx1", "wechat_secret": "s", "wechat_api_url": "http://wx.example"},
    ],
)
def test_a_site_does_not_start_with_a_channel_set_up_by_half(half: dict[str, str]) -> None:
    check_channels(Settings())
    with pytest.raises(ConfigurationError):
        check_channels(Settings(**half))


@pytest.mark.parametrize(
    ("number", "then"),
    [
        (40003, Then.UNBIND), (43004, Then.UNBIND), (43101, Then.UNBIND), (43019, Then.UNBIND),
        (40037, Then.GIVE_UP), (47003, Then.GIVE_UP), (45009, Then.RETRY), (-1, Then.RETRY),
        (40164, Then.RETRY), (99999, Then.RETRY),
    ],
)  # fmt: skip
def test_what_wechat_says_decides_what_happens(number: int, then: Then, tmp_path: Path) -> None:
    with wechat(tmp_path) as made:
        made.provider.refusals = [number]
        with pytest.raises(NotSent) as refusal:
            made.sender.send(made.message)
        assert (refusal.value.then, refusal.value.code) == (then, f"wechat_{number}")
        assert refusal.value.after >= timedelta(hours=1 if number == 45009 else 0)


def test_a_token_is_kept_and_used_again() -> None:
    with wechat_server() as server:
        kept = KeptHere()
        sender = WechatSender(account(server.address), kept)
        for number in range(3):
            sender.send(replace(MESSAGES["wechat"], message_id=f"m{number}"))
        assert (server.fetched, kept.kept) == (1, [("token-0", 7200)])


def test_a_token_that_somebody_else_has_ended_is_fetched_anew() -> None:
    with wechat_server() as server:
        kept = KeptHere("an old one")
        WechatSender(account(server.address), kept).send(MESSAGES["wechat"])
        assert (server.fetched, server.forced) == (1, 0)
        assert kept.token == "token-0"


def test_a_token_that_is_refused_although_it_is_the_present_one_is_forced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with wechat_server() as server:
        kept = KeptHere("token-0")
        refused = iter([{"errcode": 42001}])
        send_template = WechatAccount.send_template

        def once_refused(self: WechatAccount, token: str, message: Message) -> Any:
            return next(refused, None) or send_template(self, token, message)

        monkeypatch.setattr(WechatAccount, "send_template", once_refused)
        WechatSender(account(server.address), kept).send(MESSAGES["wechat"])
        assert server.forced == 1
        assert kept.token == "token-forced-1"
        assert len(server.taken) == 1


def test_a_wrong_secret_is_told_as_such(tmp_path: Path) -> None:
    with wechat_server() as server:
        chosen = replace(account(server.address), secret="wrong")
        with pytest.raises(NotSent) as refusal:
            WechatSender(chosen, KeptHere()).send(MESSAGES["wechat"])
        assert (refusal.value.code, refusal.value.then) == ("token_40125", Then.RETRY)


def test_the_way_to_wechats_sign_in_is_as_it_wants_it() -> None:
    where = urlsplit(account("https://api.example").authorise_url("https://x.example/b?a=1", "s"))
    assert where.path == "/connect/oauth2/authorize"
    assert where.fragment == "wechat_redirect"
    assert where.query == (
        f"appid={APP_ID}&redirect_uri=https%3A%2F%2Fx.example%2Fb%3Fa%3D1&response_type=code"
        "&scope=snsapi_base&state=s"
    )


def test_a_value_is_as_long_as_its_keyword_takes() -> None:
    assert cut_for("thing1", "二" * 20) == "二" * 20
    assert cut_for("thing12", "二" * 21) == "二" * 19 + "…"


def test_an_unknown_template_is_not_guessed() -> None:
    with wechat_server() as server:
        chosen = replace(account(server.address), templates={})
        with pytest.raises(NotSent) as refusal:
            WechatSender(chosen, KeptHere()).send(MESSAGES["wechat"])
        assert (refusal.value.code, refusal.value.then) == ("no_template", Then.GIVE_UP)
