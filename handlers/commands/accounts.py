"""`kes user`, `kes token`: logins of people, tokens of other systems; by the rules of the pages, and with a trace."""

import click

from engine.actors import SYSTEM
from engine.doors import perform
from engine.errors import ConflictError, NotFoundError
from engine.runtime import Transaction
from handlers.accounts import access, administration, records
from handlers.commands.common import house
from processes.council import personnel
from processes.council.administration import Matter, note, take_turn
from processes.council.model import ACCOUNT_ROLES, Period, Person
from processes.council.records import people


@click.group()
def user() -> None:
    """Учётные записи людей."""


@user.command("add")
@click.argument("login")
@click.option("--name", default="", help="«Фамилия Имя Отчество» нового человека.")
@click.option("--email", default="", help="Адрес электронной почты нового человека.")
@click.option("--role", "roles", multiple=True, type=click.Choice(sorted(ACCOUNT_ROLES)), help="Роль учётной записи.")
@click.option("--organization", default=None, help="ИНН организации нового человека.")
@click.password_option(prompt="Пароль", confirmation_prompt="Ещё раз")
def add_user(
    *, login: str, name: str, email: str, roles: tuple[str, ...], organization: str | None, password: str
) -> None:
    """Дать логину LOGIN пароль; нового человека завести по --name."""
    last, first, patronymic = [*name.split(maxsplit=2), "", "", ""][:3]
    person = Person(login, last, first, patronymic, email=email, organization=organization, roles=frozenset(roles))
    context = house()
    perform(context.runtime, lambda tx: let_in(tx, person, password, demo=context.settings.demo))
    click.echo(f"{login}: готово")


def let_in(tx: Transaction, person: Person, password: str, *, demo: bool = False) -> None:
    """Give a person a password, entered with the roles named unless just so entered already.

    Raises UsageError for one unknown and not named, ConflictError for one known by other values or a closed account,
    InvalidError for wrong values.
    """
    take_turn(tx)
    known = people.find_person(tx.connection, person.login)
    if known is None:
        if not person.last_name:
            raise click.UsageError(f"Человека {person.login} в системе нет: укажите --name «Фамилия Имя Отчество».")
        personnel.add_person(tx, person, actor=SYSTEM)
        personnel.set_roles(tx, person.login, dict.fromkeys(person.roles, Period()), actor=SYSTEM)
    else:
        _check_same(known, person)
    credential = records.find_credential(tx.connection, person.login)
    if credential is not None and credential["disabled"]:
        raise ConflictError(f"Учётная запись {person.login} закрыта. Сначала откройте её.", slug="closed")
    _set_password(tx, person.login, password, demo=demo)


def _check_same(known: Person, given: Person) -> None:
    pairs = {
        "--name": (given.full_name, known.full_name),
        "--email": (given.email, known.email),
        "--role": (given.roles, known.roles),
        "--organization": (given.organization, known.organization),
    }
    others = [option for option, (wanted, stands) in pairs.items() if wanted and wanted != stands]
    if others:
        raise ConflictError(
            f"Человек {known.login} уже внесён с другими данными ({', '.join(others)}). Их меняют в разделе"
            " «Администрирование»; чтобы только задать пароль, повторите без этих ключей."
        )


def _set_password(tx: Transaction, login: str, password: str, *, demo: bool) -> None:
    access.create_user(tx.connection, login, password, at=tx.wall, demo=demo)
    records.drop_invitation(tx.connection, login)
    note(tx, SYSTEM, Matter.ACCESS, "password.set", login)


@user.command("list")
def list_users() -> None:
    """Показать учётные записи."""
    with house().runtime.reading() as tx:
        for row in records.list_credentials(tx.connection):
            person = people.find_person(tx.connection, row["login"])
            state = "закрыта" if row["disabled"] else "открыта"
            click.echo(f"{row['login']}\t{person.full_name if person else ''}\t{state}")


@user.command("password")
@click.argument("login")
@click.password_option(prompt="Новый пароль", confirmation_prompt="Ещё раз")
def change_password(login: str, password: str) -> None:
    """Сменить пароль LOGIN; все его сеансы и токены кончаются."""
    context = house()

    def change(tx: Transaction) -> None:
        take_turn(tx)
        if records.find_credential(tx.connection, login) is None:
            raise NotFoundError(f"Нет учётной записи {login}.")
        _set_password(tx, login, password, demo=context.settings.demo)

    perform(context.runtime, change)
    click.echo(f"{login}: пароль сменён")


@user.command("disable")
@click.argument("login")
def disable_user(login: str) -> None:
    """Закрыть учётную запись LOGIN; все её сеансы и токены кончаются."""
    perform(house().runtime, lambda tx: administration.close(tx, login, actor=SYSTEM))
    click.echo(f"{login}: закрыта")


@click.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="Область доступа: messages.")
def token(name: str, scopes: tuple[str, ...]) -> None:
    """Выдать токен системе NAME; прежний токен этого имени кончается."""
    click.echo(perform(house().runtime, lambda tx: administration.issue_token(tx, name, [*scopes], actor=SYSTEM)))
