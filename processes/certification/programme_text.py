"""What the words of a programme tell about the rows of the technical review (annexes 2 and 3).

A word that is not found proves nothing: the section may be named otherwise, so each such remark is a doubt.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from processes.certification.application import hours_of
from processes.certification.remarks import DOUBT, Remark, squeezed

FILE: Final = "files.programme"
#: Fewer letters than this are a scan with a stray word, not a text.
_LEAST_TEXT: Final = 400
_NAMED: Final = 3

#: A row, its name for people, and the words of it: every group needs one of its words, squeezed.
_SECTIONS: Final = (
    ("T02", "гриф согласования или утверждения", (("согласован", "утвержд"),)),
    ("T04", "протокол заседания подразделения", (("протокол",),)),
    ("T07", "внутренний рецензент", (("реценз",), ("внутренн",))),
    ("T08", "внешний рецензент", (("реценз",), ("внешн",))),
    ("T09", "раздел «Актуальность»", (("актуальн",),)),
    ("T10", "раздел «Цель и задачи программы»", (("цель", "цели"), ("задач",))),
    ("T11", "раздел «Планируемые результаты обучения»", (("планируемыерезультат", "результатыобучени"),)),
    ("T12", "профессиональные компетенции", (("компетенц",),)),
    ("T13", "целевая аудитория", (("целеваяаудитор", "контингент", "категорияслушат", "категориислушат"),)),
    ("T15", "цель обучения в учебном плане", (("цель", "цели"),)),
    ("T16", "категория обучающихся", (("категори",),)),
    ("T17", "продолжительность обучения", (("продолжительн", "трудоемк", "срокобучени", "срокосвоени", "объем"),)),
    ("T18", "форма обучения", (("формаобучен", "формыобучен"),)),
    ("T19", "режим занятий", (("режимзанят", "режимобучен"),)),
    ("T20", "учебный план", (("учебныйплан", "учебногоплан"),)),
    ("T23", "учебно-тематический план", (("учебнотематическ",),)),
    (
        "T26",
        "рабочие программы модулей",
        (("рабочаяпрограмм", "рабочиепрограмм", "рабочейпрограмм", "рабочихпрограмм"),),
    ),
    ("T29", "формы аттестации и оценочные материалы", (("аттестац",), ("оценочн", "тест", "вопрос"))),
    ("T30", "организационно-педагогические условия", (("организационнопедагогическ",),)),
    ("T31", "материально-техническое обеспечение", (("материальнотехническ",),)),
    ("T32", "список литературы", (("литератур",),)),
)


def find_in_text(data: Mapping[str, Any], text: str) -> tuple[list[Remark], frozenset[str]]:
    """Remarks on a programme's words, and the rows that they told about; none where it is a scan."""
    plain = squeezed(text)
    if len(plain) < _LEAST_TEXT:
        told = "В программе не нашлось текста (вероятно, это скан): её разделы машина не проверила."
        return [Remark("T28", DOUBT, FILE, told, "Сверьте разделы с приложением 3 сами.")], frozenset()
    remarks = [*_sections(plain), *_matches(data, plain, text)]
    seen = {row for row, _, _ in _SECTIONS} | {"T01", "T03", "T05", "T06", "T24", "T25"}
    return remarks, frozenset(seen)


def _sections(plain: str) -> Iterator[Remark]:
    for row, name, groups in _SECTIONS:
        if not all(any(word in plain for word in group) for group in groups):
            remedy = "Добавьте это в программу. Если оно названо иначе, назовите, как в приложении 3."
            yield Remark(row, DOUBT, FILE, f"В программе не нашлось: {name}.", remedy)


def _matches(data: Mapping[str, Any], plain: str, text: str) -> Iterator[Remark]:
    organization = str((data.get("organization") or {}).get("full_name") or "")
    if organization and squeezed(organization) not in plain:
        yield _differs("T01", "полное название организации", organization)
    title = str(data.get("programme_title") or "")
    if title and squeezed(title) not in plain:
        yield _differs("T03", "название программы", title)
    for author in data.get("authors") or ():
        name = str(author.get("name") or "") if isinstance(author, Mapping) else ""
        if name and squeezed(name.split()[0]) not in plain:
            yield _differs("T05", "автор", name)
    extra = data.get("depository") or {}
    if extra.get("year") and str(extra["year"]) not in plain:
        yield _differs("T06", "год разработки", str(extra["year"]))
    if extra.get("study_form") and squeezed(extra["study_form"]) not in plain:
        yield _differs("T18", "форма обучения", str(extra["study_form"]))
    total = hours_of(data)[1]
    if total and not re.search(rf"(?<!\d){total}(?!\d)", text):
        yield _differs("T17", "объём в часах", str(total))
    yield from _modules([row for row in data.get("plan") or () if isinstance(row, Mapping)], plain)


def _modules(plan: list[Mapping[str, Any]], plain: str) -> Iterator[Remark]:
    absent = [str(row["module"]) for row in plan if row.get("module") and squeezed(row["module"]) not in plain]
    if absent:
        named = "; ".join(f"«{name}»" for name in absent[:_NAMED])
        more = f" и ещё {len(absent) - _NAMED}" if len(absent) > _NAMED else ""
        text = f"Модули плана не нашлись в программе: {named}{more}."
        yield Remark("T25", DOUBT, FILE, text, "Назовите модули одинаково в заявке и в программе.")
    if any(row.get("remote") for row in plan) and "дистанц" not in plain:
        text = "В плане есть дистанционные модули, а в программе о них не сказано."
        yield Remark("T24", DOUBT, FILE, text, "Укажите в программе, какие модули проходят дистанционно.")


def _differs(row: str, name: str, value: str) -> Remark:
    return Remark(
        row,
        DOUBT,
        FILE,
        f"В программе не нашлось, что указано в заявке: {name} «{value}».",
        "Сверьте заявку и программу.",
    )
