"""Who signs for the council, as a document names it: the office, the person, and for whom on which paper."""

from datetime import datetime
from enum import StrEnum

from engine.database import Connection
from processes.council.people import bases_of
from processes.council.records import people
from processes.papers.words import Mark


class Office(StrEnum):
    """In what capacity a document of the council is signed (clauses 2.5, 2.6, 4.6)."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    EXPERT = "expert"


_OFFICES = {
    Office.CHAIR: ("Председатель экспертного совета", "И. о. председателя экспертного совета"),
    Office.SECRETARY: ("Ответственный секретарь экспертного совета", "И. о. ответственного секретаря"),
    Office.EXPERT: ("Эксперт, член экспертного совета", "Эксперт, член экспертного совета"),
}


def mark_of(
    connection: Connection,
    office: Office,
    login: str,
    *,
    at: datetime,
    on_behalf_of: str | None = None,
    basis: str | None = None,
    sha256: str = "",
) -> Mark:
    """The mark of a signature that a person gave at an instant (aware).

    Of one who acts for another it names the absent person and the paper: the one given, else that of the substitution
    in force on that day (clauses 2.4, 2.6; A-29).
    """
    own, acting = _OFFICES[office]
    if on_behalf_of is None:
        return Mark(own, short_name_of(connection, login), at, sha256=sha256, login=login)
    paper = basis or _basis(connection, login, on_behalf_of, at)
    words = f"за: {short_name_of(connection, on_behalf_of)}" + (f"; {paper}" if paper else "")
    return Mark(acting, short_name_of(connection, login), at, words, sha256, login, on_behalf_of)


def short_name_of(connection: Connection, login: str) -> str:
    """A person as under a signature; «Система» for the engine, the login where the person is not known."""
    if login == "system":
        return "Система"
    person = people.find_person(connection, login)
    return person.short_name if person else login


def _basis(connection: Connection, login: str, absent: str, at: datetime) -> str:
    act = (login, absent, at)
    return bases_of(connection, [act]).get(act, "")
