"""SMTP, and a sink that writes messages into files for demonstration and tests."""

import json
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote

from exchange.notifications.http_calls import THIS_MACHINE
from exchange.notifications.kinds import Then
from exchange.notifications.port import Message, NotSent

TIMEOUT_SECONDS, GOODBYE_SECONDS = 20, 2
SIGN_IN_REFUSED = frozenset({530, 534, 535, 538})


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
            self._hand_over(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal([status for status, _said in error.recipients.values()]) from None
        except smtplib.SMTPResponseException as error:
            raise _refusal([error.smtp_code]) from None
        except TimeoutError:
            raise NotSent("timeout") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(type(error).__name__) from None

    def _hand_over(self, mail: EmailMessage) -> None:
        """Once the server has taken it nothing is an error: it would be sent twice."""
        server = self._connect()
        try:
            self._sign_in(server)
            server.send_message(mail)
            with suppress(OSError, smtplib.SMTPException):
                if server.sock is not None:
                    server.sock.settimeout(GOODBYE_SECONDS)
                server.quit()
        finally:
            server.close()

    @property
    def _host(self) -> str:
        return self.address.hostname or "localhost"

    def _connect(self) -> smtplib.SMTP:
        host, port = self._host, self.address.port
        if self.address.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self.address.scheme != "smtps":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            elif self.address.username and self._host not in THIS_MACHINE:
                raise NotSent("no_tls")
        if self.address.username:
            server.login(unquote(self.address.username), unquote(self.address.password or ""))


def _refusal(statuses: Sequence[int]) -> NotSent:
    """5xx of the recipient or the message is for good; of our own sign-in somebody may mend it."""
    status = max(statuses, default=0)
    is_final = 500 <= status < 600 and status not in SIGN_IN_REFUSED
    return NotSent(f"smtp_{status}", Then.GIVE_UP if is_final else Then.RETRY)
