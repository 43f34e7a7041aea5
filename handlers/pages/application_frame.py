"""What stands around each step of an application: its steps with what they still lack, and the way on and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import cases
from engine.actors import Actor
from engine.errors import NotFoundError
from engine.runtime import Transaction
from handlers.pages.application_fields import step_of
from handlers.pages.application_parts import STEPS, Step
from processes.certification import use_cases as certification
from processes.certification.drafts import REFUSED_ENDS

_MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """A step in the list of steps: how many fields or files it lacks, and whether the page shows it now."""

    number: int
    slug: str
    label: str
    missing: int
    is_here: bool

    @property
    def state(self) -> str:
        """`gaps` or `done`; the last step is `ahead` until nothing is missing anywhere."""
        return "gaps" if self.missing else "done"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of one's own, as its pages show it."""

    application: Mapping[str, Any]
    previous: Sequence[tuple[str, str]]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps it has: remarks are answered only where there may be any."""
        has_remarks = bool(self.previous or self.application.get("previous_case"))
        return tuple(step for step in STEPS if step.slug != "remarks" or has_remarks)

    def missing_on(self, step: Step) -> list[str]:
        """Paths of what a step lacks; the last step lacks what any other does."""
        return [path for path in self.application["missing"] if step.slug == "check" or step.holds(path)]

    def marks(self, here: str) -> list[Mark]:
        """The list of steps."""
        return [
            Mark(number, step.slug, step.label, len(self.missing_on(step)), step.slug == here)
            for number, step in enumerate(self.steps, 1)
        ]

    def first_open(self) -> str:
        """The step to go on with: the first that lacks something, else the last."""
        found = (step_of(path) for path in self.application["missing"])
        lacking = {step.slug for step in found if step is not None}
        return next((step.slug for step in self.steps if step.slug in lacking), "check")

    def beside(self, here: str, by: int) -> str:
        """The step before or after another; the same one at either end."""
        slugs = [step.slug for step in self.steps]
        place = slugs.index(here) if here in slugs else 0
        return slugs[min(max(place + by, 0), len(slugs) - 1)]


def open_draft(tx: Transaction, application_id: str, actor: Actor) -> Draft:
    """Return a draft that the person fills in. Raises NotFoundError for another's; see `Draft.application["state"]`."""
    application = certification.get_application(tx, application_id, actor)
    if not actor.holds("applicant"):
        raise NotFoundError("Такой заявки нет.")
    ended = cases.list_cases(tx, actor, state="ended", process="certification", limit=_MOST_CASES).items
    kept = [row for row in ended if row["end"] in REFUSED_ENDS or row["id"] == application.get("previous_case")]
    return Draft(application, [(row["id"], f"{row['number']}: {row['title']}") for row in kept])
