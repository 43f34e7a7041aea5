"""`kes migrate`, `kes backup`, `kes restore`: the database and the files as a whole."""

import signal
import sys
from pathlib import Path

import click

from engine import epochs
from engine.errors import UnavailableError
from engine.schema import SchemaError, upgrade
from handlers import archive
from handlers.cli import INTERRUPTED
from handlers.commands.common import FALSE, fail, house, settings_given
from handlers.context import Context
from handlers.verification import verify_all


@click.command()
def migrate() -> None:
    """Привести схему базы данных к новейшей."""
    context = house(ready=False)
    revision = _upgraded(context)
    click.echo(f"Схема базы данных: {revision}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Сложить базу данных и файлы в один архив FILE, не останавливая службу."""
    _end_tidily()
    context = house()
    try:
        manifest = archive.save(context.settings, file)
    except archive.DamagedError as error:
        fail(f"{error} Копия не сделана. Не удаляйте прежние копии.", FALSE)
    except archive.ArchiveError as error:
        fail(str(error))
    click.echo(f"{file}: база данных и файлов {len(manifest.files)}")
    if manifest.damaged:
        for name in manifest.damaged:
            click.echo(f"Повреждён: {name}")
        fail("Копия сделана, но в хранилище есть повреждённые файлы. Не удаляйте прежние копии.", FALSE)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Восстановить архив FILE в пустую папку KES_DATA_DIR и проверить его; 1 — архив не сходится.

    Прерванное восстановление закончит та же команда.
    """
    _end_tidily()
    settings = settings_given()
    try:
        archive.load(settings, file)
    except archive.DamagedError as error:
        fail(str(error), FALSE)
    except archive.ArchiveError as error:
        fail(str(error))
    context = house()
    with context.runtime.reading() as tx:
        waiting = len(epochs.held(tx))
    try:
        findings = list(verify_all(context.runtime))
    except KeyboardInterrupt:
        fail("Восстановлено, но проверка прервана. Выполните: kes verify", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - whatever stops a verification, it did not run
        fail(f"Восстановлено, но проверка не выполнена: {error!r}", FALSE)
    for finding in findings:
        click.echo(finding)
    if findings:
        fail("Восстановлено, но проверка не сходится.", FALSE)
    click.echo("Восстановлено и проверено.")
    if waiting:
        click.echo(f"Задержано писем: {waiting}. Сами они не уйдут; смотрите kes letters held")


def _end_tidily() -> None:
    """Let SIGTERM unwind as Ctrl-C does, so that nothing unfinished stays behind."""
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(128 + signal.SIGTERM))


def _upgraded(context: Context) -> str:
    try:
        return upgrade(context.runtime.database)
    except (SchemaError, UnavailableError) as error:
        fail(str(error))
