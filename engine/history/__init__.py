"""The history of a case: facts in order, hash-chained; the case as it stood; re-execution."""

from engine.history.chain import FIRST, append, event_hash, served
from engine.history.links import Difference, verify_chains
from engine.history.reading import read, replay
from engine.history.verification import Verdict, execute_again, verify
from engine.records.acts import DamagedError

__all__ = [
    "FIRST",
    "DamagedError",
    "Difference",
    "Verdict",
    "append",
    "event_hash",
    "execute_again",
    "read",
    "replay",
    "served",
    "verify",
    "verify_chains",
]
