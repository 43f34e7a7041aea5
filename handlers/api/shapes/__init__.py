"""Shapes of answers, for the OpenAPI document; tests hold real answers against them."""

from handlers.api.shapes.base import Shape, a_day, a_moment, a_number, a_text, list_of, maybe_text
from handlers.api.shapes.evidence import (
    DifferenceShape,
    EventShape,
    HistoryShape,
    ProofShape,
    VerdictShape,
    VersionShape,
)
from handlers.api.shapes.papers import ApplicationNameShape, ApplicationShape, DocumentShape, FileShape, LetterShape
from handlers.api.shapes.people import MeShape, OrganizationShape, StandinShape, TokenShape
from handlers.api.shapes.time import (
    CalendarDayShape,
    ClockShape,
    DecreeShape,
    FiredShape,
    MoveShape,
    MovesShape,
    YearShape,
)
from handlers.api.shapes.work import (
    CaseNameShape,
    CaseShape,
    CompletedShape,
    DueShape,
    MatchedShape,
    SubmittedShape,
    TaskShape,
    WholeTaskShape,
)

__all__ = [
    "ApplicationNameShape",
    "ApplicationShape",
    "CalendarDayShape",
    "CaseNameShape",
    "CaseShape",
    "ClockShape",
    "CompletedShape",
    "DecreeShape",
    "DifferenceShape",
    "DocumentShape",
    "DueShape",
    "EventShape",
    "FileShape",
    "FiredShape",
    "HistoryShape",
    "LetterShape",
    "MatchedShape",
    "MeShape",
    "MoveShape",
    "MovesShape",
    "OrganizationShape",
    "ProofShape",
    "Shape",
    "StandinShape",
    "SubmittedShape",
    "TaskShape",
    "TokenShape",
    "VerdictShape",
    "VersionShape",
    "WholeTaskShape",
    "YearShape",
    "a_day",
    "a_moment",
    "a_number",
    "a_text",
    "list_of",
    "maybe_text",
]
