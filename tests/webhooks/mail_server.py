"""A real mail server in the test's process, whose answers a test scripts; it keeps what it accepted."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from typing_extensions import override


class Script:
    """What the server says, one answer a letter (the last one stays), and the letters it accepted, oldest first.

    Beside SMTP's answers: `drop` takes the letter and cuts the line, `hang` says nothing until the test releases it.
    """

    def __init__(self, *answers: str, recipient: str = "250 ok", sender: str = "250 ok") -> None:
        self.answers = list(answers) or ["250 ok"]
        self.recipient, self.sender = recipient, sender
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.tried = 0
        self.arrived = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._release = asyncio.Event()

    def release(self) -> None:
        """Let a hanging letter go."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._release.set)

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.recipients.append(address)
        envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        self.tried += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == "hang":
            self._loop = asyncio.get_running_loop()
            self.arrived.set()
            await self._release.wait()
            answer = "250 ok"
        if answer == "drop" or answer.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.letters.append(message_from_bytes(content.replace(b"\r\n", b"\n"), EmailMessage, policy=MAIL_POLICY))
        if answer == "drop":
            server.transport.abort()
        return answer


class MailServer(Controller):  # type: ignore[misc]
    """The controller of a server on loopback."""

    @override
    def __init__(self, script: Script, port: int, **options: Any) -> None:
        super().__init__(script, hostname="127.0.0.1", port=port, **options)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(script: Script, **options: Any) -> Iterator[MailServer]:
    """The server, listening; gone after the block."""
    server = MailServer(script, free_port(), **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def only(user: str, password: str) -> dict[str, Any]:
    """Options of a server that takes letters from one account, without TLS."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        fits = (given.login.decode(), given.password.decode()) == (user, password)
        return AuthResult(success=fits, handled=False)

    return {"authenticator": check, "auth_required": True, "auth_require_tls": False}


def tls(certificate: str, key: str) -> ssl.SSLContext:
    """The TLS of a server with a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
