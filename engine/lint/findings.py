"""What a check says: which rule, how grave, at which element, and in words what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave: only an error keeps a bundle from being released."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that falls short. `element` is a BPMN id, the process id, or a file's name in the bundle.

    `message` is a Russian sentence that names the thing and the remedy.
    """

    rule: str
    severity: Severity
    element: str
    message: str

    def to_json(self) -> dict[str, str]:
        """Give the finding as the API shows it."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "element": self.element,
            "message": self.message,
        }

    def to_line(self) -> str:
        """Give the finding as one line of a command's output."""
        return f"{self.severity.value:<7} {self.element}: {self.message} [{self.rule}]"


def is_sound(findings: Iterable[Finding]) -> bool:
    """Whether none of them is an error."""
    return all(finding.severity is not Severity.ERROR for finding in findings)
