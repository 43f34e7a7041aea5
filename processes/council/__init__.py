"""The council: composition by order, people, substitutions, conflicts of interest, journals, readings, agendas.

What procedures share; the other packages of `processes` build on it, and it on the engine alone.
"""

from processes.council.experts import expert_pool
from processes.council.people import actor_of, holders, members_on, name_of, owner_of, presiding
from processes.council.records.journals import enter, next_number

__all__ = [
    "actor_of",
    "enter",
    "expert_pool",
    "holders",
    "members_on",
    "name_of",
    "next_number",
    "owner_of",
    "presiding",
]
