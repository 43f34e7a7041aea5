"""The general verbs of scenarios, which any procedure understands."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from engine.calendar import fires_after
from engine.cases import deliver
from engine.clock import MOSCOW, moscow
from engine.errors import RefusedError
from engine.records import cases as case_records
from engine.scenarios.expectations import expect
from engine.scenarios.reading import Step, UnreadableScenarioError, read_instant, read_step
from engine.scenarios.world import MismatchError, Verb, World
from engine.ticks import tick

SPAN: Final = re.compile(r"(\d+)\s+(рабоч\w+\s+)?(\w+)")
MORNING: Final = time(8)
HOURS: Final = ("час", "часа", "часов")
DAYS: Final = ("день", "дня", "дней")
WEEKS: Final = ("неделя", "неделю", "недели", "недель")


def complete_task(world: World, step: Step) -> None:
    """`выполнено: technical_review`, `кто: secretary`, `данные: {…}`: a person completes a task."""
    login = str(step.more.get("кто", ""))
    world.complete(world.case_id(step), str(step.value), login, spell_dates(step.more.get("данные") or {}))


def spell_dates(value: Any) -> Any:
    """Give the JSON of what YAML has read: a date written without quotes is its ISO text."""
    if isinstance(value, Mapping):
        return {str(key): spell_dates(each) for key, each in value.items()}
    if isinstance(value, list):
        return [spell_dates(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def decline_task(world: World, step: Step) -> None:
    """`отклонена задача: expert_review`, `кто: member02`, `причина: …`: a person declines a task (`чья`: another's)."""
    login = str(step.more.get("кто", ""))
    reason = str(step.more.get("причина", "не могу выполнить"))
    world.decline(world.case_id(step), str(step.value), login, reason, step.more.get("чья"))


def send_message(world: World, step: Step) -> None:
    """`сообщение: council_decision`, `данные: {…}`, `от: ministry`: a message arrives at the case."""
    case_id, payload = world.case_id(step), spell_dates(step.more.get("данные") or {})
    sender = str(step.more.get("от", "ministry"))
    world.act(sender, lambda tx, actor: deliver(tx, case_id, str(step.value), payload, actor=actor), "deliver")


def set_clock(world: World, step: Step) -> None:
    """`часы: 2026-02-01 10:00`: the clock moves to an instant of Europe/Moscow; due timers fire on the way."""
    world.advance(read_instant(step.value))


def let_pass(world: World, step: Step) -> None:
    """`прошло: 3 рабочих дня`, `10 дней`, `2 часа`, `1 год`: the clock moves on; a working day ends at its 12:00."""
    found = SPAN.fullmatch(str(step.value).strip())
    if found is None:
        raise UnreadableScenarioError(f"«{step.value}» — не промежуток; пишите «3 рабочих дня» или «10 дней».")
    count, unit, now = int(found[1]), found[3], world.now
    if found[2]:
        day = world.read(lambda tx: tx.calendar.add_working_days(now.date(), count))
        world.advance(max(now, datetime.combine(day, time(12), MOSCOW)))
    elif unit in HOURS:
        world.advance(now + timedelta(hours=count))
    elif unit in WEEKS:
        world.advance(now + timedelta(weeks=count))
    elif unit in DAYS:
        world.advance(now + timedelta(days=count))
    elif unit.startswith(("год", "лет")):
        world.advance(now.replace(year=now.year + count, day=min(now.day, 28)))
    else:
        raise UnreadableScenarioError(f"Единицы «{unit}» нет; есть дни, рабочие дни, недели, часы, годы.")


def pass_deadline(world: World, step: Step) -> None:
    """`срок истёк: technical_review`: the clock moves to the midnight after the task's last day."""
    task = world.task(world.case_id(step), str(step.value), step.more.get("чья"))
    if task["due_at"] is None:
        raise MismatchError(f"У задачи {step.value} нет срока.")
    world.advance(max(world.now, fires_after(task["due_at"])))


def wake_up(world: World, _step: Step) -> None:
    """`утро следующего рабочего дня`: the clock moves to 08:00 of the next working day, before reminders go out."""
    now = world.now
    day = world.read(lambda tx: tx.calendar.add_working_days(now.date(), 1))
    world.advance(datetime.combine(day, MORNING, MOSCOW))


def remember_due(world: World, step: Step) -> None:
    """`запомнен срок: technical_review`: to be compared later."""
    world.marks["due"] = world.task(world.case_id(step), str(step.value))["due_at"]


def compare_due(world: World, step: Step) -> None:
    """`срок позже запомненного: technical_review`: the open task's term ends later than the one remembered."""
    due = world.task(world.case_id(step), str(step.value))["due_at"]
    if due is None or "due" not in world.marks or due <= world.marks["due"]:
        raise MismatchError(f"Срок задачи {step.value} не позже запомненного.")


def fire_timer(world: World, step: Step) -> None:
    """`наступило: technical_review_soon`: the clock moves to the instant of the case's nearest timer of an element."""
    case_id = world.case_id(step)
    rows = world.read(lambda tx: case_records.timers_of(tx.connection, case_id))
    found = sorted(row["due"] for row in rows if row["element"] == step.value)
    if not found:
        raise MismatchError(
            f"Таймера {step.value} у дела нет; ждут: {', '.join(sorted(row['element'] for row in rows))}."
        )
    world.advance(max(moscow(found[0]), world.now))


def run_late(world: World, _step: Step) -> None:
    """`служба включена после простоя`: what is due fires now."""
    tick(world.runtime)


def expect_refusal(world: World, step: Step) -> None:
    """`отказано: conflict_of_interest`, `поле: experts`, `когда: {шаг}`: the step is refused, and for that reason.

    The case's history gets the fact `act.refused` where a rule refused it; `слова` is a part of the message.
    """
    inner = read_step(step.more.get("когда"), step.line)
    if "дело" in step.more:
        inner = Step(inner.verb, inner.value, {"дело": step.more["дело"], **inner.more}, inner.line)
    try:
        verb_of(world, inner)(world, inner)
    except RefusedError as refusal:
        check_refusal(step, refusal)
        return
    raise MismatchError(f"Действие «{inner.verb}» прошло, а должно быть отклонено ({step.value}).")


def check_refusal(step: Step, refusal: RefusedError) -> None:
    """Compare a refusal with the scenario's words."""
    fields: Mapping[str, list[str]] = getattr(refusal, "errors", {})
    words = " ".join([refusal.message, *(text for texts in fields.values() for text in texts)])
    if step.value not in {None, refusal.slug_}:
        raise MismatchError(f"Отклонено как {refusal.slug_}, а ожидалось {step.value}: {words}")
    wanted = step.more.get("поле")
    if wanted is not None and wanted not in fields:
        raise MismatchError(f"Отклонено без поля {wanted}; поля: {', '.join(fields) or 'нет'}: {words}")
    part = step.more.get("слова")
    if part is not None and str(part).lower() not in words.lower():
        raise MismatchError(f"В отказе нет слов «{part}»: {words}")


def verb_of(world: World, step: Step) -> Verb:
    """Give what a step does: a general verb, else one of the procedure's. Raises UnreadableScenarioError."""
    own: Mapping[str, Verb] = world.marks.get("verbs", {})
    found = VERBS.get(step.verb) or own.get(step.verb)
    if found is None:
        known = ", ".join(sorted({*VERBS, *own}))
        raise UnreadableScenarioError(f"Строка {step.line}: глагола «{step.verb}» нет; есть: {known}.")
    return found


def name_case(world: World, step: Step) -> None:
    """`речь о деле: имя`: what follows speaks of another case of the scenario."""
    if step.value not in world.cases:
        raise MismatchError(f"Дела «{step.value}» в сценарии ещё нет.")
    world.current = str(step.value)


VERBS: Final[dict[str, Any]] = {
    "выполнено": complete_task,
    "отклонена задача": decline_task,
    "сообщение": send_message,
    "часы": set_clock,
    "прошло": let_pass,
    "срок истёк": pass_deadline,
    "утро следующего рабочего дня": wake_up,
    "запомнен срок": remember_due,
    "срок позже запомненного": compare_due,
    "наступило": fire_timer,
    "служба включена после простоя": run_late,
    "ожидается": expect,
    "отказано": expect_refusal,
    "речь о деле": name_case,
}
