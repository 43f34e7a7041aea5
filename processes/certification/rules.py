"""Rules of the certification: registration, both reviews, approval, certificate (clauses 4.3-4.16; annexes 3-5).

Pure: values in, findings out as `{field: [Russian message]}`, empty where all is well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from engine.calendar import add_years
from processes.certification.model import COPIES, EXPERTS, Filed, Findings, Requirement, Term
from processes.certification.rows import E_ROWS, K_ROWS, NOT_APPLICABLE, T_ROWS

YEARS_IN_FORCE: Final = 3


def check_registration(data: Mapping[str, Any]) -> Findings:
    """Accepting needs the three copies, refusing needs a reason (clause 4.3, A-26)."""
    if data.get("accepted") is True:
        copies = data.get("copies")
        if copies is None:
            return {"copies": ["Укажите число экземпляров программы."]}
        if copies != COPIES:
            return {"copies": [f"Нужны три экземпляра программы, указано: {copies}. Примите три или откажите."]}
        return {}
    if not str(data.get("reason") or "").strip():
        return {"reason": ["Укажите причину, по которой пакет не принят: она уйдёт заявителю."]}
    return {}


def read_requirements(rules: Iterable[Mapping[str, Any]]) -> tuple[Requirement, ...]:
    """Rows of the table `technical_requirements`; a row named `other` stands for nothing to check."""
    return tuple(
        Requirement(str(rule["requirement"]), frozenset(rule["accepted_signs"]))
        for rule in rules
        if rule.get("requirement") not in {None, "other"}
    )


def failed_rows(
    precheck: Mapping[str, str], marks: Mapping[str, str], requirements: Iterable[Requirement]
) -> tuple[str, ...]:
    """Rows whose sign is not accepted; a row without a sign fails (A-22, A-23)."""
    signs = {**precheck, **marks}
    return tuple(sorted(r.row for r in requirements if signs.get(r.row) not in r.accepted))


def check_technical_review(data: Mapping[str, Any], requirements: Sequence[Requirement]) -> Findings:
    """Every row marked with a sign that it may bear, a comment on each that fails (clause 4.5; annex 3)."""
    precheck, marks, comments = data.get("precheck") or {}, data.get("marks") or {}, data.get("comments") or {}
    found = {
        **_check_marks("precheck", precheck, K_ROWS),
        **_check_marks("marks", marks, T_ROWS),
        **_unknown("comments", comments, {*K_ROWS, *T_ROWS}),
    }
    for row in failed_rows(precheck, marks, requirements):
        spot = f"precheck.{row}" if row in K_ROWS else f"marks.{row}"
        if spot not in found and not _is_filled(comments.get(row)):
            found[f"comments.{row}"] = ["Строка не пройдена: напишите, что исправить. Заявитель увидит эти слова."]
    return found


def _check_marks(group: str, marks: Mapping[str, str], rows: Mapping[str, str]) -> Findings:
    found = _unknown(group, marks, set(rows))
    for row in rows:
        sign = marks.get(row)
        allowed = ("+", "-", "na") if row in NOT_APPLICABLE else ("+", "-")
        if sign is None:
            found[f"{group}.{row}"] = ["Отметьте эту строку."]
        elif sign not in allowed:
            found[f"{group}.{row}"] = [f"Допустимы отметки: {', '.join(allowed)}."]
    return found


def _unknown(group: str, given: Mapping[str, Any], known: set[str]) -> Findings:
    return {f"{group}.{key}": ["Такой строки в форме нет."] for key in given if key not in known}


def _is_filled(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())


def score_of(marks: Mapping[str, str]) -> int:
    """N: one point for each row at «+» (annex 4; A-21)."""
    return sum(1 for row in E_ROWS if marks.get(row) == "+")


def check_conclusion(data: Mapping[str, Any], suggested: str, *, binding: str = "reason") -> Findings:
    """An expert's conclusion: declaration, 24 marks, a comment on each «-».

    A reason where the verdict contradicts the score.

    `suggested` is the verdict by the table `score_threshold`; `binding` the reading `verdict.binding` (A-20).
    """
    marks, comments = data.get("marks") or {}, data.get("comments") or {}
    found = {**_check_marks("marks", marks, E_ROWS), **_unknown("comments", comments, set(E_ROWS))}
    if (data.get("declaration") or {}).get("no_conflict") is not True:
        found["declaration.no_conflict"] = [
            "При конфликте интересов заключение не подаётся: откажитесь от экспертизы с причиной (/decline)."
        ]
    for row in E_ROWS:
        if marks.get(row) == "-" and not _is_filled(comments.get(row)):
            found[f"comments.{row}"] = ["Отметка «-» требует пояснения."]
    verdict = data.get("verdict")
    if verdict not in {"conforms", "does_not_conform"}:
        found["verdict"] = ["Выберите вывод: соответствует или не соответствует."]
    elif not any(key.startswith("marks.") for key in found) and verdict != suggested:
        if binding == "block":
            found["verdict"] = ["Вывод противоречит оценке: исправьте вывод или отметки."]
        elif not _is_filled(data.get("verdict_reason")):
            found["verdict_reason"] = ["Вывод противоречит оценке: обоснуйте его."]
    return found


def check_three(logins: Sequence[str]) -> Findings:
    """Three different experts (clause 4.6)."""
    if len(logins) != EXPERTS:
        return {"experts": [f"Назначьте ровно трёх экспертов, указано: {len(logins)}."]}
    doubles = [login for login, count in Counter(logins).items() if count > 1]
    if doubles:
        return {"experts": [f"Эксперты должны быть разными, повторяется: {', '.join(doubles)}."]}
    return {}


def check_filed(filed: Iterable[Filed]) -> Findings:
    """Exactly three conclusions on file by three different people (invariant 2)."""
    ready = [f for f in filed if f.state == "filed"]
    if len(ready) != EXPERTS or len({f.login for f in ready}) != EXPERTS or len({f.seat for f in ready}) != EXPERTS:
        return {"approve": [f"Нужны три заключения трёх экспертов, подано: {len(ready)}."]}
    return {}


def check_approval(data: Mapping[str, Any], filed: Sequence[Filed], *, returns_allowed: int = 1) -> Findings:
    """Approve all three, or return named ones with a reason; one expert's conclusion goes back once (A-28)."""
    found = check_filed(filed)
    if data.get("approve") is True:
        return found
    back = list(data.get("return_to") or ())
    if not back:
        found["return_to"] = ["Назовите экспертов, которым возвращаются заключения."]
    elif len(set(back)) != len(back):
        found["return_to"] = ["Каждый эксперт называется один раз."]
    else:
        by_login = {f.login: f for f in filed}
        strangers = [login for login in back if login not in by_login]
        again = [login for login in back if login in by_login and by_login[login].returns >= returns_allowed]
        if strangers:
            found["return_to"] = [f"Эти эксперты заключений по делу не подавали: {', '.join(strangers)}."]
        elif again:
            found["return_to"] = [f"Заключение уже возвращалось: {', '.join(again)}. Второй раз вернуть его нельзя."]
    if not _is_filled(data.get("reason")):
        found["reason"] = ["Укажите, что исправить: эксперт получит эти слова."]
    return found


