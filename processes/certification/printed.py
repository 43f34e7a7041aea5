"""Rows of annexes 3 and 4 as the printed forms group them: headings carry no mark (part 1.7, 1.8).

Where the printed original lets a label slip by a row, the sense is kept: a label stands at the first of its rows.
"""

from collections.abc import Mapping
from typing import Any, Final

from processes.certification.rows import E_ROWS, T_ROWS

#: Rows whose printed words lean on the heading above them, or end as the form has them.
_T_WORDS: Final = {
    "T07": "Внутренний",
    "T08": "Внешний",
    "T10": "1.2. Цель и задачи программы.",
    "T11": "1.3. Планируемые результаты обучения:",
    "T12": "1.4. Профессиональные компетенции, которые должны приобрести/или развить слушатели в результате обучения:",
}

#: The row before which a heading stands, the heading's lines, and how deep the rows below it are set.
_T_GROUPS: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "T01": (("Титульный лист",), 1),
    "T07": (("Рецензенты:",), 2),
    "T09": (("1. Общая характеристика программы",), 1),
    "T14": (("2. Содержание программы", "2.1. Учебный план"), 1),
    "T22": (("2.2. Учебно-тематический план",), 1),
    "T26": (("2.3. Оформление и содержание рабочих программ модулей ДПП",), 1),
    "T29": ((), 0),
}

#: The two parts of annex 4, their elements, and the first and last row of each.
_E_PARTS: Final = (
    (
        "Оформление и содержание пояснительной записки ко всей ДПП",
        (
            ("Принципы отбора содержания и организации учебного процесса", 1, 5),
            ("Планируемые результаты обучения по ДПП", 6, 7),
            ("Процедуры и средства оценки результатов обучения (итоговая аттестация)", 8, 11),
        ),
    ),
    (
        "Оформление и содержание рабочих программ модулей ДПП",
        (
            ("Содержание и планируемые результаты обучения", 12, 14),
            ("Процедуры и средства оценки результатов обучения (текущий контроль)", 15, 18),
            ("Технологии реализации программы", 19, 20),
            ("Организационно-педагогические условия", 21, 24),
        ),
    ),
)

_SIGNS: Final = {"+": "+", "-": "-", "na": "не применимо"}


def technical_rows(marks: Mapping[str, str], failed: frozenset[str]) -> list[dict[str, Any]]:
    """The 32 rows with the headings between them: `kind`, `text`, and of a row `sign`, `failed`, `indent`."""
    shown: list[dict[str, Any]] = []
    indent = 0
    for key, text in T_ROWS.items():
        if key in _T_GROUPS:
            headings, indent = _T_GROUPS[key]
            shown += [{"kind": "group", "text": heading} for heading in headings]
        words = _T_WORDS.get(key, text)
        shown.append(
            {"kind": "row", "text": words, "sign": sign_of(marks[key]), "failed": key in failed, "indent": indent}
        )
    return shown


def conclusion_parts(marks: Mapping[str, str]) -> list[dict[str, Any]]:
    """The 24 rows by part and element: `title`, `groups` of `title` and `rows` of `text`, `sign`."""
    return [
        {
            "title": part,
            "groups": [
                {
                    "title": title,
                    "rows": [
                        {"text": E_ROWS[key], "sign": marks[key]}
                        for key in (f"E{n:02}" for n in range(first, last + 1))
                    ],
                }
                for title, first, last in groups
            ],
        }
        for part, groups in _E_PARTS
    ]


def printed_words(key: str) -> str:
    """A row of annex 3 as the form prints it."""
    return _T_WORDS.get(key, T_ROWS[key])


def sign_of(mark: str) -> str:
    """A mark as the form prints it."""
    return _SIGNS[mark]
