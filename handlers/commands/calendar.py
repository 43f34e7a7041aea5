"""`kes calendar`: a year's table, shown and entered."""

from pathlib import Path

import click
import orjson
from marshmallow import ValidationError

from engine import calendars
from engine.actors import SYSTEM
from engine.doors import perform
from handlers.answers import write_json
from handlers.api.calendar import Year, read_table
from handlers.api.fields import check, paths_of
from handlers.commands.common import FALSE, fail, house
from processes.council.years import enter_year


@click.group()
def calendar() -> None:
    """Производственный календарь."""


@calendar.command("show")
@click.argument("year", type=click.IntRange(2000, 2199))
def show_year(year: int) -> None:
    """Показать год YEAR в виде JSON (его же принимает load)."""
    with house().runtime.reading() as tx:
        click.echo(write_json(calendars.year(tx, year)))


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--apply", "is_applied", is_flag=True, help="Записать; без этого — только показать, какие сроки сдвинутся."
)
def load_year(file: Path, *, is_applied: bool) -> None:
    """Ввести таблицу года из FILE (JSON, как в show)."""
    context = house()
    try:
        body = check(Year(), orjson.loads(file.read_bytes()))
    except orjson.JSONDecodeError as error:
        fail(f"{file}: не JSON: {error}")
    except ValidationError as error:
        fail("\n".join(f"{path}: {texts[0]}" for path, texts in paths_of(error.messages).items()), FALSE)
    if is_applied:
        moves = perform(context.runtime, lambda tx: enter_year(tx, read_table(tx, body), actor=SYSTEM))
    else:
        with context.runtime.reading() as tx:
            moves = calendars.preview(tx, read_table(tx, body))
    for move in moves:
        click.echo(f"{move['case']} {move['element']}: {move['due_at']} -> {move['new_due_at']}")
    click.echo(f"{'Сдвинуто' if is_applied else 'Сдвинется'} сроков: {len(moves)}")
