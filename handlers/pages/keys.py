"""The keyboard's shortcuts: one table for the dialog under `?` and for its page without scripts."""

from typing import Final

from handlers.auth import PUBLIC
from handlers.pages.desk import Answer, Desk, Pages

pages = Pages()

#: Keys by what they do, group by group; English words, translated by the template.
SHORTCUTS: Final = (
    (
        "On every page",
        (
            (("?",), "Show these keys"),
            (("/",), "Go to the search"),
            (("g", "i"), "My tasks"),
            (("g", "c"), "Cases"),
            (("g", "m"), "Meetings"),
            (("g", "d"), "Depository"),
            (("Esc",), "Leave a field, close a window or the task beside the list"),
        ),
    ),
    (
        "In a list of tasks",
        (
            (("j",), "Next task"),
            (("k",), "Previous task"),
            (("o", "Enter"), "Open the task"),
            (("x",), "Mark the task for an act on several"),
            (("c",), "Take the task shown"),
        ),
    ),
)


@pages.get("/help/keys", PUBLIC)
def show_keys(desk: Desk) -> Answer:
    """Show the shortcuts as a page."""
    return desk.show("keys.html")
