"""The few conditions of form-js that hide a field by another field's value."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from engine.forms.fields import Condition

PATH: Final = r"(?P<path>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)"
BARE: Final = re.compile(rf"=\s*{PATH}\s*")
NEGATED: Final = re.compile(rf"=\s*not\(\s*{PATH}\s*\)\s*")
COMPARED: Final = re.compile(rf'=\s*{PATH}\s*(?P<sign>!?=)\s*(?P<literal>"[^"\\]*"|-?\d{{1,15}}|true|false|null)\s*')


def read_condition(hide: Any) -> Condition | None:
    """Read `=path`, `=not(path)`, `=path = literal` or `=path != literal`; None for anything else."""
    if not isinstance(hide, str):
        return None
    text = hide.strip()
    if found := COMPARED.fullmatch(text):
        return Condition(steps(found), json.loads(found["literal"]), negated=found["sign"] == "!=")
    if found := NEGATED.fullmatch(text):
        return Condition(steps(found), value=True, negated=True)
    if found := BARE.fullmatch(text):
        return Condition(steps(found))
    return None


def steps(found: re.Match[str]) -> tuple[str, ...]:
    """Split the path of a match."""
    return tuple(found["path"].split("."))
