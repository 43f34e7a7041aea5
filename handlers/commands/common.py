"""What commands share: the house they act on, and how they end. 0 is done, 1 is untrue or refused, 2 could not run."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import click

from engine.errors import DrawingError, EngineError, InvalidError
from engine.schema import is_current
from handlers.composition import make_context
from handlers.context import Context
from handlers.logs import install_logs
from handlers.settings import Settings, SettingsError, read_settings

P = ParamSpec("P")

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
        fail(f"Папка данных KES_DATA_DIR недоступна: {error.strerror} ({error.filename})")
    install_logs()
    return settings


def house(*, ready: bool = True) -> Context:
    """Return the house of the environment; `ready` ends with 2 where the database is not at this program's schema."""
    settings = settings_given()
    if settings.restoring.exists():
        fail(f"В папке {settings.data_dir} не закончено восстановление из копии. Повторите: kes restore АРХИВ")
    context = make_context(settings)
    if ready:
        try:
            found = is_current(context.runtime.database)
        except Exception as error:  # noqa: BLE001 - a database out of reach has many names
            fail(f"База данных недоступна: {error}")
        if not found:
            fail("Схема базы данных не та, что у программы. Выполните: kes migrate")
    return context


def told(command: Callable[P, Any]) -> Callable[P, Any]:
    """Let a command end with 1 and a clear line where a rule refuses."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return command(*args, **kwargs)
        except EngineError as error:
            fail("\n".join(_lines(error)), FALSE)

    return run


def _lines(error: EngineError) -> list[str]:
    lines = [error.message]
    if isinstance(error, InvalidError):
        lines += [f"  {path}: {text}" for path, texts in error.errors.items() for text in texts]
    if isinstance(error, DrawingError):
        lines += [f"  {finding}" for finding in error.findings]
    return lines
