"""`kes export`: released bundles back into files, for the analysts' folder and git."""

from pathlib import Path

import click

from engine import definitions
from engine.records import definitions as records
from handlers.commands.common import fail, house


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Записать новейшие версии процедур файлами в DIR/ИМЯ, байт в байт."""
    context = house()
    with context.runtime.reading() as tx:
        for key in records.keys(tx.connection):
            newest = records.versions(tx.connection, key)[-1]
            files = definitions.version_row(tx, key, newest["number"])["files"]
            for name, text in files.items():
                _write(folder / key, name, text)
            click.echo(f"{folder / key}: версия {newest['number']}, файлов {len(files)}")


def _write(folder: Path, name: str, text: str) -> None:
    place = (folder / name).resolve()
    if not place.is_relative_to(folder.resolve()):
        fail(f"Недопустимое имя файла: {name}")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
