"""The way into administration: a page of links to what the person may see, and files of orders and protocols."""

from typing import Any, BinaryIO

from engine import documents
from engine.errors import NotFoundError
from engine.runtime import Transaction
from handlers.downloads import hand_out
from handlers.pages.admin.office import HOLDER, STAFF
from handlers.pages.desk import Answer, Desk, Pages

pages = Pages()

_ALL = frozenset({"secretary", "chair", "deputy", "auditor", "admin"})
_PERSONAL = frozenset({"admin", "auditor"})

#: Address, name, what it is for, icon, and who sees it.
LINKS: tuple[tuple[str, str, str, str, frozenset[str]], ...] = (
    ("/admin/people", "People and roles", "Accounts, roles with their days, invitations, sessions", "users", _PERSONAL),
    ("/admin/organizations", "Organisations", "Applicants and employers, by INN", "building", _PERSONAL),
    ("/admin/council", "Council by order", "Who is in the council, by the minister's orders", "users-group", _ALL),
    ("/admin/experts", "Experts' database", "Directions, consent, inclusion, load, appointments", "id-badge-2", _ALL),
    ("/substitutions", "Substitutions", "Who acts for the absent, on what document", "user", _ALL),
    ("/admin/settings", "Readings of the regulation", "What the council decided where there is a choice", "settings",
     _ALL),
    ("/admin/calendar", "Working-day calendar", "Years, transfers, the region's day", "calendar", _ALL),
    ("/admin/letters", "Texts of letters", "Words, variables, preview, versions", "mail", _ALL),
    ("/admin/open-data", "Passport of open data", "Who answers for the set, telephone, e-mail", "database", _ALL),
    ("/admin/tokens", "Tokens", "Programs and integrations that may call the service", "key", _PERSONAL),
    ("/admin/journals/changes", "Journals", "Sign-ins, changes, refusals, letters, failures", "history", _PERSONAL),
)  # fmt: skip


@pages.get("/admin", STAFF)
def show_administration(desk: Desk) -> Answer:
    """Show what there is to administer."""
    groups = desk.actor.groups | desk.actor.all_groups
    return desk.show("admin/front.html", links=[link[:4] for link in LINKS if link[4] & groups])


@pages.get("/admin/files/<file_id>", STAFF)
def download_basis(desk: Desk, file_id: str) -> Answer:
    """Give the file of an order or a protocol."""

    def ask(tx: Transaction) -> tuple[dict[str, Any], BinaryIO]:
        row = documents.get_document(tx, file_id)
        if row["holder"] != HOLDER:
            raise NotFoundError("Такого документа нет.")
        return row, documents.open_content(tx, row)

    return hand_out(*desk.read(ask))
