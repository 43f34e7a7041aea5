"""Shapes of answers, for the OpenAPI document; tests hold real answers against them."""

from handlers.api.shapes.base import Shape, a_day, a_moment, a_number, a_text, list_of, maybe_day, maybe_text
from handlers.api.shapes.council import ExpertShape, ListedSubstitutionShape, SubstitutionShape
from handlers.api.shapes.evidence import (
    DifferenceShape,
    EventShape,
    HistoryShape,
    ProofShape,
    ReplayShape,
    VerdictShape,
    VersionShape,
)
from handlers.api.shapes.papers import ApplicationNameShape, ApplicationShape, DocumentShape, FileShape, LetterShape
from handlers.api.shapes.people import MeShape, OrganizationShape, StandinShape, TokenShape
from handlers.api.shapes.register import CertificateShape, DataSetShape, EntryShape, FoundShape
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
    "CertificateShape",
    "ClockShape",
    "CompletedShape",
    "DataSetShape",
    "DecreeShape",
    "DifferenceShape",
    "DocumentShape",
    "DueShape",
    "EntryShape",
    "EventShape",
    "ExpertShape",
    "FileShape",
    "FiredShape",
    "FoundShape",
    "HistoryShape",
    "LetterShape",
    "ListedSubstitutionShape",
    "MatchedShape",
    "MeShape",
    "MoveShape",
    "MovesShape",
    "OrganizationShape",
    "ProofShape",
    "ReplayShape",
    "Shape",
    "StandinShape",
    "SubmittedShape",
    "SubstitutionShape",
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
    "maybe_day",
    "maybe_text",
]
