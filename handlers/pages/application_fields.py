"""The application as fields of a page: annex 1's eleven in their order, the plan, and what the depository needs.

Labels are English words of the catalogue; names of inputs are the paths of contract section 5 below `data.`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from handlers.forms_view import PREFIX, Choice, Control, Section, id_of
from handlers.pages.dates import field_day, read_day

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spec:
    """One field: its path, what it is, its label and hint."""

    path: str
    kind: str
    label: str
    hint: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of fields: authors, the plan, remedies."""

    path: str
    label: str
    columns: tuple[Spec, ...]
    spare: int
    hint: str = ""


LEVELS: Final = (("basic", "basic level"), ("advanced", "advanced level"), ("high", "high level"))
HOURS: Final = ("lecture_hours", "practice_hours", "self_study_hours", "control_hours")

FIELDS: Final[tuple[tuple[str, tuple[Spec, ...]], ...]] = (
    ("Programme", (Spec("programme_title", "text", "Programme title", "As on the title page, up to 500 characters."),)),
    (
        "1. Organisation",
        (
            Spec("organization.full_name", "text", "Full name by the licence"),
            Spec("organization.short_name", "text", "Short name by the licence"),
            Spec("organization.inn", "text", "Taxpayer number (INN)", "Your own organisation's."),
        ),
    ),
    (
        "2. Registration of the organisation",
        (
            Spec("registered.date", "date", "Date of registration"),
            Spec("registered.place", "text", "Place of registration"),
            Spec("registered.authority", "text", "Registering authority"),
        ),
    ),
    (
        "3. Legal address",
        (
            Spec("legal_address.address", "text", "Address"),
            Spec("legal_address.phone", "text", "Phone"),
            Spec("legal_address.fax", "text", "Fax", "Write «нет» if there is none."),
        ),
    ),
    (
        "4. Licence",
        (
            Spec("license.number", "text", "Licence number"),
            Spec(
                "license.valid_until",
                "date_or_indefinite",
                "Valid until",
                "A date, or leave the tick for a licence without a term.",
            ),
        ),
    ),
    (
        "5. Actual address",
        (
            Spec("actual_address.address", "text", "Address"),
            Spec("actual_address.phone", "text", "Phone"),
            Spec("actual_address.fax", "text", "Fax", "Write «нет» if there is none."),
            Spec("actual_address.email", "text", "E-mail", "Notices of the council are sent here."),
        ),
    ),
    (
        "6. Head of the organisation",
        (
            Spec("head.last_name", "text", "Last name"),
            Spec("head.first_name", "text", "First name"),
            Spec("head.patronymic", "text", "Patronymic", "If there is one.", required=False),
        ),
    ),
    (
        "7–8. Form and activities",
        (
            Spec("legal_form", "text", "Legal form"),
            Spec("activities", "textarea", "Main activities in further professional education"),
        ),
    ),
)

AUTHORS: Final = Table(
    "authors",
    "9. Authors of the programme",
    (
        Spec("name", "text", "Full name"),
        Spec("position", "text", "Position"),
        Spec("degree", "text", "Academic degree", required=False),
        Spec("rank", "text", "Academic rank", required=False),
    ),
    1,
)

AFTER_AUTHORS: Final[tuple[tuple[str, tuple[Spec, ...]], ...]] = (
    (
        "10–11. Practice and level",
        (
            Spec("practice_bases", "lines", "Institutions where the practical part is held", "One a line."),
            Spec("level", "level", "Level of the programme"),
        ),
    ),
)

PLAN: Final = Table(
    "plan",
    "Teaching plan",
    (
        Spec("module", "text", "Module"),
        Spec("lecture_hours", "hours", "Lectures"),
        Spec("practice_hours", "hours", "Practice"),
        Spec("self_study_hours", "hours", "Self-study"),
        Spec("control_hours", "hours", "Assessment"),
        Spec("remote", "flag", "Remote", required=False),
    ),
    2,
    "Practice must be at least 25% of all hours (annex 2).",
)

DEPOSITORY: Final[tuple[tuple[str, tuple[Spec, ...]], ...]] = (
    (
        "For the depository",
        (
            Spec("depository.direction", "text", "Field of training"),
            Spec("depository.education_kind", "text", "Kind of further education"),
            Spec("depository.audience", "lines", "Audience", "One a line."),
            Spec("depository.year", "hours", "Year of development"),
            Spec("depository.study_form", "text", "Form of study"),
            Spec("depository.issued_document", "text", "Document issued"),
        ),
    ),
)

AGAIN: Final[tuple[tuple[str, tuple[Spec, ...]], ...]] = (
    (
        "Submitting again",
        (Spec("previous_case", "previous", "Previous case", "If this programme was refused before.", required=False),),
    ),
)

REMEDIES: Final = Table(
    "remedies",
    "Remarks and how they were met",
    (
        Spec("remark", "text", "Remark", required=False),
        Spec("how_fixed", "text", "How it was met", required=False),
    ),
    1,
)

PARTS: Final = (*FIELDS, AUTHORS, *AFTER_AUTHORS, PLAN, *DEPOSITORY, *AGAIN, REMEDIES)


