"""Every rule, in the order in which a bundle is looked at."""

from typing import Final

from engine.lint.parts import Rule
from engine.lint.rules.decisions import find_missing_decisions, find_table_faults
from engine.lint.rules.declines import find_unrouted_declines
from engine.lint.rules.diagram import find_undrawn
from engine.lint.rules.event_gateways import find_bad_event_gateways
from engine.lint.rules.expressions import find_bad_expressions
from engine.lint.rules.flows import (
    find_bad_starts,
    find_endless_loops,
    find_implicit_forks,
    find_missing_ends,
    find_unconnected,
)
from engine.lint.rules.forms import find_form_faults, find_missing_forms
from engine.lint.rules.gateways import (
    find_missing_conditions,
    find_missing_defaults,
    find_mixed_gateways,
    find_nameless_answers,
)
from engine.lint.rules.interruptions import find_uninterruptible
from engine.lint.rules.limits import find_excess
from engine.lint.rules.messages import find_nameless_messages
from engine.lint.rules.multi_instances import (
    find_bare_multi_instances,
    find_interrupted_multi_instances,
    find_loose_multi_instances,
)
from engine.lint.rules.names import find_nameless, find_unexplained, find_wrong_key
from engine.lint.rules.namespaces import find_clashes
from engine.lint.rules.operators import find_bad_operators
from engine.lint.rules.orphans import find_orphan_decisions, find_orphan_forms, find_unknown_files
from engine.lint.rules.outcomes import find_doubtful_outcomes
from engine.lint.rules.roles import find_missing_roles, find_wrong_lanes
from engine.lint.rules.scripts import find_scripts
from engine.lint.rules.timers import (
    find_bad_timers,
    find_idle_reminders,
    find_misplaced_deadlines,
    find_misplaced_reminders,
    find_second_deadlines,
    find_silent_deadlines,
)
from engine.lint.rules.unsupported import find_unsupported

RULES: Final[tuple[Rule, ...]] = (
    find_wrong_key,
    find_excess,
    find_scripts,
    find_unsupported,
    find_clashes,
    find_bad_starts,
    find_missing_ends,
    find_unconnected,
    find_implicit_forks,
    find_endless_loops,
    find_missing_defaults,
    find_missing_conditions,
    find_mixed_gateways,
    find_nameless_answers,
    find_bad_event_gateways,
    find_doubtful_outcomes,
    find_bad_expressions,
    find_bad_timers,
    find_misplaced_deadlines,
    find_second_deadlines,
    find_misplaced_reminders,
    find_idle_reminders,
    find_silent_deadlines,
    find_nameless_messages,
    find_bad_operators,
    find_missing_decisions,
    find_table_faults,
    find_missing_roles,
    find_wrong_lanes,
    find_missing_forms,
    find_form_faults,
    find_unrouted_declines,
    find_uninterruptible,
    find_loose_multi_instances,
    find_interrupted_multi_instances,
    find_bare_multi_instances,
    find_orphan_forms,
    find_orphan_decisions,
    find_unknown_files,
    find_nameless,
    find_unexplained,
    find_undrawn,
)
