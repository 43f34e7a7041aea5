"""Released versions of the procedures, to read."""

from typing import Any

from flask import Response

from engine import definitions
from engine.clock import moscow
from engine.records import definitions as records
from engine.runtime import Transaction
from handlers.api import shapes, views
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN
from handlers.downloads import attachment

routes = Routes("Процедуры: версии")


@routes.get(
    "/definitions",
    SIGNED_IN,
    "Процедуры и версии, которые действуют сейчас",
    answer=shapes.list_of(shapes.VersionShape)(),
)
def list_definitions(door: Door) -> dict[str, Any]:
    """Return one row a procedure: the version in force today."""

    def ask(tx: Transaction) -> dict[str, Any]:
        today = moscow(tx.now).date()
        found = []
        for key in records.keys(tx.connection):
            versions = records.versions(tx.connection, key)
            valid = [row for row in versions if row["effective_from"] <= today]
            found.append({**views.version_view((valid or versions)[-1]), "in_force": bool(valid)})
        return views.list_view(found)

    return door.read(ask)


@routes.get(
    "/definitions/<key>/versions",
    SIGNED_IN,
    "Версии процедуры, новые сверху",
    answer=shapes.list_of(shapes.VersionShape)(),
)
def list_versions(door: Door, key: str) -> dict[str, Any]:
    """Return every version of a procedure."""
    return door.read(
        lambda tx: views.list_view([views.version_view(row) for row in reversed(definitions.versions(tx, key))])
    )


@routes.get(
    "/definitions/<key>/versions/<int:number>/xml", SIGNED_IN, "Чертёж версии (BPMN 2.0)", media="application/xml"
)
def show_xml(door: Door, key: str, number: int) -> Response:
    """Return the drawing as it was released, byte for byte."""
    row = door.read(lambda tx: definitions.version_row(tx, key, number))
    return attachment(
        row["files"]["procedure.bpmn"].encode(), name=f"{key}-{number}.bpmn", media_type="application/xml"
    )