def lay_out(
    data: Mapping[str, Any],
    missing: Sequence[str],
    errors: Mapping[str, Sequence[str]],
    previous: Sequence[tuple[str, str]] = (),
) -> list[Section]:
    """Return the sections of the form, filled; gaps and errors stand at their fields."""
    wrong = {path: tuple(texts) for path, texts in errors.items()}
    sections = []
    for part in PARTS:
        if isinstance(part, Table):
            sections.append(Section(((0, part.label),), (_table(part, data, missing, wrong),)))
        else:
            title, specs = part
            controls = tuple(_control(one, one.path, _pick(data, one.path), missing, wrong, previous) for one in specs)
            sections.append(Section(((0, title),), controls))
    return sections


def read_application(posted: "MultiDict[str, str]") -> Data:
    """Return what was posted as the JSON of contract section 5; blank fields and rows are absent."""
    found: Data = {}
    for part in PARTS:
        if isinstance(part, Table):
            rows = _read_rows(part, posted)
            if rows:
                found[part.path] = rows
            continue
        for one in part[1]:
            value = _read(one.kind, PREFIX + one.path, posted)
            if value is not None:
                _put(found, one.path.split("."), value)
    return found


def label_of(path: str) -> tuple[str, int | None, str]:
    """Return what a path is called: the section, the row (from 1) and the field; English words of the catalogue."""
    steps = path.split(".")
    for part in PARTS:
        if isinstance(part, Table):
            if part.path == steps[0]:
                row = int(steps[1]) + 1 if len(steps) > 1 and steps[1].isdigit() else None
                column = next((c.label for c in part.columns if c.path == steps[-1]), "")
                return part.label, row, column
        else:
            for one in part[1]:
                if one.path == path or path.startswith(f"{one.path}."):
                    return part[0], None, one.label
    return FILES.get(path, path), None, ""


FILES: Final = {
    "files.application": "Application (signed scan)",
    "files.license_copy": "Copy of the licence, certified by the head",
    "files.programme": "Programme (annex 2)",
    "files.other": "Other",
}


def _table(
    table: Table, data: Mapping[str, Any], missing: Sequence[str], wrong: Mapping[str, tuple[str, ...]]
) -> Control:
    given = data.get(table.path)
    rows = list(given) if isinstance(given, list) else []
    filled = [row if isinstance(row, Mapping) else {} for row in rows]
    controls = []
    for index, row in enumerate([*filled, *({} for _ in range(table.spare))]):
        path = f"{table.path}.{index}"
        cells = tuple(_control(c, f"{path}.{c.path}", row.get(c.path), missing, wrong, ()) for c in table.columns)
        controls.append(Control("row", id_of(path), PREFIX + path, str(index + 1), rows=cells))
    return Control(
        "table",
        id_of(table.path),
        PREFIX + table.path,
        table.label,
        table.hint,
        errors=wrong.get(table.path, ()),
        rows=tuple(controls),
        limits={"plan": table is PLAN, "gap": table.path in missing},
    )


def _control(
    one: Spec,
    path: str,
    value: Any,
    missing: Sequence[str],
    wrong: Mapping[str, tuple[str, ...]],
    previous: Sequence[tuple[str, str]],
) -> Control:
    control = Control(
        "text", id_of(path), PREFIX + path, one.label, one.hint, one.required, errors=wrong.get(path, ()),
        limits={"gap": path in missing},
    )  # fmt: skip
    kind, text, choices = one.kind, "" if value is None else str(value), ()
    match one.kind:
        case "date":
            text = field_day(value)
        case "date_or_indefinite":
            text = "" if value == "indefinite" else field_day(value)
            choices = (Choice("indefinite", "without a term", value == "indefinite"),)
        case "lines":
            text = "\n".join(str(line) for line in value) if isinstance(value, list) else text
        case "level":
            kind, choices = "select", tuple(Choice(v, label, v == value) for v, label in LEVELS)
        case "previous":
            kind, choices = "select", tuple(Choice(v, label, v == value) for v, label in previous)
        case "hours":
            kind = "number"
        case "flag":
            kind, text = "checkbox", "true" if value is True else ""
        case _:
            pass
    return Control(
        kind, control.id, control.name, control.label, control.hint, control.required, text, choices, control.errors,
        limits=control.limits,
    )  # fmt: skip


def _read_rows(table: Table, posted: "MultiDict[str, str]") -> list[Data]:
    start = f"{PREFIX}{table.path}."
    numbers = sorted({int(step) for name in posted if name.startswith(start) and (step := name[len(start) :].split(".")[0]).isdigit() and len(step) < 4})  # fmt: skip # noqa: E501, PLR2004
    rows = []
    for number in numbers:
        read = {c.path: _read(c.kind, f"{start}{number}.{c.path}", posted) for c in table.columns}
        row = {key: value for key, value in read.items() if value is not None}
        if any(value is not False for value in row.values()):
            rows.append(row)
    return rows


def _read(kind: str, name: str, posted: "MultiDict[str, str]") -> Any:
    text = posted.get(name, "").replace("\r\n", "\n").strip()
    match kind:
        case "flag":
            return text == "true"
        case "date_or_indefinite":
            return "indefinite" if posted.get(f"{name}.indefinite") else read_day(text) or None
        case _ if not text:
            return None
        case "date":
            return read_day(text)
        case "lines":
            return [line.strip() for line in text.split("\n") if line.strip()]
        case "hours":
            digits = text.replace("\u00a0", "").replace(" ", "")
            return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < len("10000000") else text
        case _:
            return text


def _pick(data: Mapping[str, Any], path: str) -> Any:
    found: Any = data
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _put(data: Data, path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value
