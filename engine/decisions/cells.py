"""Input cells: each notation of modelers becomes one expression over the input."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from engine.expressions import Expression, ExpressionRefused, compile_expression
from engine.expressions.errors import shorten

#: The name under which a cell's expression sees the input; written `?` in the file.
INPUT: Final = "input_value"

#: Longer cells are not even translated; the expression has its own limit.
MAX_CELL: Final = 900

COMPARISON: Final = re.compile(r"(>=|<=|!=|==|>|<|=)\s*(.+)", re.DOTALL)
#: Blanks around the bounds are stripped later: to let the pattern do it would cost minutes on a cell of nothing else.
RANGE: Final = re.compile(r"([\[\]()])(?=.*[\[\]()]\Z)(.+?)\.\.(.+?)([\[\]()])", re.DOTALL)
NEGATION: Final = re.compile(r"not\s*\((.*)\)", re.DOTALL)
MEMBERSHIP: Final = re.compile(r"(not\s+in|in)\b\s*(.+)", re.DOTALL)
STRING: Final = re.compile(r"\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class Cell:
    """An input cell: `text` as written; no `expression` where it takes any value."""

    text: str
    expression: Expression | None = None
    #: Why the cell cannot be read, in Russian; such a cell is never evaluated.
    fault: str | None = None

    @property
    def takes_any(self) -> bool:
        """Whether every value fits."""
        return self.expression is None and self.fault is None

    @property
    def literals(self) -> frozenset[tuple[type, object]] | None:
        """The values that fit, where the cell lists literals and nothing else."""
        return literals_of(self.expression.tree) if self.expression else None


def read_cell(text: str, functions: Collection[str]) -> Cell:
    """Read an input cell; what cannot be read stays in it as its fault."""
    bare = text.strip()
    if bare in {"", "-"}:
        return Cell(bare)
    if len(bare) > MAX_CELL:
        return Cell(shorten(bare), fault=f"длиннее {MAX_CELL} знаков")
    try:
        return Cell(bare, compile_expression(translate(bare), functions=functions))
    except ExpressionRefused as refusal:
        return Cell(bare, fault=refusal.reason)


def translate(text: str) -> str:
    """Write a cell's test as a condition on the input."""
    text = text.strip()
    if "?" in STRING.sub("", text):
        return replace_input(text)
    if (found := NEGATION.fullmatch(text)) and balanced(found[1]):
        return f"not ({translate(found[1])})"
    parts = split(text)
    if len(parts) > 1:
        return " or ".join(f"({translate(part)})" for part in parts)
    if found := COMPARISON.fullmatch(text):
        return f"{INPUT} {'==' if found[1] == '=' else found[1]} ({found[2]})"
    if (found := RANGE.fullmatch(text)) and ".." in STRING.sub("", text):
        low = "<=" if found[1] == "[" else "<"
        high = "<=" if found[4] == "]" else "<"
        return f"({found[2].strip()}) {low} {INPUT} {high} ({found[3].strip()})"
    if found := MEMBERSHIP.fullmatch(text):
        return f"{INPUT} {found[1]} ({found[2]})"
    match peek(text):
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return text
        case ast.List():
            return f"{INPUT} in {text}"
        case _:
            return f"{INPUT} == ({text})"


def replace_input(text: str) -> str:
    """Put the input's name for each `?` outside a string."""
    pieces: list[str] = []
    end = 0
    for string in STRING.finditer(text):
        pieces += [text[end : string.start()].replace("?", f" {INPUT} "), string[0]]
        end = string.end()
    return "".join([*pieces, text[end:].replace("?", f" {INPUT} ")]).strip()


def split(text: str) -> list[str]:
    """Split at the commas that stand in no string and no bracket; a range's outward brackets count as inward ones."""
    parts: list[str] = []
    depth = start = 0
    masked = STRING.sub(lambda found: "s" * len(found[0]), text)
    masked = RANGES.sub(lambda found: "r" * len(found[0]), masked)
    for index, sign in enumerate(masked):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


#: The dots are looked for ahead, so that many of them are not tried one after another.
RANGES: Final = re.compile(r"[\[\](](?=[^\[\](),]*?\.\.)[^\[\](),]*[\[\])]")


def balanced(text: str) -> bool:
    """Whether brackets open before they close, so that a wrapping pair is one pair."""
    depth = 0
    for sign in STRING.sub("", text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return False
    return depth == 0


def peek(text: str) -> ast.expr | None:
    """Look at the form of a cell without `?`: a condition by itself, a list, or a value."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def literals_of(tree: ast.expr) -> frozenset[tuple[type, object]] | None:
    """Give the literals that a condition lists for the input, or None where it is anything else."""
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.Or):
        parts = [literals_of(value) for value in tree.values]
        known = [part for part in parts if part is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    match tree:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.expr() as right]) if name == INPUT:
            items = [right]
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.List(elts=items)]) if name == INPUT:
            pass
        case _:
            return None
    values = [constant(item) for item in items]
    return None if None in values else frozenset(value for value in values if value is not None)


def constant(item: ast.expr) -> tuple[type, object] | None:
    """Give a literal with its type (true is not 1), or None."""
    match item:
        case ast.Constant(value=value):
            return (type(value), value)
        case ast.Name(id="true" | "false" as word):
            return (bool, word == "true")
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return (int, -value)
        case _:
            return None
