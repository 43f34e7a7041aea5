"""Cases kept in memory between their steps, found by the very bytes of their state.

A case's next step begins with its state as the database holds it. Where this process made those bytes itself, the
workflow that they tell of may still be at hand, pruned as if it had been read back, and need not be decoded. Another
process's step, a rollback or a restore leaves other bytes in the database, so nothing can be stale; and nothing is kept
here that the bytes could not rebuild.
"""

import threading
from typing import Final

from engine.machine.library import CaseWorkflow, Meter

#: Cases kept at most: some tens of kilobytes each.
SIZE: Final = 500


class HotCases:
    """Workflows by the definition's hash and the state's bytes, the longest untouched dropped first; thread-safe.

    A workflow is in one hand at a time: taking it removes it, and a step that fails does not bring it back.
    """

    def __init__(self, size: int = SIZE) -> None:
        self.size = size
        self._kept: dict[tuple[str, bytes], tuple[CaseWorkflow, Meter]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def take(self, definition: str, state: bytes) -> tuple[CaseWorkflow, Meter] | None:
        """The workflow that these bytes tell of, its journal empty; None where it is not at hand."""
        with self._lock:
            return self._kept.pop((definition, state), None)

    def keep(self, definition: str, state: bytes, workflow: CaseWorkflow, meter: Meter) -> None:
        """Keep a workflow that was just encoded as these bytes; it lets go of the step's surroundings."""
        workflow.script_engine = None
        with self._lock:
            while len(self._kept) >= self.size > 0:
                del self._kept[next(iter(self._kept))]
            if self.size:
                self._kept[definition, state] = workflow, Meter(next_id=meter.next_id, tick=meter.tick)
