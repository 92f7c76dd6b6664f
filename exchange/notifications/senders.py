"""SMTP, and a sink that writes messages into files for demonstration and tests."""

import json
import smtplib
import ssl
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings
from exchange.notifications.port import Message, Sender

TIMEOUT_SECONDS = 20
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class NotSent(Exception):
    """The server refused; what it said is left out, since it often repeats the address."""


@dataclass(frozen=True)
class FileSender:
    """Appends each message as a line of JSON to a file that only the owner can read."""

    path: Path

    def send(self, message: Message) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(asdict(message), ensure_ascii=False) + "\n"
        self.path.touch(mode=0o600, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line)


@dataclass(frozen=True)
class SmtpSender:
    """Hands e-mail to an SMTP server: ``smtps`` over TLS, ``smtp`` with STARTTLS when offered.

    A password goes over TLS only, except to this machine. Raises NotSent otherwise.
    """

    address: SplitResult
    sender: str

    def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Message-ID"] = f"<{message.message_id}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            with self._connect() as server:
                server.send_message(mail)
        except smtplib.SMTPException as error:
            status = getattr(error, "smtp_code", "")
            raise NotSent(f"{type(error).__name__} {status}".strip()) from None

    def _connect(self) -> smtplib.SMTP:
        host = self.address.hostname or "localhost"
        context = ssl.create_default_context()
        if self.address.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self.address.port or 465, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, self.address.port or 587, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif self.address.username and host not in THIS_MACHINE:
                server.close()
                raise NotSent("no TLS, so no sign-in")
        if self.address.username:
            server.login(unquote(self.address.username), unquote(self.address.password or ""))
        return server


def mail_sender(settings: Settings) -> Sender:
    """The e-mail sender that the settings name. Raises ConfigurationError."""
    address = urlsplit(settings.mail_url)
    if address.scheme == "file":
        return FileSender(settings.data_dir / "sent" / "mail.jsonl")
    if address.scheme in ("smtp", "smtps"):
        return SmtpSender(address, settings.mail_from)
    raise ConfigurationError("EXCHANGE_MAIL_URL starts with smtp:, smtps: or file:")


def sms_sender(settings: Settings) -> Sender:
    """The short message sender that the settings name. Raises ConfigurationError."""
    if urlsplit(settings.sms_url).scheme == "file":
        return FileSender(settings.data_dir / "sent" / "sms.jsonl")
    raise ConfigurationError("EXCHANGE_SMS_URL starts with file:")
