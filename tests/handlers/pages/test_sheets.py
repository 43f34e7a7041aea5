"""Sheets of marks, people and conclusions: what the page makes of a form and of what the task's provider tells."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.forms import Form, read_form
from handlers.forms_view import Look, compare, lay_out, look_of, summary_of
from handlers.forms_view.sheets import Sheet, share_of

BUNDLE = Path(__file__).parents[3] / "bpmn" / "certification"
TECHNICAL = {
    "count": "unmet",
    "accepted": {"T24": ["+", "na"], "T28": ["-"]},
    "outcomes": ["passed", *["failed"] * 37],
    "hints": {"K5": "По плану: практика 18 из 72 ч."},
}
SCORE = {"count": "met", "outcomes": [*["does_not_conform"] * 18, *["conforms"] * 7]}
ALL_TECHNICAL = {
    "precheck": {f"K{n}": "+" for n in range(1, 6)},
    "marks": {f"T{n:02}": "-" if n == 28 else "+" for n in range(1, 33)},
}


def form_of(name: str) -> Form:
    return read_form((BUNDLE / "forms" / f"{name}.json").read_text())


def sheet_of(name: str, data: dict[str, Any], marking: dict[str, Any], **look: str) -> Sheet:
    sections = lay_out(form_of(name), data, {"marking": marking}, look=Look(**look))
    (found,) = [section.sheet for section in sections if section.sheet]
    return found


def marks(plus: int, minus: int = 0) -> dict[str, str]:
    return {f"E{n:02}": "+" if n <= plus else "-" for n in range(1, plus + minus + 1)}


def test_the_technical_review_is_one_sheet_of_thirty_seven_rows_under_the_headings_of_the_annex() -> None:
    sheet = sheet_of("technical_review", {}, TECHNICAL)
    bands = [band for band in sheet.bands if band.kind == "form"]
    assert [row.code for band in bands for row in band.rows] == [
        *(f"K{n}" for n in range(1, 6)),
        *(f"T{n:02}" for n in range(1, 33)),
    ]
    assert bands[1].titles == ((0, "Титульный лист"),)
    assert bands[1].rows[1].text == "Гриффы согласования"
    assert sheet.has_comments


def test_the_inverted_row_passes_with_a_minus_and_says_so() -> None:
    rows = {r.code: r for band in sheet_of("technical_review", ALL_TECHNICAL, TECHNICAL).bands for r in band.rows}
    assert (rows["T28"].turned, rows["T28"].standing) == (True, "met")
    assert "строка пройдена при «-»" in rows["T28"].control.hint
    assert (rows["T24"].turned, [c.value for c in rows["T24"].control.choices]) == (False, ["+", "-", "na"])
    assert rows["K5"].known == "По плану: практика 18 из 72 ч."


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [({}, "passed"), ({"T24": "na"}, "passed"), ({"T28": "+"}, "failed"), ({"T05": "-"}, "failed")],
)
def test_the_outcome_of_the_technical_review_is_the_tables(changes: dict[str, str], outcome: str) -> None:
    data = {**ALL_TECHNICAL, "marks": {**ALL_TECHNICAL["marks"], **changes}}
    assert sheet_of("technical_review", data, TECHNICAL).tally.outcome == outcome


def test_one_failure_settles_the_technical_review_and_no_failure_does_only_at_the_end() -> None:
    assert sheet_of("technical_review", {"marks": {"T05": "-"}}, TECHNICAL).tally.outcome == "failed"
    unfinished = {**ALL_TECHNICAL, "marks": {k: v for k, v in ALL_TECHNICAL["marks"].items() if k != "T32"}}
    tally = sheet_of("technical_review", unfinished, TECHNICAL).tally
    assert (tally.outcome, tally.marked, tally.blank) == ("", 36, 1)


@pytest.mark.parametrize(
    ("plus", "minus", "share", "outcome"),
    [
        (17, 7, "70,83", "does_not_conform"),
        (18, 6, "75,00", "conforms"),
        (24, 0, "100,00", "conforms"),
        (18, 0, "75,00", "conforms"),
        (17, 3, "70,83", ""),
        (0, 7, "0,00", "does_not_conform"),
        (0, 0, "0,00", ""),
    ],
)
def test_the_score_is_told_as_soon_as_no_further_mark_can_change_it(
    plus: int, minus: int, share: str, outcome: str
) -> None:
    tally = sheet_of("expert_review", {"marks": marks(plus, minus)}, SCORE).tally
    assert (tally.met, tally.share, tally.outcome) == (plus, share, outcome)
    assert (tally.threshold, tally.threshold_share) == (18, "75,00")


def test_defects_stand_first_where_asked_and_every_row_stays_on_the_page() -> None:
    data = {"marks": {"T05": "-", "T28": "+", "T01": "+"}}
    bands = {band.kind: band for band in sheet_of("technical_review", data, TECHNICAL, order="defects").bands}
    assert [row.code for row in bands["unmet"].rows] == ["T05", "T28"]
    assert [row.code for row in bands["met"].rows] == ["T01"]
    assert len(bands["blank"].rows) == 34
    assert bands["form"].rows == ()


def test_a_look_is_what_an_address_asks_for_and_nothing_else() -> None:
    assert look_of({"order": "defects", "sort": "load", "other": "x"}).query() == {"order": "defects", "sort": "load"}
    assert look_of({"order": "form"}).query() == {}


def test_a_verdict_against_the_score_is_asked_for_a_reason() -> None:
    form = form_of("expert_review")
    for verdict, is_against in (("conforms", True), ("does_not_conform", False)):
        sections = lay_out(form, {"marks": marks(17, 7), "verdict": verdict}, {"marking": SCORE})
        controls = {c.name: c for section in sections for c in section.controls}
        assert controls["data.verdict"].limits["suggested"] == "does_not_conform"
        assert controls["data.verdict_reason"].limits["against"] is is_against


@pytest.mark.parametrize(("plus", "minus", "verdict"), [(18, 6, "conforms"), (17, 7, "does_not_conform"), (18, 5, "")])
def test_the_verdict_is_filled_in_by_the_score_of_a_whole_sheet(plus: int, minus: int, verdict: str) -> None:
    sections = lay_out(form_of("expert_review"), {"marks": marks(plus, minus)}, {"marking": SCORE})
    (found,) = [c for section in sections for c in section.controls if c.name == "data.verdict"]
    assert found.chosen == verdict


def test_the_first_field_in_error_has_the_focus_also_where_it_is_a_comment() -> None:
    errors = {"comments.T05": ["Строка не пройдена."], "marks.T09": ["Отметьте."]}
    sections = lay_out(form_of("technical_review"), {"marks": {"T05": "-"}}, {"marking": TECHNICAL}, errors)
    controls = [c for section in sections for c in section.controls]
    focused = [c.name for c in controls if c.focus] + [
        c.comment.name for c in controls if c.comment and c.comment.focus
    ]
    assert focused == ["data.comments.T05"]


def test_many_rows_without_a_mark_are_one_entry_of_the_summary() -> None:
    form = form_of("technical_review")
    errors = {**form.check({"precheck": ALL_TECHNICAL["precheck"]}), "comments.K1": ["Напишите, что исправить."]}
    (comment, unmarked) = summary_of(form, errors)
    assert comment == ("f-comments-K1", "K1: Напишите, что исправить.")
    assert unmarked[0] == "f-marks-T01"
    assert unmarked[1].startswith("Отметьте строки (32): T01, T02")


PEOPLE = [
    {"login": "b", "name": "Борисов", "active": 2, "recent": 2, "days_since": 3, "directions": ["История"],
     "eligible": True},
    {"login": "a", "name": "Андреева", "active": 0, "recent": 4, "days_since": None, "directions": [], "eligible": True,
     "suggested": True},
    {"login": "c", "name": "Абрамов", "active": 0, "recent": 0, "days_since": None, "directions": [], "eligible": False,
     "why_not": "конфликт интересов", "suggested": True},
]  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "logins"),
    [("", "bac"), ("name", "abc"), ("load", "abc"), ("days", "abc"), ("directions", "bac"), ("?", "bac")],
)
def test_people_are_sorted_by_a_column_those_who_may_not_be_chosen_last(sort: str, logins: str) -> None:
    sections = lay_out(form_of("appoint_experts"), {}, {"pool": PEOPLE}, look=Look(sort=sort))
    (people,) = [c for section in sections for c in section.controls if c.kind == "people"]
    assert "".join(choice.value for choice in people.choices) == logins
    assert people.limits["count"] == 3


def test_the_suggestion_chooses_those_suggested_and_nobody_who_may_not_be_chosen() -> None:
    sections = lay_out(form_of("appoint_experts"), {"experts": ["b"]}, {"pool": PEOPLE}, look=Look(suggest="1"))
    (people,) = [c for section in sections for c in section.controls if c.kind == "people"]
    assert [choice.value for choice in people.choices if choice.chosen] == ["a"]


def conclusion(name: str, score: int, **changes: str) -> dict[str, Any]:
    given = {**marks(24), **changes}
    comments = {row: "Нет." for row, sign in changes.items() if sign == "-"}
    return {"name": name, "marks": given, "comments": comments, "score": score, "score_max": 24, "verdict": "conforms"}


def test_conclusions_are_compared_row_by_row() -> None:
    told = {
        "conclusions": [
            conclusion("Первый", 23, E03="-"),
            conclusion("Второй", 22, E03="-", E05="-"),
            conclusion("Третий", 23, E03="-"),
        ],
        "rows": {f"E{n:02}": f"строка {n}" for n in range(1, 25)},
    }
    found = compare(told)
    assert found is not None
    assert [line.code for line in found.lines if line.has_minus] == ["E03", "E05"]
    assert [line.code for line in found.lines if line.differs] == ["E05"]
    assert [(one.who, one.sign, one.comment) for one in found.lines[4].said][1] == ("Второй", "-", "Нет.")
    assert (found.points, found.most, found.share, found.conforming) == (68, 72, "94,44", 3)
    assert (found.shown, found.shown_count, found.is_open) == ("minus", 2, True)
    everything = compare(told, "all")
    assert everything is not None
    assert everything.shown_count == 24


def test_nothing_is_compared_where_there_is_no_conclusion() -> None:
    assert compare({}) is None


def test_a_correction_tells_what_stands_now() -> None:
    told = {"fields": {"title": "Нынешнее", "level": "basic", "authors": ["А", "Б"]}}
    sections = lay_out(form_of("publish_to_depository"), {}, told)
    now = {c.name: c.now for section in sections for c in section.controls if c.now}
    assert now == {"data.fields.title": "Нынешнее", "data.fields.level": "базовый", "data.fields.authors": "А, Б"}


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(17, 24, "70,83"), (18, 24, "75,00"), (53, 72, "73,61"), (0, 0, "0,00")]
)
def test_shares_are_rounded_to_two_digits_in_whole_numbers(part: int, whole: int, text: str) -> None:
    assert share_of(part, whole) == text


def test_the_form_files_stay_readable_form_js() -> None:
    for path in (BUNDLE / "forms").glob("*.json"):
        assert json.loads(path.read_text())["schemaVersion"] == 16
        assert read_form(path.read_text()).findings() == ()
