"""A meeting in values: its plan, its participants, a vote and what came of it (section 3, clause 4.8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Form(StrEnum):
    """How the council meets (clause 3.3)."""

    IN_PERSON = "in_person"
    ABSENTEE = "absentee"


class Vote(StrEnum):
    """An open vote on one motion (clause 4.8, A-04)."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Outcome(StrEnum):
    """What the count gives; the last one where the quorum was lost before the vote (A-33)."""

    GRANT = "grant"
    REFUSE = "refuse"
    NOT_ADOPTED = "not_adopted"
    UNDECIDED = "undecided"


class Kind(StrEnum):
    """What an agenda item is about: a certification case, or a document that the council approves (clause 3.5)."""

    CERTIFICATION = "certification"
    DOCUMENT = "document"


class DocumentKind(StrEnum):
    """Documents that only a meeting approves (clause 3.5)."""

    STANDARD = "standard"
    CRITERIA = "criteria"
    FORM = "form"
    EXPERT_REQUIREMENTS = "expert_requirements"
    PLAN = "plan"


class State(StrEnum):
    """Where an agenda item stands.

    PENDING until its vote opens, then VOTING, then DECIDED. STRUCK: the case was withdrawn first. UNREACHED: the quorum
    was lost. DROPPED: the agenda was not approved.
    """

    PENDING = "pending"
    VOTING = "voting"
    DECIDED = "decided"
    STRUCK = "struck"
    UNREACHED = "unreached"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Point:
    """One item of an agenda. `number` counts from 1; `case` is set for a certification, `document` for a document."""

    number: int
    kind: Kind
    title: str
    case: str | None = None
    document: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a meeting is started with. `closes_at` (aware) belongs to the absentee form alone."""

    form: Form
    date: date
    closes_at: datetime | None
    agenda: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the composition in force on the meeting's date. `absent`: another holds the duties now."""

    login: str
    name: str
    short: str
    role: str
    email: str = ""
    position: str = ""
    inn: str = ""
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Presiding:
    """Who conducts the meeting: the chair, or a stand-in with the paper it rests on (clause 2.4)."""

    login: str
    on_behalf_of: str | None = None
    basis: str | None = None


class Answer(StrEnum):
    """What a member answers to an invitation (clause 2.7); the first two are also the ways to be present."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Task:
    """What the meeting asks somebody to do, and the last day for it (a Moscow date)."""

    text: str
    responsible: str
    due: date


@dataclass(frozen=True, slots=True)
class Wording:
    """The secretary's words on an item: who reported, who spoke, what was decided beside the counted decision."""

    heard: str = ""
    spoke: str = ""
    decided: str = ""
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands before the secretary enters a vote.

    `participants` are present (or sent a ballot) and have not left earlier; `own` are the votes that members cast
    themselves; `casting` is the person whose vote decides an equality; `counted` are those of the quorum (A-01).
    """

    participants: frozenset[str]
    counted: frozenset[str]
    own: Mapping[str, Vote] = field(default_factory=dict)
    casting: str | None = None
    absentee: bool = False
    #: Those who recused themselves, with the reasons they gave (A-17).
    recused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the secretary enters for an item."""

    votes: Mapping[str, Vote] = field(default_factory=dict)
    recused: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """A counted vote. `base` = participants less the recused; `casting` is set only where for equals against."""

    votes_for: int
    votes_against: int
    abstain: int
    base: int
    casting: Vote | None
    quorate: bool

    def as_data(self) -> dict[str, object]:
        """The shape that the decision table reads."""
        return {
            "for": self.votes_for,
            "against": self.votes_against,
            "abstain": self.abstain,
            "base": self.base,
            "casting": None if self.casting is None else self.casting.value,
            "quorate": self.quorate,
        }
