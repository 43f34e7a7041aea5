"""What can go wrong: one root, one class a cause; each carries its data, and a door maps it to its own language.

Every message is Russian, says what is wrong and what to do. `slug` is the stable name of the cause in the API.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from engine.facts import Fact


class EngineError(Exception):
    """Something did not go as asked."""

    slug: ClassVar[str] = "error"

    def __init__(self, message: str, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class NotFoundError(EngineError):
    """There is no such thing, or it may not be seen."""

    slug = "not_found"


class RefusedError(EngineError):
    """A rule forbids the act; recorded as a fact of the case.

    `case` names the case the refusal belongs to, once known; `slug` may be set for the single refusal.
    """

    slug = "refused"

    def __init__(self, message: str, *, slug: str | None = None, case: str | None = None, **data: Any) -> None:
        super().__init__(message, **data)
        self.slug_ = slug or type(self).slug
        self.case = case


class ForbiddenError(RefusedError):
    """Visible, but not this person's to do."""

    slug = "forbidden"


class ConflictError(RefusedError):
    """Not in this state: done already, held by another, not open, incident, suspended."""

    slug = "conflict"


class InvalidError(RefusedError):
    """The data breaks a rule; `errors` maps dotted field paths to Russian messages.

    `rule` is false for a missing or mistyped field: that is no refusal by a rule and leaves no fact.
    """

    slug = "invalid"

    def __init__(
        self,
        message: str = "Проверьте отмеченные поля.",
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        rule: bool = True,
        slug: str | None = None,
        case: str | None = None,
        **data: Any,
    ) -> None:
        super().__init__(message, slug=slug, case=case, **data)
        self.errors: dict[str, list[str]] = {k: list(v) for k, v in (errors or {}).items()}
        self.rule = rule


class StepFailedError(EngineError):
    """The engine could not carry out a step: rolled back, and recorded as an incident by the door.

    `is_kept`: the incident keeps its command for a retry; `retried`: the fact of the retry that failed so; `revision`:
    that of the case as the command found it.
    """

    slug = "incident"
    is_kept = False
    retried: Fact | None = None
    revision: int | None = None

    def __init__(self, message: str, *, element: str | None = None, **data: Any) -> None:
        super().__init__(message, **data)
        self.element = element


def cause_of(error: BaseException) -> str:
    """What failed, in one line that people may read: a database goes on with its statement and the values in it."""
    return f"{type(error).__name__}: {error}".partition("\n")[0]


class LimitExceededError(StepFailedError):
    """A step went over a limit of steps, tasks, depth, state size or cardinality."""

    slug = "budget_exceeded"


class UnavailableError(EngineError):
    """What the house stands on is gone, busy or full for now: nobody's fault, and worth trying again.

    `may_repeat`: the same act may be carried out again at once, because nothing of it can have been kept.
    """

    slug = "unavailable"

    def __init__(self, message: str, *, may_repeat: bool = False, retry_after: int = 5, **data: Any) -> None:
        super().__init__(message, retry_after=retry_after, **data)
        self.may_repeat = may_repeat


class OvertakenError(UnavailableError):
    """Somebody else changed meanwhile what a step had only looked at: nothing of it is kept, its door does it again."""

    def __init__(self) -> None:
        super().__init__("Дело меняется одновременно с вашим действием. Повторите.", may_repeat=True)


class DrawingError(EngineError):
    """A bundle cannot be read or breaks a rule; `findings` says where."""

    slug = "drawing"

    def __init__(self, message: str, findings: Sequence[Any] = (), **data: Any) -> None:
        super().__init__(message, **data)
        self.findings = list(findings)
