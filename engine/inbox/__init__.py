"""The task inbox: lists, counts, acts on tasks, and what a person arranges around them."""

from engine.inbox.acting import claim, delegate, may_reassign, reassign, save_draft, unclaim
from engine.inbox.following import follow_up
from engine.inbox.listing import SCOPES, Filters, counts, find_tasks, follow_ups, get_task, list_tasks

__all__ = [
    "SCOPES",
    "Filters",
    "claim",
    "counts",
    "delegate",
    "find_tasks",
    "follow_up",
    "follow_ups",
    "get_task",
    "list_tasks",
    "may_reassign",
    "reassign",
    "save_draft",
    "unclaim",
]
