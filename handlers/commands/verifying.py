"""`kes verify`: is the history whole, and does it make what the tables say."""

import click

from engine.errors import NotFoundError
from handlers.commands.common import FALSE, fail, house
from handlers.verification import verify_all, verify_one


@click.command()
@click.argument("case", required=False)
def verify(case: str | None) -> None:
    """Проверить цепочку и повторить историю дела CASE (id или номер) или всех дел.

    Код 0 — всё сходится, 1 — есть расхождения, 2 — проверить не удалось.
    """
    runtime = house().runtime
    try:
        findings = list(verify_all(runtime)) if case is None else verify_one(runtime, case)
    except NotFoundError as error:
        fail(error.message)
    except Exception as error:  # noqa: BLE001 - whatever stops a verification, it did not run
        fail(f"Проверка не выполнена: {error!r}")
    for finding in findings:
        click.echo(finding)
    if findings:
        fail(f"Расхождений: {len(findings)}", FALSE)
    click.echo("Расхождений нет.")
