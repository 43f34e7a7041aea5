"""One letter to a real mail server: what arrives, and which of its answers are worth another try."""

import smtplib
import socket
import ssl
import subprocess
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.outbox import SendError
from tests.webhooks.mail_server import MailServer, Script, free_port, only, running, tls
from webhooks.mail import SmtpPostman, read_server

SENDER = "kes@council.example.ru"
SUBJECT = "Отказ в добровольной сертификации: не хватает протокола испытаний и двух приложений к заявке № 2026-017"
BODY = "Здравствуйте!\n\nДата — 12 января.\n.\n..точка в начале\n" + "Длинная строка без переносов " * 20 + "\nКонец.\n"


def postman(server: MailServer, **options: object) -> SmtpPostman:
    clock = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)
    return SmtpPostman(server.url, sender=SENDER, clock=lambda: clock, timeout=60, **options)  # type: ignore[arg-type]


def post(door: SmtpPostman, subject: str = SUBJECT, body: str = BODY, to: str = "applicant@firm.example.ru") -> None:
    door.post(identity="0199-letter", to=to, subject=subject, body=body)


def failure(door: SmtpPostman) -> tuple[bool, bool]:
    """What a refused letter tells the outbox: (is_permanent, is_server)."""
    with pytest.raises(SendError) as caught:
        post(door)
    return caught.value.is_permanent, caught.value.is_server


def test_a_letter_arrives_as_it_was_written() -> None:
    script = Script()
    with running(script) as server:
        post(postman(server))
    [letter] = script.letters
    assert script.recipients == ["applicant@firm.example.ru"]
    assert letter["From"] == SENDER
    assert letter["To"] == "applicant@firm.example.ru"
    assert letter["Subject"] == SUBJECT
    assert letter["Date"] == "Mon, 12 Jan 2026 09:00:00 +0300"
    assert letter["Message-ID"] == "<0199-letter@council.example.ru>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content() == BODY
    assert (letter.get_content_type(), letter.get_content_charset()) == ("text/plain", "utf-8")
    assert letter["Content-Transfer-Encoding"] == "quoted-printable"


@settings(max_examples=80)
@given(
    st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" "), min_size=1, max_size=300),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n\t")),
)
def test_any_subject_and_body_survive_being_written(subject: str, body: str) -> None:
    subject = f"«{' '.join(subject.split())}»"
    raw = SmtpPostman("smtp://127.0.0.1", sender=SENDER)._write("x", "a@b.example", subject, body)
    letter = message_from_bytes(raw.replace(b"\r\n", b"\n"), EmailMessage, policy=SMTP)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert letter["Subject"] == subject
    assert letter.get_content().rstrip("\n") == body.rstrip("\n")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (Script("451 later"), (False, False)),
        (Script("421 closing"), (False, False)),
        (Script("554 no"), (True, False)),
        (Script(recipient="450 busy"), (False, False)),
        (Script(recipient="550 no such user"), (True, False)),
        (Script(recipient="530 sign in first"), (False, True)),
        (Script(sender="550 who are you"), (False, True)),
        (Script("drop"), (False, True)),
    ],
    ids=["data 4xx", "data 421", "data 5xx", "recipient 4xx", "recipient 5xx", "sign-in wanted", "sender 5xx", "drop"],
)
def test_an_answer_tells_whether_to_try_again(script: Script, told: tuple[bool, bool]) -> None:
    with running(script) as server:
        assert failure(postman(server)) == told


def test_nobody_listening_is_the_server_s_fault() -> None:
    assert failure(SmtpPostman(f"smtp://127.0.0.1:{free_port()}", sender=SENDER)) == (False, True)


def test_a_server_that_never_greets_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        door = SmtpPostman(f"smtp://127.0.0.1:{mute.getsockname()[1]}", sender=SENDER, timeout=0.2)
        assert failure(door) == (False, True)


class Stumbling(Script):
    """Refuses the farewell."""

    async def handle_QUIT(self, *_: object) -> str:  # noqa: N802 - the library's name
        return "451 not yet"


