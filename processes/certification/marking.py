"""What marks mean and come to, told to whoever fills a sheet in: asked of the case's own decision tables.

A page or another client can count along without a rule of its own: the tables' answers for every number of rows are
told beforehand.
"""

from collections.abc import Callable, Mapping
from typing import Any

from processes.certification.application import hours_of
from processes.certification.model import COPIES
from processes.certification.rows import E_ROWS
from processes.certification.rules import read_requirements

Decide = Callable[[str, Mapping[str, Any]], Any]
Told = dict[str, Any]


def technical_marking(decide: Decide, application: Mapping[str, Any], copies: int | None) -> Told:
    """The technical review (clause 4.5): `accepted` {row: [signs]}, `outcomes` by the number of failed rows, `hints`.

    `outcomes[n]` is the table's answer for n failed rows, from none to all. `hints` {row: text} say what the
    application and the registration already tell.
    """
    requirements = read_requirements(decide("technical_requirements", {}))
    return {
        "count": "unmet",
        "accepted": {one.row: sorted(one.accepted) for one in requirements},
        "outcomes": [decide("technical_outcome", {"unmet": n})["technical"] for n in range(len(requirements) + 1)],
        "hints": _hints(application, copies),
    }


def conclusion_marking(decide: Decide) -> Told:
    """An expert's conclusion (annex 4; A-19, A-21): `outcomes[n]` is the verdict that n rows at «+» suggest."""
    most = len(E_ROWS)
    return {
        "count": "met",
        "accepted": {row: ["+"] for row in E_ROWS},
        "outcomes": [decide("score_threshold", {"n": n, "n_max": most})["suggested_verdict"] for n in range(most + 1)],
    }


def _hints(application: Mapping[str, Any], copies: int | None) -> dict[str, str]:
    found: dict[str, str] = {}
    licence = application.get("license") or {}
    if licence.get("number"):
        until = licence.get("valid_until") or ""
        term = "бессрочная" if until in {"", "indefinite"} else f"действует до {_day(until)}"
        found["K1"] = f"В заявке: лицензия №\u00a0{licence['number']}, {term}."
    if copies is not None:
        found["K4"] = f"При регистрации отмечено экземпляров: {copies}; нужно {COPIES}."
    practice, total = hours_of(application)
    if total:
        hundredths = (20_000 * practice + total) // (2 * total)
        share = f"{hundredths // 100},{hundredths % 100:02}"
        found["K5"] = f"По плану: практика {practice} из {total}\u00a0ч, {share}\u00a0%."
    return found


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}.{month}.{year}"
