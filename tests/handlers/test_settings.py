from datetime import datetime
from pathlib import Path

import pytest

from engine.clock import ClockMode
from handlers.settings import SettingsError, read_settings


def test_defaults_are_an_embedded_database_and_the_system_clock(tmp_path: Path) -> None:
    settings = read_settings({"KES_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'kes.sqlite'}"
    assert settings.is_sqlite
    assert settings.clock_mode is ClockMode.SYSTEM
    assert settings.clock_start == datetime.fromisoformat("2026-01-12T09:00:00+03:00")
    assert not settings.demo
    assert settings.smtp_url is None


def test_a_generated_key_is_private_and_survives_a_restart(tmp_path: Path) -> None:
    first = read_settings({"KES_DATA_DIR": str(tmp_path)}).secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(first) >= 48
    assert read_settings({"KES_DATA_DIR": str(tmp_path)}).secret_key == first
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
        ("KES_SECRET_KEY", "changeme"),
        ("KES_BASE_URL", "kes.example.ru"),
        ("KES_BASE_URL", "javascript:alert(1)"),
        ("KES_CLOCK", "wall"),
        ("KES_CLOCK_START", "2026-01-12T09:00:00"),
        ("KES_CLOCK_START", "today"),
        ("KES_DEMO", "yes"),
        ("KES_SMTP_URL", "http://mail"),
        ("KES_SMTP_URL", "smtp://mail:99999"),
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
