"""What the service is told from outside: one frozen value, read once, loud when wrong.

The only reader of the environment (contract, section 1).
"""

import os
import re
import secrets
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override

from engine.clock import ClockMode
from webhooks.mail import read_server

DEFAULT_BASE_URL: Final = "http://127.0.0.1:8000"
DEFAULT_CLOCK_START: Final = "2026-01-12T09:00:00+03:00"
#: Those that the calendar knows; about their edges lie instants that no zone can name.
_YEARS: Final = range(2000, 2200)
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1", "[::1]")
#: Of a data folder that is made: papers and personal data are nobody else's on the machine.
PRIVATE: Final = 0o700
_KEY_LENGTH: Final = 16
#: What follows `postgresql://`: user and password, host and port, database, what libpq is told.
_PLACE: Final = re.compile(
    r"(?:[^:/@]*(?::[^@]*)?@)?(?:\[[0-9a-fA-F:.]+\]|[^/:?\[\]]*)(?::[0-9]{1,5})?(?:/[^?]*)?(?:\?.*)?"
)
_POOR_KEYS: Final = frozenset({"changeme", "change-me", "secret", "default", "password", "demo"})


class SettingsError(Exception):
    """The environment cannot be used; the message names every variable at fault and what it may be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Oidc:
    """An identity provider: issuer URL and the client registered there."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between two installations.

    `clock_start` is the first instant of a virtual clock (aware); `smtp_url` None keeps letters in the database;
    `trusted_proxy` is the address whose X-Forwarded-For is believed (`*`: any; None: nobody's);
    `secret_key` never stands in a repr or a log.
    """

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str
    clock_mode: ClockMode
    clock_start: datetime
    demo: bool
    smtp_url: str | None = None
    oidc: Oidc | None = None
    trusted_hosts: tuple[str, ...] = LOOPBACK
    tick_every: timedelta = timedelta(seconds=1)
    trusted_proxy: str | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is embedded, so that this process must tick too."""
        return self.database_url.startswith("sqlite")

    @property
    def database_file(self) -> Path:
        """Where the embedded database lies."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def restoring(self) -> Path:
        """Where a restore lays what it unpacks; while that stands the house is not whole."""
        return self.data_dir / ".restore"

    @property
    def cookie_secure(self) -> bool:
        """Whether people reach the service by TLS only."""
        return self.base_url.startswith("https://")

    @override
    def __repr__(self) -> str:
        return f"Settings(data_dir={str(self.data_dir)!r}, demo={self.demo}, clock={self.clock_mode.value})"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the `KES_*` variables (contract, section 1).

    Raises SettingsError naming all that is wrong. Makes the data folder and, where no key is given, a random key in it
    (`secret_key`, mode 600), so that sessions survive a restart.
    """
    given = os.environ if environ is None else environ
    problems: list[str] = []
    data_dir = Path(given.get("KES_DATA_DIR") or "./var").absolute()
    base_url = _base_url(given.get("KES_BASE_URL", ""), problems)
    settings = Settings(
        data_dir=data_dir,
        database_url=_database_url(given.get("KES_DATABASE_URL", ""), data_dir, problems),
        secret_key="" if problems else _secret_key(given.get("KES_SECRET_KEY", ""), data_dir, problems),
        base_url=base_url,
        clock_mode=_clock_mode(given.get("KES_CLOCK", ""), problems),
        clock_start=_clock_start(given.get("KES_CLOCK_START", ""), problems),
        demo=_flag("KES_DEMO", given.get("KES_DEMO", ""), problems),
        smtp_url=_smtp_url(given.get("KES_SMTP_URL", ""), problems),
        oidc=_oidc(given, problems),
        trusted_proxy=_trusted_proxy(given.get("KES_TRUSTED_PROXY", ""), problems),
        trusted_hosts=(*LOOPBACK, urlsplit(base_url).hostname or "localhost"),
    )
    if problems:
        raise SettingsError("; ".join(problems))
    return settings


def _database_url(text: str, data_dir: Path, problems: list[str]) -> str:
    if not text:
        return f"sqlite:///{data_dir / 'kes.sqlite'}"
    scheme, separator, rest = text.partition("://")
    if separator and scheme == "sqlite" and re.fullmatch(r"/[^?]+", rest) and rest != "/:memory:":
        return text
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg"} and _PLACE.fullmatch(rest):
        return f"postgresql+psycopg://{rest}"
    problems.append("KES_DATABASE_URL: жду sqlite:///файл или postgresql://имя:пароль@узел:порт/база")
    return ""


def _secret_key(text: str, data_dir: Path, problems: list[str]) -> str:
    if text:
        if len(text) < _KEY_LENGTH or text.lower() in _POOR_KEYS:
            problems.append(f"KES_SECRET_KEY: нужно не меньше {_KEY_LENGTH} случайных знаков")
        return text
    path = data_dir / "secret_key"
    data_dir.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    if path.exists():
        return _kept_key(path, problems)
    # Written aside and linked into place: whoever starts at the same moment sees no key or a whole one.
    with tempfile.NamedTemporaryFile("w", dir=data_dir, encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
    return _kept_key(path, problems)


def _kept_key(path: Path, problems: list[str]) -> str:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        problems.append(f"{path}: ключ читают посторонние; нужен режим 600 (chmod 600)")
    key = path.read_text(encoding="ascii").strip()
    if len(key) < _KEY_LENGTH:
        problems.append(f"{path}: ключ слишком короткий; удалите файл, и он будет создан заново")
    return key


def _base_url(text: str, problems: list[str]) -> str:
    if not text:
        return DEFAULT_BASE_URL
    with suppress(ValueError):  # brackets, port, a name that is none
        parts = urlsplit(text)
        name, is_bare = (parts.hostname or "").encode("idna"), not (parts.path.strip("/") or parts.query)
        is_whole = parts.scheme in {"http", "https"} and name and parts.port != 0 and b" " not in name
        if is_whole and is_bare and not parts.fragment and not parts.username:
            return text.rstrip("/")
    problems.append("KES_BASE_URL: жду адрес вида https://kes.example.ru, без пути")
    return DEFAULT_BASE_URL


def _clock_mode(text: str, problems: list[str]) -> ClockMode:
    try:
        return ClockMode(text or ClockMode.SYSTEM.value)
    except ValueError:
        problems.append("KES_CLOCK: может быть system или virtual")
        return ClockMode.SYSTEM


def _clock_start(text: str, problems: list[str]) -> datetime:
    try:
        start = datetime.fromisoformat(text or DEFAULT_CLOCK_START)
    except ValueError:
        start = datetime.min  # noqa: DTZ901 - naive on purpose: refused below
    if start.tzinfo is None or start.year not in _YEARS:
        problems.append(f"KES_CLOCK_START: жду момент со смещением, например {DEFAULT_CLOCK_START}")
        return datetime.fromisoformat(DEFAULT_CLOCK_START)
    return start


def _flag(name: str, text: str, problems: list[str]) -> bool:
    if text not in {"", "0", "1"}:
        problems.append(f"{name}: может быть 0 или 1")
    return text == "1"


def _smtp_url(text: str, problems: list[str]) -> str | None:
    if not text:
        return None
    try:
        read_server(text)
    except ValueError as error:
        problems.append(f"KES_SMTP_URL: {error}")
    return text


def _trusted_proxy(text: str, problems: list[str]) -> str | None:
    if text and text != "*":
        try:
            ip_address(text)
        except ValueError:
            problems.append("KES_TRUSTED_PROXY: жду IP-адрес прокси или * (любой)")
    return text or None


def _oidc(given: Mapping[str, str], problems: list[str]) -> Oidc | None:
    issuer, client, secret = (given.get(f"KES_OIDC_{name}", "") for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"))
    if not any((issuer, client, secret)):
        return None
    if not all((issuer, client, secret)) or not issuer.startswith("https://"):
        problems.append("KES_OIDC_ISSUER (https://…), KES_OIDC_CLIENT_ID и KES_OIDC_CLIENT_SECRET задаются вместе")
    return Oidc(issuer=issuer, client_id=client, client_secret=secret)
