"""The domain: one package a procedure, and what procedures share."""

from importlib import import_module
from typing import Final

from engine.registry import Registry
from processes.council.model import ACCOUNT_ROLES

#: Packages that offer `register(registry)`.
PACKAGES: Final = (
    "processes.council.notices",
    "processes.council.finding",
    "processes.certification",
    "processes.council_meeting",
    "processes.meeting_watch",
    "processes.retention",
)

#: Groups that drawings may name.
GROUPS: Final = ACCOUNT_ROLES | {"secretary", "chair", "deputy", "member", "expert"}


def registry() -> Registry:
    """What all procedures register, made once by a door."""
    made = Registry(groups=set(GROUPS))
    for package in PACKAGES:
        import_module(package).register(made)
    return made
