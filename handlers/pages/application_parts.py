"""What an application asks: annex 1's eleven fields in their order, the plan, and what the depository needs.

Labels are English words of the catalogue; paths are those of contract section 5.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Spec:
    """One field: its path, what it is, its label and hint."""

    path: str
    kind: str
    label: str
    hint: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading."""

    label: str
    fields: tuple[Spec, ...]


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

FIELDS: Final[tuple[Group, ...]] = (
    Group(
        "Programme",
        (Spec("programme_title", "title", "Programme title", "As on the title page, up to 500 characters."),),
    ),
    Group(
        "1. Organisation",
        (
            Spec("organization.full_name", "text", "Full name by the licence"),
            Spec("organization.short_name", "text", "Short name by the licence"),
            Spec("organization.inn", "text", "Taxpayer number (INN)", "Your own organisation's."),
        ),
    ),
    Group(
        "2. Registration of the organisation",
        (
            Spec("registered.date", "date", "Date of registration"),
            Spec("registered.place", "text", "Place of registration"),
            Spec("registered.authority", "text", "Registering authority"),
        ),
    ),
    Group(
        "3. Legal address",
        (
            Spec("legal_address.address", "text", "Address"),
            Spec("legal_address.phone", "text", "Phone"),
            Spec("legal_address.fax", "text", "Fax", "Write «нет» if there is none."),
        ),
    ),
    Group(
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
    Group(
        "5. Actual address",
        (
            Spec("actual_address.address", "text", "Address"),
            Spec("actual_address.phone", "text", "Phone"),
            Spec("actual_address.fax", "text", "Fax", "Write «нет» if there is none."),
            Spec("actual_address.email", "text", "E-mail", "Notices of the council are sent here."),
        ),
    ),
    Group(
        "6. Head of the organisation",
        (
            Spec("head.last_name", "text", "Last name"),
            Spec("head.first_name", "text", "First name"),
            Spec("head.patronymic", "text", "Patronymic", "If there is one.", required=False),
        ),
    ),
    Group(
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

BASES: Final[tuple[Group, ...]] = (
    Group(
        "10. Where practice is held",
        (
            Spec(
                "practice_bases",
                "lines",
                "Institutions where the practical part is held",
                "One a line: institutions with experience in the programme's matter.",
            ),
        ),
    ),
)

LEVEL: Final[tuple[Group, ...]] = (Group("11. Level", (Spec("level", "level", "Level of the programme"),)),)

PLAN: Final = Table(
    "plan",
    "Teaching plan",
    (
        Spec("module", "title", "Module"),
        Spec("lecture_hours", "hours", "Lectures"),
        Spec("practice_hours", "hours", "Practice"),
        Spec("self_study_hours", "hours", "Self-study"),
        Spec("control_hours", "hours", "Assessment"),
        Spec("remote", "flag", "Remote", required=False),
    ),
    2,
    "Practice must be at least 25% of all hours (annex 2).",
)

DEPOSITORY: Final[tuple[Group, ...]] = (
    Group(
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

AGAIN: Final[tuple[Group, ...]] = (
    Group(
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

#: Everything in the order of annex 1, as it is read.
PARTS: Final[tuple[Group | Table, ...]] = (*FIELDS, AUTHORS, *BASES, *LEVEL, PLAN, *DEPOSITORY, *AGAIN, REMEDIES)


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the application: the last part of its address, its name, what is asked there, and why."""

    slug: str
    label: str
    parts: tuple[Group | Table, ...] = ()
    hint: str = ""

    def holds(self, path: str) -> bool:
        """Whether a field stands on this step, by its path."""
        if self.slug == "files":
            return path.startswith("files.")
        tables = (part.path for part in self.parts if isinstance(part, Table))
        fields = (one.path for part in self.parts if isinstance(part, Group) for one in part.fields)
        return any(path == start or path.startswith(f"{start}.") for start in (*tables, *fields))


STEPS: Final = (
    Step(
        "organisation",
        "Organisation",
        FIELDS[1:],
        "As in the licence: the secretary compares them. What you filled in last time is here already.",
    ),
    Step("programme", "Programme", (FIELDS[0], *LEVEL, *DEPOSITORY), "This is what the public register will show."),
    Step("plan", "Teaching plan", (PLAN, *BASES), "Hours are summed and the share of practice is counted as you type."),
    Step("authors", "Authors", (AUTHORS,), "Names in full: they stand in the certificate's entry of the register."),
    Step("remarks", "Answers to remarks", (*AGAIN, REMEDIES), "What the programme was refused for, and what you did."),
    Step("files", "Files", (), "Three documents are handed in with every application (clause 4.3)."),
    Step("check", "Check and submit", (), "What the technical review would find, before anybody sees it."),
)
STEP_BY_SLUG: Final = {step.slug: step for step in STEPS}

#: What a handed-in file is.
FILES: Final = {
    "files.application": "Application (signed scan)",
    "files.license_copy": "Copy of the licence, certified by the head",
    "files.programme": "Programme (annex 2)",
    "files.other": "Other",
}
