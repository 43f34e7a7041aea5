"""Verbs of the certification up to the council: from the application to the approved conclusions (4.3-4.7)."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.scenarios import MismatchError, Step, Verb, World
from processes.certification import use_cases
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS

#: The three experts of a scenario that names none: members without a tie to either applicant.
EXPERTS: Final = ("member02", "member03", "member04")
CRITERIA: Final = tuple(E_ROWS)
#: The row that passes with a minus (annex 3: obvious errors of formatting are absent).
INVERTED: Final = "T28"
PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

#: The kinds of files that an application needs, and names as people give them.
_FILES: Final = {"application": "Заявка.pdf", "license_copy": "Копия лицензии.pdf", "programme": "Программа.pdf"}

#: An application of an invented organisation that breaks no rule; `organization` is taken from the applicant.
APPLICATION: Final[Mapping[str, Any]] = {
    "programme_title": "Проектирование современного урока",
    "registered": {"date": "2002-11-05", "place": "город Краснодар", "authority": "налоговая инспекция"},
    "legal_address": {"address": "г. Краснодар, ул. Примерная, 1", "phone": "+7 861 000-00-00", "fax": "нет"},
    "license": {"number": "00000-П", "valid_until": "indefinite"},
    "actual_address": {
        "address": "г. Краснодар, ул. Примерная, 1",
        "phone": "+7 861 000-00-00",
        "fax": "нет",
        "email": "office@example.org",
    },
    "head": {"last_name": "Примерова", "first_name": "Анна", "patronymic": "Вымышленная"},
    "legal_form": "автономная некоммерческая организация",
    "activities": "дополнительное профессиональное образование",
    "authors": [{"name": "Выдумкин Пётр Петрович", "position": "методист", "degree": "нет", "rank": "нет"}],
    "practice_bases": ["Учебный центр организации"],
    "level": "basic",
    "plan": [
        {
            "module": "Урок и его цели",
            "lecture_hours": 20,
            "practice_hours": 36,
            "self_study_hours": 12,
            "control_hours": 4,
            "remote": False,
        }
    ],
    "depository": {
        "direction": "методика преподавания",
        "education_kind": "общее образование",
        "audience": ["учителя"],
        "year": 2025,
        "study_form": "очная",
        "issued_document": "удостоверение",
    },
    "previous_case": None,
    "remedies": [],
}


def file_application(world: World, step: Step) -> None:
    """`подана заявка`: an organisation fills in an application, attaches three files and submits it.

    `кем` (applicant1), `название`, `поля` ({dotted path: value} over the defaults), `без` (fields and `files.<kind>`
    left out), `прежнее дело` (a case's name), `устранено` ({remark: how}), `дело` (the new case's name).
    """
    login = str(step.of("кем", "applicant1"))
    data = filled_in(world, login, step)
    left_out = {str(each) for each in step.of("без", [])}

    def fill(tx: Any, actor: Any) -> str:
        made = use_cases.create_application(tx, data, actor=actor)
        for kind, file in _FILES.items():
            if f"files.{kind}" not in left_out:
                content = PDF + f"%{kind}".encode()
                use_cases.add_file(tx, made["id"], kind=kind, name=file, content=content, actor=actor)
        return str(made["id"])

    application = world.act(login, fill, "create_application")
    case = world.act(login, lambda tx, actor: use_cases.submit(tx, application, actor=actor), "submit")
    name = str(step.more.get("дело", "дело"))
    world.remember(case["id"], name)
    world.marks.setdefault("applicants", {})[case["id"]] = login


def filled_in(world: World, login: str, step: Step) -> dict[str, Any]:
    """Give the application's data for a person's organisation, with a step's changes."""
    data = copy.deepcopy(dict(APPLICATION))
    data["depository"]["year"] = min(data["depository"]["year"], world.now.year)
    data["organization"] = dict(world.actor(login).details.get("organization") or {})  # type: ignore[call-overload]
    if title := step.of("название"):
        data["programme_title"] = str(title)
    previous = step.of("прежнее дело")
    if previous is not None:
        data["previous_case"] = world.cases[str(previous)]
    remedies = step.of("устранено", {})
    data["remedies"] = [{"remark": str(remark), "how_fixed": str(how)} for remark, how in remedies.items()]
    for path, value in step.of("поля", {}).items():
        *way, last = str(path).split(".")
        spot: Any = data
        for part in way:
            spot = spot[int(part)] if isinstance(spot, list) else spot[part]
        spot[int(last) if isinstance(spot, list) else last] = value
    for path in map(str, step.of("без", [])):
        if not path.startswith("files."):
            data.pop(path, None)
    return data


def register(world: World, step: Step) -> None:
    """`заявка зарегистрирована`: the secretary accepts the application with its three copies (4.3; S-3)."""
    data = {"accepted": True, "copies": step.of("экземпляров", 3)}
    world.complete(world.case_id(step), "register_application", str(step.of("кем", "secretary")), data)


def reject(world: World, step: Step) -> None:
    """`заявка не принята: причина`: the secretary does not accept the application."""
    data = {"accepted": False, "reason": str(step.value or "комплект неполон")}
    world.complete(world.case_id(step), "register_application", str(step.more.get("кем", "secretary")), data)


