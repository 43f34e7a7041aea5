from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.actors import Actor
from engine.cases import start as start_it
from engine.clock import MOSCOW
from engine.definitions import read_bundle
from engine.records import definitions as definition_records
from engine.registry import Registry
from engine.scenarios import (
    Cast,
    House,
    Step,
    UnreadableScenarioError,
    World,
    check_bundle,
    read_scenario,
)
from engine.scenarios.checking import play_one, prepare
from engine.scenarios.reading import read_instant, read_step
from tests.engine.lint.pen import boundary, deadline, end, flows, gateway, start, text_of, timer_text, user

FORM = """{"type": "default", "schemaVersion": 16, "components": [
  {"type": "checkbox", "key": "ok", "label": "Верно", "properties": {"variable": "true"}}]}"""
BODY = (
    start(), gateway("merge"), user("check"), deadline("check"),
    boundary("check_soon", "check", timer_text("before_due(1)"), interrupting=False),
    end("check_reminded", name="Напомнили"),
    gateway("choice", default="merge"), end("granted"),
    flows("start > merge > check > choice >if ok> granted", "choice > merge", "check_soon > check_reminded"),
)  # fmt: skip


def with_diagram(text: str) -> str:
    """Add a shape for every element and a line for every flow."""
    root = etree.fromstring(text)
    ids = [(etree.QName(e).localname, e.get("id")) for e in root.iter(etree.Element) if e.get("id")]
    drawn = "".join(
        f'<bpmndi:BPMNEdge id="{i}_di" bpmnElement="{i}"/>'
        if kind == "sequenceFlow"
        else f'<bpmndi:BPMNShape id="{i}_di" bpmnElement="{i}"/>'
        for kind, i in ids
        if kind != "process"
    )
    plane = f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p">{drawn}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    return text.replace("</bpmn:definitions>", f"{plane}</bpmn:definitions>")


GRANTED = """
название: Верно со второго раза
шаги:
  - начато
  - ожидается: {стоит: check, срок: {check: 2026-01-15}, исход: нет}
  - наступило: check_soon
  - отказано: not_yours
    когда: {выполнено: check, кто: chair, данные: {ok: true}}
  - срок истёк: check
  - ожидается: {факты: {task.escalated: 1, act.refused: 1}, задачи: {check: 1}}
  - выполнено: check
    кто: secretary
    данные: {ok: false}
  - выполнено: check
    кто: secretary
    данные: {ok: true}
  - ожидается: {исход: granted, состояние: ended, нет фактов: incident.raised, данные: {ok: true}}
"""


def start_case(world: World, step: Step) -> None:
    row = world.act("secretary", lambda tx, actor: start_it(tx, "toy", {"ok": False}, actor=actor, title="Дело"))
    world.remember(row["id"], str(step.value or "дело"))


def find_actor(_tx: Any, login: str) -> Actor | None:
    return Actor(login, login, frozenset({login})) if login in {"secretary", "chair"} else None


@pytest.fixture
def house() -> House:
    return House(Registry(), Cast(find_actor, verbs={"начато": start_case}))


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    folder = tmp_path / "bundles" / "toy"
    (folder / "forms").mkdir(parents=True)
    (folder / "scenarios").mkdir()
    (folder / "procedure.bpmn").write_text(with_diagram(text_of(*BODY)), encoding="utf-8")
    (folder / "forms" / "check.json").write_text(FORM, encoding="utf-8")
    (folder / "scenarios" / "granted.yaml").write_text(GRANTED, encoding="utf-8")
    return folder


def test_a_bundle_whose_scenarios_pass_everything_is_sound(house: House, toy: Path) -> None:
    report = check_bundle(toy, house)
    assert list(report.lines()) == ["toy: сценариев 1, прошло 1; не пройдено элементов и потоков: 0"]
    assert report.is_sound


def test_what_no_scenario_passes_is_named(house: House, toy: Path) -> None:
    (toy / "scenarios" / "granted.yaml").write_text(
        "название: Сразу\nшаги:\n  - начато\n  - выполнено: check\n    кто: secretary\n    данные: {ok: true}\n",
        encoding="utf-8",
    )
    report = check_bundle(toy, house)
    assert not report.is_sound
    assert set(report.missing) == {
        "check_due", "check_due_end", "check_soon", "check_reminded",
        "check_due_check_due_end", "check_soon_check_reminded", "choice_merge",
    }  # fmt: skip
    assert "error   check_due: ни один сценарий не проходит. [coverage]" in report.lines()


def test_a_failed_expectation_tells_file_line_and_both_values(house: House, toy: Path) -> None:
    text = "название: Не так\nшаги:\n  - начато\n  - ожидается: {исход: granted}\n"
    (toy / "scenarios" / "granted.yaml").write_text(text, encoding="utf-8")
    lines = list(check_bundle(toy, house).lines())
    assert lines[0].startswith("error   scenarios/granted.yaml:4: Исход дела — ещё нет (стоит: check)")


