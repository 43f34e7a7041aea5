"""Decision tables: DMN files read by us and evaluated by the expression language.

One table a file, DMN 1.1-1.3.  Hit policies FIRST (the first rule that fits), UNIQUE (exactly one may fit) and COLLECT
(all that fit, a list).  Input expressions and output cells are expressions; an input cell is one of

- empty or `-`: any value; `"a"`, `3`, `true`, an expression: equality; `"a", "b"`: any of them;
- `>= 80`, `!= "a"`, `[1..5]`, `(1..5]`, `["a", "b"]`, `in ["a", "b"]`; `not("a", "b")`: none of them;
- any expression with `?` for the input: `? % 2 == 0`, `? in members`.

No rule that fits is an error for FIRST and UNIQUE, an empty list for COLLECT.
"""

from engine.decisions.reading import DecisionRefused, read_decision
from engine.decisions.table import Column, DecisionError, DecisionTable, HitPolicy, Rule

__all__ = ["Column", "DecisionError", "DecisionRefused", "DecisionTable", "HitPolicy", "Rule", "read_decision"]
