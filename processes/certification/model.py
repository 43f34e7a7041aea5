"""Values of a certification: what is filed, judged, issued (section 4; annexes 1-5)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

PROCESS: Final = "certification"

#: Kinds of an application's files, with the words users read; the first three are mandatory (clause 4.3).
FILE_KINDS: Final = {
    "application": "подписанная заявка",
    "license_copy": "копия лицензии, заверенная руководителем",
    "programme": "образовательная программа",
    "other": "другой документ",
}
MANDATORY_FILES: Final = ("application", "license_copy", "programme")

#: How many experts judge a programme (clause 4.6).
EXPERTS: Final = 3

#: Copies of the programme (clause 4.3); a signed electronic file counts for all of them (A-26).
COPIES: Final = 3

#: Least length of a further education programme, hours.
LEAST_HOURS: Final = 16

#: Verdicts of an expert in the words of annex 4.
VERDICTS: Final = {
    "conforms": "программа соответствует критериям сертификации и может быть внесена в краевой депозитарий",
    "does_not_conform": (
        "программа не соответствует критериям сертификации и не может быть внесена в краевой депозитарий"
    ),
}

#: The two decisions of the council, word for word (clause 4.8).
DECISIONS: Final = {
    "grant": (
        "Выдать сертификат и включить дополнительную профессиональную программу в краевой депозитарий "
        "сертифицированных программ повышения квалификации работников образования"
    ),
    "refuse": (
        "Отказать в выдаче сертификата и не включать дополнительную профессиональную программу в краевой депозитарий "
        "сертифицированных программ повышения квалификации работников образования"
    ),
}

Findings = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row of the technical review as the decision table has it: which signs are accepted."""

    row: str
    accepted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of an application as a rule sees it."""

    id: str
    kind: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A conclusion on file, as a rule sees it; `returns` counts how often this expert's was returned in the case."""

    seat: int
    login: str
    state: str
    returns: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """First and last day of a certificate, both in force."""

    valid_from: date
    valid_until: date
