"""Help: how the procedure goes, and what its words mean (clause 1.7)."""

from handlers.auth import PUBLIC
from handlers.pages.desk import Answer, Desk, Pages

pages = Pages()


@pages.get("/help", PUBLIC)
def show_help(desk: Desk) -> Answer:
    """Show the help."""
    return desk.show("help.html")
