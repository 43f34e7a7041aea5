"""Use cases on cases: start, complete, decline, deliver, suspend, resume, retry, read.

All take the door's transaction and lock the one case they change; nobody here commits. Rows are plain dicts.
"""

from engine.cases.completing import Completed, complete, decline
from engine.cases.reading import Page, get_case, get_cases, list_cases, stage_of
from engine.cases.receiving import deliver, fire, locked, portable, tell
from engine.cases.rights import check_admin, check_moving, check_open, check_visible, right_to
from engine.cases.standing import may_set_aside, resume, retry, suspend
from engine.cases.starting import start, start_instance

__all__ = [
    "Completed",
    "Page",
    "check_admin",
    "check_moving",
    "check_open",
    "check_visible",
    "complete",
    "decline",
    "deliver",
    "fire",
    "get_case",
    "get_cases",
    "list_cases",
    "locked",
    "may_set_aside",
    "portable",
    "resume",
    "retry",
    "right_to",
    "stage_of",
    "start",
    "start_instance",
    "suspend",
    "tell",
]
