"""E-mail: headers stay headers, and a refusal names nobody."""

import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default as default_policy
from threading import Thread
from urllib.parse import urlsplit

import pytest
from flask import Flask

from exchange.notifications.letters import Line, mail_letter
from exchange.notifications.port import Message, NotSent
from exchange.notifications.senders import SmtpSender

ADDRESS = "wei@example.org"


def refuse_everybody(listening: socket.socket) -> None:
    """Speak as much SMTP as it takes to refuse a recipient, naming them."""
    connection, _ = listening.accept()
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 fake\r\n")
        while heard := line.readline().upper():
            if heard.startswith(b"RCPT"):
                line.write(f"550 no mailbox {ADDRESS}\r\n".encode())
            elif heard.startswith(b"QUIT"):
                line.write(b"221 bye\r\n")
                return
            else:
                line.write(b"250 ok\r\n")


def take_one(listening: socket.socket, taken: list[bytes]) -> None:
    """Speak as much SMTP as it takes to accept one message, and keep what was said."""
    connection, _ = listening.accept()
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 fake\r\n")
        in_message = False
        while heard := line.readline():
            taken.append(heard)
            if in_message:
                in_message = heard != b".\r\n"
                line.write(b"" if in_message else b"250 taken\r\n")
            elif heard.upper().startswith(b"DATA"):
                in_message = True
                line.write(b"354 go on\r\n")
            elif heard.upper().startswith(b"QUIT"):
                line.write(b"221 bye\r\n")
                return
            else:
                line.write(b"250 ok\r\n")


def test_a_message_reaches_the_mail_server_with_a_stable_id() -> None:
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        speaking = Thread(target=take_one, args=(listening, taken))
        speaking.start()
        sender = SmtpSender(
            urlsplit(f"smtp://127.0.0.1:{listening.getsockname()[1]}"), "exchange@example.org"
        )
        sender.send(Message(ADDRESS, "有回音", "双方都同意了", "m1"))
        speaking.join()
    said = b"".join(taken)
    mail = message_from_bytes(said[said.index(b"From:") :], policy=default_policy)
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "有回音")
    assert mail["Message-ID"] == "<m1@example.org>"
    assert "双方都同意了" in mail.get_body().get_content()


@pytest.fixture
def refusing_server() -> Iterator[str]:
    """The address of a mail server that takes nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        speaking = Thread(target=refuse_everybody, args=(listening,))
        speaking.start()
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        speaking.join()


@pytest.mark.parametrize("host", ["mail.example.org", "127.0.0.1"])
def test_a_password_goes_in_the_clear_to_this_machine_only(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    class ServerWithoutTls(smtplib.SMTP):
        def __init__(self, *_args: object, **_options: object) -> None:
            self.sock = None

        def ehlo(self, *_args: object) -> tuple[int, bytes]:
            return 250, b"ok"

        def has_extn(self, _name: str) -> bool:
            return False

        def login(self, user: str, password: str, **_options: object) -> tuple[int, bytes]:
            heard.append(f"{user} {password}")
            raise smtplib.SMTPAuthenticationError(535, b"no")

        def close(self) -> None:
            heard.append("closed")

    monkeypatch.setattr(smtplib, "SMTP", ServerWithoutTls)
    sender = SmtpSender(urlsplit(f"smtp://user:secret@{host}:25"), "exchange@example.org")
    with pytest.raises(NotSent):
        sender.send(Message(ADDRESS, "消息", "你好", "m1"))
    assert heard == (["user secret", "closed"] if host == "127.0.0.1" else ["closed"])


def test_a_refusal_does_not_repeat_the_address(refusing_server: str) -> None:
    sender = SmtpSender(urlsplit(refusing_server), "exchange@example.org")
    with pytest.raises(NotSent) as refusal:
        sender.send(Message(ADDRESS, "消息", "你好", "m1"))
    assert str(refusal.value) == "smtp_550"
    assert refusal.value.__suppress_context__


def test_a_mail_says_what_has_happened_and_where_to_look(app: Flask) -> None:
    with app.app_context():
        one = mail_letter([Line("member_invited", "http://x/me")], "zh")
        several = mail_letter(
            [Line("member_invited", "http://x/me"), Line("password_changed", "http://x/y")], "zh"
        )
    assert one.subject == "有单位邀请您加入。"
    assert "http://x/me" in one.text
    assert several.subject == "您有 2 条新消息。"
    assert several.text.index("有单位邀请您加入。\n  http://x/me") < several.text.index("http://x/y")
    assert "\n" not in one.subject + several.subject
