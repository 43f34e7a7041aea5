"""What commands share: the house they act on, and how they end. 0 is done, 1 is untrue or refused, 2 could not run."""

import errno
import sys
import traceback
from typing import NoReturn

import click

from engine.errors import DrawingError, EngineError, InvalidError, UnavailableError
from engine.schema import is_current
from handlers.causes import origin, reason
from handlers.composition import make_context
from handlers.context import Context
from handlers.logs import install_logs
from handlers.settings import Settings, SettingsError, read_settings

FALSE = 1
FAILED = 2


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say what is wrong and end."""
    click.echo(message, err=True)
    sys.exit(code)


def settings_given() -> Settings:
    """Return the settings of the environment; ends with 2 where they cannot be used."""
    try:
        settings = read_settings()
    except SettingsError as error:
        fail(f"Настройки: {error}")
    except OSError as error:
        fail(f"Папка данных KES_DATA_DIR недоступна: {reason(error)}")
    install_logs()
    return settings


def house(*, ready: bool = True) -> Context:
    """Return the house of the environment; `ready` ends with 2 where the database is not at this program's schema.

    It is not made then either: a folder that was only looked at stays fit for a restore.
    """
    settings = settings_given()
    if settings.restoring.exists():
        fail(f"В папке {settings.data_dir} не закончено восстановление из копии. Повторите: kes restore АРХИВ")
    if ready and settings.is_sqlite and not settings.database_file.exists():
        fail(f"Нет базы данных {settings.database_file}. Выполните: kes migrate")
    context = make_context(settings)
    try:
        found = is_current(context.runtime.database)
    except Exception as error:  # noqa: BLE001 - a database out of reach has many names
        fail(f"База данных недоступна: {origin(error)}")
    if ready and not found:
        fail("Схема базы данных не та, что у программы. Выполните: kes migrate")
    return context


def explain(error: Exception) -> NoReturn:
    """End a command that an error stopped, with a clear line: 1 where a rule refuses, else 2.

    Raises on what the reader of a pipe did who went.
    """
    if isinstance(error, UnavailableError):
        fail(f"{error.message} ({origin(error)})")
    if isinstance(error, EngineError):
        fail("\n".join(_lines(error)), FALSE)
    if isinstance(error, OSError):
        if error.errno == errno.EPIPE:
            raise error
        fail(f"Команда не выполнена: {reason(error)}.")
    traceback.print_exception(error)
    fail(f"Команда не выполнена из-за сбоя программы: {error!r}")


def _lines(error: EngineError) -> list[str]:
    lines = [error.message]
    if isinstance(error, InvalidError):
        lines += [f"  {path}: {text}" for path, texts in error.errors.items() for text in texts]
    if isinstance(error, DrawingError):
        lines += [f"  {finding}" for finding in error.findings]
    return lines
