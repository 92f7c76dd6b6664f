"""Providers on this machine that speak the real protocols: SMTP, our SMS gateway's, WeChat's.

Each checks what a provider would check, refuses as told, and counts what it takes by message id.
"""

import hashlib
import hmac
import json
import re
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from email.policy import default as default_policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY_ID, SECRET = "county-7", "a secret that both sides know"
APP_ID, APP_SECRET = "wx0123456789abcdef", "the official account's secret"
TEMPLATE = "tm-answers"
CLOCK_SKEW = 300
PORT = re.compile(r"(?<=//127\.0\.0\.1):\d+")


@dataclass(frozen=True)
class Taken:
    """A message as the provider has taken it."""

    message_id: str
    to: str
    text: str


def _plain(message: Taken) -> Taken:
    return replace(message, text=PORT.sub("", message.text))


@dataclass
class Provider:
    """What all have: messages taken, refusals to come, and how long an answer takes.

    ``goodbye`` is what SMTP answers to the end of a conversation; empty for nothing.

    ``again`` counts messages that came once more under an id that was taken already; ``changed``
    are those that said something else then, but for the port of a site that was started again.
    """

    taken: list[Taken] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    changed: list[Taken] = field(default_factory=list)
    refusals: list[Any] = field(default_factory=list)
    linger: Callable[[], float] = lambda: 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    address: str = ""
    goodbye: str = "221 bye"

    def next_refusal(self) -> Any:
        """What to answer instead of taking the message; None to take it."""
        with self.lock:
            return self.refusals.pop(0) if self.refusals else None

    def take(self, message: Taken) -> bool:
        """Count a message; whether it is new. The answer may take a while from then on."""
        with self.lock:
            known = {one.message_id: one for one in self.taken}
            is_new = message.message_id not in known
            if is_new:
                self.taken.append(message)
            else:
                self.again[message.message_id] += 1
                if _plain(known[message.message_id]) != _plain(message):
                    self.changed.append(message)
        time.sleep(self.linger())
        return is_new


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    provider: Provider

    def handle_error(self, *_args: object) -> None:
        """Whoever sent may be killed in the middle of a word."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    provider: Provider

    def handle_error(self, *_args: object) -> None:
        """As above."""


@contextmanager
def listening(server: _Threads | _Http, provider: Provider) -> Iterator[int]:
    """Serve in a thread; the port."""
    server.provider = provider
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _MailHandler(socketserver.StreamRequestHandler):
    wbufsize = 0
    server: _Threads

    def handle(self) -> None:
        self.say("220 here")
        while heard := self.rfile.readline():
            word = heard[:4].upper()
            if word == b"QUIT":
                return self.say(self.server.provider.goodbye)
            if word == b"RCPT":
                self.say(self.server.provider.next_refusal() or "250 ok")
            elif word == b"DATA":
                self.data()
            else:
                self.say("250 ok")
        return None

    def data(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if line:
            mail = message_from_bytes(b"".join(lines), policy=default_policy)
            body = mail.get_body()
            message_id = str(mail["Message-ID"]).strip("<>").partition("@")[0]
            text = f"{mail['Subject']}\n{body.get_content() if body else ''}"
            self.server.provider.take(Taken(message_id, str(mail["To"]), text))
            self.say("250 taken")

    def say(self, line: str) -> None:
        if line:
            self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[Provider]:
    """SMTP as far as it takes to take or refuse one message after the other.

    A refusal is the line to answer to the recipient with, such as ``550 no mailbox``.
    """
    provider = Provider()
    with listening(_Threads(("127.0.0.1", 0), _MailHandler), provider) as port:
        provider.address = f"smtp://127.0.0.1:{port}"
        yield provider


class _Quiet(BaseHTTPRequestHandler):
    server: _Http

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, found: object, **headers: str) -> None:
        raw = json.dumps(found).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@dataclass
class Gateway(Provider):
    """A gateway for short messages, and the nonces it has seen."""

    nonces: set[str] = field(default_factory=set)

    def is_signed(self, path: str, head: Message, body: bytes) -> bool:
        """Whether a call is ours, fresh, and not a copy of another."""
        said = "\n".join(
            ("POST", path, head["X-Timestamp"], head["X-Nonce"],
             hashlib.sha256(body).hexdigest(), head["X-Message-Id"])
        )  # fmt: skip
        wanted = hmac.new(SECRET.encode(), said.encode(), hashlib.sha256).hexdigest()
        with self.lock:
            is_fresh = head["X-Nonce"] not in self.nonces
            self.nonces.add(head["X-Nonce"])
        in_time = abs(time.time() - int(head["X-Timestamp"])) < CLOCK_SKEW
        is_right = hmac.compare_digest(wanted, head["X-Signature"])
        return is_right and is_fresh and in_time and head["X-Key-Id"] == KEY_ID


class _SmsHandler(_Quiet):
    def do_POST(self) -> None:
        provider, body = self.server.provider, self.body()
        assert isinstance(provider, Gateway)
        if not provider.is_signed(self.path, self.headers, body):
            return self.answer(401, {"code": "bad_signature"})
        refusal = provider.next_refusal()
        if refusal:
            status, code, wait = refusal
            return self.answer(status, {"code": code}, Retry_After=str(wait))
        asked = json.loads(body)
        assert asked["sign_name"]
        assert asked["template"]
        message_id = self.headers["X-Message-Id"]
        is_new = provider.take(Taken(message_id, asked["phone"], asked["text"]))
        return self.answer(202 if is_new else 409, {"code": "taken" if is_new else "known"})


@contextmanager
def sms_server() -> Iterator[Gateway]:
    """The gateway of docs/operations.md. A refusal is (status, code, seconds to wait)."""
    provider = Gateway()
    with listening(_Http(("127.0.0.1", 0), _SmsHandler), provider) as port:
        provider.address = f"http://127.0.0.1:{port}/v1/messages?region=gz"
        yield provider


@dataclass
class Wechat(Provider):
    """An official account: its token, how often it was asked for, and who has which code."""

    token: str = "token-0"
    fetched: int = 0
    forced: int = 0
    expires_in: int = 7200
    codes: dict[str, str] = field(default_factory=dict)

    def give_token(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The stable token; another one only by force."""
        if (asked["appid"], asked["secret"]) != (APP_ID, APP_SECRET):
            return {"errcode": 40125, "errmsg": "invalid appsecret"}
        self.fetched += 1
        if asked["force_refresh"]:
            self.forced += 1
            self.token = f"token-forced-{self.forced}"
        return {"access_token": self.token, "expires_in": self.expires_in}

    def take_template(self, asked: dict[str, Any], token: str) -> dict[str, Any]:
        """One template message; WeChat knows a repeat by ``client_msg_id``."""
        if token != self.token:
            return {"errcode": 40001, "errmsg": f"invalid credential {token}"}
        refusal = self.next_refusal()
        if refusal:
            return {"errcode": refusal, "errmsg": f"refused {asked['touser']}"}
        assert asked["template_id"] == TEMPLATE
        assert all(len(value["value"]) <= 20 for value in asked["data"].values())
        said = json.dumps([asked["url"], asked["data"]], ensure_ascii=False)
        self.take(Taken(asked["client_msg_id"], asked["touser"], said))
        return {"errcode": 0, "errmsg": "ok", "msgid": 7}

    def who_has(self, asked: dict[str, str]) -> dict[str, Any]:
        """Web authorisation: whose browser came back with a code."""
        openid = self.codes.pop(asked["code"], "")
        is_known = (asked["appid"], asked["secret"]) == (APP_ID, APP_SECRET)
        if is_known and openid and asked["grant_type"] == "authorization_code":
            return {"access_token": "of-the-user", "openid": openid}
        return {"errcode": 40029, "errmsg": "invalid code"}


