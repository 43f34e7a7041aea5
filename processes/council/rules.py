"""Rules of the council: quorum, composition, substitution (clauses 2.1-2.6, 3.4).

Pure: frozen values in; findings out as `{field: [Russian message]}`, empty where all is well.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from processes.council.model import LEADERSHIP, ROLE_NAMES, Composition, Member, Substitution

Findings = dict[str, list[str]]


def quorum_needed(total: int) -> int:
    """The least number of people present that is more than two thirds of `total` (clause 3.4): 24 -> 17, never 16."""
    return 2 * total // 3 + 1


def check_composition(members: Sequence[Member], valid_from: date, today: date) -> Findings:
    """What is wrong with a new composition (clauses 2.1-2.3): roles, doubles, categories, a day already past."""
    found: Findings = {}
    for role in sorted(LEADERSHIP):
        count = sum(1 for m in members if m.role is role)
        if count != 1:
            found.setdefault("members", []).append(f"В составе должен быть один {ROLE_NAMES[role]}, указано: {count}.")
    doubles = sorted(login for login, count in Counter(m.login for m in members).items() if count > 1)
    if doubles:
        found.setdefault("members", []).append(f"Указаны дважды: {', '.join(doubles)}. Оставьте по одной записи.")
    nameless = [m.login for m in members if m.category is None]
    if nameless:
        found.setdefault("members", []).append(f"Укажите, чьи это представители (пункт 2.2): {', '.join(nameless)}.")
    if valid_from < today:
        found["valid_from"] = [
            "Состав нельзя менять задним числом: кворум прошедших заседаний не меняется. Укажите сегодня или позже."
        ]
    return found


def check_substitution(
    new: Substitution, existing: Iterable[Substitution], composition: Composition | None, today: date
) -> Findings:
    """What is wrong with a substitution (clauses 2.4, 2.6): basis, period, persons, overlaps."""
    found: Findings = {}
    if not new.basis.strip():
        found["basis"] = ["Укажите документ, на котором основано замещение: приказ или поручение председателя."]
    if new.until < new.since:
        found["until"] = ["Последний день раньше первого. Исправьте период."]
    elif new.until < today:
        found["until"] = ["Период уже прошёл: замещение нельзя внести задним числом."]
    role = composition.role_of(new.absent) if composition else None
    if role not in LEADERSHIP:
        found["absent"] = [
            "Замещаются председатель, его заместитель и ответственный секретарь. Голос члена КЭС не передаётся."
        ]
    if new.deputy == new.absent:
        found["deputy"] = ["Назначьте замещающим другого человека."]
    elif composition is None or composition.role_of(new.deputy) is None:
        found["deputy"] = ["Замещать может только тот, кто входит в состав КЭС."]
    if "until" not in found:
        for field, messages in _overlaps(new, existing).items():
            found.setdefault(field, []).extend(messages)
    return found


def _overlaps(new: Substitution, existing: Iterable[Substitution]) -> Findings:
    found: Findings = {}
    for other in existing:
        if not other.meets(new.since, new.until):
            continue
        period = f"{other.since:%d.%m.%Y} - {other.until:%d.%m.%Y}"
        if other.absent == new.absent:
            found.setdefault("absent", []).append(f"На эти дни замещение уже есть ({period}). Выберите другой период.")
        if other.absent == new.deputy:
            found.setdefault("deputy", []).append(f"Замещающий сам отсутствует ({period}). Назначьте другого человека.")
        if other.deputy == new.absent:
            found.setdefault("absent", []).append(
                f"Этот человек в эти дни сам замещает другого ({period}). Сначала отзовите то замещение."
            )
    return found


_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def check_inn(inn: str) -> bool:
    """Whether a text is an organisation's INN: ten digits, the last of which checks the others."""
    if len(inn) != len(_INN_WEIGHTS) + 1 or not (inn.isascii() and inn.isdigit()):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_INN_WEIGHTS, inn[:-1], strict=True)) % 11 % 10 == int(
        inn[-1]
    )