def test_a_broken_rule_keeps_the_scenarios_from_being_played(house: House, toy: Path) -> None:
    (toy / "forms" / "check.json").unlink()
    report = check_bundle(toy, house)
    assert [finding.rule for finding in report.findings] == ["user_task_form"]
    assert report.told == ()


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("procedure.bpmn", "<!DOCTYPE a><a/>", "xml_doctype_forbidden"),
        ("procedure.bpmn", "<a/>", "readable"),
        ("scenarios/granted.yaml", "шаги: [", "scenario_readable"),
        ("forms/check.json", "{", "readable"),
        ("forms/check.json", " ", "bundle"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding(house: House, toy: Path, name: str, text: str, rule: str) -> None:
    (toy / name).write_text(text, encoding="utf-8")
    report = check_bundle(toy, house)
    assert rule in {finding.rule for finding in report.findings}
    assert not report.is_sound


def test_a_bundle_without_scenarios_falls_short(house: House, toy: Path) -> None:
    (toy / "scenarios" / "granted.yaml").unlink()
    assert [finding.rule for finding in check_bundle(toy, house).findings] == ["scenario_missing"]


def test_a_scenario_plays_on_each_database(house: House, toy: Path, schema_url: str, tmp_path: Path) -> None:
    prepare(house, schema_url, tmp_path / "files", [read_bundle(toy)])
    told = play_one(read_scenario(GRANTED, "granted"), schema_url, tmp_path / "files", house)
    assert told.failure is None
    assert "granted" in told.coverage.elements["toy"]
    runtime = house.runtime(schema_url, tmp_path / "files")
    with runtime.reading() as tx:
        assert definition_records.in_force(tx.connection, "toy", date(2020, 2, 10)) is not None
    runtime.database.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "название: A",
        "название: A\nшаги: x",
        "название: A\nшаги: [1]",
        "название: A\nшаги: []\nлишнее: 1",
        "название: A\nназвание: B\nшаги: []",
        "название: &a A\nшаги: [*a]",
        "название: A\nначало: вчера\nшаги: []",
        "название: A\nшаги: [!!python/object/apply:os.system [id]]",
        "название: A\nшаги: " + "[" * 1_000,
        "название: A\nшаги: [" + "a, " * 501 + "]",
        "x" * 100_001,
    ],
)
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(UnreadableScenarioError):
        read_scenario(text, "x")


def test_a_step_is_a_verb_alone_or_with_data() -> None:
    assert read_step("начато") == Step("начато")
    step = read_step({"выполнено": "check", "кто": "chair"})
    assert (step.verb, step.value, step.of("кто"), step.of("данные", 1)) == ("выполнено", "check", "chair", 1)


def test_instants_without_offset_are_moscow_time() -> None:
    assert read_instant("2026-03-01 10:00") == datetime(2026, 3, 1, 10, tzinfo=MOSCOW)
    assert read_instant(date(2026, 3, 1)) == datetime(2026, 3, 1, 9, tzinfo=MOSCOW)
    assert read_instant("2026-03-01T10:00:00+05:00").utcoffset() != read_instant("2026-03-01").utcoffset()


@pytest.mark.parametrize(
    ("step", "failure"),
    [
        ("колдовство", "глагола «колдовство» нет"),
        ("{прошло: сто лет}", "не промежуток"),
        ("{прошло: 3 фунта}", "Единицы «фунта» нет"),
        ("{срок истёк: nothing}", "Открытой задачи nothing нет"),
        ("{наступило: nothing}", "Таймера nothing у дела нет; ждут: check_due, check_soon"),
        ("{выполнено: check, кто: nobody}", "Человека «nobody» нет"),
        ("{выполнено: check, кто: chair, данные: {ok: true}}", "Эта задача не для вас"),
        ("{выполнено: check, кто: secretary, данные: {ok: да}}", "ok:"),
        ("{отклонена задача: check, кто: secretary}", "нельзя отказаться"),
        ("{сообщение: letter, от: chair}", "не принимает"),
        ("{речь о деле: другое}", "ещё нет"),
        ("{ожидается: check}", "что именно"),
        ("{ожидается: {погода: дождь}}", "ожидания «погода» нет"),
        ("{ожидается: {стоит: granted}}", "не стоит на granted; оно стоит: check"),
        ("{ожидается: {не стоит: check}}", "стоит на check, а не должно"),
        ("{ожидается: {состояние: ended}}", "Состояние дела — active"),
        ("{ожидается: {срок: {check: 2026-01-16}}}", "2026-01-15, а ожидался 2026-01-16"),
        ("{ожидается: {срок условный: {check: true}}}", "не условный"),
        ("{ожидается: {задачи: {check: 2}}}", "Открытых задач check — 1"),
        ("{ожидается: {письма: appointment}}", "Писем appointment: 0"),
        ("{ожидается: {нет фактов: case.started}}", "case.started есть"),
        ("{ожидается: {данные: {ok: true}}}", "ok = False, а ожидалось True"),
        ("{отказано: held, когда: {выполнено: check, кто: chair}}", "Отклонено как not_yours, а ожидалось held"),
        ("{отказано: not_yours, поле: x, когда: {выполнено: check, кто: chair}}", "без поля x"),
        ("{отказано: not_yours, слова: ёж, когда: {выполнено: check, кто: chair}}", "нет слов «ёж»"),
        ("{отказано: x, когда: {прошло: 1 день}}", "прошло, а должно быть отклонено"),
    ],
)
def test_what_a_scenario_gets_wrong_is_told_in_words(house: House, toy: Path, step: str, failure: str) -> None:
    text = f"название: Ошибка\nшаги:\n  - начато\n  - {step}\n"
    (toy / "scenarios" / "granted.yaml").write_text(text, encoding="utf-8")
    (told,) = check_bundle(toy, house).told
    assert told.line == 4
    assert told.failure is not None
    assert failure in told.failure


def test_the_clock_moves_by_days_working_days_weeks_hours_and_years(house: House, toy: Path) -> None:
    spans = "".join(f"  - прошло: {span}\n" for span in ("1 рабочий день", "2 часа", "1 неделю", "3 дня", "2 года"))
    steps = f"  - начато\n{spans}  - часы: 2028-02-01 10:00\n  - служба включена после простоя\n"
    (toy / "scenarios" / "granted.yaml").write_text(
        f"название: Часы\nначало: 2026-01-13\nшаги:\n{steps}", encoding="utf-8"
    )
    (told,) = check_bundle(toy, house).told
    assert told.failure is None
