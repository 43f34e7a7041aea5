"""Verbs of what surrounds the cases: substitutions, readings, the calendar, the half-year, storage (2.4, 3.3, 4.9)."""

from datetime import date
from typing import Any, Final

from engine import calendars
from engine.calendar import Decree, YearTable, shipped_years
from engine.records import cases as case_records
from engine.scenarios import MismatchError, Step, Verb, World
from processes.council import use_cases as council


def substitute(world: World, step: Step) -> None:
    """`замещение: {отсутствует: chair, замещает: deputy, с: …, по: …, основание: …}`: entered by `кем` (admin)."""
    given = {
        "absent": str(step.of("отсутствует", "chair")),
        "deputy": str(step.of("замещает", "deputy")),
        "since": step.of("с", world.now.date()),
        "until": step.of("по", world.now.date()),
        "basis": str(step.of("основание", "приказ об отпуске № 1")),
    }
    world.act(
        str(step.of("кем", "admin")), lambda tx, actor: council.add_substitution(tx, **given, actor=actor), "substitute"
    )


def change_readings(world: World, step: Step) -> None:
    """`изменено толкование: {quorum.base: members_only}`: from today on; cases begun before keep the one they have.

    `кем` (chair), `протокол`, `причина`.
    """
    protocol = str(step.more.get("протокол", "1/2026"))
    reason = str(step.more.get("причина", "решение совета"))
    changes, today = dict(step.value or {}), world.now.date()

    def change(tx: Any, actor: Any) -> int:
        return council.change_readings(tx, changes, protocol=protocol, reason=reason, valid_from=today, actor=actor)

    world.act(str(step.more.get("кем", "chair")), change, "change_readings")


def change_calendar(world: World, step: Step) -> None:
    """`изменён календарь: {год: 2026, нерабочие: [дата], рабочие: [дата], указ: номер}`: a year's table is loaded.

    `перенесено` says how many open terms it must move, with a fact each.
    """
    year = int(step.of("год", world.now.year))
    known = next((table for table in shipped_years() if table.year == year), YearTable(year))
    table = YearTable(
        year,
        decree=Decree(str(step.of("указ", "1")), world.now.date()),
        off=known.off | days(step.of("нерабочие", [])),
        working=known.working | days(step.of("рабочие", [])),
        regional=known.regional,
        recommended=known.recommended,
        presidential=known.presidential,
    )
    by = str(step.of("кем", "admin"))
    shown = world.read(lambda tx: calendars.preview(tx, table))
    moved = world.act(by, lambda tx, actor: calendars.apply(tx, table, actor=actor), "calendar")
    if len(shown) != len(moved):
        raise MismatchError(f"Показано переносов {len(shown)}, а сделано {len(moved)}.")
    wanted = step.of("перенесено")
    if wanted is not None and len(moved) != wanted:
        raise MismatchError(f"Перенесено сроков {len(moved)}, а ожидалось {wanted}.")


def days(given: Any) -> frozenset[date]:
    """Give dates from a scenario's list."""
    return frozenset(each if isinstance(each, date) else date.fromisoformat(str(each)) for each in given)


def speak_of_storage(world: World, step: Step) -> None:
    """`речь о хранении дела`: what follows speaks of the storage of the current case, named `хранение`."""
    case = world.case_id(step)
    for row in world.read(lambda tx: case_records.all_cases(tx.connection)):
        if row["process"] == "retention" and row["data"]["closed"]["case"] == case:
            world.remember(row["id"], "хранение")
            return
    raise MismatchError("Хранение дела не началось.")


def speak_of_watch(world: World, step: Step) -> None:
    """`речь о полугодии: 2026-1`: what follows speaks of the watch over a half-year."""
    for row in world.read(lambda tx: case_records.all_cases(tx.connection)):
        if row["process"] == "meeting_watch" and row["data"]["half_year"] == step.value:
            world.remember(row["id"], f"полугодие {step.value}")
            return
    raise MismatchError(f"За полугодием {step.value} не наблюдают.")


def hold_documents(world: World, step: Step) -> None:
    """`хранение продлено: 2031-01-01`: the secretary keeps the documents longer."""
    until = step.value.isoformat() if isinstance(step.value, date) else str(step.value)
    data = {"action": "hold", "until": until, "reason": str(step.more.get("причина", "идёт проверка"))}
    world.complete(world.case_id(step), "decide_destruction", str(step.more.get("кем", "secretary")), data)


def destroy_documents(world: World, step: Step) -> None:
    """`документы выделены к уничтожению: основание`: the secretary lets the act be drawn up (4.9)."""
    data = {"action": "destroy", "basis": str(step.value or "акт экспертной комиссии № 1")}
    world.complete(world.case_id(step), "decide_destruction", str(step.more.get("кем", "secretary")), data)


VERBS: Final[dict[str, Verb]] = {
    "замещение": substitute,
    "изменён календарь": change_calendar,
    "изменено толкование": change_readings,
    "речь о хранении дела": speak_of_storage,
    "речь о полугодии": speak_of_watch,
    "хранение продлено": hold_documents,
    "документы выделены к уничтожению": destroy_documents,
}