def test_a_server_that_stumbles_over_the_farewell_has_taken_the_letter() -> None:
    script = Stumbling()
    with running(script) as server:
        post(postman(server))
    assert len(script.letters) == 1


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("a@b.example\r\nBcc: c@d.example", "Тема"),
        ("a@b.example, c@d.example", "Тема"),
        ("a@b.example>\r\nRCPT TO:<c@d.example", "Тема"),
        ("a@b.example", "Тема\r\nBcc: c@d.example"),
        ("a@b.example", "Тема\nX: y"),
        ("a@b.example", "Тема\u2028X: y"),
    ],
)
def test_a_letter_that_smuggles_a_header_never_leaves(to: str, subject: str) -> None:
    script = Script()
    with running(script) as server:
        with pytest.raises(SendError) as caught:
            post(postman(server), to=to, subject=subject)
        assert caught.value.is_permanent
    assert (script.recipients, script.letters) == ([], [])


def test_the_body_cannot_end_the_letter_or_start_another() -> None:
    script = Script()
    body = "до\r\n.\r\nMAIL FROM:<x@y.example>\r\nпосле\n"
    with running(script) as server:
        post(postman(server), body=body)
    assert [letter.get_content() for letter in script.letters] == [body.replace("\r\n", "\n")]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_an_account_of_the_url_signs_in() -> None:
    script = Script()
    with running(script, **only("council", "p@ss/word#1")) as server:
        url = f"smtp://council:p%40ss%2Fword%231@127.0.0.1:{server.port}"
        post(SmtpPostman(url, sender=SENDER))
    assert len(script.letters) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_delays_letters_and_stands_in_no_message() -> None:
    with running(Script(), **only("council", "right")) as server:
        door = SmtpPostman(f"smtp://council:wrong-one@127.0.0.1:{server.port}", sender=SENDER)
        with pytest.raises(SendError) as caught:
            post(door)
    assert (caught.value.is_permanent, caught.value.is_server) == (False, True)
    assert "535" in str(caught.value)
    assert "wrong-one" not in str(caught.value) + repr(door.server)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate of 127.0.0.1, made for this run, and its key."""
    folder: Path = tmp_path_factory.mktemp("tls")
    paths = str(folder / "certificate.pem"), str(folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_letter_leaves_over_tls(certificate: tuple[str, str], scheme: str) -> None:
    script = Script()
    option = "ssl_context" if scheme == "smtps" else "tls_context"
    with running(script, **{option: tls(*certificate)}) as server:
        url = f"{scheme}://127.0.0.1:{server.port}"
        post(SmtpPostman(url, sender=SENDER, context=ssl.create_default_context(cafile=certificate[0])))
        assert len(script.letters) == 1
        stranger = SmtpPostman(url, sender=SENDER)
        assert failure(stranger) == (False, True)
    assert len(script.letters) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_without_tls_gets_neither_password_nor_letter_where_tls_was_asked() -> None:
    script = Script()
    with running(script, **only("council", "right")) as server:
        assert failure(SmtpPostman(f"smtp+starttls://council:right@127.0.0.1:{server.port}", sender=SENDER)) == (
            False,
            True,
        )
    assert (script.recipients, script.letters) == ([], [])


def test_the_url_names_scheme_host_port_and_account() -> None:
    plain = read_server("smtp://mail.example.ru")
    assert (plain.scheme, plain.host, plain.port, plain.user) == ("smtp", "mail.example.ru", 25, None)
    assert read_server("smtps://u:p@mail.example.ru").port == 465
    assert read_server("smtp+starttls://u:p@[::1]").host == "::1"
    assert read_server("smtp+starttls://u:p@h.example").port == 587


@pytest.mark.parametrize(
    "url", ["", "mail.example.ru", "http://h", "smtp://", "smtp://h:port", "smtp://u:hidden@h:99999"]
)
def test_a_wrong_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://") as caught:
        read_server(url)
    assert "hidden" not in str(caught.value)


def test_a_password_that_smtp_cannot_carry_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        read_server("smtps://council:%D1%81%D0%BB%D0%BE%D0%B2%D0%BE@h.example")


def test_the_sender_is_the_account_where_that_is_an_address() -> None:
    assert SmtpPostman("smtp://council%40region.example.ru:p@h.example").sender == "council@region.example.ru"
    assert SmtpPostman("smtp://council:p@h.example").sender == "kes@localhost.localdomain"


def test_the_library_still_tells_a_refused_recipient_apart() -> None:
    assert issubclass(smtplib.SMTPRecipientsRefused, smtplib.SMTPException)
    assert not issubclass(smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException)
