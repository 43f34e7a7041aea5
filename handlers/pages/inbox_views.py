"""Saved views of the inbox: kept under a name, shared with a role, chosen as the first page, deleted."""

from typing import Any

from flask import request

from engine.errors import InvalidError
from engine.inbox import views
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.inbox_filters import read_chosen, saved_of

pages = Pages()


@pages.post("/views", SIGNED_IN)
def save_view(desk: Desk) -> Answer:
    """Keep the list's tab and filters under a name."""
    filters = saved_of(read_chosen(request.form))
    group = request.form.get("group", "").strip() or None

    def act(tx: Transaction) -> dict[str, Any]:
        row = views.save_view(tx, request.form.get("name", ""), filters, actor=desk.actor, group=group)
        if request.form.get("first"):
            views.open_first(tx, row["id"], actor=desk.actor)
        return {"view": row["id"]}

    done = desk.act(act, name="save_view")
    return desk.go("show_inbox", view=done["view"], done="view_saved")


@pages.post("/views/<view_id>", SIGNED_IN)
def change_view(desk: Desk, view_id: str) -> Answer:
    """Choose the view as the person's first page, or no longer; or delete it."""
    what = request.form.get("do", "")

    def act(tx: Transaction) -> dict[str, Any]:
        if what == "delete":
            views.drop_view(tx, view_id, actor=desk.actor)
        elif what in {"first", "not_first"}:
            views.open_first(tx, view_id if what == "first" else None, actor=desk.actor)
        else:
            raise InvalidError(errors={"do": ["Выберите, что сделать с подборкой."]}, rule=False)
        return {"view": view_id}

    desk.act(act, name="change_view", again=True)
    if what == "delete":
        return desk.go("show_inbox", tab="mine", done="view_deleted")
    return desk.go("show_inbox", view=view_id, done=f"view_{what}")