def check_confirmation(data: Mapping[str, Any]) -> Findings:
    """`confirm` is true: nothing is signed or published otherwise."""
    return {} if data.get("confirm") is True else {"confirm": ["Подтвердите действие."]}


def check_recommendations(data: Mapping[str, Any]) -> Findings:
    """A refusal carries the council's recommendations (clause 4.16)."""
    given = data.get("recommendations")
    if not isinstance(given, list) or not any(_is_filled(item) for item in given):
        return {"recommendations": ["Отказ без рекомендаций не отправляется: укажите хотя бы одну (пункт 4.16)."]}
    blank = [index for index, item in enumerate(given) if not _is_filled(item)]
    return {f"recommendations.{index}": ["Уберите пустую строку."] for index in blank}


def term_from(signed_on: date) -> Term:
    """Three years from the order's signing: the same date is the last day.

    29 February ends on the 28th (A-40, ГК 192).
    """
    return Term(signed_on, add_years(signed_on, YEARS_IN_FORCE))


def days_left(valid_until: date, today: date) -> int:
    """Days from today to the last day in force."""
    return (valid_until - today).days


def check_decision(payload: Mapping[str, Any]) -> Findings:
    """A decision of the council, with its protocol: nothing is decided outside a meeting (clauses 3.2, 3.7)."""
    found = _only(payload, {"decision", "protocol"})
    if payload.get("decision") not in {"grant", "refuse", "not_adopted"}:
        found["payload.decision"] = ["Допустимо: grant, refuse, not_adopted."]
    if not _is_filled(payload.get("protocol")):
        found["payload.protocol"] = ["Укажите номер подписанного протокола."]
    return found


def check_order(payload: Mapping[str, Any], today: date) -> Findings:
    """An order of the ministry: number, day of signing not in the future.

    Whether it approves this case (clause 4.10).
    """
    found = _only(payload, {"number", "signed_on", "approved"})
    if not _is_filled(payload.get("number")):
        found["payload.number"] = ["Укажите номер приказа."]
    if not isinstance(payload.get("approved"), bool):
        found["payload.approved"] = ["Укажите true или false."]
    return {**found, **_check_day(payload.get("signed_on"), "payload.signed_on", today)}


def check_revocation(payload: Mapping[str, Any], since: date | None, today: date) -> Findings:
    """A revocation rests on an order that cites the council's decision (A-46), not older than the certificate."""
    found = _only(payload, {"order", "signed_on", "reason"})
    if not _is_filled(payload.get("order")):
        found["payload.order"] = ["Укажите номер приказа."]
    if not _is_filled(payload.get("reason")):
        found["payload.reason"] = ["Укажите основание отзыва."]
    wrong_day = _check_day(payload.get("signed_on"), "payload.signed_on", today)
    if not wrong_day and since is not None and date.fromisoformat(payload["signed_on"]) < since:
        wrong_day = {"payload.signed_on": [f"Сертификат действует с {since:%d.%m.%Y}: приказ не может быть раньше."]}
    return {**found, **wrong_day}


def _only(payload: Mapping[str, Any], known: set[str]) -> Findings:
    return {f"payload.{key}": ["Такого поля в сообщении нет."] for key in payload if key not in known}


def _check_day(value: Any, path: str, today: date) -> Findings:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        return {path: ["Укажите дату в виде ГГГГ-ММ-ДД."]}
    return {path: ["Эта дата ещё не наступила."]} if day > today else {}
