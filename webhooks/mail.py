"""Letters leave by SMTP: one letter, one connection, one answer; nothing is kept here.

The engine's outbox decides when a letter is tried again. A repeated letter carries the same Message-ID, so that a
mailbox or a reader recognises it (at least once, never silently twice).
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from engine.clock import moscow, wall
from engine.errors import InvalidError
from engine.outbox import SendError, check_address, check_subject

#: Seconds that any single answer of the mail server may take.
TIMEOUT: Final = 15.0
_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_WANTED: Final = "жду smtp://, smtps:// или smtp+starttls://имя:пароль@узел:порт"
#: Answers of 5xx that tell of our standing with the server, not of the letter (RFC 4954).
_OURS: Final = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over; `scheme` is smtp (in clear), smtps (TLS from the first byte) or smtp+starttls."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def read_server(url: str) -> MailServer:
    """The server of `smtp://`, `smtps://` or `smtp+starttls://[user:password@]host[:port]` (percent-encoded).

    Raises ValueError, which never repeats the password, for anything else.
    """
    try:
        parts = urlsplit(url)
        port, is_sound = parts.port, parts.scheme in _PORTS and not (parts.path.strip("/") or parts.query)
        is_sound = is_sound and port != 0 and " " not in (parts.hostname or "")
    except ValueError:
        raise ValueError(_WANTED) from None
    if not is_sound or not parts.hostname:
        raise ValueError(_WANTED)
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password or "") if user else None
    if not f"{user or ''}{password or ''}".isascii():
        raise ValueError("имя и пароль почтового сервера — только латиница, цифры и знаки ASCII")
    return MailServer(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], user, password)


class SmtpPostman:
    """Implements engine.outbox.Postman over a mail server.

    `sender` is the From address (default: the server's user where that is an address, else kes@localhost.localdomain),
    `context` the TLS rules (default: the system's authorities, names checked), `clock` the wall's aware instant.
    """

    def __init__(
        self,
        url: str,
        *,
        sender: str | None = None,
        context: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = wall,
        timeout: float = TIMEOUT,
    ) -> None:
        self.server = read_server(url)
        user = self.server.user or ""
        self.sender = check_address(sender or (user if "@" in user else "kes@localhost.localdomain"))
        self._domain = self.sender.rpartition("@")[2]
        self._context = context
        self._clock = clock
        self._timeout = timeout

    def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
        """Hand one letter over. Raises SendError.

        Permanent: the letter itself cannot be written, or its recipient or content is refused for good (5xx).
        Temporary: a 4xx answer, and `is_server`: the server cannot be reached, drops the line, or refuses us and not
        the letter.
        """
        message = self._write(identity, to, subject, body)
        with self._connected() as server:
            try:
                server.sendmail(self.sender, [to], message)
            except smtplib.SMTPRecipientsRefused as error:
                code, answer = error.recipients[to]
                raise _refused(code, answer) from error
            except smtplib.SMTPDataError as error:
                raise _refused(error.smtp_code, error.smtp_error) from error

    def _write(self, identity: str, to: str, subject: str, body: str) -> bytes:
        """The letter as bytes: quoted-printable UTF-8, lines of at most 78 characters, CRLF."""
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = self.sender
            message["To"] = check_address(to)
            message["Subject"] = check_subject(subject)
            message["Date"] = format_datetime(moscow(self._clock()))
            message["Message-ID"] = f"<{identity}@{self._domain}>"
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(body, subtype="plain", charset="utf-8", cte="quoted-printable")
            return message.as_bytes()
        except (InvalidError, ValueError) as error:
            raise SendError(f"письмо не составить: {error}", is_permanent=True) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A session with the server; what goes wrong around the letter is the server's fault and temporary."""
        server: smtplib.SMTP | None = None
        try:
            server = self._open()
            yield server
        except (smtplib.SMTPException, OSError) as error:
            raise SendError(f"почтовый сервер: {_tell(error)}", is_server=True) from error
        finally:
            if server is not None:
                # The letter is settled by now: a server that stumbles over the farewell must not have it sent twice.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()

    def _open(self) -> smtplib.SMTP:
        place, timeout = self.server, self._timeout
        if place.scheme == "smtps":
            return self._greeted(
                smtplib.SMTP_SSL(place.host, place.port, self._domain, timeout=timeout, context=self._tls())
            )
        return self._greeted(smtplib.SMTP(place.host, place.port, self._domain, timeout=timeout))

    def _greeted(self, server: smtplib.SMTP) -> smtplib.SMTP:
        """The session after TLS and sign-in, as the URL asks; closed again where either fails."""
        try:
            if self.server.scheme == "smtp+starttls":
                server.starttls(context=self._tls())
            if self.server.user is not None:
                server.login(self.server.user, self.server.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()


def _refused(code: int, answer: bytes | str) -> SendError:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    is_ours = code in _OURS
    return SendError(f"{code} {text}"[:300], is_permanent=500 <= code < 600 and not is_ours, is_server=is_ours)


def _tell(error: Exception) -> str:
    """What happened, for the outbox row: the answer's code where there is one, never a password."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return f"{type(error).__name__}: {error}"[:300]
