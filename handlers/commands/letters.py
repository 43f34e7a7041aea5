"""`kes letters`: post that a restored database held back, until a person decides."""

import click

from engine import epochs
from engine.clock import moscow
from handlers.commands.common import house


@click.group()
def letters() -> None:
    """Письма, которые задержало восстановление из копии: до сбоя они, возможно, уже ушли."""


@letters.command("held")
def list_held() -> None:
    """Показать задержанные письма: id, время, вид, адрес, тема."""
    with house().runtime.reading() as tx:
        for row in epochs.held(tx):
            click.echo(f"{row['id']}  {moscow(row['at']):%Y-%m-%d %H:%M}  {row['kind']}  {row['to']}  {row['subject']}")


@letters.command("release")
@click.argument("ids", nargs=-1)
def release_held(ids: tuple[str, ...]) -> None:
    """Отправить задержанные письма IDS; без IDS — все."""
    with house().runtime.transaction() as tx:
        count = epochs.release(tx, ids)
    click.echo(f"Будет отправлено писем: {count}")


@letters.command("keep")
@click.argument("ids", nargs=-1)
def keep_held(ids: tuple[str, ...]) -> None:
    """Не отправлять задержанные письма IDS; без IDS — все. Прочесть их можно и дальше."""
    with house().runtime.transaction() as tx:
        count = epochs.lay_aside(tx, ids)
    click.echo(f"Оставлено без отправки писем: {count}")