class _WechatHandler(_Quiet):
    def do_POST(self) -> None:
        account, asked = self.account, json.loads(self.body())
        parts = urlsplit(self.path)
        if parts.path == "/cgi-bin/stable_token":
            return self.answer(200, account.give_token(asked))
        assert parts.path == "/cgi-bin/message/template/send"
        token = parse_qs(parts.query)["access_token"][0]
        return self.answer(200, account.take_template(asked, token))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        assert parts.path == "/sns/oauth2/access_token"
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.answer(200, self.account.who_has(asked))

    @property
    def account(self) -> Wechat:
        assert isinstance(self.server.provider, Wechat)
        return self.server.provider


@contextmanager
def wechat_server() -> Iterator[Wechat]:
    """The stable token, template messages and web authorisation. A refusal is an errcode."""
    account = Wechat()
    with listening(_Http(("127.0.0.1", 0), _WechatHandler), account) as port:
        account.address = f"http://127.0.0.1:{port}"
        yield account


def settings_for(mail: Provider, sms: Provider, wechat: Provider) -> dict[str, Any]:
    """Settings under which a site speaks to these three."""
    return {
        "mail_url": mail.address,
        "mail_from": "exchange@example.org",
        "sms_url": sms.address,
        "sms_key_id": KEY_ID,
        "sms_secret": SECRET,
        "sms_templates": "code=SMS_1,*=SMS_9",
        "wechat_app_id": APP_ID,
        "wechat_secret": APP_SECRET,
        "wechat_api_url": wechat.address,
        "wechat_templates": json.dumps({"*": {"id": TEMPLATE, "text": "thing1", "time": "time2"}}),
    }