def review(world: World, step: Step) -> None:
    """`техническая экспертиза: пройдена` or `{замечания: {T05: …, K2: …}}`: the secretary marks every row (4.4, 4.5).

    `отметки` overrides single signs without a comment: `{T24: na}`; `без` leaves rows out.
    """
    remarks: Mapping[str, str] = step.of("замечания", {})
    signs = {row: "-" if row == INVERTED else "+" for row in (*T_ROWS, *K_ROWS)}
    signs.update({row: "+" if row == INVERTED else "-" for row in remarks})
    signs.update(step.of("отметки", {}))
    kept = {row: sign for row, sign in signs.items() if row not in step.of("без", [])}
    data = {
        "precheck": {row: sign for row, sign in kept.items() if row in K_ROWS},
        "marks": {row: sign for row, sign in kept.items() if row in T_ROWS},
        "comments": dict(remarks),
    }
    world.complete(world.case_id(step), "technical_review", str(step.of("кем", "secretary")), data)


def appoint(world: World, step: Step) -> None:
    """`назначены эксперты: [логин, …]`: the chair appoints three experts (4.6)."""
    logins = step.value if isinstance(step.value, list) else list(EXPERTS)
    world.complete(world.case_id(step), "appoint_experts", str(step.more.get("кем", "chair")), {"experts": logins})


def conclude(world: World, step: Step) -> None:
    """`заключение подано: member02`: an expert files a conclusion (4.6; annex 4).

    `минусы` (rows, or how many), `вывод`, `обоснование`, `конфликт: true`, `кем` (another who tries).
    """
    login = str(step.value)
    data = conclusion(step.more)
    by = str(step.more.get("кем", login))
    task = world.last_task(world.case_id(step), "expert_review", login)
    world.complete_task(task, by, data)


def conclude_all(world: World, step: Step) -> None:
    """`заключения поданы`: every expert who has not yet files a conclusion; the keys are as for one."""
    case = world.case_id(step)
    more = {**(step.value if isinstance(step.value, Mapping) else {}), **step.more}
    for task in world.open_tasks(case, "expert_review"):
        world.complete_task(task, task["assignee"], conclusion(more))


def conclusion(more: Mapping[str, Any]) -> dict[str, Any]:
    """Give an expert's form: all rows at plus but those named."""
    minuses = more.get("минусы", [])
    rows: Iterable[str] = CRITERIA[:minuses] if isinstance(minuses, int) else minuses
    marks = dict.fromkeys(CRITERIA, "+") | dict.fromkeys(rows, "-")
    passed = 100 * sum(sign == "+" for sign in marks.values()) >= 75 * len(CRITERIA)
    data: dict[str, Any] = {
        "declaration": {"no_conflict": not more.get("конфликт", False)},
        "marks": marks,
        "comments": {row: "не подтверждено материалами программы" for row, sign in marks.items() if sign == "-"},
        "verdict": more.get("вывод", "conforms" if passed else "does_not_conform"),
    }
    if "обоснование" in more:
        data["verdict_reason"] = str(more["обоснование"])
    return data


def decline(world: World, step: Step) -> None:
    """`эксперт отказался: member02`: an expert declines; or `кем: chair` declines for the expert when overdue."""
    login = str(step.value)
    reason = str(step.more.get("причина", "не могу выполнить экспертизу"))
    world.decline(world.case_id(step), "expert_review", str(step.more.get("кем", login)), reason, login)


def replace(world: World, step: Step) -> None:
    """`эксперт заменён: member05`: the chair names a new expert for the free seat."""
    world.complete(
        world.case_id(step), "replace_expert", str(step.more.get("кем", "chair")), {"expert": str(step.value)}
    )


def approve(world: World, step: Step) -> None:
    """`заключения утверждены`: the chair approves the three conclusions (2.5)."""
    world.complete(world.case_id(step), "approve_conclusions", str(step.of("кем", "chair")), {"approve": True})


def return_some(world: World, step: Step) -> None:
    """`заключения возвращены: [логин, …]`: the chair returns conclusions, with the reason (A-28)."""
    logins = step.value if isinstance(step.value, list) else [str(step.value)]
    data = {"approve": False, "return_to": logins, "reason": str(step.more.get("причина", "нет обоснования вывода"))}
    world.complete(world.case_id(step), "approve_conclusions", str(step.more.get("кем", "chair")), data)


def withdraw(world: World, step: Step) -> None:
    """`заявка отозвана: причина`: the applicant takes the application back (1.5)."""
    case = world.case_id(step)
    login = str(step.more.get("кем", world.marks.get("applicants", {}).get(case, "applicant1")))
    application = world.row(case)["data"].get("application")
    if application is None:
        raise MismatchError("У дела нет заявки.")
    reason = str(step.value or "программа будет переработана")
    world.act(login, lambda tx, actor: use_cases.withdraw(tx, application, reason, actor=actor), "withdraw")


def bring_to_council(world: World, step: Step) -> None:
    """`дело готово к заседанию`: everything up to the approved conclusions, without delay; keys as of `подана заявка`.

    `минусы`: so many rows at minus in every conclusion.
    """
    file_application(world, step)
    plain = Step("", None, {"дело": world.current}, step.line)
    register(world, plain)
    review(world, plain)
    appoint(world, plain)
    conclude_all(world, Step("", {"минусы": step.of("минусы", [])}, plain.more, step.line))
    approve(world, plain)


VERBS: Final[dict[str, Verb]] = {
    "подана заявка": file_application,
    "заявка зарегистрирована": register,
    "заявка не принята": reject,
    "техническая экспертиза": review,
    "назначены эксперты": appoint,
    "заключение подано": conclude,
    "заключения поданы": conclude_all,
    "эксперт отказался": decline,
    "эксперт заменён": replace,
    "заключения утверждены": approve,
    "заключения возвращены": return_some,
    "заявка отозвана": withdraw,
    "дело готово к заседанию": bring_to_council,
}
