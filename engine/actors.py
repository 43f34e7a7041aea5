"""Who acts, and for whom.

An actor is what a door made of a signed-in person, an integration's token, or the engine itself. Rights come from
groups (BPMN's candidate groups): held directly, or for the time of a substitution.
"""

from dataclasses import dataclass, field
from typing import Final

#: Groups whose holders see every case.
SEES_ALL: Final = frozenset({"secretary", "chair", "deputy", "member", "expert", "auditor", "ministry", "admin"})


@dataclass(frozen=True, slots=True)
class Standin:
    """One substitution in force: whose groups the actor holds meanwhile, and the document that says so."""

    absent: str
    groups: frozenset[str]
    basis: str


@dataclass(frozen=True, slots=True)
class Right:
    """By which right an act is done: a group, and the absent person it is held for (None: one's own)."""

    group: str
    on_behalf_of: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an integration or the engine, with the groups held at this moment.

    `owner` is the key of the cases that are the actor's own (an applicant's organisation); `scopes` is what an
    integration's token may send; `absent` is true for a person whose duties another holds now.
    """

    login: str
    name: str
    groups: frozenset[str] = frozenset()
    standins: tuple[Standin, ...] = ()
    owner: str | None = None
    scopes: frozenset[str] = frozenset()
    kind: str = "person"
    absent: bool = False
    language: str = "ru"
    details: dict[str, object] = field(default_factory=dict, hash=False, compare=False)

    @property
    def all_groups(self) -> frozenset[str]:
        """Groups held directly (unless absent) or by substitution."""
        own = frozenset() if self.absent else self.groups
        return own.union(*(s.groups for s in self.standins)) if self.standins else own

    def right(self, *groups: str) -> Right | None:
        """The right by which the actor may act as one of the groups: one's own first, then a substitution's."""
        if not self.absent:
            for group in groups:
                if group in self.groups:
                    return Right(group)
        for standin in self.standins:
            for group in groups:
                if group in standin.groups:
                    return Right(group, standin.absent, standin.basis)
        return None

    def holds(self, *groups: str) -> bool:
        """Whether the actor may act as one of the groups now."""
        return self.right(*groups) is not None

    @property
    def sees_all(self) -> bool:
        """Whether every case is visible to the actor, not only those of the own organisation."""
        return bool(SEES_ALL & self.groups) or bool(self.standins)


#: The engine itself: timers, messages between cases, automatic steps.
SYSTEM: Final = Actor(login="system", name="Система", groups=frozenset({"admin"}), kind="system")
