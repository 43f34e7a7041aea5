"""`kes demo`: an empty database filled with the demo council, its accounts, the drawings and a dozen cases."""

import click

from handlers.commands.common import house
from handlers.demonstration import fill


@click.command()
def demo() -> None:
    """Наполнить пустую базу вымышленным советом и делами; непустая остаётся как есть."""
    told_lines = fill(house())
    for line in told_lines:
        click.echo(line)
