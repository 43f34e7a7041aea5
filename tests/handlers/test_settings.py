from datetime import datetime
from pathlib import Path

import pytest

from engine.clock import ClockMode
from handlers.postman import make_postman
from handlers.settings import SettingsError, read_settings


def test_defaults_are_an_embedded_database_and_the_system_clock(tmp_path: Path) -> None:
    settings = read_settings({"KES_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'kes.sqlite'}"
    assert settings.is_sqlite
    assert settings.clock_mode is ClockMode.SYSTEM
    assert settings.clock_start == datetime.fromisoformat("2026-01-12T09:00:00+03:00")
    assert not settings.demo
    assert settings.smtp_url is None


def test_a_generated_key_is_private_like_its_folder_and_survives_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    first = read_settings({"KES_DATA_DIR": str(folder)}).secret_key
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(first) >= 48
    assert read_settings({"KES_DATA_DIR": str(folder)}).secret_key == first
    assert read_settings({"KES_DATA_DIR": str(tmp_path / "other")}).secret_key != first


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    read_settings({"KES_DATA_DIR": str(tmp_path)})
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(SettingsError, match="режим 600"):
        read_settings({"KES_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KES_DATABASE_URL", "mysql://host/db"),
        ("KES_DATABASE_URL", "kes.sqlite"),
        ("KES_DATABASE_URL", "sqlite://"),
        ("KES_DATABASE_URL", "sqlite:///:memory:"),
        ("KES_DATABASE_URL", "postgresql://user:password@host:port/kes"),
        ("KES_DATABASE_URL", "postgresql://user:password@[::1/kes"),
        ("KES_SECRET_KEY", "changeme"),
        ("KES_BASE_URL", "kes.example.ru"),
        ("KES_BASE_URL", "javascript:alert(1)"),
        ("KES_BASE_URL", "http://[::1"),
        ("KES_BASE_URL", "http://kes:99999"),
        ("KES_BASE_URL", "https://example.ru/kes"),
        ("KES_CLOCK", "wall"),
        ("KES_CLOCK_START", "2026-01-12T09:00:00"),
        ("KES_CLOCK_START", "today"),
        ("KES_CLOCK_START", "9999-12-31T23:59:59-03:00"),
        ("KES_DEMO", "yes"),
        ("KES_SMTP_URL", "http://mail"),
        ("KES_SMTP_URL", "smtp://mail:99999"),
        ("KES_SMTP_URL", "smtp://mail:0"),
        ("KES_TRUSTED_PROXY", "10.0.0.0/8"),
        ("KES_OIDC_ISSUER", "https://id.example.ru"),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings({"KES_DATA_DIR": str(tmp_path), name: value})


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"KES_DATA_DIR": str(tmp_path), "KES_DEMO": "yes", "KES_CLOCK": "wall"})
    assert "KES_DEMO" in str(caught.value)
    assert "KES_CLOCK" in str(caught.value)


def test_the_key_never_stands_in_a_repr(tmp_path: Path) -> None:
    settings = read_settings({"KES_DATA_DIR": str(tmp_path), "KES_SECRET_KEY": "abcdefghijklmnopqrst"})
    assert "abcdefgh" not in repr(settings)


def test_postgres_is_reached_by_psycopg_and_tls_makes_cookies_secure(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "KES_DATA_DIR": str(tmp_path),
            "KES_DATABASE_URL": "postgresql://kes@localhost/kes",
            "KES_BASE_URL": "https://kes.example.ru/",
        }
    )
    assert settings.database_url == "postgresql+psycopg://kes@localhost/kes"
    assert settings.cookie_secure
    assert "kes.example.ru" in settings.trusted_hosts


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kes:p/a#s%40@host:5432/kes?sslmode=require",
        "postgresql://kes@[::1]:5432/kes",
        "postgresql:///kes?host=/run/postgresql",
    ],
)
def test_any_place_of_a_database_server_is_taken_as_it_is_written(tmp_path: Path, url: str) -> None:
    settings = read_settings({"KES_DATA_DIR": str(tmp_path), "KES_DATABASE_URL": url})
    assert settings.database_url == url.replace("postgresql", "postgresql+psycopg", 1)


def test_letters_leave_from_a_cyrillic_domain(tmp_path: Path) -> None:
    given = {"KES_BASE_URL": "https://кэс.рф", "KES_SMTP_URL": "smtp://mail.example.ru"}
    postman = make_postman(read_settings({"KES_DATA_DIR": str(tmp_path), **given}))
    assert postman is not None
    assert vars(postman)["sender"] == "kes@xn--j1ao9a.xn--p1ai"
