"""An entry of the depository and a search of it (annex 5; clauses 4.13-4.15)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final


class Status(StrEnum):
    """What the public is told of a certificate."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


#: Levels of a programme as the application names them, with the words of annex 5.
LEVELS: Final = {"basic": "базовый", "advanced": "повышенный", "high": "высокий"}

#: Orders that a search may ask for; a minus turns one round.
SORTS: Final = ("title", "organization", "year", "hours", "published", "certificate", "valid_until")


@dataclass(frozen=True, slots=True)
class Entry:
    """One certified programme: the 13 fields of annex 5 and what stands beside them.

    Hours count all kinds of the plan.
    """

    id: str
    case: str
    title: str
    organization: str
    organization_short: str
    authors: tuple[str, ...]
    direction: str
    level: str
    education_kind: str
    audience: tuple[str, ...]
    hours: int
    year: int
    study_form: str
    issued_document: str
    certificate: str
    valid_from: date
    valid_until: date
    published_on: date
    url: str = ""

    def to_json(self) -> dict[str, Any]:
        """The entry as the API shows it."""
        return {
            "id": self.id,
            "title": self.title,
            "organization": self.organization,
            "organization_short": self.organization_short,
            "authors": list(self.authors),
            "direction": self.direction,
            "level": self.level,
            "education_kind": self.education_kind,
            "audience": list(self.audience),
            "hours": self.hours,
            "year": self.year,
            "study_form": self.study_form,
            "issued_document": self.issued_document,
            "certificate": {
                "number": self.certificate,
                "valid_from": self.valid_from.isoformat(),
                "valid_until": self.valid_until.isoformat(),
            },
            "published_on": self.published_on.isoformat(),
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class Search:
    """Filters of a search, all optional and all to be met; `audience` is met by any of its values."""

    title: str = ""
    organization: str = ""
    author: str = ""
    q: str = ""
    direction: str = ""
    level: str = ""
    education_kind: str = ""
    audience: tuple[str, ...] = ()
    hours_from: int | None = None
    hours_to: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    study_form: str = ""
    issued_document: str = ""
    certificate: str = ""
    valid_on: date | None = None
    sort: str = "title"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search, how many entries there are in all, and how many stand under each value of a field."""

    items: tuple[Entry, ...]
    total: int
    facets: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
