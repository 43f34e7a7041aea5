"""What storage puts on paper: the inventory of a closed case, the act of allotment for destruction (clause 4.9).

PDF; the same values give the same bytes. Instants are aware.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from engine.clock import moscow
from processes.papers.typesetting import typeset
from processes.papers.words import Mark, long_day, short_day


def write_inventory(
    case: Mapping[str, Any], documents: Iterable[Mapping[str, Any]], *, until: date, at: datetime
) -> bytes:
    """The inventory of a closed case: every document with its day and the hash of its content, and the storage term."""
    return typeset(
        "inventory",
        {
            "date": long_day(moscow(at).date()),
            "case_number": case["number"],
            "programme": case["title"],
            "documents": [
                {
                    "title": _headed(d["title"]),
                    "date": short_day(moscow(d["at"]).date()),
                    "name": d["name"],
                    "sha256": d["sha256"],
                }
                for d in documents
            ],
            "notes": [
                f"Срок хранения дела — по {long_day(until)} (пункт 4.9 положения); без решения ничего не уничтожается."
            ],
            "person": "",
            "footer": f"Внутренняя опись, дело {case['number']}",
        },
        title=f"Внутренняя опись документов дела {case['number']}",
        at=at,
    )


def write_act(
    number: str,
    case: Mapping[str, Any],
    documents: Iterable[Mapping[str, Any]],
    basis: str,
    *,
    mark: Mark,
    at: datetime,
) -> bytes:
    """An act on one case: its documents with their hashes, the paper it rests on, who decided. No file goes by it.

    Below stand lines for a commission to sign on paper.
    """
    return typeset(
        "act",
        {
            "date": long_day(moscow(at).date()),
            "number": number,
            "case_number": case["number"],
            "programme": case["title"],
            "basis": basis,
            "documents": [{"title": _headed(d["title"]), "sha256": d["sha256"]} for d in documents],
            "marks": [mark.shown()],
            "footer": f"Акт № {number}, дело {case['number']}",
        },
        title=f"Акт № {number} о выделении к уничтожению документов дела {case['number']}",
        at=at,
    )


def _headed(title: str) -> str:
    """A title as a list of documents begins it: with a capital."""
    return f"{title[:1].upper()}{title[1:]}"
