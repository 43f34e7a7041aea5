"""`kes user`, `kes token`: logins of people, tokens of other systems."""

import click

from engine.actors import SYSTEM
from handlers.accounts import access, records
from handlers.commands.common import fail, house, told
from handlers.context import Context
from processes.council.administration import Matter, note
from processes.council.model import ACCOUNT_ROLES, Person
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
@told
def add_user(
    *, login: str, name: str, email: str, roles: tuple[str, ...], organization: str | None, password: str
) -> None:
    """Дать логину LOGIN пароль; нового человека завести по --name."""
    context = house()
    with context.runtime.transaction() as tx:
        if people.find_person(tx.connection, login) is None:
            last, first, patronymic = [*name.split(maxsplit=2), "", "", ""][:3]
            if not last:
                fail(f"Человека {login} в системе нет: укажите --name «Фамилия Имя Отчество».")
            person = Person(
                login, last, first, patronymic, email=email, organization=organization, roles=frozenset(roles)
            )
            people.save_person(tx.connection, person)
        access.create_user(tx.connection, login, password, at=tx.wall, demo=context.settings.demo)
        note(tx, SYSTEM, Matter.PERSON, "person.added", login, roles=sorted(roles))
    click.echo(f"{login}: готово")


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
@told
def change_password(login: str, password: str) -> None:
    """Сменить пароль LOGIN; все его сеансы и токены кончаются."""
    context = house()
    with context.runtime.transaction() as tx:
        if records.find_credential(tx.connection, login) is None:
            fail(f"Нет учётной записи {login}.")
        access.create_user(tx.connection, login, password, at=tx.wall, demo=context.settings.demo)
        note(tx, SYSTEM, Matter.ACCESS, "password.set", login)
    click.echo(f"{login}: пароль сменён")


@user.command("disable")
@click.argument("login")
@told
def disable_user(login: str) -> None:
    """Закрыть учётную запись LOGIN; все её сеансы и токены кончаются."""
    with house().runtime.transaction() as tx:
        access.disable_user(tx.connection, login)
        note(tx, SYSTEM, Matter.ACCESS, "account.closed", login)
    click.echo(f"{login}: закрыта")


@click.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="Область доступа: messages.")
@told
def token(name: str, scopes: tuple[str, ...]) -> None:
    """Выдать токен системе NAME; прежний токен этого имени кончается."""
    click.echo(make_token(house(), name, scopes))


def make_token(context: Context, name: str, scopes: tuple[str, ...]) -> str:
    """Return an integration's new token."""
    with context.runtime.transaction() as tx:
        secret = access.issue_integration_token(tx.connection, name, scopes, at=tx.wall)
        note(tx, SYSTEM, Matter.ACCESS, "token.issued", name, scopes=sorted(scopes))
        return secret
