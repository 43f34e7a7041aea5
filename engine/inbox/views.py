"""Saved views of the inbox: a name for a set of filters, one's own or shared with everybody who holds a group."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor
from engine.errors import ForbiddenError, InvalidError, NotFoundError
from engine.ids import new_id
from engine.records import desks

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

#: Groups whose holders may share a view.
MAY_SHARE: Final = frozenset({"secretary", "chair", "admin"})
LONGEST: Final = 80
MOST: Final = 50


def list_views(tx: "Transaction", actor: Actor) -> list[Row]:
    """The views an actor may open, by name: own ones and those of the groups held; `is_first` marks the first page."""
    return desks.views_of(tx.connection, actor.login, actor.all_groups | actor.groups)


def get_view(tx: "Transaction", view_id: str, actor: Actor) -> Row:
    """A view that the actor may open. Raises NotFoundError."""
    row = desks.get_view(tx.connection, view_id)
    if row is None or (row["login"] != actor.login and row["group"] not in actor.all_groups | actor.groups):
        raise NotFoundError("Такой подборки задач нет: её удалили или она для другой роли.")
    return row


def save_view(
    tx: "Transaction", name: str, filters: Mapping[str, str], *, actor: Actor, group: str | None = None
) -> Row:
    """Keep filters under a name; the same name of the same person is replaced. `group` shares it.

    Raises InvalidError (`name`, `group`) and ForbiddenError for sharing without the right to.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise InvalidError(errors={"name": [f"Назовите подборку: от 1 до {LONGEST} знаков."]}, rule=False)
    if group is not None and not actor.holds(*MAY_SHARE):
        raise ForbiddenError("Делиться подборками могут секретарь, председатель и администратор.")
    if group is not None and group not in tx.runtime.registry.groups:
        raise InvalidError(errors={"group": ["Выберите роль из списка."]}, rule=False)
    own = [row for row in list_views(tx, actor) if row["login"] == actor.login]
    same = next((row for row in own if row["name"] == name), None)
    if same is None and len(own) >= MOST:
        raise InvalidError(errors={"name": [f"У вас уже {MOST} подборок: удалите ненужные."]}, rule=False)
    row = {
        "id": same["id"] if same else new_id(),
        "login": actor.login,
        "group": group,
        "name": name,
        "filters": dict(filters),
        "made_at": tx.now,
    }
    desks.put_view(tx.connection, row)
    return row


def drop_view(tx: "Transaction", view_id: str, *, actor: Actor) -> None:
    """Delete one's own view; an administrator may delete a shared one. Raises NotFoundError, ForbiddenError."""
    row = get_view(tx, view_id, actor)
    if row["login"] != actor.login and not actor.holds("admin"):
        raise ForbiddenError("Удалить подборку может тот, кто её создал, или администратор.")
    desks.drop_view(tx.connection, view_id)


def open_first(tx: "Transaction", view_id: str | None, *, actor: Actor) -> None:
    """Choose the view that the actor's inbox opens with; None: the usual tab. Raises NotFoundError."""
    if view_id is not None:
        get_view(tx, view_id, actor)
    desks.set_first_view(tx.connection, actor.login, view_id)
