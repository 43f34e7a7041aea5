"""How far a case has come, and what a refusal names."""

from typing import Any

import pytest

from engine.errors import InvalidError
from tests.processes.certification.office import EXPERTS, Office


def at_experts(office: Office, **changes: Any) -> str:
    case = office.submit(**changes)
    office.register(case)
    office.review(case)
    return case


def at_conclusions(office: Office) -> str:
    case = at_experts(office)
    office.appoint(case)
    for login in EXPERTS:
        office.conclude(case, login)
    return case


def fields(refused: pytest.ExceptionInfo[InvalidError]) -> set[str]:
    return set(refused.value.errors)
