"""The part of WeChat's official account protocol that we speak: token, template message, sign-in.

https://developers.weixin.qq.com/doc/service/ : the stable access token (all who ask share one, so
processes do not end each other's), template messages with ``client_msg_id`` against repeats, and
web authorisation with scope snsapi_base, which tells the openid and nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from exchange.notifications.http_calls import call
from exchange.notifications.kinds import Then
from exchange.notifications.port import Message, NotSent

OTHERS = "*"
TOKEN_OVER = frozenset({40001, 40014, 42001})
# no such person, does not follow, is on the list of the blocked, refuses, has closed the account
NOT_OURS = frozenset({40003, 43004, 43019, 43101, 50002})
NO_USE = frozenset({40033, 40036, 40037, 40039, 41030, 43116, 47001, 47003})
TOMORROW, SOON = timedelta(hours=12), timedelta(minutes=5)
WAITS = {45009: TOMORROW, 45047: TOMORROW, 45011: SOON, -1: timedelta(0)}
LONGEST = {"thing": 20, "phrase": 5, "character_string": 32, "time": 30, "const": 20}
USUAL_LENGTH = 200


class TokenStore(Protocol):
    """Keeps the account's token for all processes. The moments are its own business."""

    def fresh(self) -> str | None:
        """The kept token while it is good for some minutes yet."""
        ...

    def keep(self, token: str, seconds: int) -> None:
        """Keep a token that is good for so many seconds."""
        ...


@dataclass(frozen=True)
class WechatAccount:
    """An official account. ``templates`` holds by kind an ``id`` and which of ``text``, ``time``
    and ``link`` fills which keyword of the template.
    """

    app_id: str
    secret: str = field(repr=False)
    api_url: str
    open_url: str
    templates: Mapping[str, Mapping[str, str]]

    def authorise_url(self, back: str, state: str) -> str:
        """Where WeChat's browser tells us who it is; it comes back with ``code`` and ``state``."""
        query = urlencode(
            {
                "appid": self.app_id,
                "redirect_uri": back,
                "response_type": "code",
                "scope": "snsapi_base",
                "state": state,
            },
            quote_via=quote,
        )
        return f"{self.open_url.rstrip('/')}/connect/oauth2/authorize?{query}#wechat_redirect"

    def openid_of(self, code: str) -> str:
        """Whose browser came back with a code. Raises NotSent."""
        query = urlencode(
            {
                "appid": self.app_id,
                "secret": self.secret,
                "code": code,
                "grant_type": "authorization_code",
            }
        )
        found = self._call("GET", f"/sns/oauth2/access_token?{query}")
        openid = found.get("openid")
        if not isinstance(openid, str) or not 0 < len(openid) <= 128:
            raise trouble(found)
        return openid

    def fetch_token(self, *, force: bool) -> tuple[str, int]:
        """The stable token and for how many seconds it is good. Raises NotSent."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.secret,
            "force_refresh": force,
        }
        found = self._call("POST", "/cgi-bin/stable_token", asked)
        token, seconds = found.get("access_token"), found.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise NotSent(f"token_{found.get('errcode', 'missing')}")
        return token, seconds

    def send_template(self, token: str, message: Message) -> Mapping[str, Any]:
        """Send one message; the answer as it came. Raises NotSent where none came."""
        template = self.templates.get(message.kind) or self.templates.get(OTHERS)
        if not template:
            raise NotSent("no_template", Then.GIVE_UP)
        data = {
            keyword: {"value": cut_for(keyword, message.fields.get(name, ""))}
            for name, keyword in template.items()
            if name != "id"
        }
        body = {
            "touser": message.to,
            "template_id": template["id"],
            "url": message.fields.get("link", ""),
            "client_msg_id": message.message_id[:32],
            "data": data,
        }
        query = urlencode({"access_token": token})
        return self._call("POST", f"/cgi-bin/message/template/send?{query}", body)

    def _call(self, method: str, path: str, body: object = None) -> Mapping[str, Any]:
        raw = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = call(method, self.api_url.rstrip("/") + path, raw)
        if answer.status != 200:
            raise NotSent(f"http_{answer.status}", after=answer.after)
        return answer.body


@dataclass(frozen=True)
class WechatSender:
    """Sends template messages; fetches the account's token, and again when it is refused."""

    account: WechatAccount
    tokens: TokenStore

    def send(self, message: Message) -> None:
        token = self.tokens.fresh() or self._fetch(force=False)
        found = self.account.send_template(token, message)
        if found.get("errcode") in TOKEN_OVER:
            newer = self._fetch(force=False)
            if newer == token:  # somebody else's call has ended it before its time
                newer = self._fetch(force=True)
            found = self.account.send_template(newer, message)
        if found.get("errcode") != 0:
            raise trouble(found)

    def _fetch(self, *, force: bool) -> str:
        token, seconds = self.account.fetch_token(force=force)
        self.tokens.keep(token, seconds)
        return token


def trouble(found: Mapping[str, Any]) -> NotSent:
    """What to do about an error code of WeChat."""
    number = found.get("errcode")
    if not isinstance(number, int):
        return NotSent("no_answer")
    code = f"wechat_{number}"
    if number in NOT_OURS:
        return NotSent(code, Then.UNBIND)
    if number in NO_USE:
        return NotSent(code, Then.GIVE_UP)
    return NotSent(code, after=WAITS.get(number, timedelta(0)))


def cut_for(keyword: str, value: str) -> str:
    """A value as long as the keyword's type takes: thing1 takes twenty signs."""
    longest = LONGEST.get(keyword.rstrip("0123456789"), USUAL_LENGTH)
    return value if len(value) <= longest else value[: longest - 1] + "…"
