"""Readings of the regulation: the values in force, what rests on which protocol, and a change from a day on."""

from typing import Any

from flask import make_response, request

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin.office import (
    STAFF,
    UNPROCESSABLE,
    administer,
    day_of_form,
    keep_file,
    names_of,
    read_file,
    summary_of,
)
from handlers.pages.desk import Answer, Desk, Pages
from processes.council import use_cases as council
from processes.council.administration import Matter
from processes.council.people import day_of
from processes.council.readings import READINGS
from processes.council.records import readings

pages = Pages()


@pages.get("/admin/settings", STAFF)
def show_settings(desk: Desk) -> Answer:
    """Show the readings in force, their versions, and to those who may, the form of a change."""
    return _page(desk)


@pages.post("/admin/settings", SIGNED_IN)
def change_settings(desk: Desk) -> Answer:
    """Write a new version of the readings, on a protocol."""
    wrong: dict[str, list[str]] = {}
    protocol_date = day_of_form("protocol_date", wrong, "дату протокола", required=True)
    valid_from = day_of_form("valid_from", wrong, "день, с которого действует версия,", required=True)
    file = read_file("file", wrong)
    form, actor = request.form, desk.actor
    number = form.get("protocol", "").strip()

    def act(tx: Transaction) -> dict[str, Any]:
        if wrong or valid_from is None:
            raise InvalidError("Параметры не изменены: проверьте отмеченные поля.", errors=wrong, rule=False)
        kept = keep_file(tx, file, kind="protocol", title=f"Протокол № {number}", by=actor.login)
        version = council.change_readings(
            tx,
            _changes(tx),
            protocol=number,
            protocol_date=protocol_date,
            file=kept,
            reason=form.get("reason", ""),
            valid_from=valid_from,
            actor=actor,
        )
        return {"version": version}

    try:
        administer(desk, act, matter=Matter.READINGS, kind="readings.changed", subject=number or "-")
    except InvalidError as error:
        return make_response(_page(desk, error), UNPROCESSABLE)
    return desk.go("show_settings", done="entered")


def _changes(tx: Transaction) -> dict[str, Any]:
    """The values chosen that differ from those in force after the last version."""
    last = readings.versions(tx.connection)
    current = readings.values_of(tx.connection, last[0]["version"] if last else 0)
    found = {}
    for reading in READINGS:
        chosen = request.form.get(reading.key)
        value = next((offered for offered in reading.values if shown(offered) == chosen), None)
        if chosen is not None and value != current[reading.key]:
            found[reading.key] = chosen if value is None else value
    return found


def shown(value: Any) -> str:
    """A value as the form and the catalogue of words name it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(value) if isinstance(value, tuple | list) else str(value)


def _page(desk: Desk, error: InvalidError | None = None) -> str:
    def ask(tx: Transaction) -> dict[str, Any]:
        rows = readings.versions(tx.connection)
        in_force = readings.version_on(tx.connection, day_of(tx.now))
        values = {row["version"]: readings.values_of(tx.connection, row["version"]) for row in rows}
        values[0] = readings.values_of(tx.connection, 0)
        newest = rows[0]["version"] if rows else 0
        for row in rows:
            before, after = values[max(0, row["version"] - 1)], values[row["version"]]
            row["changed"] = [
                (reading, shown(before[reading.key]), shown(after[reading.key]))
                for reading in READINGS
                if shown(before[reading.key]) != shown(after[reading.key])
            ]
        current = {key: shown(value) for key, value in values[in_force].items()}
        newest_values = {key: shown(value) for key, value in values[newest].items()}
        return {
            "rows": rows,
            "in_force": in_force,
            "current": current,
            "chosen": {**newest_values, **request.form} if error else newest_values,
            "today": day_of(tx.now),
            "names": names_of(tx, (row["entered_by"] for row in rows)),
        }

    return desk.show(
        "admin/settings.html",
        **desk.read(ask),
        readings=sorted(READINGS, key=lambda reading: len(reading.values) == 1),
        shown=shown,
        typed=request.form,
        may=desk.actor.holds("chair", "admin"),
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )
