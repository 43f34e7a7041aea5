"""What the technical review would find, as far as a machine can see it before submission (clause 4.5; annexes 1-3).

Pure: the application, what was read of its files and the day in, remarks out, each with the row of the review that it
belongs to (`K1`-`K5`, `T01`-`T32`), what is wrong, what to do, and the path of the field or file. A remark is `certain`
where the review cannot pass, `doubt` where a person must look. A document is not completed during the review (A-50), so
this is the applicant's last chance to see what the secretary will.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

from processes.certification.application import check_shape, find_missing, find_violations, hours_of
from processes.certification.manuscripts import Manuscript
from processes.certification.model import FILE_KINDS, LEAST_HOURS, Upload
from processes.certification.programme_text import find_in_text
from processes.certification.remarks import CERTAIN, DOUBT, Remark, squeezed
from processes.certification.rows import TECHNICAL_ROWS

#: A licence that ends sooner may end before the council decides (3 + 2 + 10 working days, a meeting, an order).
_NEAR_END: Final = timedelta(days=90)
_INITIAL: Final = re.compile(r"(?:^|\s)\w\.")
_FULL_NAME: Final = 2
_PHONE_DIGITS: Final = 10
_IMAGES: Final = ("png", "jpg", "jpeg")
_HOURS: Final = ("lecture_hours", "practice_hours", "self_study_hours", "control_hours")
#: Where a gap belongs: the beginning of its path -> the row; all else is a field of the application (K3).
_ROW_OF: Final = {
    "license": "K1",
    "files.license_copy": "K2",
    "files.programme": "K4",
    "plan": "K5",
    "programme_title": "T03",
    "authors": "T05",
    "depository.year": "T06",
    "depository.audience": "T13",
    "depository.study_form": "T18",
}


@dataclass(frozen=True, slots=True)
class Handed:
    """A file of the draft, and what could be read of it."""

    id: str
    kind: str
    name: str
    sha256: str
    manuscript: Manuscript = field(default_factory=Manuscript)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked: `today` is a day in Moscow, `known_as` the organisation's full name by its account.

    `titles` are those of the organisation's other applications; `unanswered` the remarks of the previous case without
    an answer, and whether they forbid submission (`must_answer`).
    """

    data: Mapping[str, Any]
    files: Sequence[Handed]
    today: date
    own_inn: str
    known_as: str = ""
    titles: Sequence[str] = ()
    unanswered: Sequence[str] = ()
    must_answer: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """The remarks, the certain ones first, and rows that a machine looked at; the others are for people alone."""

    remarks: tuple[Remark, ...]
    seen: frozenset[str] = field(default_factory=frozenset)

    @property
    def certain(self) -> tuple[Remark, ...]:
        """What the review cannot pass with."""
        return tuple(one for one in self.remarks if one.weight == CERTAIN)

    @property
    def doubts(self) -> tuple[Remark, ...]:
        """What a person must look at."""
        return tuple(one for one in self.remarks if one.weight == DOUBT)

    def rows(self) -> list[tuple[str, str, str]]:
        """Every row of the review: its key, its words, and `certain`, `doubt`, `fine` or `unseen`."""
        worst = {one.row: one.weight for one in (*self.doubts, *self.certain)}
        return [
            (key, text, worst.get(key) or ("fine" if key in self.seen else "unseen"))
            for key, text in TECHNICAL_ROWS.items()
        ]


def check_before_submission(subject: Subject) -> Checked:
    """All that can be seen of an application before it is submitted."""
    programme = [one for one in subject.files if one.kind == "programme"]
    text = "\n".join(one.manuscript.text for one in programme)
    told, read = find_in_text(subject.data, text) if programme else ([], frozenset[str]())
    remarks = (
        *_gaps(subject),
        *_violations(subject),
        *_answers(subject),
        *_plan(subject.data),
        *_people(subject),
        *_licence(subject),
        *_files(subject.files),
        *told,
    )
    ordered = sorted(dict.fromkeys(remarks), key=lambda one: (one.weight != CERTAIN, _order(one.row)))
    return Checked(tuple(ordered), frozenset({"K1", "K3", "K5"}) | read)


def _order(row: str) -> int:
    return list(TECHNICAL_ROWS).index(row)


def _row_of(path: str) -> str:
    return next((row for start, row in _ROW_OF.items() if path == start or path.startswith(f"{start}.")), "K3")


def _gaps(subject: Subject) -> Iterator[Remark]:
    uploads = [Upload(one.id, one.kind, one.name, one.sha256) for one in subject.files]
    for path in find_missing(subject.data, uploads):
        kind = path.removeprefix("files.")
        if path.startswith("files."):
            yield Remark(
                _row_of(path), CERTAIN, path, f"Нет файла: {FILE_KINDS[kind]}.", "Приложите файл.", is_gap=True
            )
        else:
            yield Remark(_row_of(path), CERTAIN, path, "Поле не заполнено.", "Заполните поле.", is_gap=True)


def _violations(subject: Subject) -> Iterator[Remark]:
    broken = check_shape(subject.data) or find_violations(subject.data, subject.own_inn, subject.today)
    for path, messages in broken.items():
        row = _row_of(path)
        if path == "plan" and hours_of(subject.data)[1] < LEAST_HOURS:
            row = "T17"
        yield from (Remark(row, CERTAIN, path, message, "Исправьте поле.") for message in messages)


def _answers(subject: Subject) -> Iterator[Remark]:
    weight = CERTAIN if subject.must_answer else DOUBT
    for remark in subject.unanswered:
        text = f"Замечание прошлого рассмотрения осталось без ответа: {remark}"
        yield Remark("K3", weight, "remedies", text, "Напишите, как устранено замечание.")


def _plan(data: Mapping[str, Any]) -> Iterator[Remark]:
    rows = [row for row in data.get("plan") or () if isinstance(row, Mapping)]
    names = [squeezed(row.get("module") or "") for row in rows]
    for index, row in enumerate(rows):
        hours = [row.get(key) for key in _HOURS]
        if None not in hours and not any(hours):
            text = f"В модуле «{row.get('module') or index + 1}» нет ни одного часа."
            yield Remark("T20", DOUBT, f"plan.{index}.lecture_hours", text, "Укажите часы или уберите строку.")
        if names[index] and names[index] in names[:index]:
            text = f"Модуль «{row['module']}» записан дважды."
            yield Remark("T20", DOUBT, f"plan.{index}.module", text, "Объедините строки или уточните названия.")
    if rows and not any(row.get("control_hours") for row in rows):
        text = "В плане нет часов контроля: не видно итоговой аттестации."
        yield Remark("T29", DOUBT, "plan", text, "Добавьте часы контроля или строку «Итоговая аттестация».")


def _people(subject: Subject) -> Iterator[Remark]:
    data = subject.data
    for index, author in enumerate(data.get("authors") or ()):
        name = str(author.get("name") or "").strip() if isinstance(author, Mapping) else ""
        if name and (len(name.split()) < _FULL_NAME or _INITIAL.search(name)):
            text = f"Автор «{name}» назван не полностью."
            yield Remark("T05", DOUBT, f"authors.{index}.name", text, "Напишите фамилию, имя и отчество полностью.")
    told = str((data.get("organization") or {}).get("full_name") or "")
    if told and subject.known_as and squeezed(told) != squeezed(subject.known_as):
        text = f"Название не совпадает с учётной записью организации: «{subject.known_as}»."
        yield Remark(
            "K3", DOUBT, "organization.full_name", text, "Сверьте с лицензией: название должно быть как в ней."
        )
    for path in ("legal_address", "actual_address"):
        phone = str((data.get(path) or {}).get("phone") or "")
        if phone and sum(char.isdigit() for char in phone) < _PHONE_DIGITS:
            text = f"Телефон «{phone}» короче десяти цифр."
            yield Remark("K3", DOUBT, f"{path}.phone", text, "Укажите телефон с кодом города.")
    title = str(data.get("programme_title") or "")
    if title and squeezed(title) in {squeezed(one) for one in subject.titles} and not data.get("previous_case"):
        text = "Программа с таким названием вашей организации уже подавалась."
        yield Remark(
            "T03", DOUBT, "previous_case", text, "Если это повторная подача, начните её со страницы прошлой заявки."
        )


def _licence(subject: Subject) -> Iterator[Remark]:
    until = (subject.data.get("license") or {}).get("valid_until")
    try:
        ends = date.fromisoformat(str(until))
    except ValueError:
        return
    if subject.today <= ends < subject.today + _NEAR_END:
        text = f"Лицензия действует до {ends:%d.%m.%Y}: срок может истечь до решения совета."
        yield Remark("K1", DOUBT, "license.valid_until", text, "Проверьте, продлена ли лицензия.")


def _files(files: Sequence[Handed]) -> Iterator[Remark]:
    rows = {"license_copy": "K2", "programme": "K4"}
    for one in files:
        path, row = f"files.{one.kind}", rows.get(one.kind, "K3")
        if one.manuscript.problem:
            weight = DOUBT if one.kind == "other" else CERTAIN
            yield Remark(row, weight, path, f"«{one.name}»: {one.manuscript.problem}", "Замените файл.")
        yield from _extension(one, path, row)
    yield from _doubles(files)


def _extension(one: Handed, path: str, row: str) -> Iterator[Remark]:
    extension = one.name.rsplit(".", 1)[-1].lower()
    if one.kind == "programme" and extension in (*_IMAGES, "xlsx"):
        text = f"Программа приложена как {extension.upper()}: её не прочесть целиком."
        yield Remark("T28", DOUBT, path, text, "Приложите программу одним файлом PDF или DOCX.")
    if one.kind in {"application", "license_copy"} and extension in {"docx", "odt", "xlsx"}:
        text = f"«{one.name}» можно править: подписи и печати в таком файле не видно."
        yield Remark(row, DOUBT, path, text, "Приложите скан подписанного документа в PDF.")


def _doubles(files: Iterable[Handed]) -> Iterator[Remark]:
    for one, other in combinations(files, 2):
        if one.sha256 == other.sha256 and one.kind != other.kind:
            text = f"Один и тот же файл приложен дважды: «{FILE_KINDS[one.kind]}» и «{FILE_KINDS[other.kind]}»."
            yield Remark("K3", DOUBT, f"files.{other.kind}", text, "Проверьте, тот ли файл приложен.")
