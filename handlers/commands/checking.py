"""`kes check` and `kes release`: a bundle from the analysts' folder into the database."""

import sys
from datetime import datetime
from pathlib import Path

import click

from engine import definitions
from engine.scenarios import House, check_bundle
from engine.scenarios.checking import open_bundle
from handlers.commands.common import FALSE, fail, house
from handlers.context import Context
from processes import registry
from processes.scenario_verbs import cast

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
def check(folder: Path) -> None:
    """Проверить набор DIR (bpmn/ИМЯ): правила, завершимость, сценарии и их полноту; 1 — есть недостатки."""
    report = check_bundle(folder, House(registry(), cast()))
    for line in report.lines():
        click.echo(line)
    sys.exit(0 if report.is_sound else FALSE)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--by", required=True, help="Логин того, кто выпускает.")
@click.option("--basis", required=True, help="Основание: приказ или решение.")
@click.option("--effective-from", type=click.DateTime(["%Y-%m-%d"]), help="Дата начала действия; иначе — сразу.")
def release(folder: Path, by: str, basis: str, effective_from: datetime | None) -> None:
    """Проверить набор DIR и выпустить его новой версией процедуры; новые дела идут по ней, начатые — по своей."""
    context = house()
    _check_releaser(context, by)
    report = check_bundle(folder, House(registry(), cast()))
    if not report.is_sound:
        fail("\n".join(report.lines()), FALSE)
    bundle, day = open_bundle(folder), effective_from.date() if effective_from else None
    with context.runtime.transaction() as tx:
        number = definitions.release(tx, bundle, by=by, basis=basis, effective_from=day)["number"]
    click.echo(f"{bundle.key}: версия {number}")


def _check_releaser(context: Context, login: str) -> None:
    with context.runtime.reading() as tx:
        person = context.find_actor(tx, login)
    if person is None:
        fail(f"Нет пользователя {login}.", FALSE)
    if not person.holds("analyst", "admin"):
        fail(
            f"Процедуру выпускает аналитик или администратор; {login} — ни то ни другое. Укажите другого в --by.", FALSE
        )
